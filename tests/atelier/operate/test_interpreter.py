"""Which Python environments are made from when other users have to run it."""

import os
import sys
from pathlib import Path

import pytest

from atelier.operate import interpreter
from atelier.operate.errors import CannotGoOn
from atelier.operate.interpreter import Interpreter
from atelier.operate.unix_user import first_closed_folder, server_user


def test_our_own_python_tells_what_it_is() -> None:
    own = interpreter.ask(Path(sys.executable))

    assert own is not None
    assert own.version == sys.version_info[:3]
    assert own.prefix == Path(sys.base_prefix)
    assert own.is_supported


def test_what_is_no_python_is_passed_over(tmp_path: Path) -> None:
    script = tmp_path / "python3"
    script.write_text("#!/bin/sh\necho no\n")
    script.chmod(0o755)

    assert interpreter.ask(script) is None
    assert interpreter.ask(tmp_path / "missing") is None


def test_too_old_and_too_new_are_not_supported() -> None:
    versions = [(3, 10, 9), (3, 11, 0), (3, 13, 9), (3, 14, 0)]

    supported = [Interpreter(Path("/p"), version, Path("/")).is_supported for version in versions]

    assert supported == [False, True, True, False]


def test_an_unsupported_python_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "OLDEST", (3, 99))

    with pytest.raises(CannotGoOn, match=r"Python 3\.11, 3\.12 or 3\.13 is needed"):
        interpreter.choose()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts processes as somebody else")
def test_a_python_others_cannot_reach_is_copied_to_where_they_can(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_CACHE", str(open_folder))
    monkeypatch.setattr(interpreter, "_others", list)
    own = interpreter.ask(Path(sys.executable))
    assert own is not None
    if interpreter.is_reachable(own):
        pytest.skip("this Python is reachable for everybody")

    chosen = interpreter.choose()

    assert chosen.version == own.version
    assert chosen.executable.is_relative_to(open_folder)
    assert interpreter.is_reachable(chosen)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts processes as somebody else")
def test_what_root_chooses_works_for_other_users() -> None:
    chosen = interpreter.choose()

    assert first_closed_folder(chosen.executable.parent) is None
    assert server_user() is not None
