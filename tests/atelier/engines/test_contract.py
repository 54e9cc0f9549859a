"""What every engine keeps, each in words of its own: see ``rigs`` for how an engine joins."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from atelier.core.errors import EngineUnavailable, NotFound, Refused
from atelier.engines.base import OVER, LogPiece, Phase, Speaking
from atelier.engines.memory import MemoryEngine
from tests.atelier.engines.rigs import ON_AND_ON, RIGS, Rig, Task

GRACE = timedelta(seconds=1)


@pytest.fixture(params=[pytest.param(name, marks=marks) for name, (_, marks) in RIGS.items()])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    make, _ = RIGS[request.param]
    with make(request) as made:
        yield made


def speaking(rig: Rig) -> Speaking:
    if not rig.keeps_output:
        pytest.skip("this engine runs nothing that could print")
    assert isinstance(rig.engine, Speaking)
    return rig.engine


def read_all(engine: Speaking, name: str, *, index: int = 0, step: int = 1000) -> bytes:
    """Read a member's output piece by piece until its end."""
    whole = b""

    def more() -> LogPiece:
        nonlocal whole
        piece = engine.read_log(name, role="main", index=index, offset=len(whole), limit=step)
        assert piece.offset == len(whole)
        assert len(piece.data) <= step
        whole += piece.data
        return piece

    Rig.wait_for(more, lambda piece: piece.is_end)
    return whole


# --- running ------------------------------------------------------------------------------------


def test_what_was_applied_runs(rig: Rig) -> None:
    name = rig.start("w1-1")

    seen = rig.until(name, Phase.RUNNING)

    assert [(m.role, m.index, m.phase) for m in seen.members] == [("main", 0, Phase.RUNNING)]
    assert seen.members[0].uid
    assert seen.members[0].scheduled_at
    assert seen.members[0].started_at


def test_applying_twice_makes_one(rig: Rig) -> None:
    name = rig.start("w1-1")
    first = rig.until(name, Phase.RUNNING)
    rig.start("w1-1")

    assert [m.uid for m in rig.look(name).members] == [first.members[0].uid]
    assert len(list(rig.engine.inventory())) == 1


def test_what_never_was_is_gone(rig: Rig) -> None:
    assert rig.look(rig.name("w9-1")).phase == Phase.GONE


def test_many_are_seen_in_one_look(rig: Rig) -> None:
    first, second, third = rig.start("w1-1"), rig.start("w2-1"), rig.name("w3-1")
    rig.until(first, Phase.RUNNING)
    rig.until(second, Phase.RUNNING)

    seen = rig.engine.observe([first, second, third])

    assert {n: o.phase for n, o in seen.items()} == {
        first: Phase.RUNNING,
        second: Phase.RUNNING,
        third: Phase.GONE,
    }


def test_two_members_are_two(rig: Rig) -> None:
    name = rig.start("w1-1", Task(members=2))

    seen = rig.until(name, Phase.RUNNING)

    assert [(m.role, m.index) for m in seen.members] == [("main", 0), ("main", 1)]
    assert len({m.uid for m in seen.members}) == 2


# --- ending -------------------------------------------------------------------------------------


def test_what_ends_well_has_succeeded(rig: Rig) -> None:
    name = rig.start("w1-1", Task(exit_code=0))

    seen = rig.until(name, *OVER)

    assert seen.phase == Phase.SUCCEEDED
    assert [m.exit_code for m in seen.members] == [0]
    assert seen.members[0].finished_at


def test_a_failure_tells_its_exit_code(rig: Rig) -> None:
    name = rig.start("w1-1", Task(exit_code=3))

    seen = rig.until(name, *OVER)

    assert seen.phase == Phase.FAILED
    assert [m.exit_code for m in seen.members] == [3]
    assert seen.reason in {None, "EXIT_NONZERO"}  # the kernel names it where the engine does not


def test_what_ended_stays_to_be_looked_at_until_it_is_forgotten(rig: Rig) -> None:
    name = rig.start("w1-1", Task(exit_code=0))
    rig.until(name, Phase.SUCCEEDED)

    rig.engine.stop(name, grace=GRACE)
    assert rig.look(name).phase == Phase.SUCCEEDED

    rig.engine.forget(name)
    rig.until(name, Phase.GONE)
    assert list(rig.engine.inventory()) == []


def test_what_was_stopped_is_over_and_stopping_again_is_harmless(rig: Rig) -> None:
    name = rig.start("w1-1")
    rig.until(name, Phase.RUNNING)
    rig.engine.stop(name, grace=GRACE)
    rig.engine.stop(name, grace=GRACE)

    rig.until(name, *OVER)
    rig.engine.stop(name, grace=GRACE)


def test_what_does_not_listen_is_ended_after_its_grace(rig: Rig) -> None:
    name = rig.start("w1-1", Task(deaf=True))
    rig.until(name, Phase.RUNNING)
    rig.engine.stop(name, grace=GRACE)

    rig.until(name, *OVER)


