"""The faults that tests may bring on the cluster, and that it recovers from them."""

from __future__ import annotations

import pytest
import urllib3
from kubernetes import client

from tests.cluster.cluster import Cluster
from tests.cluster.test_cluster import create, phase, pod, wait

pytestmark = pytest.mark.cluster_fault


def test_the_api_server_goes_away_and_comes_back(cluster: Cluster) -> None:
    before = cluster.core.read_node("node1").metadata.uid

    with cluster.without_api(), pytest.raises(urllib3.exceptions.HTTPError):
        cluster.core.read_node("node1", _request_timeout=5)

    assert cluster.core.read_node("node1").metadata.uid == before


def test_pods_run_again_after_every_other_process_was_killed(cluster: Cluster) -> None:
    names = ("controllers", "scheduler", "kubelet", "proxy", "enforcer", "storage")
    for name in names:
        cluster.stop(name, hard=True)
    for name in names:
        cluster.start(name)

    with cluster.namespace("harness") as namespace:
        wait(lambda: has_account(cluster, namespace))
        create(cluster, namespace, pod(cluster, "hello", "true"))
        wait(lambda: phase(cluster, namespace, "hello") == "Succeeded")


def has_account(cluster: Cluster, namespace: str) -> bool:
    """Whether the controllers gave the namespace its account, without which no pod is admitted."""
    try:
        cluster.core.read_namespaced_service_account("default", namespace)
    except client.ApiException:
        return False
    return True
