"""The spawn plan is produced by the portal and parsed by the spawner: both keep one schema."""

from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.notebooks import spawning
from atelier.notebooks.spawning import Question
from atelier_spawner.plan import parse_plan
from tests.atelier.notebooks.conftest import (  # noqa: F401  # fixtures
    Make,
    engine,
    make,
    python,
    small,
)

pytestmark = pytest.mark.django_db
SPAWN = "s" + "a1" * 7 + "b"


@pytest.mark.parametrize("isolation", ["uid", "none"])
def test_what_the_portal_plans_the_spawner_understands(
    alice: User,
    make: Make,  # noqa: F811
    settings: Any,
    isolation: str,
) -> None:
    settings.ATELIER_ISOLATION = isolation
    server = make(alice)

    body = spawning.plan_spawn(Question("alice", server.pk, SPAWN))
    plan = parse_plan(body, hub_user="alice", server=server.pk, spawn_id=SPAWN)

    assert plan.workload_id == server.workload_id
    assert plan.home == f"{server.project_id}/alice"
    assert plan.token not in repr(plan)
    assert plan.uid == (alice.uid_number if isolation == "uid" else None)


def test_a_plan_for_the_hubs_default_server_is_understood_too(
    alice: User,
    make: Make,  # noqa: F811
) -> None:
    make(alice, start=False)

    body = spawning.plan_spawn(Question("alice", "", SPAWN))

    assert parse_plan(body, hub_user="alice", server="", spawn_id=SPAWN).server == ""
