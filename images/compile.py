"""Compiles the sources below a folder: `python compile.py FOLDER PLACE`.

PLACE is where the folder's content will lie; tracebacks name it. Sources that do not compile,
such as templates of packages, are left as they are.
"""

from __future__ import annotations

import compileall
import sys
from py_compile import PycInvalidationMode


def main(folder: str, place: str) -> None:
    compileall.compile_dir(
        folder,
        maxlevels=50,
        quiet=2,
        workers=0,
        stripdir=folder,
        prependdir=place,
        # Holds whatever the sources' times, which layers may round.
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
