"""Takes out of an environment what nothing in an image runs: `python trim.py ENVIRONMENT`.

Tests that packages ship, source maps, static libraries and the sources of extension modules.
Standard library only; the images' build runs it right after installing, in the same layer.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

# Not "test": django.test and others are for people to use.
TESTS = "tests"
IMPORTED = {"jupyterlab/tests"}  # by jupyterlab.browser_check
SUFFIXES = {".map", ".a", ".po", ".pyx", ".pxd", ".pxi"}


def main(environment: Path) -> None:
    before = _size(environment)
    for library in environment.glob("lib/python3.*/site-packages"):
        for folder in [f for f in library.rglob("*") if _is_tests(f, library)]:
            shutil.rmtree(folder, ignore_errors=True)  # may lie in one that is gone already
    (environment / ".lock").unlink(missing_ok=True)  # uv's, writable for everybody
    for file in environment.rglob("*"):
        if file.suffix in SUFFIXES and file.is_file():
            file.unlink()
    print(f"{before / 1e6:.0f} MB, trimmed to {_size(environment) / 1e6:.0f} MB")


def _is_tests(folder: Path, library: Path) -> bool:
    if folder.name != TESTS or not folder.is_dir():
        return False
    return str(folder.relative_to(library)) not in IMPORTED


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
