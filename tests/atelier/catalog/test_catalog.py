"""What the catalog offers, and what it holds on the first day."""

import pytest

from atelier.accounts.models import User
from atelier.catalog import availability, capacity, selectors, services
from atelier.catalog.availability import Unavailable
from atelier.catalog.models import Environment, Profile
from atelier.core.errors import NotAllowed, PreconditionFailed
from atelier.core.resources import Resources
from atelier.projects.models import Project
from tests.factories.catalog import EnvironmentFactory, ProfileFactory

GIB = 2**30
MACHINE = Resources(8000, 16 * GIB)


@pytest.mark.parametrize(
    ("needs", "largest", "why"),
    [
        (Resources(8000, 16 * GIB), MACHINE, None),
        (Resources(8001, 1), MACHINE, "PROFILE_TOO_LARGE"),
        (Resources(1, 16 * GIB + 1), MACHINE, "PROFILE_TOO_LARGE"),
        (Resources(1, 1, accelerators={"nvidia.com/gpu": 1}), MACHINE, "ACCELERATOR_MISSING"),
        (Resources(9000, 1, accelerators={"a/b": 1}), MACHINE, "ACCELERATOR_MISSING"),
        (Resources(10**9, 1), None, None),
    ],
)
def test_what_an_engine_can_serve(
    needs: Resources, largest: Resources | None, why: str | None
) -> None:
    found = availability.of_profile(needs, largest)

    assert (found.code if found else None) == why


@pytest.mark.parametrize(
    ("runtime", "engine", "runs"),
    [("runtime", "local", True), ("", "local", False), ("", "kubernetes", True)],
)
def test_where_an_environment_runs(runtime: str, engine: str, runs: bool) -> None:
    assert (availability.of_environment(runtime, engine) is None) is runs


def test_this_machine_has_cores_and_memory_and_no_accelerator() -> None:
    found = capacity.this_machine("local")

    assert found is not None
    assert found.cpu_millicores >= 1000
    assert found.memory_bytes > 2**28
    assert dict(found.accelerators) == {}


def test_a_spark_profile_reserves_its_executors_too() -> None:
    one = {"cpu_millicores": 1000, "memory_bytes": GIB}
    profile = Profile(
        resources={"cpu_millicores": 2000, "memory_bytes": 4 * GIB},
        spark_executors=3,
        spark_executor_resources=one,
    )

    assert profile.as_resources == Resources(2000, 4 * GIB)
    assert profile.total_resources == Resources(5000, 7 * GIB)


def test_the_selectors_of_a_project_say_why(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity.provider, "_answer", lambda engine: Resources(1000, GIB))
    ProfileFactory(slug="b", ordering=2, resources={"cpu_millicores": 2000, "memory_bytes": 1})
    ProfileFactory(slug="a", ordering=1)
    EnvironmentFactory(slug="e")

    profiles = selectors.available_profiles(project)
    environments = selectors.available_environments(project, "local")

    assert [(p.slug, why.code if why else None) for p, why in profiles] == [
        ("a", None), ("b", "PROFILE_TOO_LARGE"),
    ]  # fmt: skip
    assert [(e.slug, why) for e, why in environments] == [("e", None)]


def test_choices_in_kubespawners_words(project: Project) -> None:
    EnvironmentFactory(slug="python", name="Python", image="atelier/notebook:1")
    ProfileFactory(
        slug="gpu",
        name="GPU",
        description="One GPU",
        resources={
            "cpu_millicores": 1500,
            "memory_bytes": GIB,
            "accelerators": {"nvidia.com/gpu": 1},
        },  # fmt: skip
        node_selector={"gpu": "a100"},
        tolerations=[{"key": "gpu", "operator": "Exists"}],
    )

    assert selectors.profile_list(project) == [
        {
            "slug": "gpu",
            "display_name": "GPU",
            "description": "One GPU",
            "default": True,
            "kubespawner_override": {
                "cpu_limit": 1.5,
                "cpu_guarantee": 1.5,
                "mem_limit": GIB,
                "mem_guarantee": GIB,
                "extra_resource_limits": {"nvidia.com/gpu": "1"},
                "extra_resource_guarantees": {"nvidia.com/gpu": "1"},
                "node_selector": {"gpu": "a100"},
                "tolerations": [{"key": "gpu", "operator": "Exists"}],
            },
            "profile_options": {
                "environment": {
                    "display_name": "Environment",
                    "choices": {
                        "python": {
                            "display_name": "Python",
                            "kubespawner_override": {"image": "atelier/notebook:1"},
                        }
                    },
                }
            },
        }
    ]


def test_the_first_day(db: None) -> None:
    services.ensure_defaults(packages={"runtime": [{"name": "numpy", "version": "2.3.5"}]})

    environment = Environment.objects.get()
    assert environment.packages == [{"name": "numpy", "version": "2.3.5"}]
    assert list(Profile.objects.order_by("ordering").values_list("slug", flat=True)) == [
        "small", "medium", "large", "gpu", "spark",
    ]  # fmt: skip
    for profile in Profile.objects.all():
        assert profile.total_resources.cpu_millicores >= 1000


def test_later_starts_leave_the_catalog_to_the_admins(admin: User) -> None:
    services.ensure_defaults()
    spark = Profile.objects.get(slug="spark")
    services.delete_choice(Profile, actor=admin, pk=spark.pk, version=spark.version)
    Environment.objects.update(name="Ours")

    services.ensure_defaults(packages={"runtime": [{"name": "numpy", "version": "9"}]})

    assert not Profile.objects.living().filter(slug="spark").exists()
    environment = Environment.objects.get()
    assert (environment.name, environment.packages[0]["version"]) == ("Ours", "9")


def test_s13_services_ask_as_well(alice: User) -> None:
    profile = ProfileFactory()

    with pytest.raises(NotAllowed):
        services.create_choice(Profile, actor=alice, draft={})
    with pytest.raises(NotAllowed):
        services.change_choice(Profile, actor=alice, pk=profile.pk, version=1, changes={})
    with pytest.raises(NotAllowed):
        services.delete_choice(Profile, actor=alice, pk=profile.pk, version=1)


def test_of_two_edits_of_one_state_the_second_is_refused(admin: User) -> None:
    profile = ProfileFactory()
    services.change_choice(Profile, actor=admin, pk=profile.pk, version=1, changes={"name": "A"})

    with pytest.raises(PreconditionFailed):
        services.change_choice(
            Profile, actor=admin, pk=profile.pk, version=1, changes={"name": "B"}
        )


def test_a_reason_is_nothing_where_there_is_none() -> None:
    assert selectors.reason(None, "en") is None
    assert selectors.reason(Unavailable("ENVIRONMENT_NOT_LOCAL", {}), "en") is not None
