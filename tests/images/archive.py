"""What is in an image's archive, read without starting anything."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PYC_FLAGS = slice(4, 8)
UNCHECKED_HASH = b"\x01\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class Archive:
    """One image: its configuration, and the files of each layer above the base."""

    file: Path
    tags: list[str]
    config: dict[str, Any]
    layers: list[str]

    @classmethod
    def read(cls, file: Path) -> Archive:
        with tarfile.open(file) as tar:
            content = _json(tar, "manifest.json")[0]
            config = _json(tar, content["Config"])
        return cls(file, content["RepoTags"], config, content["Layers"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.config["config"]["Labels"])

    @property
    def user(self) -> str:
        return str(self.config["config"]["User"])

    @property
    def size(self) -> int:
        return self.file.stat().st_size

    def added(self) -> Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]:
        """Every entry of every layer but the base's, with the layer it can be read from."""
        with tarfile.open(self.file) as tar:
            for name in self.layers[1:]:
                with tarfile.open(fileobj=tar.extractfile(_target(tar, name))) as layer:
                    for entry in layer:
                        yield entry, layer


def _target(tar: tarfile.TarFile, name: str) -> str:
    """Layers that occur twice are links in some archives."""
    entry = tar.getmember(name)
    return entry.linkname.removeprefix("../") if entry.issym() else name


def _json(tar: tarfile.TarFile, name: str) -> Any:  # JSON
    file = tar.extractfile(name)
    assert file is not None, name
    return json.load(file)
