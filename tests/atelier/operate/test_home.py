"""The state folder: private, whole, and where other users can reach their homes."""

import os
import stat
from pathlib import Path

import pytest

from atelier.operate import home as homes
from atelier.operate.errors import CannotGoOn
from atelier.operate.home import SECRETS, Home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_private_and_random(tmp_path: Path) -> None:
    home = Home(tmp_path / "state")
    home.prepare()

    assert mode(home.secrets) == 0o700
    assert {mode(file) for file in home.secrets.iterdir()} == {0o600}
    assert len({home.secret(name) for name in SECRETS}) == len(SECRETS)


def test_installations_of_the_same_path_on_two_machines_differ_on_a_cluster(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    first = Home(folder)
    first.prepare()
    instance = first.instance
    first.prepare()

    folder.rename(tmp_path / "the other machine's")
    second = Home(folder)
    second.prepare()

    assert second.instance != instance
    assert Home(tmp_path / "the other machine's").instance == instance


def test_preparing_again_changes_no_secret(tmp_path: Path) -> None:
    home = Home(tmp_path / "state")
    home.prepare()
    before = {name: home.secret(name) for name in SECRETS}
    (home.secrets / ".portal.half").write_text("left by a crash")

    home.prepare()

    assert {name: home.secret(name) for name in SECRETS} == before


def test_secrets_are_private_under_any_umask(tmp_path: Path) -> None:
    earlier = os.umask(0)
    try:
        home = Home(tmp_path / "state")
        home.prepare()
    finally:
        os.umask(earlier)

    assert {mode(file) for file in home.secrets.iterdir()} == {0o600}
    assert mode(home.blobs) == 0o700


def test_a_long_path_keeps_its_socket_elsewhere() -> None:
    short, long = Home(Path("/srv/atelier")), Home(Path("/srv") / ("x" * 120))

    assert short.socket.is_relative_to(short.folder)
    assert len(str(long.socket)) < homes.LONGEST_SOCKET


def test_a_checkout_others_may_not_enter_keeps_its_state_elsewhere(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = open_folder / "checkout"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("ATELIER_HOME", str(closed / ".atelier"))
    monkeypatch.setattr(homes, "ELSEWHERE", open_folder / "elsewhere")

    home = homes.locate(others_pass=True)

    assert (closed / ".atelier").resolve() == home.folder
    assert home.folder.is_relative_to(open_folder / "elsewhere")
    assert str(home.folder) in capsys.readouterr().out
    assert homes.locate(others_pass=True) == home


def test_without_isolation_the_state_stays_in_the_checkout(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "checkout"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("ATELIER_HOME", str(closed / ".atelier"))

    assert homes.locate(others_pass=False).folder == closed / ".atelier"


def test_a_link_to_a_folder_that_is_gone_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".atelier").symlink_to(tmp_path / "gone")
    monkeypatch.setenv("ATELIER_HOME", str(tmp_path / ".atelier"))

    with pytest.raises(CannotGoOn, match="gone: put that folder back, or delete the link"):
        homes.locate(others_pass=True)


def test_a_state_folder_that_was_closed_later_is_explained(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(CannotGoOn, match=r"may not enter .*closed.*chmod o\+x"):
        homes.refuse_closed(Home(closed / "state"))
