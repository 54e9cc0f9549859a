"""Pytest plugin (`-p tests.cluster.plugin`): the fixture `cluster` and the rules of its markers.

Tests marked `cluster` use the cluster side by side, each in namespaces of its own; tests marked
`cluster_fault` disturb all of it and run alone. Both run only when `-m` or a path asks for them,
and are skipped with a sentence where no cluster is up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cluster.cluster import Cluster
    from tests.cluster.s3 import S3

MARKERS = ("cluster", "cluster_fault")
KUBECONFIG = "ATELIER_TEST_KUBECONFIG"
NO_CLUSTER = f"no test cluster is up: `make cluster-up`, or {KUBECONFIG}=FILE for one of yours"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "cluster" not in (config.option.markexpr or ""):
        leave_out_unasked(config, items)
    if any(is_on_cluster(item) for item in items):
        name_the_cluster()


def leave_out_unasked(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep only those tests on the cluster whose file the command line names."""
    named = [argument.partition("::")[0] for argument in config.args]
    asked_for = {config.invocation_params.dir / each for each in named}
    unasked = [item for item in items if is_on_cluster(item) and item.path not in asked_for]
    if unasked:
        config.hook.pytest_deselected(items=unasked)
        items[:] = [item for item in items if item not in unasked]


def name_the_cluster() -> None:
    """Tell tests and what they start where the cluster of this machine is, unless somebody did."""
    from tests.cluster.places import Places

    places = Places.here()
    if places.admin_kubeconfig.exists():
        os.environ.setdefault(KUBECONFIG, str(places.admin_kubeconfig))


def is_on_cluster(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in MARKERS)


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The cluster of ATELIER_TEST_KUBECONFIG, or the one that `make cluster-up` started."""
    # Here, for a run without such tests need not load the client of Kubernetes.
    from tests.cluster.cluster import connect, server_in
    from tests.cluster.places import API_URL, Places
    from tests.cluster.up import is_up

    places = Places.here()
    named = os.environ.get(KUBECONFIG)
    if not named:
        pytest.skip(NO_CLUSTER)
    kubeconfig = Path(named).resolve()
    if server_in(kubeconfig) != API_URL:
        return connect(kubeconfig, None)
    if not is_up(places):
        pytest.skip(f"the test cluster is not whole, see `make cluster-status`; {NO_CLUSTER}")
    return connect(kubeconfig, places)


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[S3]:
    """An S3 server that pods reach too where the cluster is up."""
    from tests.cluster import kernel, s3
    from tests.cluster.places import NODE_ADDRESS, NODE_BRIDGE, Places

    rclone = Places.here().binaries / "rclone"
    if not rclone.exists():
        pytest.skip("no S3 server for tests here yet: `make cluster-up` builds it")
    folder = tmp_path / "buckets"
    folder.mkdir()
    address = NODE_ADDRESS if kernel.exists(NODE_BRIDGE) else "127.0.0.1"
    with s3.serving(rclone, folder, address=address, log=tmp_path / "s3.log") as server:
        yield server
