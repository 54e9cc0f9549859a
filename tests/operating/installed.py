"""A platform started as people start it: `make up` in a folder and on ports of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from atelier.operate.configuration import PORTS
from atelier.operate.obstacles import is_free

ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT, LAST_PORT = 21000, 29000
UP_SECONDS = 600


@dataclass
class RunningPlatform:
    """Where one platform is and how to sign in; `make(...)` runs a command of the Makefile."""

    folder: Path
    port: int
    # Somebody else to be, such as a plain user: what precedes the command.
    as_user: Sequence[str] = ()
    checkout: Path = ROOT
    variables: dict[str, str] = field(default_factory=dict)
    admin: str = "admin"
    password: str = ""

    @property
    def home(self) -> Path:
        return self.folder / "state"

    @property
    def portal(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def content(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def make(
        self, *arguments: str, patience: float = UP_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Run `make …` on this platform."""
        return subprocess.run(
            [*self.as_user, "make", *arguments],
            cwd=self.checkout,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience,
        )

    def environment(self) -> dict[str, str]:
        """Ours without what the tests' own servers and pytest put there."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ATELIER_", "DJANGO_", "PYTEST_")) or name == "ATELIER_CACHE"
        }
        own = {"ATELIER_HOME": str(self.home), "ATELIER_PORT": str(self.port)}
        return {**kept, **own, **self.variables}

    def up(self) -> str:
        """Start it; the admin's password is noted when it is shown."""
        done = self.make("up")
        assert done.returncode == 0, done.stdout + done.stderr
        shown = re.search(r"Password +([a-z0-9]{5}(?:-[a-z0-9]{5}){3}) ", done.stdout)
        if shown:
            self.password = shown[1]
        return done.stdout

    def states(self) -> dict[str, tuple[str, int]]:
        """State and pid of each process, from `make status`."""
        rows = re.findall(
            r"^([\w-]+) +([a-z]+) +(\d+|-) ", self.make("status").stdout, re.MULTILINE
        )
        return {name: (state, 0 if pid == "-" else int(pid)) for name, state, pid in rows}

    def remove(self) -> None:
        self.make("reset", "CONFIRM=yes")
        shutil.rmtree(self.folder, ignore_errors=True)


def new_platform() -> RunningPlatform:
    """A place for a platform; nothing is started yet."""
    folder = Path(tempfile.mkdtemp(prefix="atelier-e2e-"))
    folder.chmod(0o711)  # notebooks of other users pass through to their homes
    return RunningPlatform(folder, free_ports())


def free_ports() -> int:
    """The first of a range of ports nobody uses."""
    start = FIRST_PORT + os.getpid() % 400 * 10
    candidates: list[int] = [*range(start, LAST_PORT, 10), *range(FIRST_PORT, start, 10)]
    for port in candidates:
        if all(is_free(port + offset) for offset in range(PORTS)):
            return port
    raise AssertionError("no free range of ports")
