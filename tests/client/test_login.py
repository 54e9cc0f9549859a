"""Signing in and out."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.client.conftest import Cli
from tests.client.portal import PASSWORD, Portal, problem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def saved_file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "atelier" / "config.json"


def _site(file: Path, portal: Portal) -> Any:
    return json.loads(file.read_text())["sites"][portal.url]


def _log_in(cli: Cli, portal: Portal, *more: str, password: str = PASSWORD) -> Any:
    return cli(
        "login", "--url", portal.url, "--username", "alice", "--password-stdin", *more,
        input=f"{password}\n",
    )  # fmt: skip


def test_name_and_password_make_a_token_and_the_password_is_not_kept(
    cli: Cli, portal: Portal, saved_file: Path
) -> None:
    result = _log_in(cli, portal)

    assert result.exit_code == 0, result.output
    assert result.stdout == f"Signed in to {portal.url} as alice.\n"
    assert _site(saved_file, portal)["token"] == "atl_made0"
    assert stat.S_IMODE(saved_file.stat().st_mode) == 0o600
    assert PASSWORD not in saved_file.read_text() + result.output
    assert "atl_" not in result.output


def test_the_session_used_for_that_is_ended(cli: Cli, portal: Portal) -> None:
    _log_in(cli, portal)

    (ended,) = portal.made("DELETE", "/session")
    assert "atelier_session=s1" in ended.headers["cookie"]


def test_the_token_is_named_after_this_machine_and_limited(cli: Cli, portal: Portal) -> None:
    _log_in(cli, portal, "--scope", "read", "--days", "7")

    (made,) = portal.made("POST", "/me/tokens")
    assert made.body["name"].startswith("atelier on ")
    assert (made.body["scopes"], made.body["expires_in_days"]) == (["read"], 7)


def test_after_login_nothing_more_has_to_be_said(cli: Cli, portal: Portal) -> None:
    _log_in(cli, portal)

    assert "Alice" in cli("whoami").stdout


def test_a_wrong_password_ends_with_3_and_saves_nothing(
    cli: Cli, portal: Portal, saved_file: Path
) -> None:
    result = _log_in(cli, portal, password="wrong")

    assert result.exit_code == 3
    assert "That name and password do not match." in result.stderr
    assert not saved_file.exists()


def test_a_pasted_token_is_tried_before_it_is_kept(
    cli: Cli, portal: Portal, saved_file: Path
) -> None:
    bad = cli("login", "--url", portal.url, "--token-stdin", input="atl_bad\n")
    assert (bad.exit_code, saved_file.exists()) == (3, False)

    good = cli("login", "--url", portal.url, "--token-stdin", input=f"{portal.add_token()}\n")

    assert good.exit_code == 0
    assert _site(saved_file, portal)["username"] == "alice"


def test_with_nobody_to_ask_login_says_what_it_needs(cli: Cli, portal: Portal) -> None:
    for args in ((), ("--no-input",), ("--username", "alice")):
        result = cli("login", "--url", portal.url, *args)

        assert result.exit_code == 2
        assert "--token-stdin" in result.stderr


def test_logging_in_again_keeps_the_project_and_ends_the_old_token(
    cli: Cli, portal: Portal, saved_file: Path
) -> None:
    portal.add_project("churn")
    _log_in(cli, portal)
    cli("projects", "use", "churn")

    _log_in(cli, portal)

    assert _site(saved_file, portal)["project"] == "churn"
    assert list(portal.tokens) == ["atl_made1"]


def test_logout_revokes_the_token_and_forgets_it(
    cli: Cli, portal: Portal, saved_file: Path
) -> None:
    _log_in(cli, portal)

    result = cli("logout")

    assert result.exit_code == 0
    assert portal.tokens == {}
    assert _site(saved_file, portal)["token"] is None
    assert cli("whoami").exit_code == 3


def test_logout_of_a_pasted_token_says_that_it_still_works(cli: Cli, portal: Portal) -> None:
    cli("login", "--url", portal.url, "--token-stdin", input=portal.add_token())

    result = cli("logout")

    assert result.exit_code == 0
    assert "still valid" in result.stderr
    assert "atl_alice" in portal.tokens


def test_logout_forgets_even_when_the_portal_refuses(
    cli: Cli, portal: Portal, saved_file: Path
) -> None:
    _log_in(cli, portal)
    portal.next_answers = [problem(500, "INTERNAL", "Broken.")]

    result = cli("logout")

    assert result.exit_code == 0
    assert "could not be revoked: Broken." in result.stderr
    assert _site(saved_file, portal)["token"] is None


def test_logging_out_twice_is_harmless(cli: Cli, portal: Portal) -> None:
    _log_in(cli, portal)
    cli("logout")

    result = cli("logout", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"url": portal.url, "signed_in": False}


def test_a_set_token_is_said_to_win(
    cli: Cli, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_TOKEN", "atl_other")

    assert "ATELIER_TOKEN is set" in _log_in(cli, portal).stderr


def test_a_foreign_plain_http_address_is_warned_about(cli: Cli) -> None:
    result = cli("login", "--url", "http://atelier.invalid", "--token-stdin", input="")

    assert "not encrypted" in result.stderr


def test_a_person_at_a_terminal_is_asked_and_nothing_typed_is_shown(
    portal: Portal, saved_file: Path
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "atelier_client", "login", "--url", portal.url],
        env={**os.environ, "PYTHONPATH": str(ROOT / "client"), "TERM": "xterm"},
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""

    for prompt, typed in (
        (b"Token", b"\n"),
        (b"Name", b"alice\n"),
        (b"Password", PASSWORD.encode() + b"\n"),
    ):
        shown += _read_until(ours, prompt + b"")
        time.sleep(0.2)  # getpass flushes what was typed before it asks
        os.write(ours, typed)
    shown += _read_until(ours, b"as alice.")
    process.wait(timeout=20)
    os.close(ours)

    assert process.returncode == 0
    assert PASSWORD.encode() not in shown
    assert _site(saved_file, portal)["username"] == "alice"


def _read_until(handle: int, wanted: bytes) -> bytes:
    shown = b""
    while wanted not in shown:
        shown += os.read(handle, 1024)
    return shown
