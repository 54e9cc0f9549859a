"""`make bench`: every benchmark after the other; results.json holds their lines.

Fails when one misses its gate. `python -m bench list quota` runs only those.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

# These need a Kubernetes; it is started for them and taken away again.
ON_CLUSTER = ("kspawn", "resync")
FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
sys.path[:0] = [str(ROOT / "platform")]

from atelier.operate.check import Outcome  # noqa: E402  # needs the path above
from atelier.operate.suite import running_cluster  # noqa: E402

SHARED = frozenset({"__init__", "__main__", "database", "load"})


def names() -> list[str]:
    """Return the benchmarks there are."""
    return sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in SHARED)


def run(name: str) -> tuple[bool, list[dict[str, Any]]]:
    """Run one; returns whether it passed, and the lines it printed."""
    print(f"# {name}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    print("\n".join(lines) or f"no figure: exit code {done.returncode}", flush=True)
    return done.returncode == 0 and bool(lines), [json.loads(line) for line in lines]


def run_on_cluster(wanted: list[str]) -> dict[str, tuple[bool, list[dict[str, Any]]]]:
    """Run these on a cluster of the tests, where one can be had; else say why not."""
    if not wanted:
        return {}
    came_and_went: list[Outcome] = []
    with running_cluster(came_and_went) as started:
        if started:
            return {name: run(name) for name in wanted}
    print(f"left out, for there is no cluster (see above): {', '.join(wanted)}", file=sys.stderr)
    return {}


def main(chosen: list[str]) -> int:
    """Run them and write the results; 1 when one missed its gate."""
    wanted = chosen or names()
    results = {name: run(name) for name in wanted if name not in ON_CLUSTER}
    results |= run_on_cluster([name for name in wanted if name in ON_CLUSTER])
    figures = [line | {"bench": name} for name, (_, lines) in results.items() for line in lines]
    (FOLDER / "results.json").write_text(json.dumps(figures, indent=1) + "\n")
    missed = [name for name, (passed, _) in results.items() if not passed]
    if missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
