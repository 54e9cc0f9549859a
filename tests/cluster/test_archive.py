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


def test_images_of_the_past_are_those_by_other_keys() -> None:
    now = Path("/cache/notebook-0123456789abcdef.tar")
    kept = [
        "localhost/atelier/notebook:0123456789abcdef",
        "localhost/atelier/notebook:0.1.0",
        "localhost/atelier-test/busybox:1",
    ]
    gone = "localhost/atelier/notebook:fedcba9876543210"

    assert images.outdated([*kept, gone], [now]) == [gone]


def test_a_manifest_holds_its_layers_by_labels() -> None:
    label = "containerd.io/gc.ref.content"
    line = f"sha256:1\t1kB\t1 minute\t{label}.l.1=sha256:3,{label}.config=sha256:4"
    contents = f"DIGEST\tSIZE\tAGE\tLABELS\nsha256:2\t1kB\t1 minute\t{label}.l.0=x\n{line}\n"

    assert containerd.layers(contents, "sha256:1") == [f"{label}.l.1"]


def test_a_program_brings_its_libraries() -> None:
    assert any("libc.so" in path for path in images.libraries(Path("/bin/ls")))
    assert images.libraries(Path("/etc/passwd")) == {}


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")

    with pytest.raises(CannotGoOn, match="no image archive"):
        containerd.images_in(tmp_path / "file")
    with pytest.raises(CannotGoOn, match="no image archive"):
        containerd.images_in(tmp_path / "nothing")
