"""What is missing on a machine is said in one sentence that names the way out."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from atelier.operate.errors import CannotGoOn
from tests.cluster import __main__ as command
from tests.cluster import binaries, components, needs
from tests.cluster.components import Component
from tests.cluster.places import LONGEST_STATE_PATH, Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(state=tmp_path / "state", cache=tmp_path / "cache")


def sentence(act: Callable[[], object]) -> str:
    with pytest.raises(CannotGoOn) as stopped:
        act()
    said = str(stopped.value)
    assert "\n" not in said
    return said


@pytest.mark.parametrize("machine", [("Darwin", "arm64"), ("Linux", "aarch64")])
def test_another_machine(machine: tuple[str, str]) -> None:
    said = sentence(lambda: needs.refuse_other_machines(*machine))

    assert " ".join(machine) in said


def test_another_user_than_root() -> None:
    assert "sudo" in sentence(lambda: needs.refuse_other_users(1000))


def test_a_path_too_long_for_a_socket() -> None:
    long = Places(state=Path("/" + "x" * LONGEST_STATE_PATH), cache=Path("/tmp"))

    assert "ATELIER_CLUSTER_HOME" in sentence(lambda: needs.refuse_long_paths(long))


def test_packages_without_apt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    said = sentence(lambda: needs.install(["runc", "ipset"]))

    assert "apt-get install --no-install-recommends runc ipset" in said


def test_missing_packages_are_known_by_what_they_bring(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(needs, "PACKAGES", {"here": str(tmp_path), "runc": "runc"})

    assert needs.missing_packages() == ["runc"]


def test_a_port_that_somebody_has(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        mine = Component("apiserver", [], {port: "127.0.0.1"})
        monkeypatch.setattr(components, "everything", lambda _: [mine])

        said = sentence(lambda: needs.refuse_used_ports(places))

    assert f"Port {port}" in said
    assert "make cluster-down" in said


def test_an_address_that_is_not_there_yet_has_free_ports() -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]

    assert not needs.is_used(port, "192.0.2.200")


def test_go_is_missing(places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "install Go" in sentence(lambda: binaries.ensure(places))


def test_images_need_a_cluster(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATELIER_CLUSTER_HOME", str(places.state))
    monkeypatch.setattr(needs, "check", lambda _: None)

    assert command.main(["load", "image.tar"]) == 1
    assert "make cluster-up" in capsys.readouterr().err


def test_whether_it_is_up_is_answered_without_words(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATELIER_CLUSTER_HOME", str(places.state))

    assert command.main(["is-up"]) == 1
    assert capsys.readouterr() == ("", "")


def test_down_without_a_cluster_is_fine(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATELIER_CLUSTER_HOME", str(places.state))
    monkeypatch.setattr(needs, "check", lambda _: None)

    assert command.main(["down"]) == 0
    assert "no test cluster" in capsys.readouterr().out
