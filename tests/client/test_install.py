"""``pip install ./client`` in an empty environment gives the command and the SDK."""

from __future__ import annotations

import shutil
import subprocess
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.e2e
@pytest.mark.timeout(600)
def test_the_client_installs_alone_and_runs(tmp_path: Path) -> None:
    source = tmp_path / "client"
    shutil.copytree(ROOT / "client", source, ignore=shutil.ignore_patterns("__pycache__"))
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"

    subprocess.run(
        [programs / "pip", "install", "--quiet", "--disable-pip-version-check", source],
        check=True,
        timeout=300,
    )

    shown = _run(programs / "atelier", "--version")
    assert shown.startswith("atelier 0.")
    assert _run(programs / "python", "-c", "import atelier_client, sys; print('ok')") == "ok\n"
    # Typed for those who use it, and nothing of the platform beside it.
    package = next((tmp_path / "venv").glob("lib/python*/site-packages/atelier_client"))
    assert (package / "py.typed").exists()
    assert not (package.parent / "atelier").exists()


@pytest.mark.e2e
@pytest.mark.timeout(600)
def test_the_oldest_python_it_promises_can_import_it(tmp_path: Path) -> None:
    oldest = "python3.9"
    try:
        # A version manager's shim may be there without the version.
        subprocess.run([oldest, "--version"], capture_output=True, check=True, timeout=30)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no Python 3.9 on this machine")
    subprocess.run([oldest, "-m", "venv", tmp_path / "venv"], check=True, timeout=120)
    programs = tmp_path / "venv" / "bin"
    source = tmp_path / "client"
    shutil.copytree(ROOT / "client", source, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [programs / "pip", "install", "--quiet", "--disable-pip-version-check", source],
        check=True,
        timeout=300,
    )

    assert "Usage: atelier" in _run(programs / "atelier", "--help")
    assert "notebooks" in _run(programs / "python", "-m", "atelier_client", "--help")


def _run(*command: object) -> str:
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout
