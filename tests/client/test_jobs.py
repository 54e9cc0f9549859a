"""atelier run, jobs, logs, why, stop; and ``Atelier().jobs`` below them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from atelier_client import Atelier, NotFound, UsageError
from atelier_client.cli.jobs import harmless
from tests.client.conftest import Cli
from tests.client.portal import Answer, Json, Portal, problem

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("alice")


@pytest.fixture
def churn(portal: Portal) -> Json:
    return portal.add_project("churn")


def sent(portal: Portal) -> Any:
    return portal.made("POST", "/jobs")[-1].body


# --- submitting ---------------------------------------------------------------------------------


def test_run_submits_what_follows_the_dashes(cli: Cli, portal: Portal, churn: Json) -> None:
    result = cli(
        "run", "--profile", "medium", "--environment", "python", "--env", "A=1", "--env", "B=x=y",
        "--name", "first", "--", "python", "train.py", "--epochs", "3",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    assert sent(portal) == {
        "project": churn["id"],
        "command": ["python", "train.py", "--epochs", "3"],
        "profile": "h3",
        "environment": "e1",
        "env": {"A": "1", "B": "x=y"},
        "name": "first",
    }
    assert portal.made("POST", "/jobs")[0].headers["idempotency-key"]
    assert "first: Queued." in result.stdout
    assert "atelier logs -f j000000000000000" in result.stderr


def test_options_after_the_program_are_the_programs_own(
    cli: Cli, portal: Portal, churn: Json
) -> None:
    cli("run", "python", "train.py", "--json", "--name", "x")

    assert sent(portal)["command"] == ["python", "train.py", "--json", "--name", "x"]
    assert "name" not in sent(portal)


def test_run_without_a_command_is_a_wrong_use(cli: Cli, portal: Portal, churn: Json) -> None:
    assert cli("run").exit_code == 2
    assert portal.made("POST", "/jobs") == []


def test_a_variable_without_a_value_is_a_wrong_use(cli: Cli, portal: Portal, churn: Json) -> None:
    result = cli("run", "--env", "A", "--", "true")

    assert result.exit_code == 2
    assert "--env A" in result.stderr
    assert portal.made("POST", "/jobs") == []


def test_a_refusal_names_the_field(cli: Cli, churn: Json) -> None:
    result = cli("run", "--image", "evil:1", "--", "true")

    assert result.exit_code == 1
    assert "image: No images here." in result.stderr


def test_run_prints_the_job_as_json(cli: Cli, churn: Json) -> None:
    made = json.loads(cli("run", "--json", "--", "true").stdout)

    assert made["id"] == "j000000000000000"


# --- waiting and following ----------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, 1, 3, 137])
def test_waiting_ends_with_the_exit_code_of_the_job(
    code: int, cli: Cli, portal: Portal, churn: Json
) -> None:
    portal.exit_code = code

    result = cli("run", "--wait", "--", "true")

    assert result.exit_code == code
    assert result.stdout == ""
    assert ("It ended with" in result.stderr) == bool(code)


def test_a_job_that_ended_without_a_code_is_a_failure(
    cli: Cli, portal: Portal, churn: Json
) -> None:
    job = portal.add_job("lost", churn, "failed")

    assert cli("logs", "-f", job["id"]).exit_code == 1


def test_following_prints_the_log_and_nothing_else_and_ends_as_the_job_does(
    cli: Cli, portal: Portal, churn: Json
) -> None:
    portal.exit_code = 4
    job = portal.add_job("train", churn, "running")
    portal.logs[job["id"]] = "épisode 1\nénorme 2\n".encode().replace("é".encode(), b"e")

    result = cli("logs", "-f", "train")

    assert result.stdout == "episode 1\nenorme 2\n"
    assert result.exit_code == 4


def test_a_portal_that_is_away_for_a_moment_loses_and_repeats_nothing(
    cli: Cli, portal: Portal, churn: Json
) -> None:
    job = portal.add_job("train", churn, "succeeded")
    portal.logs[job["id"]] = b"one two three four"
    away = problem(503, "UNAVAILABLE", "Away.", headers={"Retry-After": "0"})
    portal.next_answers = [Answer(body=job), *[away] * 9]

    result = cli("logs", "-f", job["id"])

    assert result.stdout == "one two three four"
    assert result.exit_code == 0


def test_run_follow_as_json_prints_the_job_that_ended(
    cli: Cli, portal: Portal, churn: Json
) -> None:
    portal.exit_code = 5

    result = cli("run", "-f", "--json", "--", "true")

    assert json.loads(result.stdout)["exit_code"] == 5
    assert result.exit_code == 5


def test_interrupting_leaves_the_job_and_says_how_to_stop_it(portal: Portal, churn: Json) -> None:
    job = portal.add_job("train", churn, "succeeded")
    portal.logs[job["id"]] = b"begun"
    log = f"/jobs/{job['id']}/log"
    page = {"offset": 0, "next_offset": 0, "text": "", "is_end": False}
    portal.next_answers = [Answer(body=job), *[Answer(body=page)] * 10_000]
    started = subprocess.Popen(
        [sys.executable, "-m", "atelier_client", "logs", "-f", job["id"]],
        env=os.environ | {"PYTHONPATH": str(ROOT / "client")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As at a terminal: in the background of a shell an interrupt would be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    give_up = time.monotonic() + 60
    while not portal.made("GET", log) and time.monotonic() < give_up:
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)

    assert started.returncode == 130
    assert f"atelier stop {job['id']}" in said
    assert portal.made("POST", f"/jobs/{job['id']}/stop") == []


# --- reading ------------------------------------------------------------------------------------


def test_jobs_are_a_table_of_the_newest(cli: Cli, portal: Portal, churn: Json) -> None:
    portal.add_job("old", churn, "succeeded", exit_code=0)
    portal.add_job("new", churn, "failed", exit_code=2,
                   reason={"code": "EXIT_NONZERO", "text": "It ended with 2."})  # fmt: skip

    lines = cli("jobs").stdout.splitlines()

    assert lines[0].split()[:3] == ["Name", "Status", "Project"]
    assert [line.split()[0] for line in lines[1:]] == ["new", "old"]
    assert "✗ Failed" in lines[1]
    assert "It ended with 2." in lines[1]


def test_no_more_jobs_are_fetched_than_are_shown(cli: Cli, portal: Portal, churn: Json) -> None:
    for number in range(9):
        portal.add_job(f"job {number}", churn, "succeeded")

    assert len(json.loads(cli("jobs", "--limit", "3", "--json").stdout)) == 3
    assert len(portal.made("GET", "/jobs")) == 2


def test_without_jobs_the_command_says_how_to_submit_one(cli: Cli) -> None:
    result = cli("jobs")

    assert result.stdout == ""
    assert "atelier run" in result.stderr


def test_a_name_means_the_newest_of_that_name(cli: Cli, portal: Portal, churn: Json) -> None:
    first = portal.add_job("train", churn, "succeeded")
    second = portal.add_job("train", churn, "succeeded")
    portal.add_job("train more", churn, "succeeded")
    portal.logs = {first["id"]: b"first", second["id"]: b"second"}

    assert cli("logs", "train").stdout == "second"
    assert cli("logs", first["id"]).stdout == "first"


def test_an_unknown_name_says_where_to_look(cli: Cli, portal: Portal, churn: Json) -> None:
    result = cli("logs", "nothing")

    assert result.exit_code == 4
    assert "atelier jobs" in result.stderr


def test_a_log_as_json_tells_whether_it_is_whole(cli: Cli, portal: Portal, churn: Json) -> None:
    job = portal.add_job("train", churn, "succeeded")
    portal.logs[job["id"]] = b"one two three"

    read = json.loads(cli("logs", "--json", "train").stdout)

    assert (read["text"], read["is_end"], read["next_offset"]) == ("one two three", True, 13)


def test_a_terminal_gets_colours_and_nothing_that_steers_it() -> None:
    text = "\x1b[31mred\x1b[0m\t\x1b]0;title\x07\x1b[2J\x08done\r\n"

    shown = harmless(text)

    assert "\x1b[31mred\x1b[0m\t" in shown
    assert "\x1b]" not in shown
    assert "\x1b[2J" not in shown
    assert shown.endswith("done\r\n")


# --- stopping and asking why --------------------------------------------------------------------


def test_stop_asks_for_the_end_and_may_wait_for_it(cli: Cli, portal: Portal, churn: Json) -> None:
    job = portal.add_job("train", churn, "running")

    result = cli("stop", job["id"], "--wait")

    assert result.exit_code == 0
    assert "train: Stopped." in result.stdout


def test_why_tells_the_reason_what_to_do_and_what_was_said(
    cli: Cli, portal: Portal, churn: Json
) -> None:
    reason = {"code": "QUOTA_EXCEEDED", "text": "No quota.", "action": "Stop something."}
    portal.add_job("train", churn, "queued", reason=reason)

    shown = cli("why", "train").stdout

    assert "No quota." in shown
    assert "Stop something." in shown
    assert "Handed to the engine" in shown
    assert shown.index("Asked for.") < shown.index("It runs.")


def test_why_knows_notebooks_and_runs_too(cli: Cli, portal: Portal, churn: Json) -> None:
    job = portal.add_job("train", churn, "running")
    portal.add_notebook("exploration", churn, "running")

    assert "exploration" in cli("why", "exploration").stdout
    assert "train" in cli("why", job["workload"]["id"]).stdout
    assert cli("why", "nothing").exit_code == 4


# --- the SDK ------------------------------------------------------------------------------------


def test_a_job_is_submitted_and_waited_for(atelier: Atelier, portal: Portal, churn: Json) -> None:
    seen: list[str] = []

    job = atelier.jobs.submit(["true"], wait=True, watch=lambda j: seen.append(j.status))

    assert (job.status, job.exit_code) == ("succeeded", 0)
    assert seen[0] == "queued"
    assert "environment" not in sent(portal)


def test_a_command_is_not_a_text(atelier: Atelier, churn: Json) -> None:
    with pytest.raises(UsageError):
        atelier.jobs.submit("python train.py")


def test_a_log_is_one_text(atelier: Atelier, portal: Portal, churn: Json) -> None:
    job = portal.add_job("train", churn, "succeeded")
    portal.logs[job["id"]] = b"0123456789" * 3

    assert atelier.jobs.log("train") == "0123456789" * 3
    with pytest.raises(NotFound):
        atelier.jobs.log("other")
