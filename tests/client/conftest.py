"""Fixtures: portal (running), alice (her token in the environment), atelier (SDK), cli, cli_json.

Every test has its own home and none of the caller's ATELIER_* or language variables.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from atelier_client import Atelier, jobs, notebooks
from atelier_client.cli.main import cli as command
from tests.client.portal import Portal, Server

Cli = Callable[..., Result]


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("ATELIER_", "LC_", "LANG")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(notebooks, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0.01)


@pytest.fixture
def portal() -> Iterator[Portal]:
    made = Portal()
    server = Server(made)
    yield made
    server.close()
    assert made.unknown == []  # the client asked for something the API does not have


@pytest.fixture
def alice(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> str:
    """Sign alice in by the environment."""
    monkeypatch.setenv("ATELIER_URL", portal.url)
    monkeypatch.setenv("ATELIER_TOKEN", portal.add_token())
    return "alice"


@pytest.fixture
def atelier(alice: str) -> Iterator[Atelier]:
    with Atelier() as client:
        yield client


@pytest.fixture
def cli(portal: Portal) -> Cli:
    """Run the command in this process, as a program would (no terminal)."""

    def run(*args: str, input: str | None = None) -> Result:
        return CliRunner().invoke(command, args, input=input, prog_name="atelier")

    return run


@pytest.fixture
def cli_json(cli: Cli) -> Callable[..., Any]:
    """Run the command with --json and return what it printed."""

    def run(*args: str, input: str | None = None) -> Any:
        result = cli(*args, "--json", input=input)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run
