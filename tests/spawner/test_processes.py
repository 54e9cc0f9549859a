"""Telling processes apart, finding them again and ending all of them. Real processes."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from atelier_spawner import processes
from atelier_spawner.app import sweep_orphans
from atelier_spawner.processes import Identity, Stat
from tests.spawner.rig import wait_until

Launch = Callable[[str, str], subprocess.Popen[bytes]]

SLEEP = "import time; time.sleep(60)"
# A server with a kernel in a session of its own, and a helper that cleaned its environment.
WITH_CHILDREN = f"""
import subprocess, sys, time
run = lambda **kw: subprocess.Popen([sys.executable, "-c", {SLEEP!r}], **kw)
run(start_new_session=True)
run(env={{}})
time.sleep(60)
"""
# A daemon: its parent is gone, its environment tells where it came from.
WITH_DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
os.wait()
time.sleep(60)
"""


@pytest.fixture
def instance() -> str:
    return secrets.token_hex(8)


@pytest.fixture
def launch(instance: str) -> Iterator[Launch]:
    started: list[subprocess.Popen[bytes]] = []

    def start(code: str, spawn_id: str) -> subprocess.Popen[bytes]:
        labels = {processes.LABEL_SPAWN: spawn_id, processes.LABEL_INSTANCE: instance}
        process = subprocess.Popen(
            [sys.executable, "-S", "-c", code], env=labels, start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
    for pid in processes.family("s1", instance, None) | processes.family("s2", instance, None):
        processes.signal_pid(pid, signal.SIGKILL)


def identity_of(process: subprocess.Popen[bytes]) -> Identity:
    found = processes.identify(process.pid)
    assert found is not None
    return found


def test_a_name_with_spaces_and_brackets_does_not_fool_the_parser() -> None:
    tail = " ".join(str(number) for number in range(5, 53))

    stat = processes.parse_stat(f"42 (a) b (c)) S 7 42 43 {tail}")

    assert (stat.pid, stat.state, stat.parent, stat.session) == (42, "S", 7, 43)


def test_a_running_process_is_alive_and_a_zombie_is_not(launch: Launch) -> None:
    process = launch(SLEEP, "s1")
    identity = identity_of(process)

    assert processes.is_alive(identity)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not processes.is_alive(identity))
    assert process.returncode is None  # not reaped: a zombie still


@pytest.mark.parametrize(
    "other",
    [
        lambda mine: Identity(mine.pid, mine.start_ticks + 1, mine.boot_id),
        lambda mine: Identity(mine.pid, mine.start_ticks, "another-boot"),
        lambda mine: Identity(2**22 - 3, mine.start_ticks, mine.boot_id),
    ],
)
def test_a_reused_number_is_not_the_same_process(
    launch: Launch, other: Callable[[Identity], Identity]
) -> None:
    mine = identity_of(launch(SLEEP, "s1"))

    assert not processes.is_alive(other(mine))


def test_an_identity_survives_the_database() -> None:
    mine = Identity(4711, 12345, "boot")

    assert Identity.from_json(mine.to_json()) == mine


@pytest.mark.parametrize(
    "raw", [None, {}, [], {"pid": 1, "start_ticks": 1, "boot_id": "x"}, {"pid": "7"}]
)
def test_what_is_not_an_identity_reads_as_none(raw: object) -> None:
    assert Identity.from_json(raw) is None


def test_a_server_is_found_by_its_label_among_its_kernels(launch: Launch, instance: str) -> None:
    process = launch(WITH_CHILDREN, "s1")
    wait_until(lambda: len(processes.family("s1", instance, identity_of(process))) == 3)

    assert processes.find_leader("s1", instance) == identity_of(process)
    assert processes.find_leader("s2", instance) is None
    assert processes.find_leader("s1", "another") is None


@pytest.mark.parametrize("code", [WITH_CHILDREN, WITH_DAEMON])
def test_nothing_of_a_family_is_left(launch: Launch, instance: str, code: str) -> None:
    process = launch(code, "s1")
    stranger = launch(SLEEP, "s2")
    leader = identity_of(process)
    wait_until(lambda: len(processes.family("s1", instance, leader)) >= 2)

    assert asyncio.run(processes.kill_family("s1", instance, leader))

    assert processes.family("s1", instance, leader) == frozenset()
    assert processes.is_alive(identity_of(stranger))


def test_ending_a_family_that_is_gone_is_a_success(instance: str) -> None:
    assert asyncio.run(processes.kill_family("s1", instance, None))


def test_an_end_is_noticed_at_once(launch: Launch) -> None:
    process = launch(SLEEP, "s1")
    identity = identity_of(process)

    async def wait() -> float:
        asyncio.get_running_loop().call_later(0.2, process.kill)
        assert await processes.wait_for_end(identity, 10)
        return time.monotonic()

    began = time.monotonic()
    assert 0.15 < asyncio.run(wait()) - began < 2


def test_waiting_for_an_end_gives_up_in_time(launch: Launch) -> None:
    identity = identity_of(launch(SLEEP, "s1"))

    assert not asyncio.run(processes.wait_for_end(identity, 0.2))


def test_without_pidfd_an_end_is_noticed_by_looking(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_pid: int) -> int:
        raise OSError

    monkeypatch.setattr(os, "pidfd_open", refuse)  # an old kernel
    process = launch(SLEEP, "s1")
    identity = identity_of(process)
    process.kill()

    assert asyncio.run(processes.wait_for_end(identity, 10))


def test_only_orphans_of_this_installation_are_swept(launch: Launch, instance: str) -> None:
    known, orphan = launch(SLEEP, "s1"), launch(SLEEP, "s2")

    assert sweep_orphans("another", frozenset()).isdisjoint({known.pid, orphan.pid})
    assert sweep_orphans(instance, frozenset({"s1"})) == {orphan.pid}

    assert orphan.wait(10) == -signal.SIGKILL
    assert known.poll() is None


def test_descendants_are_found_over_generations() -> None:
    stats = [Stat(pid, "S", parent, pid, 0) for pid, parent in [(2, 1), (3, 2), (4, 3), (5, 1)]]

    assert processes.with_descendants({2}, stats) == {2, 3, 4}
