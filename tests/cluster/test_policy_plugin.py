"""The network plugin that holds a pod back: run as containerd runs it, as a program of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import policy_plugin

RESULT = {"cniVersion": "0.4.0", "ips": [{"version": "4", "address": "10.244.0.7/22"}]}


class Enforcer(threading.Thread):
    """Answers every question with one word, and notes the questions."""

    def __init__(self, address: Path, word: str) -> None:
        super().__init__(daemon=True)
        self.asked: list[str] = []
        self._word = word
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(address))
        self._listener.listen()

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed: the test is over
            with connection:
                self.asked.append(connection.recv(1000).decode().strip())
                connection.sendall(f"{self._word}\n".encode())

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: sockets may have long ones not."""
    with tempfile.TemporaryDirectory(prefix="atelier-plugin-") as name:
        Path(name, "leases").mkdir()
        yield Path(name)


def call(folder: Path, command: str) -> tuple[int, Any]:
    environment = {
        "CNI_COMMAND": command,
        "CNI_CONTAINERID": "c1",
        "CNI_NETNS": "/run/netns/cni-1",
        "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAMESPACE=a;K8S_POD_NAME=web;K8S_POD_UID=u",
    }
    asked = {
        "cniVersion": "0.4.0",
        "leases": str(folder / "leases"),
        "socket": str(folder / "socket"),
        "prevResult": RESULT,
    }
    done = subprocess.run(
        [sys.executable, "-ES", policy_plugin.__file__],
        input=json.dumps(asked),
        env=environment,
        capture_output=True,
        text=True,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else None


def test_a_pod_goes_on_once_the_enforcer_says_so(folder: Path) -> None:
    enforcer = Enforcer(folder / "socket", "ok")
    enforcer.start()

    code, answer = call(folder, "ADD")
    enforcer.close()

    assert (code, answer, enforcer.asked) == (0, RESULT, ["c1"])
    assert json.loads((folder / "leases" / "c1").read_text()) == {
        "namespace": "a",
        "name": "web",
        "uid": "u",
        "address": "10.244.0.7",
        "netns": "/run/netns/cni-1",
    }


def test_a_pod_is_refused_with_the_enforcers_words(folder: Path) -> None:
    enforcer = Enforcer(folder / "socket", "not yet")
    enforcer.start()

    code, answer = call(folder, "ADD")
    enforcer.close()

    assert (code, answer["msg"]) == (1, "not yet")
    assert list((folder / "leases").iterdir()) == []


def test_without_an_enforcer_no_pod_starts_unguarded(folder: Path) -> None:
    code, answer = call(folder, "ADD")

    assert code == 1
    assert "enforcer says nothing" in answer["msg"]


def test_a_pod_may_go_without_an_enforcer(folder: Path) -> None:
    (folder / "leases" / "c1").write_text("{}")

    assert call(folder, "DEL") == (0, None)
    assert call(folder, "DEL") == (0, None)
    assert list((folder / "leases").iterdir()) == []


def test_the_versions_it_speaks(folder: Path) -> None:
    code, answer = call(folder, "VERSION")

    assert code == 0
    assert "0.4.0" in answer["supportedVersions"]
