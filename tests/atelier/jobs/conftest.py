"""Jobs over the memory engine, and over real processes.

- ``engine``: the memory engine as the one that runs jobs.
- ``local``: the local engine in a folder of its own; what is left running ends with the test.
- ``python`` (environment) and ``small`` (profile): what the project is offered.
- ``submit``: ``submit(owner, *command, …)`` submits a job in ``project``.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.engines.local import LocalEngine
from atelier.engines.local.engine import SYSTEM_PATH
from atelier.engines.memory import MemoryEngine
from atelier.jobs import services
from atelier.jobs.drafts import Draft
from atelier.jobs.models import Job
from atelier.projects.models import Project
from atelier.workloads import engines
from tests.factories.catalog import EnvironmentFactory, ProfileFactory

Submit = Callable[..., Job]
# One that every user may run: a virtual environment of root's is often out of their reach.
PYTHON = Path(shutil.which("python3", path=SYSTEM_PATH) or sys.executable)


@pytest.fixture
def engine(settings: Any) -> Iterator[MemoryEngine]:
    settings.ATELIER_ENGINE = "memory"
    made = MemoryEngine()
    with engines.replaced("memory", made):
        yield made


@pytest.fixture
def local(settings: Any) -> Iterator[LocalEngine]:
    settings.ATELIER_ENGINE = "local"
    settings.ATELIER_ISOLATION = "uid" if os.geteuid() == 0 else "none"
    # Not below pytest's own folder, which other users may not enter.
    with tempfile.TemporaryDirectory(prefix="atelier-jobs-") as folder:
        Path(folder).chmod(0o711)
        made = LocalEngine(Path(folder) / "engine", runtimes={"runtime": PYTHON})
        with engines.replaced("local", made):
            yield made
        end_all(made)


def end_all(engine: LocalEngine) -> None:
    from tests.atelier.engines.local.waiting import until_over

    for held in engine.inventory():
        engine.stop(held.name, grace=timedelta())
        until_over(engine, held.name)


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
