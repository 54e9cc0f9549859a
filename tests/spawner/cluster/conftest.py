"""Fixtures for servers that are pods of a real cluster.

- ``notebook_image``: the project's own image, built and loaded when it is not there yet, or the
  one that ATELIER_NOTEBOOK_IMAGE names.
- ``pods``: a hub whose servers are pods of one namespace, one for all tests of a module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from atelier.operate import images
from tests.cluster.cluster import Cluster
from tests.spawner.cluster.pod_rig import PodRig, running_pod_rig


@pytest.fixture(scope="session")
def notebook_image(cluster: Cluster) -> str:
    if named := os.environ.get("ATELIER_NOTEBOOK_IMAGE"):
        return named
    image = images.ensure(("notebook",))["notebook"]
    if cluster.places is not None:
        cluster.load(image.archive)
    return image.reference


@pytest.fixture(scope="module")
def pods(cluster: Cluster, notebook_image: str, proxy_command: list[str]) -> Iterator[PodRig]:
    with running_pod_rig(
        cluster.kubeconfig, cluster.pod_address, notebook_image, proxy_command
    ) as rig:
        yield rig
