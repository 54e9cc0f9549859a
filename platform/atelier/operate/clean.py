"""`make clean`: what was built and can be built again; the platform's state stays."""

from __future__ import annotations

import shutil
from pathlib import Path

from atelier.operate import cache
from atelier.operate.console import say
from atelier.operate.environments import ROOT

LEFT_BY_TOOLS = (
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache",
    "frontend/dist", "frontend/node_modules",
)  # fmt: skip


def clean() -> None:
    """Empty the cache but for what a running process was started from."""
    for name in LEFT_BY_TOOLS:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    command_lines = b"\n".join(_command_lines())
    kept = []
    for entry in sorted(cache.cache_folder().iterdir()):
        if entry.name == "locks" or not entry.is_dir():
            continue
        if f"{entry}/".encode() in command_lines:
            kept.append(entry.name)
        else:
            shutil.rmtree(entry)
    say(f"Emptied {cache.cache_folder()}.")
    if kept:
        say(f"Kept what is running: {', '.join(kept)}.")


def _command_lines() -> list[bytes]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                found.append((entry / "cmdline").read_bytes())
            except OSError:  # ended meanwhile
                continue
    return found
