"""Debian's packages that some commands need, installed when root asks for such a command."""

from __future__ import annotations

import os
import shutil

from atelier.operate import tool
from atelier.operate.console import step
from atelier.operate.errors import CannotGoOn


def require(program: str, why: str, *, package: str = "") -> None:
    """Have a program; `why` begins the sentence that says it is missing."""
    package = package or program
    if shutil.which(program):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotGoOn(
            f"{why}, and there is no {program} here: install the package {package} "
            f"(`apt-get install {package}`) and run the command again."
        )
    install(package)


def install(*packages: str) -> None:
    with step(f"Installing {', '.join(packages)}"):
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            tool.run(
                f"apt-get {command[0]}",
                ["apt-get", "-q", *command],
                environment={"DEBIAN_FRONTEND": "noninteractive"},
                way_out=f"Install {', '.join(packages)} by hand and run the command again.",
            )
