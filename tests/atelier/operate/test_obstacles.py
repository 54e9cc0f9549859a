"""What stands in the way of a start is named before anything is started."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from atelier.operate import bootstrap, obstacles
from atelier.operate.configuration import Configuration
from atelier.operate.errors import CannotGoOn


def test_a_busy_port_is_named_with_its_holder(free_configuration: Configuration) -> None:
    with (
        socket.create_server(("127.0.0.1", free_configuration.hub_port)),
        pytest.raises(CannotGoOn) as stop,
    ):
        obstacles.refuse_busy_ports(free_configuration)

    said = str(stop.value)
    assert f"Port {free_configuration.hub_port} is taken" in said
    assert f"pid {os.getpid()}" in said
    assert "ATELIER_PORT=" in said


def test_free_ports_are_no_obstacle(free_configuration: Configuration) -> None:
    obstacles.refuse_busy_ports(free_configuration)


def test_a_full_disk_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000)
    )

    with pytest.raises(CannotGoOn, match="is full: free some space"):
        obstacles.refuse_full_disk(tmp_path)


def test_errors_of_the_system_become_sentences() -> None:
    full = bootstrap.as_sentence(OSError(28, "No space left on device", "/x"))
    denied = bootstrap.as_sentence(PermissionError(13, "Permission denied", "/x"))

    assert "is full: free some space" in full
    assert "/x cannot be written by this user" in denied
