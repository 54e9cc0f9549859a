"""What turns a Dockerfile into an image: Docker where an engine answers, else buildah as root.

Standard library only, as everything that runs before an environment is made.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Protocol

from atelier.operate import cache, debian, tool
from atelier.operate.errors import CannotGoOn

WAY_OUT = "Put that right and run the command again; finished layers are kept."
# Layers of earlier builds are cleared away once buildah's storage is larger: about two builds of
# everything. The next change of a lock then takes as long as the first build.
LARGEST_STORAGE_BYTES = 6_000_000_000


class Builder(Protocol):
    """Builds, keeps and saves images."""

    def build(
        self, name: str, folder: Path, file: Path, tag: str, arguments: Mapping[str, str]
    ) -> None:
        """Build `file` in the context `folder`; `name` is for people."""

    def has(self, tag: str) -> bool:
        """Whether an image of that name is kept here."""

    def pull(self, tag: str) -> bool:
        """Fetch an image from a registry; whether that worked."""

    def save(self, tags: Sequence[str], archive: Path) -> None:
        """Write one image into an archive that containerd and docker read, under these tags."""

    def tidy(self) -> None:
        """Clear away what earlier builds left, when it is much."""


def choose() -> Builder:
    """Docker if an engine answers, else buildah."""
    if shutil.which("docker") and _answers(["docker", "info"]):
        return Docker()
    return Buildah(images_folder())


def images_folder() -> Path:
    """Archives, and buildah's layers; the settings of this machine lie in some of them."""
    folder = cache.cache_folder() / "images"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _answers(command: Sequence[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


@dataclass(frozen=True, slots=True)
class Docker:
    """The engine that `docker` talks to."""

    def build(
        self, name: str, folder: Path, file: Path, tag: str, arguments: Mapping[str, str]
    ) -> None:
        tool.run(
            f"docker build {name}",
            ["docker", "build", "--file", file, "--tag", tag, *as_options(arguments), folder],
            way_out=WAY_OUT,
        )

    def has(self, tag: str) -> bool:
        return _answers(["docker", "image", "inspect", tag])

    def pull(self, tag: str) -> bool:
        return self.has(tag) or _answers(["docker", "pull", "--quiet", tag])

    def save(self, tags: Sequence[str], archive: Path) -> None:
        for tag in tags[1:]:
            tool.run(f"docker tag {tag}", ["docker", "tag", tags[0], tag], way_out=WAY_OUT)
        tool.run(
            f"docker save {archive.stem}",
            ["docker", "save", "--output", archive, *tags],
            way_out=WAY_OUT,
        )

    def tidy(self) -> None:
        """Docker's own storage is its owner's to keep in order."""


@dataclass(frozen=True, slots=True)
class Buildah:
    """buildah with a storage of its own, so that nobody's images are touched."""

    folder: Path

    def build(
        self, name: str, folder: Path, file: Path, tag: str, arguments: Mapping[str, str]
    ) -> None:
        is_local = arguments.get("BASE_IMAGE", "localhost/").startswith("localhost/")
        tool.run(
            f"buildah build {name}",
            [*self._command(), "build", "--isolation", "chroot", "--layers",
             *(["--pull-never"] if is_local else []), *downloads(), "--file", file,
             "--tag", tag, *as_options(arguments), folder],
            way_out=WAY_OUT,
        )  # fmt: skip

    def has(self, tag: str) -> bool:
        return shutil.which("buildah") is not None and _answers(
            [*self._command(), "inspect", "--type", "image", tag]
        )

    def pull(self, tag: str) -> bool:
        return _answers([*self._command(), "pull", "--quiet", "--policy", "missing", tag])

    def save(self, tags: Sequence[str], archive: Path) -> None:
        archive.unlink(missing_ok=True)  # buildah does not write over one
        tool.run(
            f"buildah push {archive.stem}",
            [*self._command(), "push", "--quiet", tags[0], f"docker-archive:{archive}:{tags[0]}"],
            way_out=WAY_OUT,
        )
        add_tags(archive, tags[1:])

    def _command(self) -> list[str | Path]:
        require_buildah()
        return ["buildah", "--root", self.folder / "storage", "--runroot", self.folder / "run",
                "--storage-driver", self._driver()]  # fmt: skip

    def _driver(self) -> str:
        """Overlay where the kernel lets us; vfs copies whole trees and works everywhere."""
        chosen = self.folder / "storage-driver"
        if not chosen.is_file():
            probe: list[str | Path] = ["buildah", "--root", self.folder / "probe", "--runroot",
                     self.folder / "probe-run", "--storage-driver", "overlay", "info"]  # fmt: skip
            chosen.write_text("overlay" if _answers(probe) else "vfs")
            for left in ("probe", "probe-run"):
                shutil.rmtree(self.folder / left, ignore_errors=True)
        return chosen.read_text()

    def tidy(self) -> None:
        if _size(self.folder / "storage") > LARGEST_STORAGE_BYTES:
            tool.run("buildah prune", [*self._command(), "rmi", "--prune"], way_out=WAY_OUT)


def _size(folder: Path) -> int:
    """The space a folder takes, in bytes."""
    said = subprocess.run(["du", "-s", "--block-size=1", folder], capture_output=True, text=True)
    words = said.stdout.split()
    return int(words[0]) if words else 0


def require_buildah() -> None:
    if os.geteuid() != 0:
        raise CannotGoOn(
            "Images are built by Docker, and none answers here, or by buildah as root: start "
            "Docker, or run the command as root."
        )
    debian.require("buildah", "Images are built by Docker, and none answers here, or by buildah")


def as_options(arguments: Mapping[str, str]) -> list[str]:
    pairs = (f"{name}={value}" for name, value in arguments.items())
    return [option for pair in pairs for option in ("--build-arg", pair)]


def downloads() -> list[str]:
    """Root's own caches of uv and npm, so that nothing is fetched twice on this machine."""
    home = Path.home()
    places = {
        Path(os.environ.get("UV_CACHE_DIR") or home / ".cache" / "uv"): "/root/.cache/uv",
        home / ".npm": "/root/.npm",
    }
    for folder in places:
        folder.mkdir(parents=True, exist_ok=True)
    return [
        option
        for folder, place in places.items()
        for option in ("--volume", f"{folder}:{place}:rw")
    ]


def add_tags(archive: Path, tags: Sequence[str]) -> None:
    """Name the image of an archive more than once: the last list of contents counts."""
    with tarfile.open(archive) as tar:
        member = tar.extractfile("manifest.json")
        if member is None:
            raise CannotGoOn(f"{archive} holds no image: delete it and run the command again.")
        content = json.load(member)
    content[0]["RepoTags"] = [*content[0]["RepoTags"], *tags]
    data = json.dumps(content).encode()
    with tarfile.open(archive, "a") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(data)
        tar.addfile(entry, BytesIO(data))
