"""Running other people's tools: their output goes to a log, their failure becomes a sentence."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from atelier.operate.cache import cache_folder
from atelier.operate.errors import CannotGoOn

DISK_FULL = "No space left on device"
# What the last lines of uv, pip and npm look like when they only point elsewhere.
NOT_TELLING = ("npm error A complete log", "npm error     /", "note:", "hint:", "help:")


def run(
    name: str,
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    way_out: str,
) -> None:
    """Run a tool to its end; `way_out` tells people what to do when it fails."""
    log = log_of(name)
    log.touch()
    log.chmod(0o600)  # addresses of package indexes may hold passwords
    with log.open("w") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            cwd=folder,
        )
    if done.returncode == 0:
        return
    said = log.read_text(errors="replace")
    if DISK_FULL in said:
        raise CannotGoOn(disk_is_full(cache_folder()))
    raise CannotGoOn(f"{name} failed: {telling_line(said)}. {way_out} (Whole output: {log})")


def log_of(name: str) -> Path:
    logs = cache_folder() / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return logs / f"{name.replace(' ', '-').replace('/', '-')}.log"


def telling_line(output: str) -> str:
    """The last line that says something about the failure."""
    lines = [line.strip() for line in output.splitlines()]
    telling = [line for line in lines if line and not line.startswith(NOT_TELLING)]
    return telling[-1].rstrip(".") if telling else "it said nothing"


def disk_is_full(folder: Path) -> str:
    return (
        f"The disk that holds {folder} is full: free some space there (the platform needs about "
        "4 GB), then run the command again; it goes on where it stopped."
    )
