"""`make images`: the container images, built again only when what goes into them changed.

An image's key is the hash of its Dockerfile, of all that its COPY lines name and of the base it
stands on. Its archive in the cache carries the key in its name, so that a checkout whose sources
are the same as another's builds nothing. Standard library only: the test cluster asks here too.
"""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from atelier.operate import cache, image_base, image_builders
from atelier.operate.console import say, step
from atelier.operate.environments import ROOT, UV_VERSION
from atelier.operate.errors import CannotGoOn

NAMES = ("trainer", "notebook", "platform")
FOLDER = ROOT / "images"
# Raise it when the same files make another image.
RECIPE = "1"
COPY = re.compile(r"^COPY (?!--from=)(?P<sources>.+) \S+$", re.MULTILINE)
# Folders that .dockerignore keeps out of every build.
NOT_COPIED = frozenset({"node_modules", "dist", "coverage", ".mypy_cache", ".ruff_cache"})
# Archives of one image that are kept: this one and the one before, or another checkout's.
KEPT_ARCHIVES = 2


@dataclass(frozen=True, slots=True)
class Image:
    """One image as built: what pods name it, and the file a cluster's node loads it from."""

    reference: str
    archive: Path
    key: str


def ensure(names: Iterable[str] = NAMES) -> dict[str, Image]:
    """Have these images, built where what goes into them changed."""
    wanted = tuple(names)
    unknown = set(wanted) - set(NAMES)
    if unknown:
        raise CannotGoOn(f"There is no image {', '.join(sorted(unknown))}: {', '.join(NAMES)}.")
    with cache.locked("images"):
        builder = image_builders.choose()
        base = image_base.choose(builder)
        images = {name: _image(name, key_of(name, base.id)) for name in wanted}
        missing = {name: image for name, image in images.items() if not image.archive.is_file()}
        if missing:
            _build(builder, image_base.arguments(builder, base), missing)
        for image in images.values():
            os.utime(image.archive)  # in use: it outlives what nobody asks for
        return images


def built(names: Iterable[str] = NAMES) -> dict[str, Image]:
    """Those of these images that are here and up to date; builds nothing."""
    base = image_base.known(image_builders.choose())
    if base is None:
        return {}
    found = {name: _image(name, key_of(name, base.id)) for name in names}
    return {name: image for name, image in found.items() if image.archive.is_file()}


def images() -> None:
    """Build them all and say what there is."""
    for name, image in ensure().items():
        size = image.archive.stat().st_size / 1e6
        say(f"{name:9} {image.reference:36} {size:5.0f} MB  {image.archive}")


def version() -> str:
    project: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project["version"]


def key_of(name: str, base: str) -> str:
    """The hash of all that makes the image what it is."""
    file = FOLDER / name / "Dockerfile"
    parts: list[str | Path] = [RECIPE, base, UV_VERSION, version(), file]
    for source in copied(file.read_text()):
        path = ROOT / source
        content = cache.key_of_tree(path, without=NOT_COPIED) if path.is_dir() else path
        parts += [source, content]
    return cache.key_of(parts)


def copied(dockerfile: str) -> list[str]:
    """What a Dockerfile takes from the checkout."""
    return [source for line in COPY.finditer(dockerfile) for source in line["sources"].split()]


def _image(name: str, key: str) -> Image:
    reference = f"localhost/atelier/{name}:{version()}"
    return Image(reference, image_builders.images_folder() / f"{name}-{key}.tar", key)


def _build(
    builder: image_builders.Builder, base: dict[str, str], missing: dict[str, Image]
) -> None:
    """Build the first alone, for the others share layers with it, and those side by side."""
    told = {**base, "UV_VERSION": UV_VERSION, "VERSION": version(), **dict(_provenance())}
    (first, *others) = missing
    _build_one(builder, told, first, missing[first])
    with ThreadPoolExecutor() as workers:
        list(workers.map(lambda name: _build_one(builder, told, name, missing[name]), others))
    builder.tidy()


def _build_one(
    builder: image_builders.Builder, told: dict[str, str], name: str, image: Image
) -> None:
    with step(f"Building the image {name}"):
        builder.build(name, ROOT, FOLDER / name / "Dockerfile", image.reference, told)
        half = image.archive.with_suffix(".half")
        builder.save([image.reference, f"{image.reference.rpartition(':')[0]}:{image.key}"], half)
        half.replace(image.archive)
    _forget_old(name)


def _provenance() -> Iterator[tuple[str, str]]:
    """Which commit, and where from, for the labels; never with somebody's password in it."""
    revision = _git("rev-parse", "HEAD")
    if revision:
        yield "REVISION", revision
    remote = urlsplit(_git("remote", "get-url", "origin"))
    if remote.scheme == "https" and remote.hostname:
        yield "SOURCE", f"https://{remote.hostname}{remote.path}"


def _git(*arguments: str) -> str:
    try:
        said = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
    except FileNotFoundError:  # a checkout without git, such as an unpacked archive
        return ""
    return said.stdout.strip()


def _forget_old(name: str) -> None:
    archives = image_builders.images_folder().glob(f"{name}-*.tar")
    by_use = sorted(archives, key=lambda archive: archive.stat().st_mtime, reverse=True)
    for archive in by_use[KEPT_ARCHIVES:]:
        archive.unlink()
