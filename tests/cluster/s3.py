"""An S3 server for tests: rclone in front of a folder."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from atelier.operate import process
from atelier.operate.errors import CannotGoOn
from atelier.operate.ports import free_port

PATIENCE_SECONDS = 30.0
# rclone wants a dozen characters at least.
ACCESS_KEY, SECRET_KEY = "ACCESSKEY123", "SECRETKEY12345"


@dataclass(frozen=True, slots=True)
class S3:
    """Where it is and what opens it. Clients need path addressing, and
    `request_checksum_calculation` and `response_checksum_validation` set to `when_required`."""

    url: str
    folder: Path  # each folder in it is a bucket
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY

    def make_bucket(self, name: str) -> None:
        (self.folder / name).mkdir()


@contextlib.contextmanager
def serving(rclone: Path, folder: Path, *, address: str, log: Path) -> Iterator[S3]:
    """Serve `folder` until the end of the block."""
    port = free_port()
    command = [
        str(rclone),
        "serve",
        "s3",
        f"--auth-key={ACCESS_KEY},{SECRET_KEY}",
        f"--addr={address}:{port}",
        "--config=/dev/null",
        str(folder),
    ]
    server = process.start(command, log=log, dies_with_parent=True)
    try:
        _wait(server, address, port, log)
        yield S3(f"http://{address}:{port}", folder)
    finally:
        process.stop(server, with_signal=signal.SIGTERM)


def _wait(server: subprocess.Popen[bytes], address: str, port: int, log: Path) -> None:
    if not process.wait_until(lambda: _accepts(address, port), server, patience=PATIENCE_SECONDS):
        raise CannotGoOn(f"The S3 server for tests did not start: see {log}.")


def _accepts(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0
