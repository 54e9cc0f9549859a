"""Reading a plan: exactly what was asked for, or a reason."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from atelier_spawner.plan import PlanInvalid, PlanResources, SpawnPlan, is_reserved, parse_plan
from atelier_spawner.plan import schema as plan_schema
from tests.spawner.fake_portal import plan_for

SPAWN_ID = "s" + "0" * 15
QUESTION = {
    "hub_user": "alice",
    "server": "n1",
    "spawn_id": SPAWN_ID,
    "user_options": {"workload_id": "w1"},
}


def parse(body: object) -> SpawnPlan:
    return parse_plan(body, hub_user="alice", server="n1", spawn_id=SPAWN_ID)


def changed(path: str, value: object) -> dict[str, Any]:
    """A good plan with one thing changed; None removes it."""
    plan = copy.deepcopy(plan_for(QUESTION))
    *folders, last = path.split(".")
    target = plan
    for folder in folders:
        target = target[folder]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return plan


def test_a_plan_of_the_portal_is_read_whole() -> None:
    plan = parse(plan_for(QUESTION, rescue=True, token="atl_0123456789"))

    assert (plan.hub_user, plan.server, plan.spawn_id) == ("alice", "n1", SPAWN_ID)
    assert plan.project.namespace == "atelier-p1"
    assert plan.environment.local_runtime == "runtime"
    assert plan.resources == PlanResources(1000, 2**30)
    assert plan.rescue
    assert not plan.overlay_reset
    assert plan.env["ATELIER_PROJECT"] == "p1"


def test_a_plan_does_not_show_its_token() -> None:
    plan = parse(plan_for(QUESTION, token="atl_secret-secret"))

    assert "atl_secret" not in repr(plan)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("version", None),
        ("surprise", 1),
        ("token", None),
        ("token", "hunter2"),
        ("token", "atl_with space in it"),
        ("uid", 0),
        ("uid", 999),
        ("uid", True),
        ("uid", "60001"),
        ("uid", -1),
        ("home", "../../etc/alice"),
        ("home", "p1/../alice"),
        ("home", "/p1/alice"),
        ("home", "p1/alice/x"),
        ("home", "p1/alice\n"),
        ("server", "N1"),
        ("hub_user", "al--ice"),
        ("spawn_id", "w000000000000000"),
        ("resources.cpu_millicores", 0),
        ("resources.cpu_millicores", True),
        ("resources.cpu_millicores", 1.5),
        ("resources.memory_bytes", 2**63),
        ("resources.memory_bytes", "1Gi"),
        ("resources.accelerators", {"../gpu": 1}),
        ("start_timeout_seconds", 0),
        ("start_timeout_seconds", 86400),
        ("env", {"lower": "x"}),
        ("env", {"ATELIER_X": 1}),
        ("env", {"ATELIER_X": "a\0b"}),
        ("environment.local_runtime", "../bin"),
        ("project.id", "p/1"),
        ("labels", {"x": "y" * 64}),
        ("rescue", "yes"),
    ],
)
def test_what_is_not_a_plan_is_refused(path: str, value: object) -> None:
    with pytest.raises(PlanInvalid):
        parse(changed(path, value))


@pytest.mark.parametrize("body", [None, [], "plan", 7, {}])
def test_what_is_not_even_an_object_is_refused(body: object) -> None:
    with pytest.raises(PlanInvalid):
        parse(body)


@pytest.mark.parametrize(
    ("path", "value"),
    [("hub_user", "bob"), ("server", "n2"), ("spawn_id", "s" + "1" * 15), ("home", "p1/bob"),
     ("home", "p2/alice")],
)  # fmt: skip
def test_a_plan_for_somebody_else_is_refused(path: str, value: str) -> None:
    with pytest.raises(PlanInvalid, match=r"another server|somebody else"):
        parse(changed(path, value))


@pytest.mark.parametrize(
    "name",
    ["LD_PRELOAD", "PATH", "PYTHONPATH", "HOME", "JUPYTERHUB_API_TOKEN", "ATELIER_BOOT_FD",
     "JUPYTER_CONFIG_DIR", "ATELIER_SPAWN_ID"],
)  # fmt: skip
def test_a_plan_may_not_set_how_programs_are_found_or_loaded(name: str) -> None:
    with pytest.raises(PlanInvalid, match=name):
        parse(changed("env", {name: "x"}))


def test_a_plan_may_set_what_a_project_needs() -> None:
    assert not any(map(is_reserved, ["ATELIER_URL", "MLFLOW_TRACKING_URI", "HTTPS_PROXY"]))


def test_a_refusal_never_quotes_the_token() -> None:
    with pytest.raises(PlanInvalid) as refusal:
        parse(changed("token", "atl_secret secret"))

    assert "secret" not in str(refusal.value)


def test_the_checked_in_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(plan_schema())


@pytest.mark.parametrize(
    ("millicores", "cpus"), [(1, 1), (1000, 1), (1001, 2), (2500, 3), (4000, 4)]
)
def test_libraries_plan_for_whole_cores(millicores: int, cpus: int) -> None:
    assert PlanResources(millicores, 1).whole_cpus == cpus
