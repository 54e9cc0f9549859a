"""What a server is told at birth, and the folders it makes before Jupyter starts.

The spawner hands secrets over as an open descriptor to anonymous memory; in a pod they lie in a
mounted folder, and are copied to memory of the pod's own, where they can be replaced. All of this
runs as the server's owner: the spawner, often root, never writes below a home.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BOOT_FD = "ATELIER_BOOT_FD"
LISTEN_FD = "ATELIER_BOOT_LISTEN_FD"
# A pod's: the folder of its Secret, a folder in memory for sockets and tokens, and two switches.
BOOT_FOLDER = "ATELIER_BOOT_FOLDER"
RUN_FOLDER = "ATELIER_BOOT_RUN_FOLDER"
RESCUE = "ATELIER_BOOT_RESCUE"
OVERLAY_RESET = "ATELIER_BOOT_OVERLAY_RESET"
TOKEN_FILE = "ATELIER_TOKEN_FILE"  # noqa: S105  # a variable's name

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

# Kernels talk over sockets beside their connection files; the kernel allows 107 bytes, and
# "/kernel-<uuid>-ipc-5" takes 52 of them.
LONGEST_RUNTIME_FOLDER = 107 - 52


@dataclass(frozen=True, slots=True)
class Boot:
    """One server's start. Secrets are in no `repr`."""

    server: str = "default"
    hub_token: str = field(default="", repr=False)
    portal_token: str = field(default="", repr=False)
    token_file: Path | None = None
    run_folder: Path | None = None
    rescue: bool = False
    overlay_reset: bool = False

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Boot:
        return cls(
            server=str(raw.get("server") or "default"),
            hub_token=str(raw.get("hub_token") or ""),
            portal_token=str(raw.get("portal_token") or ""),
            token_file=Path(raw["token_file"]) if raw.get("token_file") else None,
            rescue=raw.get("rescue") is True,
            overlay_reset=raw.get("overlay_reset") is True,
        )


def receive(environ: MutableMapping[str, str]) -> Boot:
    """Take the birth message, once: descriptor and variable are gone afterwards."""
    number = environ.pop(BOOT_FD, "")
    if not number:
        return _receive_in_pod(environ)
    with os.fdopen(int(number), "rb") as file:
        return Boot.from_json(json.loads(file.read()))


def _receive_in_pod(environ: MutableMapping[str, str]) -> Boot:
    """Read the tokens from the mounted Secret, the server's name from what the hub said."""
    folder, run = environ.pop(BOOT_FOLDER, ""), environ.pop(RUN_FOLDER, "")
    switches = {name: environ.pop(name, "") == "1" for name in (RESCUE, OVERLAY_RESET)}
    token_file = environ.get(TOKEN_FILE, "")
    return Boot(
        server=environ.get("JUPYTERHUB_SERVER_NAME") or "default",
        hub_token=_mounted(folder, "hub-token"),
        portal_token=_mounted(folder, "portal-token"),
        token_file=Path(token_file) if token_file else None,
        run_folder=Path(run) if run else None,
        rescue=switches[RESCUE],
        overlay_reset=switches[OVERLAY_RESET],
    )


def _mounted(folder: str, name: str) -> str:
    return Path(folder, name).read_text("ascii").strip() if folder else ""


def listener(environ: MutableMapping[str, str]) -> socket.socket | None:
    """The socket the spawner already listens on for us, if it made one."""
    number = environ.pop(LISTEN_FD, "")
    if not number:
        return None
    inherited = socket.socket(fileno=int(number))
    inherited.setblocking(False)
    inherited.set_inheritable(False)  # kernels have no business with it
    return inherited


def private_folder(path: Path) -> Path:
    """Make a folder only its owner may enter."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path


def write_private(path: Path, text: str) -> None:
    """Put a secret into a file so that a reader sees the old or the new one, never half."""
    private_folder(path.parent)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    fresh.replace(path)


def runtime_folder(home: Path, server: str, uid: int, run: Path | None = None) -> Path:
    """Where connection files and kernel sockets go: in the home, unless its path is too long.

    In a pod they go to memory: a home on a network has no sockets.
    """
    if run is not None:
        return private_folder(run / "jupyter")
    wanted = home / ".atelier" / "run" / server
    if len(os.fsencode(wanted)) <= LONGEST_RUNTIME_FOLDER:
        return private_folder(wanted)
    return _owned(Path(f"/tmp/atelier-{uid}"), uid) / server  # noqa: S108  # owner checked below


def _owned(folder: Path, uid: int) -> Path:
    """A folder in a shared place, refused when somebody else made it first."""
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != uid or found.st_mode & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder
