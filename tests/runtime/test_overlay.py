"""The overlay: a virtual environment made without starting a process. Used by a real Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from atelier_runtime.jupyter import overlay
from atelier_runtime.jupyter.overlay import Base, Overlay


@pytest.fixture
def base() -> Base:
    return Base.current()


def run(made: Overlay, code: str) -> str:
    return subprocess.run(
        [made.python, "-c", code], capture_output=True, text=True, check=True, cwd="/"
    ).stdout.strip()


def test_its_python_lives_in_it_and_sees_the_environment_below(base: Base, tmp_path: Path) -> None:
    made = overlay.prepare(tmp_path / "n1", base)

    assert run(made, "import sys; print(sys.prefix)") == str(made.folder)
    assert run(made, "import httpx; print(httpx.__file__)").startswith(str(base.prefix))


def test_what_is_installed_into_it_comes_before_the_environment(base: Base, tmp_path: Path) -> None:
    made = overlay.prepare(tmp_path / "n1", base)
    (made.site_packages / "httpx.py").write_text("MINE = True")

    assert run(made, "import httpx; print(httpx.MINE)") == "True"


def test_installers_aim_at_it(base: Base, tmp_path: Path) -> None:
    made = overlay.prepare(tmp_path / "n1", base)

    target = run(made, "import sysconfig; print(sysconfig.get_path('purelib'))")

    assert target == str(made.site_packages)


def test_pip_typed_in_a_terminal_is_the_overlays(base: Base, tmp_path: Path) -> None:
    made = overlay.prepare(tmp_path / "a folder" / "n1", base)

    shown = subprocess.run(
        [made.folder / "bin" / "pip", "--version"], capture_output=True, text=True
    )

    # The environment of these tests may lack pip; whose Python was asked is the point.
    assert "pip" in shown.stdout or f"{made.python}: No module named pip" in shown.stderr


def test_further_sources_can_be_seen_from_it(base: Base, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "ours.py").touch()

    made = overlay.prepare(tmp_path / "n1", base, extra_paths=(tmp_path / "source",))

    assert run(made, "import ours; print('seen')") == "seen"


def test_making_one_starts_no_process_so_that_every_start_can_afford_it(
    base: Base, tmp_path: Path
) -> None:
    started: list[str] = []
    watching = True

    def note(event: str, _: object) -> None:
        if watching and event in {"subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec"}:
            started.append(event)

    sys.addaudithook(note)  # cannot be taken back, hence the switch
    overlay.prepare(tmp_path / "n1", base)
    watching = False

    assert started == []


def test_a_second_start_keeps_what_was_installed(base: Base, tmp_path: Path) -> None:
    made = overlay.prepare(tmp_path / "n1", base)
    (made.site_packages / "mine-1.0.dist-info").mkdir()

    again = overlay.prepare(tmp_path / "n1", base)

    assert again.installed() == ["mine"]


def test_an_interrupted_one_is_made_again(base: Base, tmp_path: Path) -> None:
    (tmp_path / "n1" / "bin").mkdir(parents=True)

    made = overlay.prepare(tmp_path / "n1", base)

    assert run(made, "print(1)") == "1"


@pytest.mark.parametrize("damage", ["", "not json", '{"layout": 0}'])
def test_one_of_another_environment_is_set_aside_not_used(
    base: Base, tmp_path: Path, damage: str
) -> None:
    made = overlay.prepare(tmp_path / "n1", base)
    (made.site_packages / "old-1.0.dist-info").mkdir()
    (made.folder / overlay.MARK).write_text(damage)

    again = overlay.prepare(tmp_path / "n1", base)

    assert again.installed() == []
    assert Overlay(tmp_path / "n1.old", base.version).installed() == ["old"]


def test_a_reset_forgets_everything(base: Base, tmp_path: Path) -> None:
    made = overlay.prepare(tmp_path / "n1", base)
    (made.site_packages / "mine-1.0.dist-info").mkdir()

    overlay.reset(tmp_path / "n1")
    overlay.reset(tmp_path / "n1")

    assert overlay.prepare(tmp_path / "n1", base).installed() == []


def test_an_overlay_that_was_deleted_by_hand_is_simply_made_again(
    base: Base, tmp_path: Path
) -> None:
    made = overlay.prepare(tmp_path / "n1", base)
    shutil.rmtree(made.folder)

    assert run(overlay.prepare(tmp_path / "n1", base), "print(1)") == "1"


def test_the_kernel_runs_in_it(base: Base, tmp_path: Path) -> None:
    made = overlay.prepare(tmp_path / "n1", base)

    spec = json.loads((made.data / "kernels" / "python3" / "kernel.json").read_text())

    assert spec["argv"][0] == str(made.python)
    assert "{connection_file}" in spec["argv"]
