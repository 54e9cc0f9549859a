"""A hub that goes takes no pod along and finds all again, also without the API server (R6)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest

from atelier_spawner import failpoints
from tests.spawner.cluster.pod_rig import PodRig
from tests.spawner.rig import execute, run_cell, wait_until
from tests.spawner.test_hub_restart import Hammer

# After these the pod exists, so a restarted hub goes on with it.
WITH_POD = (failpoints.PROCESS_MADE, failpoints.PROCESS_SAVED, failpoints.ANSWERING)
WITHOUT_POD = (
    failpoints.INTENT_SAVED,
    failpoints.PLAN_RECEIVED,
    failpoints.BEFORE_PROCESS,
    failpoints.HOME_MADE,
)
STOPPING = (failpoints.STOP_BEGUN, failpoints.STOP_SIGNALLED, failpoints.STOP_DONE)
TOO_LARGE = {"cpu_millicores": 100_000, "memory_bytes": 2**28, "accelerators": {}}


@pytest.fixture(autouse=True)
def _clean_slate(pods: PodRig) -> Iterator[None]:
    """Each test starts with a running hub without servers and leaves none behind."""
    if pods.hub is None or pods.hub.poll() is not None:
        pods.start_hub()
    pods.portal.bells.clear()
    pods.portal.questions.clear()
    yield
    pods.plan_changes = {}
    if pods.hub is None or pods.hub.poll() is not None:
        pods.start_hub()
    for name in ("n1", "n2"):
        model = pods.server("alice", name)
        if model is not None and (model["ready"] or model["pending"]):
            pods.stop("alice", name)
    pods.wait_for_nothing()


def uids(pods: PodRig) -> set[str]:
    return {pod.metadata.uid for pod in pods.pods()}


def restart_with(pods: PodRig, failpoint: str) -> None:
    pods.end_hub()
    pods.start_hub(failpoint=failpoint)


def start_and_lose_hub(pods: PodRig) -> None:
    with contextlib.suppress(httpx.RemoteProtocolError):  # the hub may die before it answers
        pods.ask_start("alice", "n1", workload_id="w1")
    assert pods.hub is not None
    assert pods.hub.wait(120) == -signal.SIGKILL


@pytest.mark.cluster
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_pods_answer_while_the_hub_restarts_and_are_found_again(pods: PodRig, number: int) -> None:
    pods.start("alice", "n1", workload_id="w1")
    pods.start("alice", "n2", workload_id="w2")
    token = pods.token_for("alice")
    before = uids(pods)

    with Hammer(pods, "alice", "n1", token) as hammer:
        wait_until(lambda: len(hammer.answers) > 3)
        pods.end_hub(number)
        time.sleep(1)
        pods.start_hub()
        pods.wait_ready("alice", "n1")
        pods.wait_ready("alice", "n2")

    assert set(hammer.answers) == {200}
    assert uids(pods) == before
    assert run_cell(pods, "alice", "n2", token, "print(6*7)") == "42\n"
    assert pods.portal.rung("stopped") == []


@pytest.mark.cluster
@pytest.mark.parametrize("name", WITH_POD)
def test_a_start_cut_off_after_its_pod_exists_goes_on(pods: PodRig, name: str) -> None:
    restart_with(pods, name)
    start_and_lose_hub(pods)
    made = uids(pods)

    pods.start_hub()
    pods.wait_ready("alice", "n1")

    assert len(made) == 1
    assert uids(pods) == made
    token = pods.token_for("alice")
    assert run_cell(pods, "alice", "n1", token, "print(6*7)") == "42\n"


@pytest.mark.cluster
@pytest.mark.parametrize("name", WITHOUT_POD)
def test_a_start_cut_off_before_its_pod_exists_is_cleared(pods: PodRig, name: str) -> None:
    restart_with(pods, name)
    start_and_lose_hub(pods)

    pods.start_hub()

    wait_until(lambda: pods.server("alice", "n1") is None)
    bell = pods.portal.wait_for_bell("stopped", server="n1")
    pods.wait_for_nothing()
    pods.start("alice", "n1", workload_id="w1")
    asked = [question["spawn_id"] for question in pods.portal.questions]
    assert bell["spawn_id"] not in asked[-1:]
    assert len(set(asked)) == len(asked)


@pytest.mark.cluster
@pytest.mark.parametrize("name", STOPPING)
def test_a_stop_cut_off_can_be_asked_for_again(pods: PodRig, name: str) -> None:
    restart_with(pods, name)
    pods.start("alice", "n1", workload_id="w1")

    with contextlib.suppress(httpx.RemoteProtocolError):
        pods.api("DELETE", "/users/alice/servers/n1")
    assert pods.hub is not None
    pods.hub.wait(60)
    pods.start_hub()
    wait_until(lambda: pods.server("alice", "n1") is None or is_ready(pods))
    if pods.server("alice", "n1") is not None:
        pods.stop("alice", "n1")

    pods.wait_for_nothing()


@pytest.mark.cluster
def test_a_pod_that_waits_for_room_waits_on_and_can_be_stopped_after_a_restart(
    pods: PodRig,
) -> None:
    pods.plan_changes = {"resources": TOO_LARGE}
    pods.ask_start("alice", "n1", workload_id="w1")
    wait_until(lambda: pods.waiting().get("code") == "NO_NODE_FITS", 60)
    before = uids(pods)
    pods.end_hub(signal.SIGKILL)

    pods.start_hub()
    wait_until(lambda: pods.waiting().get("code") == "NO_NODE_FITS", 60)

    assert uids(pods) == before
    pods.stop("alice", "n1")
    pods.wait_for_nothing()


@pytest.mark.cluster
def test_a_pod_that_ended_while_the_hub_was_away_is_noticed(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    pods.end_hub(signal.SIGKILL)
    pods.delete_pod("w1-1")

    pods.start_hub()

    wait_until(lambda: pods.server("alice", "n1") is None)
    assert pods.portal.wait_for_bell("stopped", server="n1")["code"] == "STOPPED_OUTSIDE"


@pytest.mark.cluster
def test_pods_of_a_hub_that_lost_its_records_are_ended(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    pods.portal.namespaces = [pods.namespace]
    pods.end_hub(signal.SIGKILL)
    forget_all_servers(pods.folder / "hub.sqlite")

    pods.start_hub()

    pods.wait_for_nothing(90)


@pytest.mark.cluster
def test_servers_live_through_a_hub_restart_without_the_api_server(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    token = pods.token_for("alice")
    before = uids(pods)
    base = f"{pods.content_url}/user/alice/n1/api"
    headers = {"Authorization": f"token {token}"}
    kernel = httpx.post(f"{base}/kernels", headers=headers, json={}, timeout=30).json()["id"]

    assert pods.gate is not None
    gate = pods.gate

    async def across() -> list[str]:
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.ws_connect(f"{base}/kernels/{kernel}/channels") as channel,
        ):
            said = [await execute(channel, "x = 21; print(x)")]
            with gate.closed():
                await asyncio.to_thread(pods.end_hub, signal.SIGKILL)
                said.append(await execute(channel, "print(x + 1)"))
                await asyncio.to_thread(pods.start_hub)
                await asyncio.to_thread(pods.wait_ready, "alice", "n1")
                said.append(await execute(channel, "print(x + 2)"))
                await asyncio.sleep(12)  # two polls
                assert is_ready(pods)
            await asyncio.sleep(8)
            said.append(await execute(channel, "print(2 * x)"))
            return said

    assert asyncio.run(across()) == ["21\n", "22\n", "23\n", "42\n"]
    assert uids(pods) == before
    assert pods.portal.rung("stopped") == []


@pytest.mark.cluster
def test_a_start_and_a_stop_wait_for_the_api_server(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    assert pods.hub is not None
    assert pods.gate is not None
    before = pods.hub.pid
    with pods.gate.closed():
        pods.ask_start("alice", "n2", workload_id="w2")
        assert pods.api("DELETE", "/users/alice/servers/n1").status_code in {202, 204}
        wait_until(lambda: pods.waiting("n2").get("code") == "ENGINE_UNREACHABLE", 30)
        model: Any = pods.server("alice", "n1")
        assert model["pending"] == "stop"

    pods.wait_ready("alice", "n2")
    wait_until(lambda: pods.server("alice", "n1") is None, 60)
    assert [pod.metadata.name for pod in pods.pods()] == ["w2-1"]
    assert pods.hub.pid == before
    assert pods.hub.poll() is None


def is_ready(pods: PodRig) -> bool:
    model = pods.server("alice", "n1")
    return model is not None and bool(model["ready"])


def forget_all_servers(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("update spawners set state = '{}', server_id = null")
        connection.execute("delete from servers")
    connection.close()
