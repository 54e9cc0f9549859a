"""The Makefile and the command line behind it."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from atelier.operate import bootstrap, check, cli, status
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True)


def test_make_alone_lists_every_command() -> None:
    said = make().stdout
    targets = [
        line.partition(":")[0]
        for line in (ROOT / "Makefile").read_text().splitlines()
        if line[:1].islower() and ":" in line
    ]

    assert len(targets) > 15
    for target in targets:
        assert f"make {target} " in said or target == "help"


def test_every_target_of_the_makefile_is_a_known_command() -> None:
    of_operate, of_cluster = (
        subprocess.run(
            [sys.executable, "-m", module, "--help"],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT / "platform")},
            capture_output=True,
            text=True,
        ).stdout
        for module in ("atelier.operate", "tests.cluster")
    )
    used = {
        line.split("$(OPERATE)")[1].split()[0]
        for line in (ROOT / "Makefile").read_text().splitlines()
        if line.startswith("\t") and "$(OPERATE)" in line
    }

    assert used
    for command in used:
        own = command.removeprefix(bootstrap.TEST_CLUSTER)
        assert own in (of_operate if own == command else of_cluster)


def test_a_missing_python_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    script = (ROOT / "platform/atelier/operate/start.sh").read_text()
    copy = tmp_path / "a" / "b" / "start.sh"
    copy.parent.mkdir(parents=True)
    # The system's own Pythons are out of the picture here.
    copy.write_text(script.replace("/usr/local/bin/python3 /usr/bin/python3", ""))
    done = subprocess.run(
        ["/bin/sh", str(copy), "up"],
        env={"PATH": f"{tmp_path}:/nonexistent"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr


def test_another_machine_is_told_what_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")

    with pytest.raises(CannotGoOn, match="runs on Linux x86-64 and this is Linux aarch64"):
        bootstrap.refuse_other_machines()


def test_a_stop_is_one_sentence_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATELIER_PORT", "eighty")
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    code = cli.main(["status"])

    assert code == 1
    said = capsys.readouterr().err
    assert said.startswith("ATELIER_PORT='eighty'")
    assert said.count("\n") == 1


def test_status_of_nothing_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATELIER_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.delenv("ATELIER_CONTENT_URL")

    assert cli.main(["status"]) == 0
    assert "`make up` does it" in capsys.readouterr().out
    assert not (tmp_path / "state").exists()


def test_a_failing_check_shows_its_output_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = check.run(check.Check("style", ["sh", "-c", "echo line 3 is odd; exit 1"]))

    assert not outcome.passed
    said = capsys.readouterr().out
    assert "FAIL style" in said
    assert "line 3 is odd" in said


def test_the_memory_shown_counts_children(tmp_path: Path) -> None:
    hungry = "import sys; data = bytearray(60_000_000); print('x', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        ["sh", "-c", f'"{sys.executable}" -c "{hungry}"; true'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        used = status.tree_memory(parent.pid)

    assert used > 60_000_000
