"""`make test`: checks, tests on both sides, and the journey through the running platform."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from atelier.operate import check, tool
from atelier.operate.check import Outcome
from atelier.operate.console import say, step
from atelier.operate.environments import ROOT

WORKERS = "2"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def test() -> bool:
    """Run all parts, whatever the first ones say; tell what was left out."""
    # A script that starts us in its background has us ignore Ctrl-C, and so would all that the
    # tests start: some of them press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    left_out = prepare_browser()
    outcomes = [_checks(), _tests()]
    if left_out:
        say(f"! Left out: {left_out}")
    else:
        outcomes.append(_journeys())
    say("\nWhat was run:")
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        say(f"  {verdict}  {outcome.name} ({outcome.seconds:.0f} s)")
    if left_out:
        say(f"  left out  {left_out}")
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
    return _pytest("tests", ["-n", WORKERS, "-m", "not e2e and not soak"])


def _journeys() -> Outcome:
    return _pytest("journeys in a real browser", ["-m", "e2e and not soak"])


def _pytest(name: str, arguments: Sequence[str]) -> Outcome:
    """Run pytest with its output as it comes: its closing lines are the report."""
    say(f"\n== {name}")
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT)
    return Outcome(name, done.returncode == 0, time.monotonic() - began)


def prepare_browser() -> str:
    """Make sure that there is a browser; says what cannot be run without one."""
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
    return "journeys in a real browser: no chromium here, and only root can install it"
