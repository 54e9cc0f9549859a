"""The whole journey without a browser: the ``atelier`` command, and Jupyter's own API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.jupyter import Jupyter, sign_in
from tests.e2e.running import ROOT, Person, Platform


class Shell:
    """A terminal of one person."""

    def __init__(self, folder: Path, url: str, person: Person) -> None:
        self._environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT / "client"),
            "LANG": "C.UTF-8",
        }
        self("login", "--url", url, "--username", person.username, "--password-stdin",
             typed=f"{person.password}\n")  # fmt: skip

    def __call__(self, *args: str, typed: str = "", code: int = 0) -> str:
        """Run the command, expect its exit code, return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "atelier_client", *args],
            env=self._environ, input=typed, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + (done.stderr if code else "")

    def json(self, *args: str) -> Any:
        """Run it with --json."""
        return json.loads(self(*args, "--json"))


@pytest.fixture
def shell(tmp_path: Path, platform: Platform, alice: Person) -> Shell:
    return Shell(tmp_path, platform.url, alice)


@pytest.fixture
def notebook(shell: Shell) -> Iterator[Any]:
    """A running server in a new project; stopped when the test is over."""
    shell("projects", "create", "Churn", "--use")
    yield shell.json("notebooks", "start", "exploration", "--profile", "small", "--wait")
    if shell.json("notebooks", "show", "exploration")["status"] != "stopped":
        shell("notebooks", "stop", "exploration", "--wait")


def test_from_sign_in_to_the_file_that_is_still_there(
    platform: Platform, alice: Person, shell: Shell, notebook: Any
) -> None:
    with Jupyter(notebook["open_url"], sign_in(platform, alice)) as jupyter:
        assert jupyter.run("print(6*7)") == "42\n"
        jupyter.run("open('result.txt', 'w').write('forty-two')")
    shell("notebooks", "stop", "exploration", "--wait")
    again = shell.json("notebooks", "start", "exploration", "--profile", "medium", "--wait")

    assert again["profile"]["name"] == "Medium"
    assert again["workload"]["id"] != notebook["workload"]["id"]
    with Jupyter(again["open_url"], sign_in(platform, alice)) as jupyter:
        assert jupyter.read("result.txt") == "forty-two"


def test_in_a_notebook_the_client_needs_no_login(
    platform: Platform, alice: Person, shell: Shell, notebook: Any
) -> None:
    code = (
        "import os, sys, json\n"
        f"sys.path.insert(0, {str(ROOT / 'client')!r})\n"
        "from atelier_client import Atelier\n"
        "a = Atelier()\n"
        "print(json.dumps([a.me().username, [p.slug for p in a.projects.list()],\n"
        "                  [n.name for n in a.notebooks.list()], 'ATELIER_TOKEN' in os.environ]))"
    )

    with Jupyter(notebook["open_url"], sign_in(platform, alice)) as jupyter:
        said = jupyter.run(code)

    assert json.loads(said) == [
        alice.username,
        [notebook["project"]["slug"]],
        ["exploration"],
        False,
    ]


def test_check_quota_and_the_server_agree(shell: Shell, notebook: Any) -> None:
    lines = {line["resource"]: line for line in shell.json("quota")["me"]}

    assert lines["notebooks"]["in_use"] == 1
    assert lines["cpu"]["in_use"] == notebook["resources"]["cpu_millicores"]
    assert shell.json("check", "--profile", "small")["verdict"] in {"fits", "waits"}


def test_a_running_server_is_neither_started_twice_nor_deleted(shell: Shell, notebook: Any) -> None:
    shell("notebooks", "delete", "exploration", "--yes", code=1)

    again = shell.json("notebooks", "show", "exploration")

    assert again["status"] == "running"
    assert again["workload"]["id"] == notebook["workload"]["id"]


def test_restart_with_another_profile_keeps_the_server(shell: Shell, notebook: Any) -> None:
    again = shell.json("notebooks", "restart", "exploration", "--profile", "medium", "--wait")

    assert (again["id"], again["profile"]["name"]) == (notebook["id"], "Medium")
    assert again["workload"]["id"] != notebook["workload"]["id"]


def test_a_profile_this_machine_has_not_is_refused_with_its_reason(shell: Shell) -> None:
    shell("projects", "create", "Churn", "--use")

    shell("check", "--profile", "gpu", code=1)
    shell("notebooks", "start", "exploration", "--profile", "gpu", code=1)

    assert shell.json("notebooks", "list") == []