def test_what_is_stopped_before_it_runs_never_runs(rig: Rig) -> None:
    name = rig.start("w1-1")
    rig.engine.stop(name, grace=GRACE)

    assert rig.until(name, *OVER).phase != Phase.SUCCEEDED


def test_stopping_and_forgetting_what_never_was_is_a_success(rig: Rig) -> None:
    rig.engine.stop(rig.name("w9-1"), grace=GRACE)
    rig.engine.forget(rig.name("w9-1"))

    assert rig.look(rig.name("w9-1")).phase == Phase.GONE


def test_what_still_runs_is_not_forgotten(rig: Rig) -> None:
    name = rig.start("w1-1")
    rig.until(name, Phase.RUNNING)

    rig.engine.forget(name)

    assert rig.look(name).phase == Phase.RUNNING


def test_applying_again_while_it_ends_makes_no_second_one(rig: Rig) -> None:
    name = rig.start("w1-1", Task(deaf=True))
    rig.until(name, Phase.RUNNING)
    rig.engine.stop(name, grace=GRACE)
    if rig.look(name).phase != Phase.STOPPING:
        pytest.skip("this engine ends at once")

    rig.start("w1-1", Task(deaf=True))

    assert len(list(rig.engine.inventory())) == 1


# --- what is there ------------------------------------------------------------------------------


def test_the_inventory_names_what_is_held_with_its_workload(rig: Rig) -> None:
    name = rig.start("w1-1")
    rig.until(name, Phase.RUNNING)

    assert [(o.name, o.workload_id) for o in rig.engine.inventory()] == [(name, "w1")]


def test_what_is_forgotten_after_its_end_leaves_nothing(rig: Rig) -> None:
    name = rig.start("w1-1", Task(members=2))
    rig.until(name, Phase.RUNNING)
    rig.engine.stop(name, grace=GRACE)
    rig.until(name, *OVER)
    rig.engine.forget(name)

    rig.wait_for(lambda: list(rig.engine.inventory()), lambda held: held == [])


def test_a_name_that_something_foreign_holds_is_refused(rig: Rig) -> None:
    if rig.take_name is None:
        pytest.skip("nobody else can take a name of this engine")
    name = rig.name("w1-1")
    rig.take_name(name)

    with pytest.raises(Refused) as refused:
        rig.start("w1-1")

    assert refused.value.code == "FOREIGN_OBJECT"
    assert rig.look(name).phase == Phase.GONE
    rig.engine.stop(name, grace=GRACE)
    rig.engine.forget(name)
    with pytest.raises(Refused):  # it was left alone
        rig.start("w1-1")


def test_a_newer_generation_is_seen(rig: Rig) -> None:
    if not isinstance(rig.engine, MemoryEngine):
        pytest.skip("only an engine that scales in place shows generations")
    rig.engine.apply(rig.spec("w1-1", ON_AND_ON), generation=0)
    rig.engine.apply(rig.spec("w1-1", ON_AND_ON), generation=2)

    assert rig.look("w1-1").generation == 2


# --- what it prints -----------------------------------------------------------------------------


def test_output_is_read_piece_by_piece_to_its_end(rig: Rig) -> None:
    engine = speaking(rig)
    text = "0123456789 äöü\n" * 300
    name = rig.start("w1-1", Task(exit_code=0, prints=text))
    rig.until(name, Phase.SUCCEEDED)

    assert read_all(engine, name) == text.encode()


def test_output_is_read_while_it_runs_and_has_no_end_yet(rig: Rig) -> None:
    engine = speaking(rig)
    name = rig.start("w1-1", Task(prints="begun\n"))
    rig.until(name, Phase.RUNNING)

    piece = rig.wait_for(
        lambda: engine.read_log(name, role="main", index=0, offset=0, limit=100),
        lambda piece: bool(piece.data),
    )

    assert piece == LogPiece(0, b"begun\n", False)


def test_output_of_what_never_was_is_not_found(rig: Rig) -> None:
    engine = speaking(rig)

    with pytest.raises(NotFound):
        engine.read_log(rig.name("w9-1"), role="main", index=0, offset=0, limit=100)


# --- an engine that cannot be asked -------------------------------------------------------------


def test_an_engine_that_is_away_says_so_and_never_that_something_is_gone(rig: Rig) -> None:
    if rig.away is None:
        pytest.skip("this engine is always there")
    name = rig.start("w1-1")

    with rig.away() as engine:
        for ask in (
            lambda: engine.apply(rig.spec("w1-1", ON_AND_ON), generation=0),
            lambda: engine.observe([name]),
            lambda: engine.stop(name, grace=GRACE),
            lambda: engine.forget(name),
            lambda: list(engine.inventory()),
        ):
            with pytest.raises(EngineUnavailable):
                ask()

    assert rig.look(name).phase != Phase.GONE
