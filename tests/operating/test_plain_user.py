"""The platform of a plain user: one command, everything as that user, and no root anywhere."""

import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from atelier.operate import cache, launch
from tests.operating.installed import ROOT, RunningPlatform, new_platform

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.geteuid() != 0, reason="already a plain user: all other journeys are"),
]

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".atelier*", "node_modules", "dist", "__pycache__", ".*_cache", ".hypothesis"
)


@pytest.fixture(scope="module")
def user() -> Iterator[str]:
    """A throw-away user of this machine."""
    name = f"atelier-{secrets.token_hex(3)}"
    subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/sh", name], check=True)
    yield name
    subprocess.run(["userdel", name], check=True)


@pytest.fixture(scope="module")
def plain(user: str) -> Iterator[RunningPlatform]:
    """A checkout and a platform of that user; what root has built already is used as it is."""
    place = new_platform()
    place.checkout = place.folder / "checkout"
    shutil.copytree(ROOT, place.checkout, ignore=NOT_COPIED, symlinks=True)
    subprocess.run(["chown", "-R", f"{user}:", str(place.folder)], check=True)
    place.as_user = ("runuser", "-u", user, "--")
    place.variables = {
        "HOME": str(place.folder),
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "PYTHON": str(Path(sys.executable).resolve()),
        "ATELIER_CACHE": str(cache.cache_folder()),
        "ATELIER_ISOLATION": "",
    }
    yield place
    place.remove()


def test_a_plain_user_starts_it_and_is_told_that_nothing_separates_users(
    plain: RunningPlatform,
) -> None:
    said = plain.up()

    assert "Isolation   none between users" in said
    assert plain.password
    assert {state for state, _ in plain.states().values()} == {"running"}


def test_every_process_is_that_users(plain: RunningPlatform, user: str) -> None:
    uid = pwd.getpwnam(user).pw_uid

    owners = {Path(f"/proc/{pid}").stat().st_uid for pid, _ in processes(plain)}

    assert owners == {uid}


def processes(platform: RunningPlatform) -> list[tuple[int, str]]:
    return list(launch.marked_processes(platform.home / "run"))


def test_nobody_else_can_look_into_the_state(plain: RunningPlatform) -> None:
    assert stat.S_IMODE(plain.home.stat().st_mode) == 0o700


def test_it_stops_and_goes_without_a_trace(plain: RunningPlatform) -> None:
    assert plain.make("down").returncode == 0
    assert processes(plain) == []

    done = plain.make("reset", "CONFIRM=yes")

    assert done.returncode == 0, done.stderr
    assert not plain.home.exists()
