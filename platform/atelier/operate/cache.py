"""Things that take long to make, kept outside the checkout and shared by all checkouts.

An entry is a folder named by the hash of what it was made from. It counts only with its stamp,
which is written last: a build that was interrupted is cleared away by the next one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

STAMP = ".complete"


def cache_folder() -> Path:
    """Where entries live; as root a place that other users can read."""
    chosen = os.environ.get("ATELIER_CACHE")
    if chosen:
        return Path(chosen).resolve()
    if os.geteuid() == 0:
        return Path("/var/cache/atelier")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "atelier"


def key_of(parts: Iterable[bytes | str | Path]) -> str:
    """A short hash of texts and of files' contents, in order."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        data = data.encode() if isinstance(data, str) else data
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:16]


def key_of_tree(root: Path, *, without: frozenset[str] = frozenset()) -> str:
    """A hash of every file below `root` with its name, some folder names left out."""
    files = sorted(files_below(root, without=without | {"__pycache__"}))
    return key_of(part for file in files for part in (str(file.relative_to(root)), file))


def files_below(root: Path, *, without: frozenset[str]) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = set(subfolders) - without  # keeps os.walk out of them
        yield from (Path(folder, name) for name in names)


def is_complete(entry: Path) -> bool:
    return (entry / STAMP).is_file()


def entry(name: str, build: Callable[[Path], None]) -> Path:
    """Return the entry `name`, built first when it is missing or half finished."""
    folder = cache_folder() / name
    if is_complete(folder):
        return folder
    with locked(name):
        if not is_complete(folder):  # somebody else may have built it while we waited
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            build(folder)
            (folder / STAMP).touch()
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock of one entry; the kernel lets go of it when we die."""
    locks = cache_folder() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
