"""Processes are ended by who they are, never by a number that may be somebody else's by now."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from atelier.operate.process import Identity
from tests.cluster import processes
from tests.cluster.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(state=tmp_path, cache=tmp_path)
    made.run.mkdir()
    made.log.mkdir()
    return made


def test_a_process_is_started_noted_and_ended(places: Places) -> None:
    processes.start(places, "sleeper", ["sleep", "1000"])
    identity = processes.identity_of(places, "sleeper")

    assert processes.alive(places) == ["sleeper"]
    processes.stop(places, "sleeper")

    assert identity is not None
    assert not identity.is_alive()
    assert processes.noted(places) == []


def test_stopping_twice_is_harmless(places: Places) -> None:
    processes.start(places, "sleeper", ["sleep", "1000"])

    processes.stop(places, "sleeper")
    processes.stop(places, "sleeper")


def test_a_later_process_with_the_same_pid_is_left_alone(places: Places) -> None:
    with subprocess.Popen(["sleep", "1000"]) as other:
        now = Identity.of(other.pid)
        assert now is not None
        earlier = Identity(now.pid, now.start_ticks - 1, now.boot_id)
        (places.run / "old.process").write_text(str(earlier))

        processes.stop(places, "old")

        assert other.poll() is None
        other.kill()


def test_descendants_are_found(places: Places) -> None:
    with subprocess.Popen(["sh", "-c", "sleep 1000 & wait"]) as shell:
        while len(found := processes.descendants(shell.pid)) < 2:
            time.sleep(0.01)

        processes.end(found)

    assert not any(identity.is_alive() for identity in found)
    assert os.getpid() not in [identity.pid for identity in found]


def test_what_was_started_is_known_without_its_note(places: Places) -> None:
    processes.start(places, "sleeper", ["sh", "-c", "sleep 1000 & wait"])
    (places.run / "sleeper.process").unlink()
    while len(found := processes.marked(places)) < 2:
        time.sleep(0.01)

    processes.end(found)

    assert processes.marked(places) == []
