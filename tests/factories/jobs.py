"""Jobs."""

from typing import Any

import factory

from atelier.jobs.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.catalog import EnvironmentFactory, ProfileFactory
from tests.factories.projects import ProjectFactory


class _JobFactory(factory.django.DjangoModelFactory[Job]):
    """A job in an environment; its ``workload`` is to be given."""

    class Meta:
        model = Job

    project = factory.SubFactory(ProjectFactory)
    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"job {n}")
    command = factory.LazyFunction(lambda: ["python", "train.py"])
    environment = factory.SubFactory(EnvironmentFactory)
    profile = factory.SubFactory(ProfileFactory)


JobFactory: Any = _JobFactory
