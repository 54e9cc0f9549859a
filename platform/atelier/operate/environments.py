"""The virtual environments, made by uv from the checked-in locks.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from atelier.operate import cache, tool
from atelier.operate.console import step
from atelier.operate.errors import CannotGoOn
from atelier.operate.interpreter import Interpreter

ROOT = Path(__file__).resolve().parents[3]
UV_VERSION = "0.13.9"
# Raise it when environments are made differently from the same locks.
RECIPE = "1"
# What pip calls a setting, and what uv calls it.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "HTTPS_PROXY",
}
NETWORK_WAY_OUT = (
    "Check the network (and the package mirror, if you use one), then run the command again."
)


def uv() -> Path:
    """The pinned uv, in an environment of its own."""
    name = f"uv-{UV_VERSION}-py{sys.version_info[0]}.{sys.version_info[1]}"
    return cache.entry(name, _install_uv) / "bin" / "uv"


def _install_uv(folder: Path) -> None:
    with step("Fetching uv, the installer"):
        venv = subprocess.run(
            [sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True
        )
        if venv.returncode:
            raise CannotGoOn(
                "This Python cannot make virtual environments: install the missing part "
                "(`apt-get install python3-venv`) and try again."
            )
        tool.run(
            "uv",
            [folder / "bin" / "python", "-m", "pip", "install", "--no-input", f"uv=={UV_VERSION}"],
            way_out=NETWORK_WAY_OUT,
        )


def uv_environment() -> dict[str, str]:
    """Where packages come from: what the person told uv, else what they told pip."""
    python = uv().parent / "python"
    said = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True
    ).stdout
    translated = {
        PIP_TO_UV[name]: " ".join(value.replace("\\n", " ").split())
        for name, value in _pip_settings(said)
        if name in PIP_TO_UV and value
    }
    if "UV_INDEX_URL" in os.environ:  # the older name of the same thing
        translated.pop("UV_DEFAULT_INDEX", None)
    ours = {k: v for k, v in translated.items() if k not in os.environ}
    return {"UV_PYTHON_DOWNLOADS": "never", **ours}


def _pip_settings(listing: str) -> list[tuple[str, str]]:
    """Parse lines such as global.index-url='https://…' and :env:.index-url='…' (later wins)."""
    pairs = (line.partition("=") for line in listing.splitlines())
    return [(name.rpartition(".")[2], value.strip().strip("'\"")) for name, _, value in pairs]


def platform_environment(python: Interpreter) -> Path:
    """Portal, workers, hub and the embedded servers."""
    return _environment("platform", python, [ROOT / "requirements.txt"])


def developer_environment(python: Interpreter) -> Path:
    """The platform's packages with those of tests and checks."""
    return _environment(
        "developer", python, [ROOT / "requirements.txt", ROOT / "requirements" / "dev.txt"]
    )


def _environment(name: str, python: Interpreter, locks: list[Path]) -> Path:
    key = cache.key_of([RECIPE, UV_VERSION, python.key, *locks])

    def build(folder: Path) -> None:
        count = sum(_count_packages(lock) for lock in locks)
        with step(f"Installing the {name} environment ({count} packages)"):
            _install(name, folder, python, locks)

    return cache.entry(f"{name}-{key}", build)


def _count_packages(lock: Path) -> int:
    return sum("==" in line and line[0] not in "# " for line in lock.read_text().splitlines())


def _install(name: str, folder: Path, python: Interpreter, locks: list[Path]) -> None:
    environment = uv_environment()
    tool.run(
        f"venv {name}",
        [uv(), "venv", "--quiet", "--relocatable", "--allow-existing", "--python",
         python.executable, folder],
        environment=environment,
        way_out="Run the command again.",
    )  # fmt: skip
    tool.run(
        f"packages {name}",
        [uv(), "pip", "install", "--no-deps", "--only-binary", ":all:",
         "--compile-bytecode", "--python",
         folder / "bin" / "python", *(p for lock in locks for p in ("-r", lock))],
        environment=environment,
        way_out=NETWORK_WAY_OUT,
    )  # fmt: skip
    if os.geteuid() == 0:
        # uv's own cache may have been filled under a stricter umask.
        tool.run(f"chmod {name}", ["chmod", "-R", "a+rX", folder], way_out="Run it again.")


def runtime_environment(python: Interpreter) -> Path:
    """What notebooks run in: the locked packages plus this checkout's runtime and client.

    A change of our own sources makes a copy by hard links, not a new installation.
    """
    packages = _environment("runtime", python, [ROOT / "requirements" / "runtime.txt"])
    sources = [ROOT / "runtime", ROOT / "client"]
    key = cache.key_of([packages.name, *(cache.key_of_tree(source) for source in sources)])

    def build(folder: Path) -> None:
        folder.rmdir()
        shutil.copytree(packages, folder, symlinks=True, copy_function=os.link)
        (folder / cache.STAMP).unlink()
        _add_own_packages(folder)

    return cache.entry(f"runtime-ours-{key}", build)


def _add_own_packages(environment: Path) -> None:
    library = next((environment / "lib").glob("python3.*")) / "site-packages"
    leave_out = shutil.ignore_patterns("__pycache__")
    for source in (ROOT / "runtime" / "atelier_runtime", ROOT / "client" / "atelier_client"):
        shutil.copytree(source, library / source.name, ignore=leave_out)
    # Data files of Jupyter extensions: etc/jupyter/…, share/jupyter/…
    for data in ("etc", "share"):
        if (ROOT / "runtime" / data).is_dir():
            shutil.copytree(
                ROOT / "runtime" / data,
                environment / data,
                dirs_exist_ok=True,
                copy_function=_replace,
            )
    command = environment / "bin" / "atelier"
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m atelier_client "$@"\n')
    command.chmod(0o755)
    subprocess.run(
        [environment / "bin" / "python", "-m", "compileall", "-q", library / "atelier_runtime",
         library / "atelier_client"],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _replace(source: str, target: str) -> None:
    """Copy a file without writing through a hard link into the packages' environment."""
    Path(target).unlink(missing_ok=True)
    shutil.copy2(source, target)
