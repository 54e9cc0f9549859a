"""The scripted engine plays its script by its clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, Phase
from atelier.engines.memory import MemoryEngine, Script
from tests.atelier.engines.rigs import spec_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def seen_at(script: Script, *seconds: float, stop_at: float | None = None) -> list[Phase]:
    clock = Clock()
    engine = MemoryEngine(clock=clock, script=script)
    engine.apply(spec_of("w1-1"), generation=0)
    phases = []
    for moment in seconds:
        clock.now = NOON + moment * SECOND
        if stop_at is not None and moment >= stop_at:
            engine.stop("w1-1", grace=30 * SECOND)
        phases.append(engine.observe(["w1-1"])["w1-1"].phase)
    return phases


def test_each_step_takes_its_time() -> None:
    script = Script(place_after=2 * SECOND, answer_after=3 * SECOND, run_for=10 * SECOND)

    phases = seen_at(script, 1, 2, 4, 5, 14, 15)

    assert phases == [
        Phase.PENDING, Phase.STARTING, Phase.STARTING, Phase.RUNNING, Phase.RUNNING,
        Phase.SUCCEEDED,
    ]  # fmt: skip


def test_a_run_with_an_exit_code_fails_and_stays_until_forgotten() -> None:
    assert seen_at(Script(run_for=SECOND, exit_code=3), 0, 1, 100) == [
        Phase.RUNNING, Phase.FAILED, Phase.FAILED,
    ]  # fmt: skip


def test_what_finds_no_place_waits_with_its_reason() -> None:
    engine = MemoryEngine(script=Script(place_after=None, reason="NO_NODE_FITS"))
    engine.apply(spec_of("w1-1"), generation=0)

    seen = engine.observe(["w1-1"])["w1-1"]

    assert (seen.phase, seen.reason) == (Phase.PENDING, "NO_NODE_FITS")


def test_a_stubborn_run_ends_after_its_grace() -> None:
    assert seen_at(Script(stop_after=None), 0, 5, 34, 35, stop_at=5) == [
        Phase.RUNNING, Phase.STOPPING, Phase.STOPPING, Phase.GONE,
    ]  # fmt: skip


def test_an_engine_that_is_away_says_so_for_every_verb() -> None:
    engine = MemoryEngine()
    engine.is_away = True

    for verb in (
        lambda: engine.apply(spec_of("w1-1"), generation=0),
        lambda: engine.observe(["w1-1"]),
        lambda: engine.stop("w1-1", grace=SECOND),
        lambda: engine.forget("w1-1"),
        engine.inventory,
    ):
        with pytest.raises(EngineUnavailable):
            verb()


def test_forgetting_what_still_runs_leaves_it_running() -> None:
    engine = MemoryEngine()
    engine.apply(spec_of("w1-1"), generation=0)

    engine.forget("w1-1")

    assert set(engine.running) == {"w1-1"}


def test_a_pretended_machine_refuses_what_is_larger_than_itself() -> None:
    engine = MemoryEngine(capacity=Resources(2000, 2**30))

    assert engine.why_not([MemberSpec("main", 1, Resources(2000, 2**30))]) is None
    why = engine.why_not([MemberSpec("main", 1, Resources(4000, 2**30))])
    assert why is not None
    assert why[0] == "NO_NODE_FITS"


def test_members_tell_when_and_how_they_ended() -> None:
    engine = MemoryEngine(script=Script(run_for=timedelta(), exit_code=137))
    spec = replace(spec_of("w1-1"), members=(MemberSpec("rank", 2, Resources(1, 1)),))
    engine.apply(spec, generation=0)

    members = engine.observe(["w1-1"])["w1-1"].members

    assert [(m.role, m.index, m.exit_code) for m in members] == [("rank", 0, 137), ("rank", 1, 137)]
    assert all(m.finished_at for m in members)
