"""`make lock`: resolve requirements/*.in into the checked-in locks."""

from __future__ import annotations

import os

from atelier.operate import environments, tool
from atelier.operate.console import step
from atelier.operate.environments import ROOT

# The oldest Python we support decides, so that one lock serves all.
PYTHON = "3.11"
LOCKS = (
    ("platform.in", "../requirements.txt", ()),
    ("dev.in", "dev.txt", ("--constraint", "requirements.txt")),
    ("runtime.in", "runtime.txt", ()),
    ("trainer.in", "trainer.txt", ("--constraint", "requirements/runtime.txt")),
)


def lock() -> None:
    """Write the locks; no registry's address goes into them."""
    folder = ROOT / "requirements"
    for source, target, more in LOCKS:
        with step(f"Resolving {source}"):
            tool.run(
                f"uv pip compile {source}",
                [environments.uv(), "pip", "compile", f"requirements/{source}",
                 "--output-file", os.path.relpath((folder / target).resolve(), ROOT),
                 "--universal", "--python-version", PYTHON, "--no-header", "--no-emit-index-url",
                 "--no-emit-find-links", "--excludes", "requirements/exclude.txt", *more],
                environment=environments.uv_environment(),
                folder=ROOT,
                way_out="Change requirements/*.in so that they agree.",
            )  # fmt: skip
