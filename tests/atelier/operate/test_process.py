"""Telling one process from a later one with the same number."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from atelier.operate import process
from atelier.operate.process import Identity


def test_a_living_process_is_itself() -> None:
    me = Identity.of(os.getpid())

    assert me is not None
    assert me.is_alive()
    assert Identity.parse(str(me)) == me


def test_a_process_that_ended_is_not_alive_even_before_it_is_reaped() -> None:
    child = subprocess.Popen(["sleep", "60"])
    identity = Identity.of(child.pid)
    child.kill()
    time.sleep(0.1)

    assert identity is not None
    assert not identity.is_alive()
    child.wait()


def test_another_process_with_the_same_pid_is_somebody_else() -> None:
    me = Identity.of(os.getpid())
    assert me is not None

    assert not Identity(me.pid, me.start_ticks - 1, me.boot_id).is_alive()
    assert not Identity(me.pid, me.start_ticks, "another boot").is_alive()


def test_a_half_written_identity_is_nobody() -> None:
    assert Identity.parse("") is None
    assert Identity.parse("12 ") is None
    assert Identity.parse("12 x boot") is None


def test_a_command_name_with_brackets_does_not_confuse(tmp_path: Path) -> None:
    odd = tmp_path / "a) R 1 (b"
    odd.symlink_to("/bin/sleep")
    with subprocess.Popen([str(odd), "60"]) as child:
        identity = Identity.of(child.pid)
        child.kill()

    assert identity is not None
    assert identity.start_ticks > 0


def test_a_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = f"""
import os, sys, time
from pathlib import Path
sys.path.insert(0, {str(Path(process.__file__).parents[2])!r})
from atelier.operate import process
child = process.start(["sleep", "60"], log=Path({str(tmp_path / "log")!r}), dies_with_parent=True)
print(child.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = Identity.of(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    assert child is not None
    deadline = time.monotonic() + 10
    while child.is_alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.is_alive()


def test_a_process_that_ignores_the_signal_is_ended_by_force(tmp_path: Path) -> None:
    stubborn = process.start(
        [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); "
                               "print('ready', flush=True); time.sleep(60)"],
        log=tmp_path / "log",
    )  # fmt: skip
    assert process.wait_until(
        lambda: "ready" in (tmp_path / "log").read_text(), stubborn, patience=10
    )

    process.stop(stubborn, with_signal=signal.SIGTERM, patience=0.2)

    assert stubborn.returncode == -signal.SIGKILL
