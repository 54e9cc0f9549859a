"""Busy or idle: kernels, terminals and whatever else uses the processor."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from atelier_runtime.jupyter import activity
from atelier_runtime.jupyter.activity import Activity, Sample, Watcher, millicores, working
from atelier_runtime.jupyter.reports import Reporter, send_to
from tests.spawner.fake_portal import FakePortal, running_portal

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Kernels:
    states: list[str] = field(default_factory=list)

    def list_kernels(self) -> list[dict[str, str]]:
        return [{"execution_state": state} for state in self.states]


@pytest.fixture
def kernels() -> Kernels:
    return Kernels()


@pytest.fixture
def watcher(kernels: Kernels) -> Watcher:
    settings: dict[str, Any] = {"kernel_manager": kernels, "last_activity_times": {}}
    return Watcher(settings, last_activity=lambda: NOW)


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with running_portal() as running:
        yield running


def sample(at: float, **seconds: float) -> Sample:
    return Sample(at, {int(name[1:]): value for name, value in seconds.items()})


def test_a_process_that_waits_is_not_working() -> None:
    assert working(sample(0, p1=5.0), sample(10, p1=5.1)) == frozenset()


def test_a_process_that_computes_is_working_also_one_that_is_new() -> None:
    before, after = sample(0, p1=5.0), sample(10, p1=15.0, p2=3.0)

    assert working(before, after) == {1, 2}


def test_one_look_alone_says_nothing() -> None:
    assert working(None, sample(10, p1=100.0)) == frozenset()
    assert millicores(None, sample(10, p1=100.0)) is None


def test_use_adds_up_over_processes() -> None:
    assert millicores(sample(0, p1=1.0, p2=1.0), sample(10, p1=6.0, p2=3.5)) == 750


def test_what_a_process_below_uses_is_seen() -> None:
    burn = "import time; t = time.time()\nwhile time.time() - t < 1: pass"
    before = activity.sample(os.getpid())
    process = subprocess.Popen([sys.executable, "-S", "-c", burn])
    process_seen = activity.sample(os.getpid())
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    after = activity.sample(os.getpid())
    process.wait()

    assert process.pid in process_seen.seconds
    assert process.pid in working(before, after)
    assert activity.memory_of([os.getpid()]) > 1_000_000


def test_an_idle_kernel_is_not_busy_and_a_computing_one_is(
    watcher: Watcher, kernels: Kernels
) -> None:
    kernels.states = ["idle", "idle"]
    idle = watcher.look(NOW)
    kernels.states = ["idle", "busy"]
    busy = watcher.look(NOW)

    assert (idle.busy, idle.kernels, idle.kernels_busy) == (False, 2, 0)
    assert (busy.busy, busy.kernels_busy) == (True, 1)


def test_being_busy_counts_as_activity_for_the_hub_too(watcher: Watcher, kernels: Kernels) -> None:
    watcher.look(NOW)
    assert watcher.settings["last_activity_times"] == {}

    kernels.states = ["busy"]
    watcher.look(NOW)

    assert watcher.settings["last_activity_times"] == {"atelier": NOW}


def test_reports_reach_the_portal_with_the_servers_token(
    portal: FakePortal, watcher: Watcher, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("atl_token")
    reporter = Reporter(watcher, send_to(portal.url, tmp_path / "token"))

    asyncio.run(reporter.turn())

    assert portal.reports == [reporter.activity.to_json()]
    assert reporter.status()["idle_minutes"] == 60


def test_a_report_is_sent_once_a_minute_and_at_once_when_work_ends(
    watcher: Watcher, kernels: Kernels
) -> None:
    sent: list[bool] = []

    async def send(activity: Activity) -> dict[str, Any]:
        sent.append(activity.busy)
        return {}

    reporter = Reporter(watcher, send)

    async def turns() -> None:
        for state in ("idle", "busy", "busy", "idle", "idle"):
            kernels.states = [state]
            await reporter.turn()

    asyncio.run(turns())

    assert sent == [False, False]  # the first look, and the end of the work


def test_a_portal_that_is_away_does_not_stop_the_looking(
    portal: FakePortal, watcher: Watcher, tmp_path: Path
) -> None:
    portal.down = True
    missing_token = Reporter(watcher, send_to(portal.url, tmp_path / "missing"))
    (tmp_path / "token").write_text("atl_token")
    away = Reporter(watcher, send_to(portal.url, tmp_path / "token"))

    asyncio.run(missing_token.turn())
    asyncio.run(away.turn())

    assert away.status()["idle_stop_at"] is None
