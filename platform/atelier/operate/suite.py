"""`make test`: checks, tests on both sides, journeys through the running platform, and all that
again on a Kubernetes of the tests' own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from atelier.operate import check, tool
from atelier.operate.check import Outcome
from atelier.operate.cluster_ground import CANNOT_HERE
from atelier.operate.console import say, step
from atelier.operate.environments import ROOT

WORKERS = "2"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ON_CLUSTER = "cluster or cluster_fault"
# A cluster of the person's own, to be used as it is.
GIVEN_CLUSTER = "ATELIER_TEST_KUBECONFIG"


def test() -> bool:
    """Run all parts, whatever the first ones say; tell what was left out."""
    # A script that starts us in its background has us ignore Ctrl-C, and so would all that the
    # tests start: some of them press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    left_out: list[str] = []
    no_browser = prepare_browser()
    with ground() as prepared:
        outcomes = [_checks(), _tests()]
        if no_browser:
            left_out.append(f"journeys in a real browser: {no_browser}")
        else:
            outcomes.append(_journeys())
        outcomes += _on_cluster(prepared, left_out, with_browser=not no_browser)
    say("\nWhat was run:")
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        counted = f": {outcome.output}" if outcome.output else ""
        say(f"  {verdict}  {outcome.name}{counted} ({outcome.seconds:.0f} s)")
    for what in left_out:
        say(f"  left out  {what}")
    # In continuous integration what did not run has not passed.
    return all(outcome.passed for outcome in outcomes) and not (left_out and in_ci())


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def _checks() -> Outcome:
    began = time.monotonic()
    say("== checks")
    passed = check.all_passed(check.check())
    return Outcome("checks (with the frontend's unit tests)", passed, time.monotonic() - began)


def _tests() -> Outcome:
    return _pytest("tests", ["-n", WORKERS, "-m", f"not e2e and not soak and not ({ON_CLUSTER})"])


def _journeys() -> Outcome:
    return _pytest("journeys in a real browser", ["-m", f"e2e and not soak and not ({ON_CLUSTER})"])


def _pytest(name: str, arguments: Sequence[str]) -> Outcome:
    """Run pytest with its output as it comes; what it counted becomes the closing line."""
    say(f"\n== {name}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder, "counts.xml")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments, f"--junit-xml={counts}"], cwd=ROOT
        )
        counted = _counted(counts)
    return Outcome(name, done.returncode == 0, time.monotonic() - began, counted)


def _counted(report: Path) -> str:
    """Say what a JUnit report counted."""
    if not report.is_file():
        return "no report"
    suite = next(ElementTree.parse(report).iter("testsuite"))
    words = ("tests", "failures", "errors", "skipped")
    return ", ".join(f"{suite.get(word)} {word}" for word in words)


# --- on the cluster ------------------------------------------------------------------------------


@dataclass(slots=True)
class Ground:
    """What the cluster stands on, built in the background while other parts run."""

    process: subprocess.Popen[bytes] | None
    log: Path

    def wait(self) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            with step("Building what the cluster is made of (once)"):
                self.process.wait()
        return self.process.returncode

    @property
    def said(self) -> str:
        return tool.telling_line(self.log.read_text(errors="replace"))


@contextmanager
def ground() -> Iterator[Ground]:
    """Build the cluster's programs and images beside what else is done in the block."""
    if os.environ.get(GIVEN_CLUSTER):
        yield Ground(None, Path(os.devnull))
        return
    log = tool.log_of("cluster ground")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "atelier.operate.cluster_ground"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Ground(process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _on_cluster(prepared: Ground, left_out: list[str], *, with_browser: bool) -> list[Outcome]:
    name = "tests on a real Kubernetes"
    say(f"\n== {name}")
    began = time.monotonic()
    code = prepared.wait()
    if code == CANNOT_HERE:
        say(f"! Left out: {prepared.said}")
        left_out.append(f"{name}: {prepared.said}")
        return []
    if code:
        say(f"{prepared.said}. The whole output is in {prepared.log}.")
        return [Outcome("building the cluster", passed=False, seconds=time.monotonic() - began)]
    outcomes: list[Outcome] = []
    with running_cluster(outcomes) as started:
        if started:
            outcomes += _cluster_parts(with_browser=with_browser)
    return outcomes


def _cluster_parts(*, with_browser: bool) -> list[Outcome]:
    outcomes = [
        _pytest("tests on the cluster", ["-n", WORKERS, "-m", "cluster and not (e2e or soak)"]),
        # Each of these disturbs everybody: alone, and after those that want a quiet cluster.
        _pytest("faults of the cluster", ["-m", "cluster_fault and not (e2e or soak)"]),
    ]
    if with_browser:
        # One platform for all: journeys first, then what it must survive.
        marks = f"e2e and not soak and ({ON_CLUSTER})"
        outcomes.append(_pytest("journeys and faults with the platform on the cluster",
                                ["-m", marks]))  # fmt: skip
    return outcomes


@contextmanager
def running_cluster(outcomes: list[Outcome]) -> Iterator[bool]:
    """Have a cluster within the block; what was up before stays up, ours goes whatever happens.

    How it came and went is told in ``outcomes``: something left behind is a failure.
    """
    if os.environ.get(GIVEN_CLUSTER):
        yield True
        return
    was_up = _cluster("is-up", quietly=True)
    try:
        outcomes.append(_timed("starting the cluster", "up"))
        yield outcomes[-1].passed
    finally:
        if was_up:
            say("· The cluster was up before and stays up.")
        else:
            outcomes.append(_timed("taking the cluster away whole", "down"))


def _timed(name: str, command: str) -> Outcome:
    began = time.monotonic()
    return Outcome(name, _cluster(command), time.monotonic() - began)


def _cluster(command: str, *, quietly: bool = False) -> bool:
    output = subprocess.DEVNULL if quietly else None
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster", command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )
    return done.returncode == 0


# --- the browser ---------------------------------------------------------------------------------


def prepare_browser() -> str:
    """Make sure that there is a browser; says what stands in the way."""
    if any(shutil.which(name) for name in BROWSERS):
        return ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        with step("Installing a browser for the journeys"):
            for command in (
                ["update"],
                ["install", "--yes", "--no-install-recommends", "chromium"],
            ):
                tool.run(
                    f"apt-get {command[0]}",
                    ["apt-get", "-q", *command],
                    environment={"DEBIAN_FRONTEND": "noninteractive"},
                    way_out="Install chromium by hand and run the command again.",
                )
        return ""
    return "no chromium here, and only root can install it"
