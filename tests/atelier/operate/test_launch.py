"""The launcher: clean ground, then the service itself, under the same process number."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atelier.operate import launch, leftovers
from atelier.operate.process import Identity
from atelier.operate.services import Service

PLATFORM = Path(launch.__file__).parents[2]
# A service with a worker below it, as granian has; prints what reached it.
PARENT = """
import json, os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(json.dumps({"pid": os.getpid(), "child": child.pid, "env": dict(os.environ)}), flush=True)
time.sleep(60)
"""


class Launched:
    """One start of a service, as the supervisor starts it."""

    def __init__(self, run: Path, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "atelier.operate.launch", str(run), name],
            env={"PYTHONPATH": str(PLATFORM)},
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.run = run

    def said(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def launched(tmp_path: Path) -> Iterator[list[Launched]]:
    started: list[Launched] = []
    yield started
    for one in started:
        one.kill()
    for pid, _ in launch.marked_processes(tmp_path):
        os.kill(pid, 9)


def write_service(run: Path, **more: Any) -> None:
    service = Service("web", (sys.executable, "-c", PARENT), **more)
    (run / launch.SERVICES_FILE).write_text(json.dumps({"web": service.to_json()}))


def test_a_service_sees_its_own_environment_and_nothing_else(
    tmp_path: Path, launched: list[Launched], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_service(tmp_path, environment={"LANG": "C.UTF-8", "SECRET": "s3cret"})
    launched.append(Launched(tmp_path, "web"))

    said = launched[0].said()

    assert said["env"]["SECRET"] == "s3cret"
    assert set(said["env"]) <= {"LANG", "SECRET", launch.MARK, "LC_CTYPE"}
    assert said["pid"] == launched[0].process.pid
    assert "s3cret" not in Path(f"/proc/{said['pid']}/cmdline").read_text()


def test_workers_of_a_killed_parent_are_ended_by_the_next_start(
    tmp_path: Path, launched: list[Launched]
) -> None:
    write_service(tmp_path)
    launched.append(Launched(tmp_path, "web"))
    orphan = Identity.of(launched[0].said()["child"])
    launched[0].kill()
    assert orphan is not None
    assert orphan.is_alive()

    launched.append(Launched(tmp_path, "web"))
    launched[1].said()

    assert not orphan.is_alive()


def test_a_process_in_a_group_of_its_own_goes_on(tmp_path: Path, launched: list[Launched]) -> None:
    """As notebooks do when their hub is started again."""
    write_service(tmp_path)
    launched.append(Launched(tmp_path, "web"))
    launched[0].said()
    launched[0].kill()
    apart = subprocess.Popen(
        ["sleep", "60"],
        env={launch.MARK: launch.mark(tmp_path, "web")},
        start_new_session=True,
    )

    launched.append(Launched(tmp_path, "web"))
    launched[1].said()

    assert apart.poll() is None
    apart.kill()
    apart.wait()


def test_a_service_waits_for_the_port_it_needs(
    tmp_path: Path, launched: list[Launched], free_configuration: Any
) -> None:
    import socket

    write_service(tmp_path, needs=(free_configuration.port,))
    launched.append(Launched(tmp_path, "web"))
    time.sleep(0.5)
    command_line = f"/proc/{launched[0].process.pid}/cmdline"
    assert b"atelier.operate.launch" in Path(command_line).read_bytes()

    with socket.create_server(("127.0.0.1", free_configuration.port)):
        launched[0].said()

    assert b"atelier.operate.launch" not in Path(command_line).read_bytes()


def test_what_runs_without_a_supervisor_is_found_and_ended(
    tmp_path: Path, launched: list[Launched]
) -> None:
    write_service(tmp_path)
    launched.append(Launched(tmp_path, "web"))
    said = launched[0].said()
    services = [Service("web", (sys.executable,))]

    found = leftovers.find(tmp_path, services)
    ended = leftovers.end(tmp_path, services)

    assert {identity.pid for identity in found["web"]} == {said["pid"], said["child"]}
    assert ended == ["web"]
    assert leftovers.find(tmp_path, services) == {}


def test_a_mark_of_odd_bytes_stops_nobody(tmp_path: Path) -> None:
    """Any user's process may carry one, a notebook's too."""
    odd = subprocess.Popen(
        ["sleep", "60"], env={launch.MARK.encode(): f"{tmp_path}:".encode() + b"\xff"}
    )

    marked = dict(launch.marked_processes(tmp_path))
    odd.kill()
    odd.wait()

    assert list(marked) == [odd.pid]
