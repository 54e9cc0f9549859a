"""What a server is told at birth: secrets by descriptor, folders made by the owner."""

from __future__ import annotations

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from atelier_runtime.jupyter import boot
from atelier_runtime.jupyter.boot import Boot

MESSAGE = {
    "hub_token": "hub-secret",
    "portal_token": "atl_secret",
    "token_file": "/home/x/token",
    "server": "n1",
    "rescue": True,
    "overlay_reset": False,
}


def descriptor_with(content: bytes) -> int:
    descriptor = os.memfd_create("test")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def test_the_message_is_taken_once_and_leaves_no_trace() -> None:
    descriptor = descriptor_with(json.dumps(MESSAGE).encode())
    environ = {boot.BOOT_FD: str(descriptor), "OTHER": "stays"}

    birth = boot.receive(environ)

    assert (birth.server, birth.hub_token, birth.portal_token) == ("n1", "hub-secret", "atl_secret")
    assert birth.rescue
    assert environ == {"OTHER": "stays"}
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_without_a_message_the_hubs_variables_do() -> None:
    assert boot.receive({"JUPYTERHUB_SERVER_NAME": "n7"}) == Boot(server="n7")
    assert boot.receive({}) == Boot(server="default")


def test_secrets_are_not_shown() -> None:
    assert "secret" not in repr(Boot.from_json(MESSAGE))


def test_the_socket_is_taken_over_and_not_inherited_further() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        environ = {boot.LISTEN_FD: str(os.dup(listening.fileno()))}

        taken = boot.listener(environ)

        assert taken is not None
        with taken:
            assert taken.getsockname() == ("127.0.0.1", port)
            assert not taken.get_inheritable()
        assert environ == {}


def test_without_a_socket_there_is_none() -> None:
    assert boot.listener({}) is None


def test_a_secret_is_replaced_whole_and_private(tmp_path: Path) -> None:
    file = tmp_path / "run" / "token"

    boot.write_private(file, "first")
    boot.write_private(file, "second")

    assert file.read_text() == "second"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["token"]


def test_kernel_sockets_live_in_the_home_when_the_path_is_short(tmp_path: Path) -> None:
    home = Path("/tmp") / f"h{os.getpid()}"
    home.mkdir()
    try:
        folder = boot.runtime_folder(home, "n1", os.getuid())
        assert folder == home / ".atelier" / "run" / "n1"
    finally:
        for path in (home / ".atelier/run/n1", home / ".atelier/run", home / ".atelier", home):
            path.rmdir()


def test_kernel_sockets_fit_where_the_home_is_deep(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60)

    folder = boot.runtime_folder(deep, "n" + "1" * 15, os.getuid())

    longest = folder / "kernel-00000000-0000-0000-0000-000000000000-ipc-5"
    assert len(os.fsencode(longest)) <= 107


def test_a_folder_somebody_else_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir(mode=0o777)
    (tmp_path / "theirs").chmod(0o777)

    with pytest.raises(PermissionError):
        boot._owned(tmp_path / "theirs", os.getuid())
