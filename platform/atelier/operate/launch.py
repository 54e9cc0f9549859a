"""What the supervisor starts for every service: makes the ground clean, then becomes the service.

Run as `python -m atelier.operate.launch RUN_FOLDER NAME`. Secrets reach the service through its
environment only, from a private file: neither command lines nor the supervisor hold them.
"""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from atelier.operate.process import Identity
from atelier.operate.stale_lock import clear_stale_lock

# In every service's environment: tells our processes from everybody else's.
MARK = "ATELIER_SERVICE"
SERVICES_FILE = "services.json"
WAIT_SECONDS = 0.1
REMINDER_SECONDS = 10.0
KNOCK_SECONDS = 30.0
KNOCK_PAUSE_SECONDS = 0.3


def main(run: Path, name: str) -> None:
    """Become the service `name`."""
    service: dict[str, Any] = json.loads((run / SERVICES_FILE).read_text())[name]
    end_leftovers(run, name)
    note_identity(run, name)
    for port in service["needs"]:
        wait_for_port(port, name)
    if service["knock"]:
        knock_later(**service["knock"])
    if name == "postgres":
        clear_stale_lock(Path(service["command"][2]))
    environment = {**service["environment"], MARK: mark(run, name)}
    os.chdir(service["folder"])
    if service["run_as"]:
        become(service["run_as"])
    os.execve(service["command"][0], service["command"], environment)


def mark(run: Path, name: str) -> str:
    return f"{run}:{name}"


def identity_file(run: Path, name: str) -> Path:
    return run / f"{name}.identity"


def note_identity(run: Path, name: str) -> None:
    """Write who we are; the service keeps pid and start time through exec."""
    file = identity_file(run, name)
    half = file.with_suffix(".half")
    half.write_text(str(Identity.of(os.getpid())))
    half.rename(file)


def end_leftovers(run: Path, name: str) -> None:
    """End what an earlier run of this service left behind, such as workers of a killed parent.

    Only its own process group: notebooks that a hub started lead groups of their own and go on.
    """
    earlier = identity_of(run, name)
    if earlier is None or earlier.pid == os.getpid():
        return
    for pid, service in marked_processes(run):
        if service == name and _group_of(pid) == earlier.pid:
            send(pid, signal.SIGKILL)


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def send(pid: int, with_signal: signal.Signals) -> None:
    try:
        os.kill(pid, with_signal)
    except ProcessLookupError:  # ended by itself meanwhile
        return


def identity_of(run: Path, name: str) -> Identity | None:
    """Whom the last start of a service noted."""
    try:
        return Identity.parse(identity_file(run, name).read_text())
    except FileNotFoundError:
        return None


def marked_processes(run: Path) -> Iterator[tuple[int, str]]:
    """Pid and service of every process of this machine that carries our mark."""
    wanted = f"{MARK}={run}:".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            for variable in _environment_of(entry):
                if variable.startswith(wanted):
                    # Anybody's process may say this of itself, in any bytes.
                    yield int(entry.name), variable.removeprefix(wanted).decode(errors="replace")


def _environment_of(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:  # ended, or another user's
        return []


def wait_for_port(port: int, name: str) -> None:
    """Wait as long as it takes: the supervisor restarts what we wait for."""
    reminder = time.monotonic() + REMINDER_SECONDS
    while not accepts(port):
        if time.monotonic() > reminder:
            print(f"{name} waits for port {port}", flush=True)
            reminder += REMINDER_SECONDS
        time.sleep(WAIT_SECONDS)


def knock_later(*, port: int, url: str, token: str) -> None:
    """Leave a process behind that tells `url` once we answer on `port`, and then ends.

    The hub gives a restarted proxy its routes only when it next looks, which may be minutes.
    """
    if os.fork():
        os.wait()
        return
    if os.fork():
        os._exit(0)
    deadline = time.monotonic() + KNOCK_SECONDS
    while not (accepts(port) and told(url, token)) and time.monotonic() < deadline:
        time.sleep(KNOCK_PAUSE_SECONDS)
    os._exit(0)


def told(url: str, token: str) -> bool:
    """Ask once. A hub that lost its database refuses its first request, hence more than once."""
    asked = urllib.request.Request(
        url, method="POST", headers={"Authorization": f"token {token}"}, data=b""
    )
    try:
        urllib.request.urlopen(asked, timeout=KNOCK_SECONDS).close()
    except OSError:
        return False
    return True


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def become(user: str) -> None:
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
