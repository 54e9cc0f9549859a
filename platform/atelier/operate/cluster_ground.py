"""What the cluster of the tests is made of: its programs and the project's images.

`python -m atelier.operate.cluster_ground` builds what is missing; `make test` has it done in the
background while its first parts run. Exit code 3 says that this machine cannot, 1 that a build
failed; the last line says why.
"""

from __future__ import annotations

import os
import subprocess
import sys

from atelier.operate import images
from atelier.operate.console import complain
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn

CANNOT_HERE = 3


def main() -> int:
    """Build, the cluster first: whether the machine can at all is known by then."""
    # The pages and tests that people wait for come first.
    os.nice(5)
    built = subprocess.run([sys.executable, "-m", "tests.cluster", "build"], cwd=ROOT)
    if built.returncode:
        return CANNOT_HERE
    try:
        images.ensure()
    except CannotGoOn as stop:
        complain(str(stop))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
