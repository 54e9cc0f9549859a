"""Jobs over the memory engine, and over real processes.

- ``engine``: the memory engine as the one that runs jobs.
- ``local``: the local engine in a folder of its own; what is left running ends with the test.
- ``python`` (environment) and ``small`` (profile): what the project is offered.
- ``submit``: ``submit(owner, *command, …)`` submits a job in ``project``.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.engines.local import LocalEngine
from atelier.engines.memory import MemoryEngine
from atelier.jobs import services
from atelier.jobs.drafts import Draft
from atelier.jobs.models import Job
from atelier.projects.models import Project
from atelier.workloads import engines
from tests.atelier.jobs.running import local_engine
from tests.factories.catalog import EnvironmentFactory, ProfileFactory

Submit = Callable[..., Job]


@pytest.fixture
def engine(settings: Any) -> Iterator[MemoryEngine]:
    settings.ATELIER_ENGINE = "memory"
    made = MemoryEngine()
    with engines.replaced("memory", made):
        yield made


@pytest.fixture
def local(settings: Any) -> Iterator[LocalEngine]:
    with local_engine(settings) as made:
        yield made


@pytest.fixture
def python(db: None) -> Environment:
    return EnvironmentFactory.create(slug="python")


@pytest.fixture
def small(db: None) -> Profile:
    return ProfileFactory.create(slug="small", ordering=1)


@pytest.fixture
def submit(project: Project, python: Environment, small: Profile) -> Submit:
    def ask(owner: User, *command: str, **fields: Any) -> Job:
        values = {"command": command or ("true",), "profile": small.pk, **fields}
        return services.submit_job(owner=owner, project=project, draft=Draft(**values))

    return ask
