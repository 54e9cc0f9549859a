"""A hub that goes, politely or not, takes nothing along and finds everything again (R6)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import httpx
import pytest

from atelier_spawner import failpoints, processes
from tests.spawner.rig import Rig, execute, run_cell, wait_until

# After these the server's process exists, so a restarted hub goes on with it.
WITH_PROCESS = (failpoints.PROCESS_MADE, failpoints.PROCESS_SAVED, failpoints.ANSWERING)
WITHOUT_PROCESS = (failpoints.INTENT_SAVED, failpoints.PLAN_RECEIVED, failpoints.BEFORE_PROCESS)
STOPPING = (failpoints.STOP_BEGUN, failpoints.STOP_SIGNALLED, failpoints.STOP_DONE)


@pytest.fixture(autouse=True)
def _clean_slate(rig: Rig) -> Iterator[None]:
    """Each test starts with a running hub without servers and an empty record of calls."""
    if rig.hub is None or rig.hub.poll() is not None:
        rig.start_hub()
    rig.portal.bells.clear()
    rig.portal.questions.clear()
    yield
    for pid in rig.family():
        _kill(pid)
    if rig.hub is not None and rig.hub.poll() is None:
        for name in ("n1", "n2"):
            wait_until(lambda name=name: rig.server("alice", name) is None, 90)  # type: ignore[misc]


class Hammer:
    """Asks a server the same thing again and again, and keeps every answer."""

    def __init__(self, rig: Rig, user: str, server: str, token: str) -> None:
        self.answers: list[int | str] = []
        self._ask = lambda: rig.use(user, server, "api/status", token)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Hammer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.05):
            try:
                self.answers.append(self._ask().status_code)
            except httpx.HTTPError as error:
                self.answers.append(type(error).__name__)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_servers_answer_while_the_hub_restarts_and_are_found_again(rig: Rig, number: int) -> None:
    rig.start("alice", "n1", workload_id="w1")
    rig.start("alice", "n2", workload_id="w2")
    token = rig.token_for("alice")
    before = set(rig.family())

    with Hammer(rig, "alice", "n1", token) as hammer:
        wait_until(lambda: len(hammer.answers) > 3)
        rig.end_hub(number)
        time.sleep(1)
        rig.start_hub()
        rig.wait_ready("alice", "n1")
        rig.wait_ready("alice", "n2")

    assert set(hammer.answers) == {200}
    assert set(rig.family()) == before
    assert run_cell(rig, "alice", "n2", token, "print(6*7)") == "42\n"
    assert rig.portal.rung("stopped") == []
    rig.stop("alice", "n1")
    rig.stop("alice", "n2")
    assert rig.family() == []


def test_an_open_kernel_connection_survives_a_killed_hub(rig: Rig) -> None:
    rig.start("alice", "n1")
    token = rig.token_for("alice")
    base = f"{rig.content_url}/user/alice/n1/api"
    headers = {"Authorization": f"token {token}"}
    kernel = httpx.post(f"{base}/kernels", headers=headers, json={}, timeout=30).json()["id"]

    async def across_a_restart() -> list[str]:
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.ws_connect(f"{base}/kernels/{kernel}/channels") as channel,
        ):
            first = await execute(channel, "x = 21; print(x)")
            await asyncio.to_thread(rig.end_hub, signal.SIGKILL)
            during = await execute(channel, "print(x + 1)")
            await asyncio.to_thread(rig.start_hub)
            return [first, during, await execute(channel, "print(2 * x)")]

    assert asyncio.run(across_a_restart()) == ["21\n", "22\n", "42\n"]


@pytest.mark.parametrize("name", WITH_PROCESS)
def test_a_spawn_cut_off_after_its_process_exists_goes_on(rig: Rig, name: str) -> None:
    _restart_with_failpoint(rig, name)
    _start_and_lose_hub(rig)
    made = rig.family()

    rig.start_hub()
    rig.wait_ready("alice", "n1")

    assert len(made) == 1
    assert rig.family() == made
    token = rig.token_for("alice")
    assert run_cell(rig, "alice", "n1", token, "print(6*7)") == "42\n"
    rig.stop("alice", "n1")
    assert rig.family() == []


@pytest.mark.parametrize("name", WITHOUT_PROCESS)
def test_a_spawn_cut_off_before_its_process_exists_is_cleared(rig: Rig, name: str) -> None:
    _restart_with_failpoint(rig, name)
    _start_and_lose_hub(rig)

    rig.start_hub()

    wait_until(lambda: rig.server("alice", "n1") is None)
    bell = rig.portal.wait_for_bell("stopped", server="n1")
    assert rig.family() == []
    rig.start("alice", "n1", workload_id="w1")
    asked = [question["spawn_id"] for question in rig.portal.questions]
    assert bell["spawn_id"] not in asked[-1:]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("name", STOPPING)
def test_a_stop_cut_off_can_be_asked_for_again(rig: Rig, name: str) -> None:
    rig.end_hub()
    rig.start_hub(failpoint=name)
    rig.start("alice", "n1")

    with contextlib.suppress(httpx.RemoteProtocolError):
        rig.api("DELETE", "/users/alice/servers/n1")
    assert rig.hub is not None
    rig.hub.wait(60)
    rig.start_hub()
    wait_until(lambda: rig.server("alice", "n1") is None or _is_ready(rig))
    if rig.server("alice", "n1") is not None:
        rig.stop("alice", "n1")

    wait_until(lambda: rig.family() == [])


def test_processes_nobody_knows_are_swept(rig: Rig) -> None:
    rig.start("alice", "n1")
    rig.end_hub(signal.SIGKILL)
    _forget_all_servers(rig.folder / "hub.sqlite")

    rig.start_hub()

    wait_until(lambda: rig.family() == [], 60)


def test_a_server_that_ended_while_the_hub_was_away_is_noticed(rig: Rig) -> None:
    rig.start("alice", "n1")
    rig.end_hub(signal.SIGKILL)
    for pid in rig.family():
        _kill(pid)

    rig.start_hub()

    wait_until(lambda: rig.server("alice", "n1") is None)
    rig.portal.wait_for_bell("stopped", server="n1")


def test_a_stopped_server_leaves_no_token_behind_even_after_a_restart(rig: Rig) -> None:
    rig.start("bob", "n1")
    assert len(_server_tokens(rig, "bob")) == 1
    rig.end_hub(signal.SIGKILL)
    rig.start_hub()
    rig.wait_ready("bob", "n1")

    rig.stop("bob", "n1")

    assert _server_tokens(rig, "bob") == []


def _restart_with_failpoint(rig: Rig, name: str) -> None:
    rig.end_hub()
    rig.start_hub(failpoint=name)


def _start_and_lose_hub(rig: Rig) -> None:
    with contextlib.suppress(httpx.RemoteProtocolError):  # the hub may die before it answers
        rig.ask_start("alice", "n1", workload_id="w1")
    assert rig.hub is not None
    assert rig.hub.wait(90) == -signal.SIGKILL


def _server_tokens(rig: Rig, user: str) -> list[str]:
    tokens = rig.api("GET", f"/users/{user}/tokens").json()["api_tokens"]
    return [token["id"] for token in tokens if token["note"].startswith("Server at")]


def _is_ready(rig: Rig) -> bool:
    model = rig.server("alice", "n1")
    return model is not None and bool(model["ready"])


def _forget_all_servers(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("update spawners set state = '{}', server_id = null")
        connection.execute("delete from servers")
    connection.close()


def _kill(pid: int) -> None:
    processes.signal_pid(pid, signal.SIGKILL)
