"""Homes and logs: made once, given to their owner, capped, and never a way out of the folder."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from atelier_spawner import homes

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
UID = 60001


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder other users may pass, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_home_is_private_and_its_project_can_only_be_passed(tmp_path: Path) -> None:
    home = homes.prepare_home(tmp_path / "homes", "p1/alice", None)

    assert home == tmp_path / "homes" / "p1" / "alice"
    assert (mode(home), mode(home.parent)) == (0o700, 0o711)


def test_a_home_keeps_what_is_in_it(tmp_path: Path) -> None:
    home = homes.prepare_home(tmp_path, "p1/alice", None)
    (home / "notes").write_text("mine")

    homes.prepare_home(tmp_path, "p1/alice", None)

    assert (home / "notes").read_text() == "mine"


def test_a_link_in_place_of_a_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p1").mkdir()
    (tmp_path / "p1" / "alice").symlink_to(tmp_path / "elsewhere")

    with pytest.raises((FileExistsError, NotADirectoryError)):
        homes.prepare_home(tmp_path, "p1/alice", None)


def test_a_link_in_place_of_a_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "p1").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(NotADirectoryError):
        homes.prepare_home(tmp_path, "p1/alice", None)

    assert list((tmp_path / "elsewhere").iterdir()) == []


@ROOT_ONLY
def test_a_home_is_given_to_its_owner_with_all_in_it_but_nothing_a_link_points_to(
    tmp_path: Path,
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("root's")
    home = homes.prepare_home(tmp_path / "homes", "p1/alice", None)
    (home / "deep").mkdir()
    (home / "deep" / "file").touch()
    (home / "link").symlink_to(outside)

    homes.prepare_home(tmp_path / "homes", "p1/alice", UID)

    assert home.stat().st_uid == UID
    assert (home / "deep" / "file").stat().st_uid == UID
    assert (home / "link").lstat().st_uid == UID
    assert outside.stat().st_uid == 0


def test_a_log_is_appended_to_and_private(tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n"):
        descriptor = homes.open_log(tmp_path / "logs", "alice.n1")
        os.write(descriptor, line)
        os.close(descriptor)

    log = tmp_path / "logs" / "alice.n1.log"
    assert log.read_text() == "one\ntwo\n"
    assert mode(log) == 0o600


def test_a_log_that_outgrows_its_limit_keeps_its_newer_half(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join(b"line %04d\n" % number for number in range(1000)))

    assert homes.cap_log(log, 1000)

    kept = log.read_text().splitlines()
    assert kept[0] == "[older lines were dropped]"
    assert kept[-1] == "line 0999"
    assert log.stat().st_size < 600


def test_a_writer_goes_on_at_the_end_of_a_log_that_was_cut(tmp_path: Path) -> None:
    descriptor = homes.open_log(tmp_path, "log")
    os.write(descriptor, b"x" * 5000 + b"\n")

    homes.cap_log(tmp_path / "log.log", 1000)
    os.write(descriptor, b"after\n")
    os.close(descriptor)

    assert (tmp_path / "log.log").read_bytes().endswith(b"\nafter\n")
    assert b"\0" not in (tmp_path / "log.log").read_bytes()


def test_a_small_or_missing_log_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("short")

    assert not homes.cap_log(tmp_path / "log", 1000)
    assert not homes.cap_log(tmp_path / "missing", 1000)


def test_the_last_words_are_the_ones_since_this_start_and_safe_to_show(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"earlier\n")
    since = log.stat().st_size
    log.write_bytes(log.read_bytes() + b"\x1b[31mred\x1b[0m\n\n\x00bad\xff\n" + b"y" * 900 + b"\n")

    tail = homes.log_tail(log, since)

    assert "earlier" not in tail
    assert all(char.isprintable() or char in "\n\t" for char in tail)
    assert max(map(len, tail.splitlines())) <= 500


def test_a_missing_log_has_no_last_words(tmp_path: Path) -> None:
    assert homes.log_tail(tmp_path / "missing") == ""


def test_the_folder_that_blocks_another_user_is_named(open_folder: Path) -> None:
    closed = open_folder / "closed"
    (closed / "bin").mkdir(parents=True)
    closed.chmod(0o700)
    (closed / "bin" / "python").touch()
    (open_folder / "link").symlink_to(closed / "bin" / "python")

    assert homes.blocked_folder(closed / "bin" / "python", UID) == closed
    assert homes.blocked_folder(open_folder / "link", UID) == closed
    closed.chmod(0o711)
    assert homes.blocked_folder(open_folder / "link", UID) is None
