"""`make check`: everything that can be judged without running the platform."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from atelier.operate import node
from atelier.operate.console import say
from atelier.operate.environments import ROOT

SOURCES = ("platform", "spawner", "runtime", "client")
PACKAGES = (
    "platform/atelier",
    "spawner/atelier_spawner",
    "runtime/atelier_runtime",
    "client/atelier_client",
    "tests",
)
SCHEMA = ROOT / "docs" / "openapi.json"


@dataclass(frozen=True, slots=True)
class Check:
    """One command that must succeed."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check, or a part of the tests, ended."""

    name: str
    passed: bool
    seconds: float
    output: str = ""


def check() -> list[Outcome]:
    """Run all of them; Python's and the frontend's side by side."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as workers:
        sides = [python_checks(Path(folder)), frontend_checks()]
        futures = [workers.submit(_run_all, side) for side in sides if side]
        return [outcome for future in futures for outcome in future.result()]


def _run_all(checks: Sequence[Check]) -> list[Outcome]:
    return [run(check) for check in checks]


def run(check: Check) -> Outcome:
    """Run one; say at once how it went, with its output when it failed."""
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=check.folder,
        env={**os.environ, **check.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    outcome = Outcome(check.name, done.returncode == 0, time.monotonic() - began, done.stdout)
    say(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.name} ({outcome.seconds:.1f} s)")
    if not outcome.passed:
        say(outcome.output.rstrip())
    return outcome


def python_checks(folder: Path) -> list[Check]:
    tools = Path(sys.executable).parent
    settings = placeholder_settings(folder)
    manage = [sys.executable, "manage.py"]
    paths = {"PYTHONPATH": os.pathsep.join(str(ROOT / source) for source in SOURCES)}
    deployed = {**settings, "ATELIER_PORTAL_URL": "https://atelier.example.org"}
    return [
        Check("style", [str(tools / "ruff"), "check", "."]),
        Check("format", [str(tools / "ruff"), "format", "--check", "."]),
        Check("import layers", [str(tools / "lint-imports"), "--no-cache"], paths),
        Check("types", [str(tools / "mypy"), *(p for p in PACKAGES if (ROOT / p).is_dir())],
              settings),
        # There is no database to ask for its history, which Django warns about.
        Check("migrations", [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py",
                             "makemigrations", "--check", "--dry-run"], settings),
        Check("settings for the open network",
              [*manage, "check", "--deploy", "--fail-level", "WARNING"], deployed),
        Check("OpenAPI document", [sys.executable, "-m", "atelier.operate.schema", "--check"],
              {**settings, **paths}),
    ]  # fmt: skip


def frontend_checks() -> list[Check]:
    if not (node.FRONTEND / "package.json").is_file():
        return []
    own = node.Node.of_this_python()
    node.packages(own)

    def script(name: str, *arguments: str) -> Check:
        command = [*own.npm, "run", "--silent", *arguments]
        return Check(f"frontend: {name}", command, own.variables, node.FRONTEND)

    return [
        script("generated client", "gen:api", "--", "--check"),
        script("lint", "lint"),
        script("types", "types"),
        script("unit tests", "test"),
    ]


def placeholder_settings(folder: Path) -> dict[str, str]:
    """Values with which the settings load; nothing is connected to."""
    key = folder / "oidc.pem"
    key.write_text("not a key; nothing is signed by checks")
    return {
        "ATELIER_HOME": str(folder),
        "ATELIER_SECRET_KEY": "placeholder-of-checks-0123456789abcdefghijklmnopqrstuvwxyz",
        "ATELIER_DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:9/none",
        "ATELIER_BROKER_URL": "redis://127.0.0.1:9/0",
        "ATELIER_PORTAL_URL": "http://localhost:8000",
        "ATELIER_CONTENT_URL": "http://127.0.0.1:8001",
        "ATELIER_EVENTS_URL": "http://localhost:8004",
        "ATELIER_HUB_API_URL": "http://127.0.0.1:8005/hub/api",
        "ATELIER_HUB_API_TOKEN": "placeholder",
        "ATELIER_SPAWNER_TOKEN": "placeholder",
        "ATELIER_OIDC_KEY_FILE": str(key),
        "ATELIER_OIDC_CLIENT_ID": "hub",
        "ATELIER_OIDC_CLIENT_SECRET": "placeholder",
        "ATELIER_ENGINE": "local",
        "ATELIER_ISOLATION": "none",
        "ATELIER_SPA_DIR": str(folder / "pages"),
    }


def all_passed(outcomes: Sequence[Outcome]) -> bool:
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    say(f"Failed: {', '.join(failed)}." if failed else f"All {len(outcomes)} checks passed.")
    return not failed
