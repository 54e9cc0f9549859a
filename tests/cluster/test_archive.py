"""Images made without a container engine."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from atelier.operate.errors import CannotGoOn
from tests.cluster import archive, containerd, images
from tests.cluster.archive import Image


@pytest.fixture
def image(tmp_path: Path) -> Image:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    return Image("localhost/x:1", ["/p"], {"/p": program}, links={"/q": "p"}, user="1000")


def test_the_same_files_give_the_same_image(image: Image, tmp_path: Path) -> None:
    one, two = tmp_path / "one.tar", tmp_path / "two.tar"

    archive.write(image, one)
    archive.write(image, two)

    assert containerd.images_in(one) == containerd.images_in(two)
    assert list(containerd.images_in(one)) == ["localhost/x:1"]


def test_the_configuration_says_who_runs_what(image: Image, tmp_path: Path) -> None:
    written = tmp_path / "one.tar"
    archive.write(image, written)

    with tarfile.open(written) as tar:
        number = containerd.images_in(written)["localhost/x:1"]
        member = tar.extractfile(f"{number.removeprefix('sha256:')}.json")
        assert member is not None
        config = json.loads(member.read())["config"]

    assert (config["User"], config["Entrypoint"]) == ("1000", ["/p"])


def test_images_whose_archive_is_gone_are_outdated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_CACHE", str(tmp_path))
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "notebook-0123456789abcdef.tar").touch()
    kept = ["localhost/atelier/notebook:0123456789abcdef", "localhost/atelier/notebook:0.1.0"]
    gone = "localhost/atelier/trainer:0123456789abcdef"

    assert images.outdated([*kept, gone]) == [gone]


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")

    with pytest.raises(CannotGoOn, match="no image archive"):
        containerd.images_in(tmp_path / "file")
    with pytest.raises(CannotGoOn, match="no image archive"):
        containerd.images_in(tmp_path / "nothing")
