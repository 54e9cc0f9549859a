"""Moves what was added to a folder since a moment: `python added.py FOLDER BEFORE TARGET`.

BEFORE is a file made at that moment. The rest can then be a layer that several images share.
The change time counts, which installers cannot set, unlike the modification time.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: Path, before: Path, target: Path) -> None:
    moment = before.stat().st_ctime_ns
    for file in [file for file in folder.rglob("*") if _is_added(file, moment)]:
        place = target / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.rename(place)


def _is_added(file: Path, moment: int) -> bool:
    is_folder = file.is_dir() and not file.is_symlink()
    return not is_folder and file.lstat().st_ctime_ns >= moment


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
