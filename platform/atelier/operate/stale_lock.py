"""PostgreSQL's lock file after a crash. Apart, for the launcher loads nothing it does not need."""

from __future__ import annotations

from pathlib import Path


def clear_stale_lock(data: Path) -> None:
    """Remove a postmaster.pid left by a crash: its pid may belong to somebody else by now."""
    lock = data / "postmaster.pid"
    try:
        first_line = lock.read_text().partition("\n")[0]
    except FileNotFoundError:
        return
    if not (first_line.isdecimal() and _serves(int(first_line), data)):
        lock.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return arguments[0].endswith(b"/postgres") and str(data).encode() in arguments
