"""Homes and logs of the local home: one folder per user and project, one log per server.

Nothing below a home is touched as root: its owner could have put a symbolic link there. The hub
only makes the home itself (its parent belongs to the hub); everything inside is made by the
server's own process after it dropped to its owner.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

HOME_MODE = 0o700
PROJECT_MODE = 0o711  # members pass through to their own home and see no other names

LOG_TAIL_BYTES = 2048


def prepare_home(root: Path, relative: str, uid: int | None) -> Path:
    """Make the home if it is missing and give it to its owner."""
    project, _, user = relative.partition("/")
    root.mkdir(mode=PROJECT_MODE, parents=True, exist_ok=True)
    (root / project).mkdir(mode=PROJECT_MODE, exist_ok=True)
    _folder_itself(root / project)
    home = root / project / user
    home.mkdir(mode=HOME_MODE, exist_ok=True)
    found = _folder_itself(home)
    if uid is not None and found.st_uid != uid:
        _give(home, uid)
    return home


def _folder_itself(path: Path) -> os.stat_result:
    """What a folder is; a link to one is refused, for it leads to what is no home."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(f"{path} is not a folder")
    return found


def _give(home: Path, uid: int) -> None:
    """Hand a home and all in it to a uid, never following a link out of it."""
    for _, folders, files, descriptor in os.fwalk(home, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, uid, uid, dir_fd=descriptor, follow_symlinks=False)
    os.chown(home, uid, uid, follow_symlinks=False)
    home.chmod(HOME_MODE)


def open_log(folder: Path, name: str) -> int:
    """A descriptor to append a server's output to."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.open(folder / f"{name}.log", flags, 0o600)


def cap_log(path: Path, limit: int) -> bool:
    """Keep the newer half of a log that outgrew its limit; whether it had.

    The server appends, so cutting in place is safe; what it writes between our read and our cut
    is lost, which a log of a runaway server can afford.
    """
    try:
        with path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size <= limit:
                return False
            file.seek(size - limit // 2)
            kept = file.read()
            file.truncate(0)
            file.seek(0)
            file.write(b"[older lines were dropped]\n" + kept.partition(b"\n")[2])
    except FileNotFoundError:
        return False
    return True


def log_tail(path: Path, since: int = 0) -> str:
    """The last lines a server wrote since an offset, made safe to show."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            # A log that was cut meanwhile is shorter than the offset: show what is left.
            start = since if since <= size else 0
            file.seek(max(start, size - LOG_TAIL_BYTES))
            raw = file.read()
    except FileNotFoundError:
        return ""
    lines = [_printable(line) for line in raw.decode("utf-8", "replace").splitlines()]
    return "\n".join(line for line in lines if line)[-LOG_TAIL_BYTES:]


def _printable(line: str) -> str:
    return "".join(char for char in line if char.isprintable() or char == "\t").rstrip()[:500]


def blocked_folder(path: Path, uid: int) -> Path | None:
    """The first folder on the way to a file that a uid may not pass, or None.

    Asked before a start, because "permission denied" from an exec names the wrong thing.
    """
    # A virtual environment's python is a link: both ends must be reachable.
    for folder in (*reversed(path.absolute().parents), *reversed(path.resolve().parents)):
        try:
            found = folder.stat()
        except FileNotFoundError:
            return None  # not made yet: whoever makes it decides
        bit = stat.S_IXUSR if found.st_uid == uid else stat.S_IXOTH
        if not found.st_mode & bit:
            return folder
    return None
