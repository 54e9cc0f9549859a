"""What is seen while waiting: one line a finished step, and on a terminal what it is at now."""

from __future__ import annotations

from types import TracebackType

from rich.status import Status

from atelier_client.cli import formats, output
from atelier_client.cli.words import WORDS, w
from atelier_client.messages import status_word
from atelier_client.models import Job, Notebook, Step


class Progress:
    """Follows a notebook server or a job on standard error; quiet under ``--json``."""

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

    def watch(self, followed: Notebook | Job) -> None:
        """Show what is new since the last look."""
        if self._quiet:
            return
        run = followed.workload
        for step in run.progress if run else ():
            if step.state in {"done", "failed"} and step.step not in self._told:
                self._told.add(step.step)
                self._console.print(output.plain(step_line(step, run.kind if run else "")))
        if self._spinner:
            self._spinner.update(output.plain(_now(followed)))


def step_line(step: Step, kind: str = "") -> str:
    """Return "✓ Quota reserved  0.1 s"; some steps are called otherwise for some kinds."""
    took = "" if step.seconds is None else f"  {formats.duration(step.seconds)}"
    return f"{output.STEP.get(step.state, '·')} {step_word(step.step, kind)}{took}"


def step_word(step: str, kind: str = "") -> str:
    """Return what a step is called; one the client does not know stays as it is."""
    known = (f"step_{kind}_{step}", f"step_{step}")
    return next((w(name) for name in known if name in WORDS), step)


def _now(followed: Notebook | Job) -> str:
    reason = f": {followed.reason.text}" if followed.reason else ""
    return f"{status_word(followed.status)}{reason}"
