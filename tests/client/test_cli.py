"""The command: what it prints, where, and what it ends with."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from atelier_client.cli import formats
from atelier_client.cli.main import cli as command
from atelier_client.models import Resources
from tests.client.conftest import Cli
from tests.client.portal import PASSWORD, Answer, Portal, problem

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("alice")


# --- results for people -------------------------------------------------------------------------


def test_whoami_names_person_platform_and_roles(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")

    result = cli("whoami")

    assert result.exit_code == 0
    assert "Alice (alice)" in result.stdout
    assert portal.url in result.stdout
    assert "churn (lead)" in result.stdout


def test_projects_are_a_table(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")
    portal.add_project("fraud", role="viewer")

    lines = cli("projects", "list").stdout.splitlines()

    assert lines[0].split() == ["Slug", "Name", "Role", "Members", "Id"]
    assert lines[1].split()[:3] == ["churn", "Churn", "lead"]
    assert lines[2].split()[:3] == ["fraud", "Fraud", "viewer"]


def test_a_table_is_not_folded_for_a_program_that_reads_it(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")["name"] = "x" * 500

    lines = cli("projects", "list").stdout.splitlines()

    assert "x" * 500 in lines[1]
    assert lines == [line.rstrip() for line in lines]


def test_an_empty_list_says_what_to_do_beside_the_output(cli: Cli) -> None:
    result = cli("notebooks", "list")

    assert result.stdout == ""
    assert "atelier notebooks start" in result.stderr


def test_notebooks_show_status_by_icon_and_word(cli: Cli, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"), "running")

    line = cli("notebooks", "list").stdout.splitlines()[1]

    assert "◉ Running" in line
    assert "1 core, 2 GiB" in line


def test_a_reason_gets_its_column_only_when_there_is_one(cli: Cli, portal: Portal) -> None:
    project = portal.add_project("churn")
    portal.add_notebook("a", project)
    assert "Why" not in cli("notebooks", "list").stdout

    portal.add_notebook("b", project)["reason"] = {"code": "IDLE", "text": "Idle for an hour."}

    assert "Idle for an hour." in cli("notebooks", "list").stdout


def test_names_cannot_steer_the_terminal(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")["name"] = "\x1b[31mred\x1b]0;title\x07 [bold]b[/bold]"

    shown = cli("projects", "list").stdout

    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]b[/bold]" in shown


def test_the_french_speak_french(cli: Cli, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    portal.add_notebook("exploration", portal.add_project("churn"), "running")

    shown = cli("notebooks", "list").stdout

    assert "Ressources" in shown
    assert "En cours" in shown
    assert portal.asked[-1].headers["accept-language"] == "fr"


def test_show_tells_steps_and_why(cli: Cli, portal: Portal) -> None:
    notebook = portal.add_notebook("exploration", portal.add_project("churn"), "starting")
    notebook["workload"]["stale_since"] = "2026-11-24T08:00:00Z"
    notebook["reason"] = {"code": "X", "text": "The hub is away.", "action": "Wait."}

    shown = cli("notebooks", "show", "exploration").stdout

    assert "✓ Quota reserved  0.1 s" in shown
    assert "The hub is away. Wait." in shown
    assert "not confirmed since" in shown


def test_quota_shows_mine_and_the_projects(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")

    lines = cli("quota").stdout.splitlines()

    assert lines[1].split() == ["you", "CPU", "2", "cores", "1", "core", "8", "cores"]
    assert lines[2].split() == ["you", "Memory", "4", "GiB", "0", "GiB", "unlimited"]
    assert lines[4].split() == ["project", "Notebook", "servers", "1", "0", "5"]


def test_quota_without_a_project_shows_mine(cli: Cli) -> None:
    result = cli("quota")

    assert result.exit_code == 0
    assert "you" in result.stdout


def test_environments_list_packages_on_request(cli: Cli) -> None:
    assert "numpy" not in cli("environments").stdout
    assert "numpy 2.0" in cli("environments", "--packages").stdout


def test_a_profile_that_cannot_be_served_says_why(cli: Cli) -> None:
    assert "Too large here." in cli("profiles").stdout


# --- doing things -------------------------------------------------------------------------------


def test_start_and_wait_prints_the_address_last(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")

    result = cli("notebooks", "start", "exploration", "--profile", "medium", "--wait")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("http://127.0.0.1:8001/user/alice/n")
    assert "✓ Server starting  1.2 s" in result.stderr


def test_start_without_waiting_says_how_to_open_it(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")

    result = cli("notebooks", "start", "exploration")

    assert "exploration: Starting." in result.stdout
    assert "atelier notebooks open exploration" in result.stderr


def test_a_start_that_fails_ends_with_1_and_why(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")
    portal.fails_to_start = True

    result = cli("notebooks", "start", "exploration", "--wait")

    assert result.exit_code == 1
    assert "exploration did not start: No answer in 60 s." in result.stderr
    assert "What to do: Start it again." in result.stderr


def test_waiting_too_long_ends_with_7(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")

    assert cli("notebooks", "start", "x", "--wait", "--timeout", "0").exit_code == 7


def test_stop_restart_rename_keep(cli: Cli, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"), "running")

    assert "Running" in cli("notebooks", "restart", "exploration", "--wait").stdout
    assert cli("notebooks", "keep-running", "exploration").exit_code == 0
    assert "Stopped" in cli("notebooks", "stop", "exploration", "--wait").stdout
    assert "eda" in cli("notebooks", "rename", "exploration", "eda").stdout


def test_open_prints_the_address_of_a_running_server(cli: Cli, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"), "running")

    result = cli("notebooks", "open", "exploration")

    assert result.stdout.startswith("http://127.0.0.1:8001/user/alice/n")


def test_open_of_a_stopped_server_says_how_to_start_it(cli: Cli, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"))

    result = cli("notebooks", "open", "exploration")

    assert result.exit_code == 1
    assert "exploration is not running: Stopped." in result.stderr
    assert "atelier notebooks start exploration" in result.stderr


def test_delete_asks_and_cannot_ask_a_program(cli: Cli, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"))

    refused = cli("notebooks", "delete", "exploration")
    done = cli("notebooks", "delete", "exploration", "--yes")

    assert (refused.exit_code, done.exit_code) == (2, 0)
    assert "Add --yes." in refused.stderr
    assert portal.notebooks == {}


def test_deleting_a_running_server_is_refused_by_the_portal(cli: Cli, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"), "running")

    result = cli("notebooks", "delete", "exploration", "--yes")

    assert result.exit_code == 1
    assert "Stop it first." in result.stderr
    assert "Request id: req-42" in result.stderr


@pytest.mark.parametrize(("verdict", "code"), [("fits", 0), ("waits", 6), ("never", 1)])
def test_check_answers_by_its_exit_code(cli: Cli, portal: Portal, verdict: str, code: int) -> None:
    portal.add_project("churn")
    portal.verdict = verdict

    assert cli("check").exit_code == code
    assert json.loads(cli("check", "--json").stdout)["verdict"] == verdict


def test_check_shows_what_would_fit(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")
    portal.verdict = "never"

    shown = cli("check", "--profile", "medium").stdout

    assert shown.startswith("Never fits: ")
    assert "  ✓ Your quota" in shown
    assert "  Small: 1 CPU, 2 GiB" in shown


def test_a_new_token_is_alone_on_standard_output(cli: Cli, portal: Portal) -> None:
    args = ("tokens", "create", "ci", "--scope", "read", "--scope", "write", "--password-stdin")

    result = cli(*args, input=f"{PASSWORD}\n")

    assert result.stdout == "atl_made1\n"
    assert "shown once" in result.stderr
    assert portal.tokens["atl_made1"]["scopes"] == ["read", "write"]


def test_a_token_cannot_be_made_without_the_password(cli: Cli, portal: Portal) -> None:
    nobody = cli("tokens", "create", "ci")
    wrong = cli("tokens", "create", "ci", "--password-stdin", input="wrong\n")

    assert (nobody.exit_code, wrong.exit_code) == (2, 3)
    assert "--password-stdin" in nobody.stderr
    assert list(portal.tokens) == ["atl_alice"]


def test_tokens_are_listed_and_revoked(cli: Cli, portal: Portal) -> None:
    portal.add_token("atl_other", name="other")

    assert "atl_othe…" in cli("tokens", "list").stdout
    assert cli("tokens", "revoke", "t1").exit_code == 0
    assert "atl_other" not in portal.tokens


def test_create_and_use_a_project(cli: Cli, portal: Portal) -> None:
    portal.add_project("other")

    assert "its slug is churn" in cli("projects", "create", "Churn", "--slug", "churn").stdout
    assert "churn is used from now on" in cli("projects", "use", "churn").stdout
    started = cli("notebooks", "start", "x", "--json")

    assert json.loads(started.stdout)["project"]["slug"] == "churn"
    assert "current" in cli("projects", "list").stdout


def test_using_a_project_that_does_not_exist_changes_nothing(cli: Cli, portal: Portal) -> None:
    portal.add_project("a")

    assert cli("projects", "use", "nowhere").exit_code == 4
    assert "current" not in cli("projects", "list").stdout


# --- JSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("whoami",),
        ("projects", "list"),
        ("projects", "use", "churn"),
        ("projects", "create", "new"),
        ("environments",),
        ("profiles",),
        ("quota",),
        ("tokens", "list"),
        ("tokens", "create", "ci", "--password-stdin"),
        ("tokens", "revoke", "t0"),
        ("notebooks", "list"),
        ("notebooks", "show", "exploration"),
        ("notebooks", "start", "other", "--wait"),
        ("notebooks", "stop", "exploration", "--wait"),
        ("notebooks", "restart", "exploration", "--wait"),
        ("notebooks", "open", "exploration"),
        ("notebooks", "rename", "exploration", "eda"),
        ("notebooks", "keep-running", "exploration"),
        ("notebooks", "delete", "stopped", "--yes"),
        ("check",),
        ("logout",),
    ],
)
def test_every_command_prints_only_json_when_asked(
    cli: Cli, portal: Portal, args: tuple[str, ...], tmp_path: Path
) -> None:
    project = portal.add_project("churn")
    portal.add_notebook("exploration", project, "running")
    portal.add_notebook("stopped", project)
    folder = tmp_path / "config" / "atelier"
    folder.mkdir(parents=True)
    sites = {portal.url: {"token": "atl_alice", "project": "churn"}}
    (folder / "config.json").write_text(json.dumps({"current": portal.url, "sites": sites}))

    before = cli("--json", *args, input=f"{PASSWORD}\n")
    after = cli(*args, "--json", input=f"{PASSWORD}\n")

    json.loads(before.stdout)
    if args[0] not in {"projects", "tokens", "notebooks", "logout"}:
        assert after.stdout == before.stdout  # those that change nothing


def test_json_is_what_the_portal_said(cli_json: Callable[..., Any], portal: Portal) -> None:
    project = portal.add_project("churn")

    assert cli_json("projects", "list") == [project]


def test_an_error_is_json_too(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")

    result = cli("projects", "create", "churn", "--json")

    assert result.exit_code == 1
    assert result.stdout == ""
    error = json.loads(result.stderr)["error"]
    assert (error["code"], error["request_id"]) == ("NAME_TAKEN", "req-42")
    assert error["errors"][0]["field"] == "slug"


# --- errors -------------------------------------------------------------------------------------


def test_a_refusal_reads_sentence_field_action_request_id(cli: Cli, portal: Portal) -> None:
    portal.add_project("churn")

    result = cli("projects", "create", "churn")

    assert result.stderr.splitlines() == [
        "The name churn is taken.",
        "  slug: churn is taken.",
        "What to do: Do this instead.",
        "Request id: req-42",
    ]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (problem(401, "BAD_TOKEN", "No."), 3),
        (problem(403, "NOT_ALLOWED", "No."), 1),
        (problem(404, "NOT_FOUND", "No."), 4),
        (problem(500, "INTERNAL", "No."), 1),
        (Answer(200, b"<html>", content_type="text/html"), 1),
    ],
)
def test_exit_codes_tell_the_kinds_of_failure_apart(
    cli: Cli, portal: Portal, answer: Answer, code: int
) -> None:
    portal.next_answers = [answer]

    assert cli("whoami").exit_code == code


@pytest.mark.parametrize(
    "args",
    [
        ("nonsense",),
        ("notebooks", "start"),
        ("notebooks", "start", "x", "--timeout", "-1"),
        ("tokens", "create", "x", "--days", "0"),
        ("whoami", "--url", "ftp://x"),
    ],
)
def test_wrong_usage_ends_with_2(cli: Cli, args: tuple[str, ...]) -> None:
    assert cli(*args).exit_code == 2


def test_the_help_names_every_exit_code() -> None:
    shown = CliRunner().invoke(command, ["--help"]).stdout

    for code in ("0 done", "1 refused", "2 wrong", "3 not", "4 not", "5 no", "6 would", "7 waited"):
        assert code in " ".join(shown.split())


def test_every_command_and_option_is_explained() -> None:
    def walk(group: Any, path: tuple[str, ...]) -> None:
        for name, item in group.commands.items():
            assert item.help, (*path, name)
            for option in (p for p in item.params if p.param_type_name == "option"):
                assert option.help, (*path, name, option.name)
            if hasattr(item, "commands"):
                walk(item, (*path, name))

    walk(command, ())


# --- as a program -------------------------------------------------------------------------------


def _program(*args: str) -> list[str]:
    return [sys.executable, "-m", "atelier_client", *args]


def _environ(portal: Portal) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "client"), "TERM": "xterm"}


def test_a_reader_that_leaves_early_is_no_error(portal: Portal) -> None:
    for number in range(40):
        portal.add_project(f"project-{number}")

    done = subprocess.run(
        ["/bin/sh", "-c", f"{' '.join(_program('projects', 'list'))} | head -1"],
        env=_environ(portal), capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip

    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("Slug")


def test_ctrl_c_while_waiting_says_that_it_goes_on(portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"), "running")
    portal.run = lambda *_: None  # type: ignore[method-assign]  # it never gets anywhere
    portal.notebooks["n000000000000000"]["status"] = "queued"
    process = subprocess.Popen(
        _program("notebooks", "start", "exploration", "--wait"),
        env=_environ(portal), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while len(portal.asked) < 4:
        time.sleep(0.05)

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "It goes on by itself." in said
    assert "Traceback" not in said


def test_on_a_terminal_a_person_is_asked_before_deleting(portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        _program("notebooks", "delete", "exploration"),
        env=_environ(portal), stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(theirs)

    os.write(ours, b"n\n")
    _, said = process.communicate(timeout=20)
    os.close(ours)

    assert process.returncode == 1
    assert b"Delete the notebook server exploration?" in said
    assert len(portal.notebooks) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(cli: Cli, shell: str) -> None:
    assert "_ATELIER_COMPLETE" in cli("completion", shell).stdout


def test_the_shell_completes_names_of_the_platform(portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"))
    environ = {
        **_environ(portal),
        "_ATELIER_COMPLETE": "bash_complete",
        "COMP_WORDS": "atelier notebooks start ex",
        "COMP_CWORD": "3",
    }

    done = subprocess.run(
        [sys.executable, "-c", "from atelier_client.cli.main import run; run()"],
        env=environ, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip

    assert done.stdout.strip() == "plain,exploration"


def test_completion_without_a_platform_is_silent(portal: Portal) -> None:
    environ = {
        **_environ(portal),
        "ATELIER_URL": "http://127.0.0.1:9",
        "_ATELIER_COMPLETE": "bash_complete",
        "COMP_WORDS": "atelier projects use ",
        "COMP_CWORD": "3",
    }

    done = subprocess.run(
        [sys.executable, "-c", "from atelier_client.cli.main import run; run()"],
        env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (done.stdout.strip(), done.stderr) == ("", "")


# --- formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.123, "0.1 s"), (6.2, "6.2 s"), (45, "45 s"), (1107, "18 min 27 s"), (3840, "1 h 04 min"),
     (266400, "3 d 2 h")],
)  # fmt: skip
def test_durations_read_as_in_the_portal(seconds: float, shown: str) -> None:
    assert formats.duration(seconds) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Resources(500, 512 * 1024**2), "0.5 cores, 512 MiB"),
        (Resources(2000, 8 * 1024**3), "2 cores, 8 GiB"),
        (Resources(2000, 1536 * 1024**2, 0, {"nvidia.com/gpu": 1}),
         "2 cores, 1.5 GiB, 1 × nvidia.com/gpu"),
    ],
)  # fmt: skip
def test_resources_read_as_in_the_portal(value: Resources, shown: str) -> None:
    assert formats.resources(value) == shown


def test_french_figures_have_a_comma(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")

    assert formats.resources(Resources(500, 1536 * 1024**2)) == "0,5 cœur, 1,5 Gio"
    assert formats.duration(266400) == "3 j 2 h"
