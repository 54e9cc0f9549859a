"""From nothing to a Python that has everything: the part of each command before any install.

Runs on any Python 3.11-3.13 with the standard library alone, makes what the command needs, then
becomes that environment's Python running `atelier.operate`.
"""

from __future__ import annotations

import errno
import os
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from atelier.operate import cache, environments, interpreter, node, tool
from atelier.operate.console import complain
from atelier.operate.errors import CannotGoOn

# What each command needs beyond the platform's own environment.
WITH_EVERYTHING = frozenset({"up", "test", "bench", "soak", "prepare"})
TEST_CLUSTER = "cluster-"
FOR_DEVELOPERS = frozenset({"test", "check", "bench", "soak", "lock", "schema", "client", "pytest"})


def main(arguments: list[str]) -> int:
    """Prepare, then hand over; the return value is only for what went wrong before."""
    try:
        command = arguments[0] if arguments else "help"
        os.umask(0o022)  # other users read what we make in the cache
        if command.startswith(TEST_CLUSTER):
            become_test_cluster(command.removeprefix(TEST_CLUSTER))
        refuse_other_machines()
        executable, variables = prepare(command)
    except CannotGoOn as stop:
        complain(str(stop))
        return 1
    except KeyboardInterrupt:
        complain("Stopped. The same command goes on from here.")
        return 130
    except OSError as error:
        complain(as_sentence(error))
        return 1
    os.environ.update(variables)
    return os.execv(executable, [str(executable), "-m", "atelier.operate", *arguments])


def become_test_cluster(command: str) -> NoReturn:
    """The tests' own Kubernetes needs no environment of ours, and says itself what it needs."""
    os.chdir(environments.ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "tests.cluster", command])


def refuse_other_machines() -> None:
    """The wheels of the embedded servers exist for Linux on x86-64."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise CannotGoOn(
            f"Local mode runs on Linux x86-64 and this is {platform.system()} "
            f"{platform.machine()}: use a virtual machine of that kind."
        )


def prepare(command: str) -> tuple[Path, dict[str, str]]:
    """Make what `command` needs; returns the Python to go on with and what to tell it."""
    cache.cache_folder().mkdir(parents=True, exist_ok=True)
    python = interpreter.choose()
    make = (
        environments.developer_environment
        if command in FOR_DEVELOPERS
        else environments.platform_environment
    )
    environment = make(python)
    variables = {"PYTHONPATH": str(environments.ROOT / "platform")}
    if command in WITH_EVERYTHING:
        variables |= everything_else(python, node.Node(environment))
    return environment / "bin" / "python", variables


def everything_else(python: interpreter.Interpreter, own_node: node.Node) -> dict[str, str]:
    """Notebooks' environment, the portal's pages and the proxy, made side by side."""
    with ThreadPoolExecutor() as workers:
        runtime = workers.submit(environments.runtime_environment, python)
        proxy = workers.submit(node.proxy, own_node)
        pages = workers.submit(node.pages, own_node)
    built = pages.result()
    return {
        "ATELIER_RUNTIME_PYTHON": str(runtime.result() / "bin" / "python"),
        "ATELIER_NODE": str(own_node.executable),
        "ATELIER_PROXY": str(proxy.result()),
        **({"ATELIER_SPA_DIR": str(built)} if built else {}),
    }


def as_sentence(error: OSError) -> str:
    """Say what an error of the operating system means here."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return tool.disk_is_full(cache.cache_folder())
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.filename} cannot be written by this user: make it writable, or choose other "
            "places with ATELIER_HOME and ATELIER_CACHE."
        )
    return f"{error.strerror}: {error.filename}. Put that right and run the command again."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
