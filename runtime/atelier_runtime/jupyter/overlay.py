"""The overlay: a virtual environment of one server's own, on top of a read-only environment.

`pip install` in a notebook goes here and nowhere else. It is made by hand, without starting a
process, because it is made at every first start: a few files and links, about a millisecond.
Kernels and terminals run in it; the Jupyter server itself does not, so a broken overlay can break
cells but not the server, and a rescue start passes it by.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

MARK = "atelier-overlay.json"
LAYOUT = 1

# Console scripts people type in a terminal, and the module each one runs.
WRAPPERS = {"pip": "pip", "pip3": "pip", "ipython": "IPython"}


@dataclass(frozen=True, slots=True)
class Base:
    """The environment an overlay lies on."""

    prefix: Path
    executable: Path
    base_executable: Path
    version: str
    site_packages: tuple[Path, ...]

    @classmethod
    def current(cls) -> Base:
        """The one this process runs in."""
        paths = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
        return cls(
            prefix=Path(sys.prefix),
            executable=Path(sys.executable),
            base_executable=Path(getattr(sys, "_base_executable", sys.executable)),
            version=f"{sys.version_info.major}.{sys.version_info.minor}",
            site_packages=tuple(Path(path) for path in paths),
        )

    def mark(self) -> dict[str, object]:
        """What an overlay must agree with to be used again."""
        return {"layout": LAYOUT, "version": self.version, "prefix": str(self.prefix)}


@dataclass(frozen=True, slots=True)
class Overlay:
    """One server's overlay."""

    folder: Path
    version: str

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        return self.folder / "lib" / f"python{self.version}" / "site-packages"

    @property
    def data(self) -> Path:
        """Where kernels, extensions and settings of the overlay live, for JUPYTER_PATH."""
        return self.folder / "share" / "jupyter"

    def installed(self) -> list[str]:
        """Names of what was installed into it, as the folders call themselves."""
        found = self.site_packages.glob("*.dist-info") if self.site_packages.is_dir() else ()
        return sorted(entry.name.removesuffix(".dist-info").partition("-")[0] for entry in found)


def place(home: Path, server: str) -> Path:
    return home / ".atelier" / "overlays" / server


def prepare(folder: Path, base: Base, *, extra_paths: tuple[Path, ...] = ()) -> Overlay:
    """Make the overlay, or use the one that is there if it still fits its environment."""
    overlay = Overlay(folder, base.version)
    if _mark_of(folder) != base.mark():
        _set_aside(folder)
        _build(overlay, base)
    # Written each time: the environment may have moved or grown.
    _write_paths(overlay, base, extra_paths)
    return overlay


def reset(folder: Path) -> None:
    """Forget everything that was installed."""
    shutil.rmtree(folder, ignore_errors=True)


def _mark_of(folder: Path) -> object:
    try:
        found: object = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _set_aside(folder: Path) -> None:
    """Keep one overlay that no longer fits, for its list of packages; never delete silently."""
    if not folder.exists():
        return
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)


def _build(overlay: Overlay, base: Base) -> None:
    folder = overlay.folder
    (folder / "bin").mkdir(mode=0o700, parents=True)
    overlay.site_packages.mkdir(parents=True)
    for name in ("python", "python3", f"python{base.version}"):
        (folder / "bin" / name).symlink_to(base.executable)
    for name, module in WRAPPERS.items():
        _script(folder / "bin" / name, overlay.python, module)
    (folder / "pyvenv.cfg").write_text(
        f"home = {base.base_executable.parent}\n"
        "include-system-site-packages = false\n"
        f"version = {base.version}\n",
        "utf-8",
    )
    _write_kernel(overlay)
    # Last: an overlay without its mark is one whose making was interrupted.
    (folder / MARK).write_text(json.dumps(base.mark()), "utf-8")


def _script(path: Path, python: Path, module: str) -> None:
    # /bin/sh, since a #! line holds 127 bytes and homes can be deep.
    path.write_text(f'#!/bin/sh\nexec "{python}" -m {module} "$@"\n', "utf-8")
    path.chmod(0o700)


def _write_paths(overlay: Overlay, base: Base, extra_paths: tuple[Path, ...]) -> None:
    """Let the overlay see its environment, after its own packages.

    `addsitedir` rather than plain lines, so that the environment's own .pth files count too.
    """
    lines = [f"import site; site.addsitedir({os.fspath(path)!r})" for path in base.site_packages]
    lines += [os.fspath(path) for path in extra_paths]
    target = overlay.site_packages / "_atelier_environment.pth"
    target.write_text("\n".join(lines) + "\n", "utf-8")


def _write_kernel(overlay: Overlay) -> None:
    kernel = overlay.data / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(kernel_spec(overlay.python)), "utf-8")


def kernel_spec(python: Path) -> dict[str, object]:
    """The kernel that runs in an overlay."""
    return {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "metadata": {"debugger": True},
    }
