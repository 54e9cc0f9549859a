"""What every engine keeps. An engine joins by an entry in ``ENGINES``: a function that makes it.

A maker yields the engine, a function that waits until what was asked has been done, and one that
makes a spec the engine can run.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from atelier.core.resources import Resources
from atelier.engines.base import OVER, Engine, MemberSpec, Observation, Phase, WorkloadSpec
from atelier.engines.memory import MemoryEngine

GRACE = timedelta(seconds=1)


def plain_spec(name: str) -> WorkloadSpec:
    return WorkloadSpec(
        name=name,
        workload_id=name.split("-")[0],
        attempt=1,
        project_id="p1",
        namespace="atelier-p1",
        owner_name="alice",
        members=(MemberSpec("main", 1, Resources(1000, 2**30)),),
    )


@dataclass(frozen=True, slots=True)
class Rig:
    """An engine and how a test gets on with it."""

    engine: Engine
    spec: Callable[[str], WorkloadSpec] = plain_spec
    wait: Callable[[], None] = lambda: None

    def look(self, name: str) -> Observation:
        self.wait()
        return self.engine.observe([name])[name]


@contextmanager
def memory() -> Iterator[Rig]:
    yield Rig(MemoryEngine())


ENGINES: dict[str, Callable[[], AbstractContextManager[Rig]]] = {"memory": memory}


@pytest.fixture(params=ENGINES)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with ENGINES[request.param]() as made:
        yield made


def test_what_was_applied_runs(rig: Rig) -> None:
    rig.engine.apply(rig.spec("w1-1"), generation=0)

    seen = rig.look("w1-1")

    assert seen.phase == Phase.RUNNING
    assert [m.role for m in seen.members] == ["main"]


def test_applying_twice_makes_one(rig: Rig) -> None:
    rig.engine.apply(rig.spec("w1-1"), generation=0)
    first = rig.look("w1-1")
    rig.engine.apply(rig.spec("w1-1"), generation=0)

    assert rig.look("w1-1").members[0].uid == first.members[0].uid
    assert len(list(rig.engine.inventory())) == 1


def test_what_never_was_is_gone(rig: Rig) -> None:
    assert rig.look("w9-1").phase == Phase.GONE


def test_many_are_seen_in_one_look(rig: Rig) -> None:
    rig.engine.apply(rig.spec("w1-1"), generation=0)
    rig.engine.apply(rig.spec("w2-1"), generation=0)
    rig.wait()

    seen = rig.engine.observe(["w1-1", "w2-1", "w3-1"])

    assert {n: o.phase for n, o in seen.items()} == {
        "w1-1": Phase.RUNNING,
        "w2-1": Phase.RUNNING,
        "w3-1": Phase.GONE,
    }


def test_what_was_stopped_is_over_and_stopping_again_is_harmless(rig: Rig) -> None:
    rig.engine.apply(rig.spec("w1-1"), generation=0)
    rig.wait()
    rig.engine.stop("w1-1", grace=GRACE)
    rig.engine.stop("w1-1", grace=GRACE)

    assert rig.look("w1-1").phase in OVER
    rig.engine.stop("w1-1", grace=GRACE)


def test_stopping_and_forgetting_what_never_was_is_a_success(rig: Rig) -> None:
    rig.engine.stop("w9-1", grace=GRACE)
    rig.engine.forget("w9-1")

    assert rig.look("w9-1").phase == Phase.GONE


def test_the_inventory_names_what_is_held_with_its_workload(rig: Rig) -> None:
    rig.engine.apply(rig.spec("w1-1"), generation=0)
    rig.wait()

    assert [(o.name, o.workload_id) for o in rig.engine.inventory()] == [("w1-1", "w1")]


def test_what_is_forgotten_after_its_end_leaves_nothing(rig: Rig) -> None:
    rig.engine.apply(rig.spec("w1-1"), generation=0)
    rig.wait()
    rig.engine.stop("w1-1", grace=GRACE)
    rig.wait()
    rig.engine.forget("w1-1")

    assert list(rig.engine.inventory()) == []


def test_a_newer_generation_is_seen(rig: Rig) -> None:
    if not isinstance(rig.engine, MemoryEngine):
        pytest.skip("only an engine that scales in place shows generations")
    rig.engine.apply(rig.spec("w1-1"), generation=0)
    rig.engine.apply(rig.spec("w1-1"), generation=2)

    assert rig.look("w1-1").generation == 2
