"""Where packages come from, and what an environment of notebooks shares with another."""

import sys
from pathlib import Path

import pytest

from atelier.operate import cache, environments, tool
from atelier.operate.errors import CannotGoOn
from atelier.operate.interpreter import Interpreter


@pytest.fixture
def pip_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pip whose configuration the test decides."""
    said = tmp_path / "said"
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\ncat {said}\n")
    python.chmod(0o755)
    monkeypatch.setattr(environments, "uv", lambda: python.parent / "uv")
    for name in environments.PIP_TO_UV.values():
        monkeypatch.delenv(name, raising=False)
    return said


def test_what_people_told_pip_reaches_uv(pip_says: Path) -> None:
    pip_says.write_text(
        "global.index-url='https://mirror.example/simple'\n"
        "global.extra-index-url='https://a.example\\nhttps://b.example'\n"
        ":env:.cert='/etc/ca.pem'\n"
        "global.timeout='60'\n"
    )

    told = environments.uv_environment()

    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert told["UV_INDEX"] == "https://a.example https://b.example"
    assert told["SSL_CERT_FILE"] == "/etc/ca.pem"


def test_the_environment_beats_pips_files(pip_says: Path) -> None:
    pip_says.write_text("global.index-url='https://file'\n:env:.index-url='https://env'\n")

    assert environments.uv_environment()["UV_DEFAULT_INDEX"] == "https://env"


def test_what_people_told_uv_itself_is_left_alone(
    pip_says: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip_says.write_text("global.index-url='https://pip.example'\n")
    monkeypatch.setenv("UV_INDEX_URL", "https://uv.example")

    assert "UV_DEFAULT_INDEX" not in environments.uv_environment()


def test_a_change_of_our_sources_never_writes_into_the_shared_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_CACHE", str(tmp_path / "cache"))
    packages = cache.entry("packages", lambda folder: _fake_environment(folder))
    monkeypatch.setattr(environments, "_environment", lambda *_: packages)
    python = Interpreter(Path(sys.executable), (3, 11, 0), Path("/"))

    ours = environments.runtime_environment(python)

    settings = "etc/jupyter/jupyter_server_config.d/atelier.json"
    assert (ours / "lib/python3.11/site-packages/atelier_runtime/__init__.py").is_file()
    assert (ours / "lib/python3.11/site-packages/numpy.py").samefile(
        packages / "lib/python3.11/site-packages/numpy.py"
    )
    assert (packages / settings).read_text() == "theirs"
    assert (ours / settings).read_text() != "theirs"
    assert not (packages / "bin" / "atelier").exists()


def _fake_environment(folder: Path) -> None:
    library = folder / "lib" / "python3.11" / "site-packages"
    library.mkdir(parents=True)
    (library / "numpy.py").write_text("")
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / "etc/jupyter/jupyter_server_config.d").mkdir(parents=True)
    (folder / "etc/jupyter/jupyter_server_config.d/atelier.json").write_text("theirs")


def test_a_tool_that_fails_is_quoted_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_CACHE", str(tmp_path))

    with pytest.raises(CannotGoOn) as stop:
        tool.run(
            "fetching",
            ["sh", "-c", "echo 'error: Could not connect.'; echo; echo 'hint: none'; exit 2"],
            way_out="Check the network.",
        )

    assert str(stop.value).startswith(
        "fetching failed: error: Could not connect. Check the network."
    )
    assert str(tmp_path / "logs" / "fetching.log") in str(stop.value)


def test_a_full_disk_is_recognised_in_a_tools_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_CACHE", str(tmp_path))

    with pytest.raises(CannotGoOn, match="is full: free some space"):
        tool.run(
            "copying", ["sh", "-c", "echo 'write: No space left on device'; exit 1"], way_out="no"
        )
