"""The images the harness makes itself: pause, CoreDNS and a busybox for the tests' own pods."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from atelier.operate import images as project_images
from atelier.operate import tool
from atelier.operate.cache import key_of
from tests.cluster import archive
from tests.cluster.archive import Image
from tests.cluster.containerd import PAUSE_IMAGE
from tests.cluster.places import Places
from tests.cluster.versions import VERSIONS

DNS_IMAGE = f"localhost/atelier-test/coredns:{VERSIONS['coredns']}"
BUSYBOX_IMAGE = "localhost/atelier-test/busybox:1"
KEYED = re.compile(r"localhost/atelier/(?P<image>[a-z]+):(?P<key>[0-9a-f]{16})")
IN_PODS = ("trainer", "notebook")
BUSYBOX = Path("/bin/busybox")
PAUSE_SOURCE = Path(__file__).with_name("pause.c")
OURS = [Path(__file__), Path(archive.__file__)]  # how an image is put together is its input too


def of_the_harness(places: Places) -> list[Path]:
    """The archives of all three, made when they are missing or their input changed."""
    places.archives.mkdir(parents=True, exist_ok=True)
    coredns = places.binaries / "coredns"
    return [
        _made(places, "pause", key_of([PAUSE_SOURCE, *OURS]), _pause),
        _made(places, "coredns", key_of([DNS_IMAGE, *OURS]), lambda _: _coredns(coredns)),
        _made(places, "busybox", key_of([BUSYBOX, *OURS]), lambda _: busybox()),
    ]


def busybox() -> Image:
    """A shell with the usual commands, run by user 1000."""
    listed = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True)
    commands = set(listed.stdout.split()) - {"busybox"}
    return Image(
        name=BUSYBOX_IMAGE,
        entrypoint=["/bin/sh"],
        programs={"/bin/busybox": BUSYBOX, **libraries(BUSYBOX)},
        links={f"/bin/{name}": "busybox" for name in commands},
        texts={
            "/etc/passwd": "root:x:0:0:root:/:/bin/sh\nuser:x:1000:1000:user:/tmp:/bin/sh\n",
            "/etc/group": "root:x:0:\nuser:x:1000:\n",
        },
        folders={"/tmp": 0o1777, "/bin": 0o755, "/etc": 0o755},
        user="1000",
    )


def libraries(program: Path) -> dict[str, Path]:
    """What a program needs beside it: nothing, when it is busybox-static's."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    return {path: Path(path) for path in re.findall(r"(/\S+) \(0x", said)}


def _pause(scratch: Path) -> Image:
    program = scratch / "pause"
    tool.run(
        "cc pause",
        ["cc", "-static", "-Os", "-s", "-o", program, PAUSE_SOURCE],
        way_out="Install gcc and libc6-dev and run the command again.",
    )
    return Image(PAUSE_IMAGE, ["/pause"], {"/pause": program}, user="65535:65535")


def _coredns(program: Path) -> Image:
    return Image(DNS_IMAGE, ["/coredns"], {"/coredns": program})


def _made(places: Places, name: str, key: str, image: Callable[[Path], Image]) -> Path:
    target = places.archives / f"{name}-{key}.tar"
    if not target.is_file():
        with tempfile.TemporaryDirectory() as scratch:
            archive.write(image(Path(scratch)), target)
        for older in set(places.archives.glob(f"{name}-*.tar")) - {target}:
            older.unlink()
    return target


def of_the_project() -> list[Path]:
    """The archives of what projects run in, as far as `make images` made them for this checkout."""
    return [image.archive for image in project_images.built(IN_PODS).values()]


def outdated(names: Iterable[str], current: Iterable[Path]) -> list[str]:
    """Those of the project's images, by their key, that this checkout no longer names."""
    kept = {archive.stem for archive in current}
    keyed = [(name, KEYED.fullmatch(name)) for name in names]
    return [
        name for name, match in keyed if match and f"{match['image']}-{match['key']}" not in kept
    ]
