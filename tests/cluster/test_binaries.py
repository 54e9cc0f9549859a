"""The programs: which are built, and how the module that builds Kubernetes looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster import binaries
from tests.cluster.places import Places
from tests.cluster.versions import KUBERNETES, VERSIONS

UPSTREAM = """module k8s.io/kubernetes

go 1.25.0

replace (
\tk8s.io/api => ./staging/src/k8s.io/api
\tk8s.io/client-go => ./staging/src/k8s.io/client-go
)
"""


def have(folder: Path, name: str, version: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
    (folder / f".{name}-{version}").touch()


def test_staging_modules_become_their_released_twins() -> None:
    assert binaries.go_module(UPSTREAM) == (
        "module cluster\n\ngo 1.25.0\n\nrequire k8s.io/kubernetes v1.35.4\n\nreplace (\n"
        "\tk8s.io/api => k8s.io/api v0.35.4\n"
        "\tk8s.io/client-go => k8s.io/client-go v0.35.4\n)\n"
    )


def test_only_what_is_missing_is_built(tmp_path: Path) -> None:
    for name, version in VERSIONS.items():
        have(tmp_path, name, version)
    (tmp_path / "kwok").unlink()

    assert binaries.missing(tmp_path) == ["kwok"]


def test_another_version_counts_as_missing(tmp_path: Path) -> None:
    for name in VERSIONS:
        have(tmp_path, name, "0.0.1")

    assert binaries.missing(tmp_path) == list(VERSIONS)


def test_a_program_without_its_stamp_was_interrupted(tmp_path: Path) -> None:
    (tmp_path / "kubelet").touch()

    assert not binaries.is_built(tmp_path, "kubelet", KUBERNETES)


def test_nothing_is_built_when_all_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(state=tmp_path / "state", cache=tmp_path)
    for name, version in VERSIONS.items():
        have(places.binaries, name, version)
    monkeypatch.setenv("PATH", "")  # Go could not be found

    binaries.ensure(places)
