"""What is seen while waiting: one line a finished step, and on a terminal what it is at now."""

from __future__ import annotations

from types import TracebackType

from rich.status import Status

from atelier_client.cli import formats, output
from atelier_client.cli.words import WORDS, w
from atelier_client.messages import status_word
from atelier_client.models import Notebook, Step


class Progress:
    """Follows a notebook server on standard error; quiet under ``--json``."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._console = output.err()
        self._told: set[str] = set()
        self._spinner: Status | None = None

    def __enter__(self) -> Progress:
        if not self._quiet and self._console.is_terminal:
            self._spinner = self._console.status("")
            self._spinner.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._spinner:
            self._spinner.stop()

    def watch(self, notebook: Notebook) -> None:
        """Show what is new since the last look."""
        if self._quiet:
            return
        steps = notebook.workload.progress if notebook.workload else ()
        for step in steps:
            if step.state in {"done", "failed"} and step.step not in self._told:
                self._told.add(step.step)
                self._console.print(output.plain(step_line(step)))
        if self._spinner:
            self._spinner.update(output.plain(_now(notebook)))


def step_line(step: Step) -> str:
    """Return "✓ Quota reserved  0.1 s"."""
    took = "" if step.seconds is None else f"  {formats.duration(step.seconds)}"
    return f"{output.STEP.get(step.state, '·')} {step_word(step.step)}{took}"


def step_word(step: str) -> str:
    """Return what a step is called; one the client does not know stays as it is."""
    return w(f"step_{step}") if f"step_{step}" in WORDS else step


def _now(notebook: Notebook) -> str:
    reason = f": {notebook.reason.text}" if notebook.reason else ""
    return f"{status_word(notebook.status)}{reason}"
