"""Fixtures for the hub's side.

- ``runtime_python``, ``proxy_command``: what `make up` runs, from its caches (made when missing),
  or what ATELIER_RUNTIME_PYTHON and ATELIER_PROXY name.
- ``rig``: a hub with its proxy and a fake portal, one for all tests of a module; a test uses
  server names of its own.
- ``fresh_rig``: the same for one test alone, that may break it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from atelier.operate import environments, interpreter, node
from tests.spawner.rig import Rig, running_rig


@pytest.fixture(scope="session")
def runtime_python() -> Path:
    if named := os.environ.get("ATELIER_RUNTIME_PYTHON"):
        return Path(named)
    return environments.runtime_environment(interpreter.choose()) / "bin" / "python"


@pytest.fixture(scope="session")
def proxy_command() -> list[str]:
    own = node.Node(Path(sys.prefix))
    script = os.environ.get("ATELIER_PROXY") or str(node.proxy(own))
    return [str(own.executable), script]


@pytest.fixture(scope="module")
def rig(runtime_python: Path, proxy_command: list[str]) -> Iterator[Rig]:
    with running_rig(runtime_python, proxy_command) as running:
        yield running


@pytest.fixture
def fresh_rig(runtime_python: Path, proxy_command: list[str]) -> Iterator[Rig]:
    with running_rig(runtime_python, proxy_command) as running:
        yield running
