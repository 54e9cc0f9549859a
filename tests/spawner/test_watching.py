"""What a watch knows: it follows, it starts anew, and it never takes silence for absence (R8)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from atelier_spawner import watching
from atelier_spawner.watching import PodWatch, Watches
from tests.spawner.fake_cluster import FakeCluster

NAMESPACE = "atelier-p1"


def pod(name: str, version: int = 1, **status: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "uid": name, "resourceVersion": str(version)},
            "status": status}  # fmt: skip


def watched(test: Callable[[FakeCluster, PodWatch], Awaitable[None]], cluster: FakeCluster) -> None:
    """Run a test with a watch of this cluster."""

    async def run() -> None:
        watch = PodWatch(cluster, NAMESPACE, "a=b")  # type: ignore[arg-type]  # the same verbs
        watch.start()
        try:
            async with asyncio.timeout(30):
                await test(cluster, watch)
        finally:
            watch.close()

    asyncio.run(run())


async def until(look: Callable[[], Any]) -> None:
    while not look():
        await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(watching, "LONGEST_PAUSE_SECONDS", 0.02)


def test_a_watch_knows_what_was_there_and_what_happens() -> None:
    cluster = FakeCluster()
    cluster.put("pods", NAMESPACE, pod("w1"))

    async def test(cluster: FakeCluster, watch: PodWatch) -> None:
        assert await watch.loaded(5)
        assert set(watch.pods) == {"w1"}
        cluster.happen("ADDED", pod("w2", 7))
        await until(lambda: "w2" in watch.pods)
        cluster.happen("DELETED", pod("w1", 8))
        await until(lambda: "w1" not in watch.pods)

    watched(test, cluster)


def test_a_listener_hears_of_its_own_pod_only() -> None:
    async def test(cluster: FakeCluster, watch: PodWatch) -> None:
        heard: list[str] = []
        end = watch.listen("w1", lambda: heard.append("w1"))
        await watch.loaded(5)
        cluster.happen("ADDED", pod("w2", 7))
        cluster.happen("ADDED", pod("w1", 8))
        await until(lambda: heard)
        end()
        cluster.happen("DELETED", pod("w1", 9))
        await until(lambda: "w1" not in watch.pods)
        assert heard == ["w1"]

    watched(test, FakeCluster())


def test_an_api_server_that_is_away_removes_nothing() -> None:
    cluster = FakeCluster()
    cluster.put("pods", NAMESPACE, pod("w1"))
    cluster.streams = [[]]

    async def test(cluster: FakeCluster, watch: PodWatch) -> None:
        await watch.loaded(5)
        cluster.is_away = True
        await until(lambda: not watch.is_current)
        assert set(watch.pods) == {"w1"}
        cluster.is_away = False
        await until(lambda: watch.is_current)
        assert set(watch.pods) == {"w1"}

    watched(test, cluster)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "ERROR", "object": {"kind": "Status", "code": 410}},
        {"type": "MODIFIED", "object": {"metadata": None}},
        {"type": "WHAT", "object": {}},
    ],
)
def test_an_odd_event_leads_to_a_new_list_at_worst(event: dict[str, Any]) -> None:
    cluster = FakeCluster()
    cluster.put("pods", NAMESPACE, pod("w1"))
    cluster.streams = [[event]]

    async def test(cluster: FakeCluster, watch: PodWatch) -> None:
        await until(lambda: cluster.calls.count("list pods") > 1)
        assert set(watch.pods) == {"w1"}

    watched(test, cluster)


def test_what_went_while_nobody_watched_is_gone_after_the_next_list() -> None:
    cluster = FakeCluster()
    cluster.put("pods", NAMESPACE, pod("w1"))
    cluster.streams = [[{"type": "ERROR", "object": {}}]]

    async def test(cluster: FakeCluster, watch: PodWatch) -> None:
        heard: list[str] = []
        await watch.loaded(5)
        watch.listen("w1", lambda: heard.append("w1"))
        cluster.objects.clear()
        await until(lambda: heard)
        assert watch.pods == {}

    watched(test, cluster)


def test_a_namespace_without_access_is_asked_about_and_not_listed() -> None:
    cluster = FakeCluster()
    cluster.may_see = False

    async def test(cluster: FakeCluster, watch: PodWatch) -> None:
        await until(lambda: cluster.calls.count("may") > 2)
        assert "list pods" not in cluster.calls
        assert not await watch.loaded(0.01)
        cluster.may_see = True
        assert await watch.loaded(5)

    watched(test, cluster)


def test_a_namespace_is_watched_once_and_not_for_ever() -> None:
    async def run() -> None:
        watches = Watches(FakeCluster(), "a=b")  # type: ignore[arg-type]
        first = watches.of(NAMESPACE)
        assert watches.of(NAMESPACE) is first
        first._asked -= watching.UNUSED_SECONDS + 1
        second = watches.of("atelier-p2")
        assert watches.namespaces() == {"atelier-p2"}
        for watch in (first, second):
            watch.close()

    asyncio.run(run())
