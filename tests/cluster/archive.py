"""Small images made from single files, without a container engine: docker-archives."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Image:
    """A root file system given file by file, and how it starts."""

    name: str
    entrypoint: Sequence[str]
    programs: Mapping[str, Path]  # path in the image → file here
    links: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, int] = field(default_factory=dict)  # path → mode
    user: str = "0"


def write(image: Image, archive: Path) -> None:
    """Write the archive; the same files give the same image id."""
    layer = _layer(image)
    digest = hashlib.sha256(layer).hexdigest()
    configuration = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {
                "Entrypoint": list(image.entrypoint),
                "User": image.user,
                "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
                "WorkingDir": "/",
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        },
        sort_keys=True,
    ).encode()
    name = f"{hashlib.sha256(configuration).hexdigest()}.json"
    manifest = [{"Config": name, "RepoTags": [image.name], "Layers": ["layer.tar"]}]
    temporary = archive.with_suffix(".new")
    with tarfile.open(temporary, "w") as tar:
        _add(tar, "layer.tar", layer)
        _add(tar, name, configuration)
        _add(tar, "manifest.json", json.dumps(manifest).encode())
    temporary.replace(archive)


def _layer(image: Image) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for path, mode in sorted(image.folders.items()):
            folder = tarfile.TarInfo(path.strip("/"))
            folder.type, folder.mode = tarfile.DIRTYPE, mode
            tar.addfile(folder)
        for path, source in sorted(image.programs.items()):
            _add(tar, path.strip("/"), source.read_bytes(), mode=0o755)
        for path, text in sorted(image.texts.items()):
            _add(tar, path.strip("/"), text.encode())
        for path, target in sorted(image.links.items()):
            link = tarfile.TarInfo(path.strip("/"))
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
    return written.getvalue()


def _add(tar: tarfile.TarFile, name: str, data: bytes, *, mode: int = 0o644) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), mode
    tar.addfile(member, io.BytesIO(data))
