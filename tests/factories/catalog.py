"""Environments and profiles."""

from typing import Any

import factory

from atelier.catalog.models import Environment, Profile


class _EnvironmentFactory(factory.django.DjangoModelFactory[Environment]):
    """An environment open to every project."""

    class Meta:
        model = Environment

    slug = factory.Sequence(lambda n: f"environment-{n}")
    name = factory.LazyAttribute(lambda e: e.slug.replace("-", " ").title())
    image = "atelier/notebook:1"
    local_runtime = "runtime"
    packages = factory.LazyFunction(lambda: [{"name": "numpy", "version": "2.3.1"}])


EnvironmentFactory: Any = _EnvironmentFactory


class _ProfileFactory(factory.django.DjangoModelFactory[Profile]):
    """A profile of one core and 1 GiB open to every project."""

    class Meta:
        model = Profile

    slug = factory.Sequence(lambda n: f"profile-{n}")
    name = factory.LazyAttribute(lambda p: p.slug.replace("-", " ").title())
    resources = factory.LazyFunction(
        lambda: {"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}}
    )


ProfileFactory: Any = _ProfileFactory
