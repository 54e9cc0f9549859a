"""Printing: results to standard output, everything said on the way to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from atelier_client.cli.words import w
from atelier_client.errors import AtelierError
from atelier_client.messages import status_word

STYLE = {
    "queued": ("⧖", "yellow"),
    "starting": ("◌", "magenta"),
    "running": ("◉", "blue"),
    "stopping": ("□", "bright_black"),
    "succeeded": ("✓", "green"),
    "failed": ("✗", "red"),
    "stopped": ("■", "bright_black"),
    "refused": ("⊘", "magenta"),
    "asleep": ("☾", "bright_black"),
}
STEP = {"done": "✓", "active": "◌", "waiting": "·", "failed": "✗"}


def out() -> Console:
    """Return standard output; never folded when a program reads it."""
    return _console(stderr=False)


def err() -> Console:
    """Return standard error."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    # Made anew each time: the streams are replaced under tests and pagers.
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 10_000
    return Console(
        file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=True
    )


def plain(text: str) -> str:
    """Return text that cannot steer a terminal: names are other people's."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def say(text: str) -> None:
    """Print a sentence as the result."""
    out().print(plain(text))


def note(text: str) -> None:
    """Print a sentence beside the result."""
    err().print(plain(text), style="dim")


def print_json(value: Any) -> None:
    """Print a value the platform gave as it came."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def status_badge(status: str) -> Text:
    """Return icon and word; colour never alone."""
    icon, style = STYLE.get(status, ("·", ""))
    return Text(f"{icon} {plain(status_word(status))}", style=style)


def table(headings: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Print rows under headings."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*(_cell(cell) for cell in row))
    _print_table(shown)


def _print_table(shown: Table) -> None:
    console = out()
    with console.capture() as captured:
        # With soft_wrap a table would not be folded at the window's edge.
        console.print(shown, soft_wrap=False)
    # Rich fills the last column with blanks, which a program would have to strip.
    for line in captured.get().splitlines():
        console.file.write(line.rstrip() + "\n")


def _cell(cell: str | Text) -> Text:
    return cell if isinstance(cell, Text) else Text(plain(cell))


def facts(pairs: Iterable[tuple[str, str | Text]]) -> None:
    """Print labels and values below each other."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    shown.add_column(style="dim")
    shown.add_column(overflow="fold")
    for label, value in pairs:
        shown.add_row(label, _cell(value))
    _print_table(shown)


def print_error(error: AtelierError, *, as_json: bool) -> None:
    """Print what happened, where, what to do, and the id to ask about."""
    if as_json:
        sys.stderr.write(json.dumps({"error": error.to_json()}, ensure_ascii=False) + "\n")
        return
    console = err()
    console.print(plain(error.detail), style="bold red")
    problem = error.problem
    for item in problem.errors if problem else ():
        field, detail = item.get("field") or "–", item.get("detail") or item.get("code") or ""
        console.print(plain(f"  {field}: {detail}"))
    if problem and problem.field and not problem.errors:
        console.print(plain(f"  ({problem.field})"))
    if error.action:
        console.print(plain(w("what_to_do", action=error.action)))
    if error.request_id:
        console.print(plain(w("request_id", id=error.request_id)), style="dim")
