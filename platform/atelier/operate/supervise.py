"""The supervisor: its configuration, starting it, asking it.

supervisord keeps the processes running; we talk to it through its socket. docs/adr says why it.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from atelier.operate import launch
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn
from atelier.operate.home import Home
from atelier.operate.process import Identity
from atelier.operate.services import Service

NAME = "supervisor"
LOG_BYTES = "10MB"
OLD_LOGS = 2
# supervisord waits one second longer after each failure; it never gives up.
RETRIES = 1_000_000
RUNNING_STATES = frozenset({"STARTING", "RUNNING", "BACKOFF"})
ENDED_STATES = frozenset({"STOPPED", "EXITED", "FATAL"})
PATIENCE_SECONDS = 60
# Started first and stopped last: everything else works with them.
STORES = ("postgres", "valkey")


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What the supervisor says about one service."""

    name: str
    state: str
    pid: int
    said: str


def write_files(home: Home, services: Sequence[Service]) -> None:
    """Write what the supervisor and the launcher read."""
    _write_private(
        home.run / launch.SERVICES_FILE,
        json.dumps({service.name: service.to_json() for service in services}, indent=1),
    )
    _write_private(home.run / "supervisord.conf", configuration(home, services))


def configuration(home: Home, services: Sequence[Service]) -> str:
    """supervisord's configuration file."""
    user = "user=root" if os.geteuid() == 0 else ""
    head = f"""\
[supervisord]
pidfile={_plain(home.run / "supervisord.pid")}
logfile={_plain(home.logs / "supervisor.log")}
logfile_maxbytes={LOG_BYTES}
logfile_backups={OLD_LOGS}
childlogdir={_plain(home.logs)}
directory=/
umask=022
{user}

[unix_http_server]
file={_plain(home.socket)}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
    return "\n".join([head, *(_program(home, *numbered) for numbered in enumerate(services, 1))])


def _program(home: Home, priority: int, service: Service) -> str:
    command = [sys.executable, "-m", "atelier.operate.launch", str(home.run), service.name]
    return f"""\
[program:{service.name}]
command={_plain(shlex.join(command))}
environment=PYTHONPATH="{_plain(ROOT / "platform")}"
priority={priority}
autostart=false
autorestart=true
startsecs=2
startretries={RETRIES}
stopsignal={service.stop_signal}
stopwaitsecs={service.stop_seconds}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={_plain(log_of(home, service.name))}
stdout_logfile_maxbytes={LOG_BYTES}
stdout_logfile_backups={OLD_LOGS}
"""


def _plain(value: object) -> str:
    """Keep supervisord from expanding % in paths."""
    return str(value).replace("%", "%%")


def _write_private(path: Path, text: str) -> None:
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(text)
    half.rename(path)


def log_of(home: Home, name: str) -> Path:
    return home.logs / f"{name}.log"


class Supervisor:
    """The running supervisor of one state folder."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def is_running(self) -> bool:
        identity = launch.identity_of(self.home.run, NAME)
        return identity is not None and identity.is_alive()

    def start(self) -> None:
        """Start supervisord in the background; its own fork leaves no child of ours."""
        self.home.socket.unlink(missing_ok=True)
        (self.home.run / "supervisord.pid").unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord",
             "-c", str(self.home.run / "supervisord.conf")],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", launch.MARK: self._mark()},
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise CannotGoOn(f"The supervisor did not start: {said[-1] if said else 'no reason'}.")
        self._wait_for_socket()

    def _mark(self) -> str:
        return launch.mark(self.home.run, NAME)

    def _wait_for_socket(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with self._calls() as calls:
                    pid = cast(int, calls.getPID())
            except (OSError, Fault):
                time.sleep(0.05)
                continue
            identity = launch.identity_file(self.home.run, NAME)
            identity.write_text(str(Identity.of(pid)))
            return
        raise CannotGoOn(
            f"The supervisor does not answer; its log is {self.home.logs / 'supervisor.log'}."
        )

    def states(self) -> dict[str, ProcessState]:
        with self._calls() as calls:
            listed = cast(list[dict[str, Any]], calls.getAllProcessInfo())
        return {
            info["name"]: ProcessState(
                info["name"], info["statename"], info["pid"], info["description"]
            )
            for info in listed
        }

    def start_services(self, names: Sequence[str]) -> None:
        """Ask for these to be started; those that are running stay as they are."""
        states = self.states()
        with self._calls() as calls:
            for name in names:
                if states[name].state not in RUNNING_STATES:
                    calls.startProcess(name, False)
                elif states[name].state == "BACKOFF":
                    # Try now rather than when its turn comes.
                    calls.stopProcess(name)
                    calls.startProcess(name, False)

    def stop_services(self, names: Sequence[str]) -> None:
        """Stop these at the same time and wait for the last of them."""
        states = self.states()
        with self._calls() as calls:
            for name in names:
                if states[name].state in RUNNING_STATES:
                    calls.stopProcess(name, False)
        deadline = time.monotonic() + PATIENCE_SECONDS
        # Asking is also what wakes supervisord up: by itself it looks once a second.
        while time.monotonic() < deadline:
            states = self.states()
            if all(states[name].state in ENDED_STATES for name in names):
                return
            time.sleep(0.1)

    def shut_down(self) -> None:
        """Stop what works first, then what it works with, then the supervisor."""
        identity = launch.identity_of(self.home.run, NAME)
        known = self.states()
        stores = [name for name in STORES if name in known]
        self.stop_services([name for name in known if name not in STORES])
        self.stop_services(stores)
        with self._calls() as calls:
            calls.shutdown()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while identity and identity.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        launch.identity_file(self.home.run, NAME).unlink(missing_ok=True)

    @contextmanager
    def _calls(self) -> Iterator[Any]:
        """The supervisor's verbs; each use has a connection of its own."""
        transport = SupervisorTransport(None, None, f"unix://{self.home.socket}")
        with ServerProxy("http://127.0.0.1", transport=transport) as proxy:
            yield proxy.supervisor
