"""What can stand in the way of a start, found before anything is started."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from atelier.operate.configuration import PORTS, Configuration
from atelier.operate.errors import CannotGoOn
from atelier.operate.tool import disk_is_full

# Below this PostgreSQL soon stops in the middle of something.
LEAST_FREE_BYTES = 300 * 1024 * 1024
LISTENING = "0A"
SHOWN_CHARACTERS = 70


def refuse_busy_ports(chosen: Configuration) -> None:
    """Name the port that is taken, and who has it."""
    for address, port in chosen.sockets:
        if not is_free(port, address):
            raise CannotGoOn(
                f"Port {port} is taken{_holder(port)}: stop that, or start on other ports with "
                f"`ATELIER_PORT={chosen.port + 100} make up` ({PORTS} ports from there on)."
            )


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        # Connections of an earlier run that are still fading out do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


def _holder(port: int) -> str:
    pid = _listener(port)
    if pid is None:
        return ""
    command = (
        Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    )
    return f" by `{command.strip()[:SHOWN_CHARACTERS]}` (pid {pid})"


def _listener(port: int) -> int | None:
    """The process that listens on a port, as far as we may look."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and sockets & _open_sockets(entry):
            return int(entry.name)
    return None


def _listening_inodes(port: int) -> list[str]:
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return [f[9] for f in lines if f[3] == LISTENING and int(f[1].rpartition(":")[2], 16) == port]


def _open_sockets(entry: Path) -> set[str]:
    try:
        descriptors = list((entry / "fd").iterdir())
    except OSError:  # ended, or another user's
        return set()
    return {target for target in map(_target, descriptors) if target}


def _target(descriptor: Path) -> str:
    try:
        return os.readlink(descriptor)
    except OSError:  # closed meanwhile
        return ""


def refuse_full_disk(folder: Path) -> None:
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        raise CannotGoOn(disk_is_full(folder))
