"""The watch rings for what happens, through whatever happens to its connections."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from atelier.engines.kubernetes import KubernetesEngine
from tests.atelier.engines.kubernetes.conftest import Rung, begin, engine_at, spec, watching
from tests.atelier.engines.kubernetes.faults import (
    Cut,
    FakeApi,
    Faulty,
    Reply,
    Request,
    cuts_after,
    drops,
    hangs,
    lines,
    says,
)
from tests.atelier.engines.rigs import Rig

NAME = "atelier-p1/w1-1"


@pytest.fixture
def bell(engine: KubernetesEngine, faulty: Faulty) -> Iterator[Rung]:
    with watching(engine) as rung:
        until_watched(faulty)
        yield rung


def until_watched(faulty: Faulty, count: int = 2) -> None:
    """Wait until that many watches more were asked for."""
    before = sum(r.is_watch for r in faulty.requests)
    if before >= count and count == 2:
        return
    Rig.wait_for(
        lambda: sum(r.is_watch for r in faulty.requests),
        lambda n: n >= (count if count == 2 else before + count),
    )


def change(api: FakeApi) -> None:
    """Let something happen to the run's Job."""
    job = api.objects["jobs", "atelier-p1", "w1-1"]
    api.put("jobs", "atelier-p1", job)


def keeps_hearing(api: FakeApi, bell: Rung) -> None:
    """Wait until a change made from now on is rung for."""
    bell.names.clear()

    def again() -> bool:
        change(api)
        return NAME in bell.names

    Rig.wait_for(again, bool)


def test_every_change_of_a_run_is_rung_for(
    api: FakeApi, engine: KubernetesEngine, bell: Rung
) -> None:
    for happens in (
        lambda: engine.apply(spec(), generation=0),
        lambda: begin(api, spec()),
        lambda: api.remove("pods", "atelier-p1", "w1-1-0-x"),
        lambda: api.remove("jobs", "atelier-p1", "w1-1"),
    ):
        bell.names.clear()
        happens()
        Rig.wait_for(lambda: list(bell.names), lambda names: NAME in names)

    assert set(bell.names) == {NAME}
    assert bell.anything == 0  # it never had to begin anew


def test_what_is_not_ours_rings_nothing(api: FakeApi, engine: KubernetesEngine, bell: Rung) -> None:
    api.put("pods", "atelier-p1", {"metadata": {"name": "foreign"}})
    theirs = {"atelier.dev/instance": "another", "atelier.dev/run": "x"}
    api.put("pods", "atelier-p1", {"metadata": {"name": "x", "labels": theirs}})
    engine.apply(spec(), generation=0)
    Rig.wait_for(lambda: list(bell.names), bool)

    assert set(bell.names) == {NAME}


def test_a_watch_that_ends_goes_on_where_it_was(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, bell: Rung
) -> None:
    engine.apply(spec(), generation=0)
    Rig.wait_for(lambda: list(bell.names), bool)
    until_watched(faulty, 3)  # they last for some seconds only

    keeps_hearing(api, bell)

    assert sum(r.method == "GET" and not r.is_watch for r in faulty.requests) == 2
    last = [r for r in faulty.requests if r.is_watch and "/jobs" in r.path][-1]
    assert int(last.query["resourceVersion"]) >= 1


def test_r08_a_version_that_is_too_old_begins_anew_and_rings_for_anything(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, bell: Rung
) -> None:
    engine.apply(spec(), generation=0)
    Rig.wait_for(lambda: list(bell.names), bool)

    faulty.down()
    change(api)
    api.forget_history()
    faulty.up()

    Rig.wait_for(lambda: bell.anything, bool)
    keeps_hearing(api, bell)


def twice(line: bytes) -> Iterator[bytes]:
    yield line
    yield line


def backwards() -> Callable[[bytes], Iterator[bytes]]:
    """Hold each event back until the next one has passed."""
    held: list[bytes] = []

    def swap(line: bytes) -> Iterator[bytes]:
        if held:
            yield line
            yield held.pop()
        elif line.strip():
            held.append(line)

    return swap


