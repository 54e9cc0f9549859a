"""What the hub says, and what is made of it: one table, whole values."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atelier.engines.base import MemberObservation, Observation, Phase, gone
from atelier.engines.jupyterhub.observe import HubServer, observe, parse_server, parse_users
from atelier.engines.jupyterhub.slots import Slot

SLOT = Slot("alice", "n1", "w1")
T0 = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
T1 = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def model(**changes: Any) -> dict[str, Any]:
    """A server model as JupyterHub 6.1 sends it."""
    return {
        "name": "n1",
        "display_name": "exploration",
        "full_name": "alice/n1",
        "last_activity": "2026-11-24T08:30:00Z",
        "started": "2026-11-24T08:00:00Z",
        "pending": None,
        "ready": True,
        "stopped": False,
        "url": "/user/alice/n1/",
        "user_options": {"workload_id": "w1"},
        "progress_url": "/hub/api/users/alice/servers/n1/progress",
        "state": {
            "workload_id": "w1",
            "identity": {"pid": 42, "start_ticks": 7, "boot_id": "b-1"},
        },
        **changes,
    }


def seen(**changes: Any) -> Observation | None:
    return observe(SLOT, parse_server("alice", model(**changes)))


def test_a_ready_server_is_running_with_its_process_and_times() -> None:
    assert seen() == Observation(
        "alice/n1/w1",
        Phase.RUNNING,
        members=(
            MemberObservation("server", 0, "w1", Phase.RUNNING, scheduled_at=T0, started_at=T0),
        ),
        last_activity=T1,
    )


STARTING = {"ready": False, "pending": "spawn"}


@pytest.mark.parametrize(
    ("changes", "phase"),
    [
        (STARTING, Phase.STARTING),
        ({**STARTING, "state": {}}, Phase.STARTING),
        # The hub's own page starts a server with the options of last time.
        ({**STARTING, "state": {}, "user_options": {"workload_id": "w0"}}, Phase.STARTING),
        ({**STARTING, "state": {"workload_id": "w0"}}, Phase.GONE),
        ({"ready": False, "pending": "stop"}, Phase.STOPPING),
        ({"ready": False, "stopped": True, "state": {}}, Phase.GONE),
        ({"ready": False, "stopped": True, "state": {}, "user_options": {}}, Phase.GONE),
        ({"state": {"workload_id": "w0"}}, Phase.GONE),
        ({"state": {}, "user_options": {"workload_id": "w0"}}, Phase.GONE),
        ({"state": {}, "user_options": {}}, Phase.RUNNING),
        ({"state": {"workload_id": "w1"}, "user_options": {"workload_id": "w0"}}, Phase.RUNNING),
    ],
)
def test_phases(changes: dict[str, Any], phase: Phase) -> None:
    observation = seen(**changes)

    assert observation is not None
    assert observation.phase is phase


@pytest.mark.parametrize(
    "changes",
    [
        {"pending": "check", "ready": False},
        {"pending": "rename", "ready": False},
        {"pending": None, "ready": False, "stopped": False},
    ],
)
def test_a_server_the_hub_is_still_looking_for_is_neither_there_nor_gone(
    changes: dict[str, Any],
) -> None:
    assert seen(**changes) is None


def test_no_server_is_gone() -> None:
    assert observe(SLOT, None) == gone("alice/n1/w1")


def test_times_with_and_without_a_zone_are_utc() -> None:
    server = parse_server("alice", model(started="2026-11-24T08:00:00", last_activity="soon"))

    assert server is not None
    assert server.started == T0
    assert server.last_activity is None


@pytest.mark.parametrize(
    "odd",
    [None, 7, "x", [], {"name": None}, {"name": "bob", "servers": ["?"]},
     {"name": "bob", "servers": {"n9": None}}, {"name": "bob", "servers": {"n9": {"name": 3}}}],
)  # fmt: skip
def test_one_odd_model_does_not_hide_the_others(odd: object) -> None:
    users = [odd, {"name": "alice", "servers": {"n1": model()}}]

    assert [s.name for s in parse_users(users)] == ["n1"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(
    st.dictionaries(
        st.sampled_from(["pending", "ready", "stopped", "state", "user_options", "started"]), JSON
    )
)
def test_any_json_in_a_model_is_survived(changes: dict[str, Any]) -> None:
    server = parse_server("alice", model(**changes))

    assert isinstance(server, HubServer)
    observe(SLOT, server)


@pytest.mark.parametrize("name", ["", "alice", "alice/n1", "a/b/c/d", "/n1/w1"])
def test_what_is_not_a_slot_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="."):
        Slot.parse(name)


def test_a_slot_survives_the_way_there_and_back() -> None:
    assert Slot.parse(str(SLOT)) == SLOT
    assert Slot.parse("alice//w1").address == ("alice", "")
