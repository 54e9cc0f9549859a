"""Which Python the virtual environments are made from.

Notebooks of different people run as different users when we are root. They need an interpreter
those users can reach, which one below root's own home folder is not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from atelier.operate import cache
from atelier.operate.console import step
from atelier.operate.errors import CannotGoOn
from atelier.operate.unix_user import first_closed_folder, server_user

OLDEST, NEWEST = (3, 11), (3, 13)
NAMES = ("python3.13", "python3.12", "python3.11", "python3")
FOLDERS = ("/usr/local/bin", "/usr/bin")
# What a notebook and the standard library's usual corners need; a broken copy fails here.
PROBE = "import ctypes, hashlib, sqlite3, ssl, zlib; print('works')"
ABOUT = (
    "import json, sys; print(json.dumps([sys.version_info[:3], sys.base_prefix, "
    "getattr(sys, '_base_executable', sys.executable)]))"
)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that environments can be made from."""

    executable: Path
    version: tuple[int, int, int]
    prefix: Path

    @property
    def key(self) -> str:
        """What environments made from it depend on."""
        return f"{self.executable} {self.version}"

    @property
    def is_supported(self) -> bool:
        return OLDEST <= self.version[:2] <= NEWEST


def choose() -> Interpreter:
    """Our own interpreter, or one that other users can reach when we are root."""
    own = ask(Path(sys.executable))
    if own is None or not own.is_supported:
        raise CannotGoOn("Python 3.11, 3.12 or 3.13 is needed: install one and try again.")
    if server_user() is None or is_reachable(own):
        return own
    for candidate in _others():
        if candidate.is_supported and is_reachable(candidate):
            return candidate
    return _private_copy(own)


def ask(executable: Path) -> Interpreter | None:
    """What an executable says about itself; None when it is no working Python."""
    try:
        said = subprocess.run(
            [executable, "-I", "-c", ABOUT], capture_output=True, text=True, timeout=30
        )
        version, prefix, base = json.loads(said.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    real = Path(base).resolve()
    return Interpreter(real, (version[0], version[1], version[2]), Path(prefix))


def is_reachable(python: Interpreter) -> bool:
    """Whether another user can run it."""
    folders = (python.executable.parent, python.prefix)
    return all(first_closed_folder(folder) is None for folder in folders) and _works_for_others(
        python.executable
    )


def _works_for_others(executable: Path) -> bool:
    other = server_user()
    identity = other.as_popen_arguments() if other else {}
    done = subprocess.run(
        [executable, "-I", "-c", PROBE], capture_output=True, text=True, cwd="/", **identity
    )  # type: ignore[call-overload]  # keyword dict
    return str(done.stdout).strip() == "works"


def _others() -> list[Interpreter]:
    folders = dict.fromkeys([*os.environ.get("PATH", "").split(os.pathsep), *FOLDERS])
    paths = [Path(folder, name) for folder in folders if folder for name in NAMES]
    # Saves running what cannot do anyway, such as pyenv's shims.
    reachable = [p for p in paths if p.exists() and first_closed_folder(p.resolve().parent) is None]
    found = (ask(path) for path in dict.fromkeys(p.resolve() for p in reachable))
    return [python for python in found if python is not None]


def _private_copy(own: Interpreter) -> Interpreter:
    version = ".".join(map(str, own.version))
    name = f"python-{version}-{cache.key_of([own.key])}"

    def copy(folder: Path) -> None:
        with step(f"Copying Python {version} to where other users can reach it"):
            _copy_prefix(own, folder)

    folder = cache.entry(name, copy)
    copied = ask(folder / "bin" / own.executable.name)
    if copied is None or not is_reachable(copied):
        raise CannotGoOn(
            f"Notebooks run as users of their own, and those cannot reach {own.executable}: "
            "install a Python for everybody (`apt-get install python3 python3-venv`) and try "
            "again, or run the platform as a plain user."
        )
    return copied


def _copy_prefix(own: Interpreter, folder: Path) -> None:
    library = f"python{own.version[0]}.{own.version[1]}"
    (folder / "bin").mkdir()
    (folder / "lib").mkdir()
    shutil.copy2(own.executable, folder / "bin" / own.executable.name)
    shutil.copytree(
        own.prefix / "lib" / library,
        folder / "lib" / library,
        symlinks=True,
        ignore=shutil.ignore_patterns("site-packages", "test", "tests", "idlelib"),
    )
    (folder / "lib" / library / "site-packages").mkdir(exist_ok=True)
    for shared in (own.prefix / "lib").glob("libpython*"):
        shutil.copy2(shared, folder / "lib" / shared.name)
    _look_beside_itself(folder / "bin" / own.executable.name, own.prefix / "lib")


def _look_beside_itself(executable: Path, libraries: Path) -> None:
    """Make a copied executable load the copied libpython.

    The path of the original stands in the file; the kernel's loader knows $ORIGIN for "where I
    am". It is shorter than the path it replaces, so nothing moves; where it were not, or the
    file is built otherwise, the probe afterwards says that the copy does not work.
    """
    old, new = str(libraries).encode(), b"$ORIGIN/../lib"
    content = executable.read_bytes()
    if len(new) <= len(old):
        executable.write_bytes(content.replace(old + b"\0", new.ljust(len(old), b"\0") + b"\0"))
