"""Fixtures of the journeys through a platform whose notebooks and jobs are pods of a real cluster.

- ``platform``: one platform for the session, started by what is behind
  ``make up ENGINE=kubernetes``. ATELIER_E2E_CLUSTER_HOME keeps it running between runs.
- ``cluster``: the cluster, as its administrator.
- ``team``: a new person with a project, who starts notebooks and jobs in it.
- ``watch``: notes all along what stands in the cluster and in the books (invariant I3).
- ``measured``: ``measured("what", seconds)`` puts a figure under the run's last lines.

Journeys run first, then the faults, which disturb everybody, then the last look at the books.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.cluster import Cluster
from tests.e2e.cluster.books import Watch
from tests.e2e.cluster.team import LIGHT, LIGHT_NEEDS, Team
from tests.e2e.running import Person, Platform, running_platform

KEPT = "ATELIER_E2E_CLUSTER_HOME"
HERE = Path(__file__).parent
ORDER = ("journey", "fault", "last")
_measured: list[tuple[str, float]] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        if not item.get_closest_marker("cluster_fault"):
            item.add_marker(pytest.mark.cluster)
        item.add_marker(pytest.mark.timeout(900))
    in_order = iter(sorted(ours, key=_place))
    items[:] = [next(in_order) if item in ours else item for item in items]


def _place(item: pytest.Item) -> int:
    if item.path.stem == "test_books":
        return ORDER.index("last")
    return ORDER.index("fault" if item.get_closest_marker("cluster_fault") else "journey")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, seconds in _measured:
        terminalreporter.write_line(f"{what}: {seconds:.1f} s")


Measured = Callable[[str, float], None]


@pytest.fixture
def measured() -> Measured:
    return lambda what, seconds: _measured.append((what, seconds))


@pytest.fixture(scope="session")
def platform(cluster: Cluster) -> Iterator[Platform]:
    started_with: tuple[str, ...] = (
        "--engine",
        "kubernetes",
        "--kubeconfig",
        str(cluster.kubeconfig),
    )
    if Path(os.environ.get(KEPT) or os.devnull, "secrets").is_dir():
        started_with = ()  # a kept one knows its cluster, and new accounts would restart it
    with running_platform(*started_with, kept_by=KEPT) as running:
        made = running.admin_api.post(
            "/profiles", json={"slug": LIGHT, "name": "Light", "resources": LIGHT_NEEDS}
        )
        assert made.status_code in {201, 400, 409}, made.text  # a kept one has it already
        yield running


@pytest.fixture(scope="session", autouse=True)
def watch(platform: Platform, cluster: Cluster) -> Iterator[Watch]:
    with Watch(platform, cluster) as watching:
        yield watching


@pytest.fixture
def team(platform: Platform, cluster: Cluster, alice: Person) -> Iterator[Team]:
    made = Team(platform, cluster, alice)
    yield made
    made.close()
