"""The engine against a real JupyterHub with tiny servers."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from atelier.core.errors import Conflict, HubUnreachable
from atelier.engines.base import Phase
from atelier.engines.jupyterhub import Hub, HubEngine, Slot
from tests.atelier.engines.jupyterhub.conftest import (
    TOKEN,
    RealHub,
    ends,
    eventually,
    look,
    reaches,
    spec,
)

GRACE = timedelta(seconds=10)


@pytest.fixture(autouse=True)
def leave_nothing(engine: HubEngine) -> Iterator[None]:
    yield
    for owned in engine.inventory():
        engine.stop(owned.name, grace=GRACE)
    eventually(lambda: not list(engine.inventory()))


def test_a_server_starts_for_a_user_the_hub_never_saw_and_stops(engine: HubEngine) -> None:
    name = "newcomer/nfirst/w1"

    engine.apply(spec(name), generation=1)
    first = look(engine, name)
    reaches(engine, name, Phase.RUNNING)
    running = look(engine, name)
    engine.stop(name, grace=GRACE)
    ends(engine, name)

    assert first.phase in {Phase.STARTING, Phase.RUNNING}
    assert running.members[0].started_at is not None
    assert running.last_activity is not None


def test_a_start_is_seen_at_once_and_while_it_lasts(real_hub: RealHub, engine: HubEngine) -> None:
    held = real_hub.hold("nslow")
    name = "alice/nslow/w1"

    engine.apply(spec(name), generation=1)
    seen = {look(engine, name).phase for _ in range(5)}
    held.unlink()
    reaches(engine, name, Phase.RUNNING)

    assert seen == {Phase.STARTING}


def test_starting_twice_starts_one_server(real_hub: RealHub, engine: HubEngine) -> None:
    held = real_hub.hold("ntwice")
    name = "alice/ntwice/w1"

    engine.apply(spec(name), generation=1)
    engine.apply(spec(name), generation=1)
    held.unlink()
    reaches(engine, name, Phase.RUNNING)
    engine.apply(spec(name), generation=1)

    assert [owned.name for owned in engine.inventory()] == [name]


def test_a_server_of_another_workload_is_not_taken_over(engine: HubEngine) -> None:
    engine.apply(spec("alice/nbusy/w1"), generation=1)
    reaches(engine, "alice/nbusy/w1", Phase.RUNNING)

    with pytest.raises(Conflict) as refused:
        engine.apply(spec("alice/nbusy/w2"), generation=1)

    assert refused.value.code == "SERVER_BUSY"
    assert look(engine, "alice/nbusy/w2").phase is Phase.GONE


def test_stopping_what_is_gone_or_another_workloads_changes_nothing(engine: HubEngine) -> None:
    engine.apply(spec("alice/nkeep/w2"), generation=1)
    reaches(engine, "alice/nkeep/w2", Phase.RUNNING)

    engine.stop("alice/nkeep/w1", grace=GRACE)
    engine.stop("alice/nnever/w1", grace=GRACE)
    engine.stop("nobody/n1/w1", grace=GRACE)

    assert look(engine, "alice/nkeep/w2").phase is Phase.RUNNING


def test_a_pending_start_can_be_stopped(real_hub: RealHub, engine: HubEngine) -> None:
    held = real_hub.hold("nregret")
    name = "alice/nregret/w1"
    engine.apply(spec(name), generation=1)

    try:
        engine.stop(name, grace=GRACE)
    except HubUnreachable:  # the hub may fall over its own cancelled start; a repeat succeeds
        eventually(lambda: _stopped(engine, name))
    ends(engine, name)
    held.unlink()


def _stopped(engine: HubEngine, name: str) -> bool:
    try:
        engine.stop(name, grace=GRACE)
    except HubUnreachable:
        return False
    return True


def test_a_start_that_fails_is_seen_as_over(real_hub: RealHub, engine: HubEngine) -> None:
    failing = real_hub.fail("nbad")
    name = "alice/nbad/w1"

    engine.apply(spec(name), generation=1)
    ends(engine, name)
    failing.unlink()
    engine.apply(spec("alice/nbad/w2"), generation=1)
    reaches(engine, "alice/nbad/w2", Phase.RUNNING)


def test_servers_are_found_again_after_the_hub_was_killed(
    real_hub: RealHub, engine: HubEngine
) -> None:
    name = "alice/nsurvivor/w1"
    engine.apply(spec(name), generation=1)
    reaches(engine, name, Phase.RUNNING)

    real_hub.kill()
    with pytest.raises(HubUnreachable):
        engine.observe([name])
    with pytest.raises(HubUnreachable):
        engine.apply(spec("alice/nother/w2"), generation=1)
    real_hub.start()
    seen = engine.observe([name])

    assert name not in seen or seen[name].phase is Phase.RUNNING
    reaches(engine, name, Phase.RUNNING)


def test_several_servers_of_several_users_are_seen_in_one_list(engine: HubEngine) -> None:
    names = ["alice/na/w1", "alice/nb/w2", "bob/nc/w3"]
    for name in names:
        engine.apply(spec(name), generation=1)
    for name in names:
        reaches(engine, name, Phase.RUNNING)

    seen = engine.observe([*names, "bob/nd/w4"])

    assert {n: o.phase for n, o in seen.items()} == {
        **dict.fromkeys(names, Phase.RUNNING),
        "bob/nd/w4": Phase.GONE,
    }
    assert {o.workload_id for o in engine.inventory()} == {"w1", "w2", "w3"}


def test_a_start_from_the_hubs_page_is_seen_for_the_workload_made_for_it(
    real_hub: RealHub, hub: Hub, engine: HubEngine
) -> None:
    hub.create_user("carol")
    held = real_hub.hold("nhub")
    hub.start("carol", "nhub", {}, "")

    seen = look(engine, "carol/nhub/w9")
    held.unlink()

    assert seen.phase is Phase.STARTING
    assert Slot.parse(next(iter(engine.inventory())).name).workload_id == ""


def test_s15_the_tokens_of_people_are_deleted_and_a_servers_own_only_if_asked(
    real_hub: RealHub, hub: Hub, engine: HubEngine
) -> None:
    engine.apply(spec("leaver/n1/w1"), generation=1)
    reaches(engine, "leaver/n1/w1", Phase.RUNNING)
    made = httpx.post(
        f"{real_hub.api}/users/leaver/tokens",
        json={"note": "mine"},
        headers={"Authorization": f"token {TOKEN}"},
        timeout=5,
    ).json()["token"]
    before = hub.whose_token(made)

    people = hub.delete_tokens("leaver", also_servers=False)
    everything = hub.delete_tokens("leaver", also_servers=True)

    assert before is not None
    assert (before.kind, before.name) == ("user", "leaver")
    assert (people, everything) == (1, 1)
    assert hub.whose_token(made) is None
    assert hub.delete_tokens("never-seen", also_servers=True) == 0


def test_a_removed_server_leaves_no_entry(hub: Hub, engine: HubEngine) -> None:
    name = "alice/ndeleted/w1"
    engine.apply(spec(name), generation=1)
    reaches(engine, name, Phase.RUNNING)
    engine.stop(name, grace=GRACE)
    ends(engine, name)
    stopped = hub.server("alice", "ndeleted")

    hub.remove("alice", "ndeleted")
    hub.remove("alice", "ndeleted")

    assert stopped is not None
    assert stopped.stopped
    assert hub.server("alice", "ndeleted") is None


def test_the_portals_token_is_refused_loudly_when_wrong(real_hub: RealHub) -> None:
    client = Hub(real_hub.api, "wrong")

    with pytest.raises(HubUnreachable):
        client.active_servers()

    client.close()
