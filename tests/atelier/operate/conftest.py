"""Fixtures of the operating tests.

- ``open_folder``: a temporary folder that other users may enter, as PostgreSQL must when we are
  root (pytest's own are closed).
- ``free_configuration``: choices with a range of free ports.
- ``installation``: a prepared installation in ``open_folder`` with nothing running.
- ``there``: a cluster on which everything is as it should be; ``kubeconfig`` leads to it.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from atelier.operate import databases
from atelier.operate.configuration import PORTS, Configuration
from atelier.operate.home import Home
from atelier.operate.installation import Installation
from atelier.operate.obstacles import is_free
from atelier.operate.ports import free_port
from atelier.operate.services import Built
from tests.atelier.operate import table_cluster
from tests.atelier.operate.table_cluster import TableCluster


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="atelier-operate-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def configuration_on(port: int) -> Configuration:
    return Configuration(
        port=port,
        isolation="none",
        address="127.0.0.1",
        portal_url=f"http://localhost:{port}",
        content_url=f"http://127.0.0.1:{port + 1}",
        events_url=f"http://localhost:{port + 4}",
        shared_host_allowed=False,
    )


@pytest.fixture
def free_configuration() -> Configuration:
    while True:
        port = min(free_port(), 65535 - PORTS)
        if all(is_free(port + offset) for offset in range(PORTS)):
            return configuration_on(port)


@pytest.fixture
def built() -> Built:
    return Built(
        python=Path(sys.executable),
        runtime_python=sys.executable,
        node="/usr/bin/node",
        proxy="/nonexistent/proxy",
        pages="",
    )


@pytest.fixture
def installation(
    open_folder: Path, free_configuration: Configuration, built: Built
) -> Installation:
    here = Installation(Home(open_folder / "state"), free_configuration, built)
    here.home.prepare()
    databases.ensure_signing_key(here.home)
    return here


@pytest.fixture
def there() -> Iterator[TableCluster]:
    with table_cluster.running() as table:
        yield table


@pytest.fixture
def kubeconfig(tmp_path: Path, there: TableCluster) -> Path:
    return table_cluster.write_kubeconfig(tmp_path / "admin.kubeconfig", there.url)