def half(line: bytes) -> Iterator[bytes]:
    if not line.strip():
        yield line
        return
    yield line[: len(line) // 2]
    raise Cut


def instead(event: Any) -> Callable[[bytes], Iterator[bytes]]:
    def change(line: bytes) -> Iterator[bytes]:
        yield line if not line.strip() else (json.dumps(event).encode() + b"\n")

    return change


GONE = {"type": "ERROR", "object": {"code": 410, "reason": "Expired"}}
ILL = {"type": "ERROR", "object": {"code": 500, "reason": "InternalError"}}
TROUBLES: dict[str, Callable[..., Reply]] = {
    "refused with 500": says(500),
    "refused with 503": says(503),
    "refused with 429": says(429, Retry_After="1"),
    "refused with 401": says(401),
    "no rights": says(403),
    "410 as a status": says(410),
    "410 as an event": lines(instead(GONE)),
    "an error as an event": lines(instead(ILL)),
    "dropped": drops,
    "a line cut in two": lines(half),
    "cut after some bytes": cuts_after(40),
    "not JSON": lines(lambda line: iter([b"<html>\n"])),
    "odd events": lines(instead({"type": 7, "object": ["x"]})),
    "no events at all": lines(instead([1, 2])),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_r08_after_any_trouble_it_rings_again(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, bell: Rung, trouble: str
) -> None:
    engine.apply(spec(), generation=0)
    Rig.wait_for(lambda: list(bell.names), bool)

    with faulty.fault(TROUBLES[trouble], watch=True) as met:
        faulty.break_connections()
        Rig.wait_for(lambda: met.met, lambda n: n >= 3)

    keeps_hearing(api, bell)


@pytest.mark.parametrize("how", ["doubled", "reordered"])
def test_r08_doubled_and_reordered_events_ring_all_the_same(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, bell: Rung, how: str
) -> None:
    engine.apply(spec(), generation=0)
    Rig.wait_for(lambda: list(bell.names), bool)

    def each_its_own(request: Request, go: Callable[[], Reply]) -> Reply:
        return lines(twice if how == "doubled" else backwards())(request, go)

    with faulty.fault(each_its_own, watch=True) as met:
        faulty.break_connections()
        Rig.wait_for(lambda: met.met, lambda n: n >= 2)
        keeps_hearing(api, bell)


def test_r08_a_connection_that_is_only_half_there_is_given_up(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, bell: Rung
) -> None:
    engine.apply(spec(), generation=0)
    Rig.wait_for(lambda: list(bell.names), bool)
    never = threading.Event()

    with faulty.fault(hangs(never), watch=True, times=2) as met:
        faulty.break_connections()
        Rig.wait_for(lambda: met.met, lambda n: n == 2)
        keeps_hearing(api, bell)  # the silence lasts three seconds here
    never.set()


def test_r08_a_server_that_is_away_is_found_again(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, bell: Rung
) -> None:
    engine.apply(spec(), generation=0)
    Rig.wait_for(lambda: list(bell.names), bool)
    before = bell.anything

    faulty.down()
    threading.Event().wait(1.5)
    faulty.up()

    Rig.wait_for(lambda: bell.anything, lambda n: n > before)
    keeps_hearing(api, bell)


def test_a_namespace_is_watched_as_soon_as_something_runs_there(
    api: FakeApi, faulty: Faulty
) -> None:
    busy = ["atelier-p1"]
    engine = engine_at(faulty, watched=lambda: list(busy))
    with watching(engine) as bell:
        until_watched(faulty)
        busy[:] = ["atelier-p2"]
        Rig.wait_for(
            lambda: [r for r in faulty.requests if r.is_watch and "atelier-p2" in r.path],
            lambda watches: len(watches) >= 2,
        )
        engine.apply(spec("w2-1", "atelier-p2"), generation=0)

        Rig.wait_for(lambda: list(bell.names), lambda names: "atelier-p2/w2-1" in names)


def test_whatever_asking_for_namespaces_or_ringing_does_the_watch_goes_on(
    api: FakeApi, faulty: Faulty
) -> None:
    troubles = iter(range(4))

    def namespaces() -> list[str]:
        if next(troubles, None) in {1, 2}:
            raise RuntimeError("the database is away")
        return ["atelier-p1"]

    engine = engine_at(faulty, watched=namespaces)
    with watching(engine) as bell:
        until_watched(faulty)
        engine.apply(spec(), generation=0)

        Rig.wait_for(lambda: list(bell.names), lambda names: NAME in names)
        Rig.wait_for(lambda: next(troubles, None), lambda left: left is None)
        keeps_hearing(api, bell)
