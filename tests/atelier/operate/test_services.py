"""Which processes an installation has, and what each of them is told."""

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from atelier.operate.engine import Asked, Engine, remember, remembered
from atelier.operate.errors import CannotGoOn
from atelier.operate.installation import Installation

ON_CLUSTER = Engine("kubernetes", "10.99.0.1")


@pytest.fixture
def on_cluster(installation: Installation) -> Installation:
    chosen = replace(installation.chosen, engine=ON_CLUSTER, isolation="kubernetes")
    return Installation(installation.home, chosen, installation.built)


def environment_of(here: Installation, name: str) -> dict[str, str]:
    return {s.name: dict(s.environment) for s in here.services}[name]


def test_a_local_home_has_one_worker_for_both_queues(installation: Installation) -> None:
    names = [service.name for service in installation.services]

    assert names == [
        "postgres", "valkey", "proxy", "hub", "portal", "events", "worker", "beat",
    ]  # fmt: skip
    worker = next(s for s in installation.services if s.name == "worker")
    assert worker.command[worker.command.index("-Q") + 1] == "celery,tenancy"


def test_a_home_on_a_cluster_has_a_tenancy_worker_and_a_door(on_cluster: Installation) -> None:
    names = {service.name for service in on_cluster.services}

    assert {"worker", "tenancy-worker", "door"} < names


def test_only_worker_tenancy_worker_and_hub_may_act_on_the_cluster(
    on_cluster: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What somebody's shell happens to hold reaches nobody.
    monkeypatch.setenv("ATELIER_KUBECONFIG", "/somebody/elses")

    accounts = {
        service.name: service.environment["ATELIER_KUBECONFIG"]
        for service in on_cluster.services
        if "ATELIER_KUBECONFIG" in service.environment
    }

    assert accounts == {
        "worker": str(on_cluster.home.kubeconfig("worker")),
        "tenancy-worker": str(on_cluster.home.kubeconfig("tenancy")),
        "hub": str(on_cluster.home.kubeconfig("hub")),
    }


def test_everybody_finds_the_hub_where_pods_find_it(on_cluster: Installation) -> None:
    for name in ("hub", "worker", "portal"):
        told = environment_of(on_cluster, name)
        assert urlsplit(told["ATELIER_HUB_API_URL"]).hostname == "10.99.0.1"
        assert told["ATELIER_ENGINE"] == "kubernetes"


def test_pods_may_go_to_the_portal_and_the_hub_only(on_cluster: Installation) -> None:
    peers = json.loads(environment_of(on_cluster, "worker")["ATELIER_PLATFORM_PEERS"])

    port = on_cluster.chosen.port
    assert peers == [{"cidr": "10.99.0.1/32", "egress_ports": [port, port + 5], "ingress": True}]


def test_the_engine_is_remembered(installation: Installation) -> None:
    assert remembered(installation.home) == Engine()

    remember(installation.home, ON_CLUSTER)

    assert remembered(installation.home) == ON_CLUSTER


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(CannotGoOn, match="ENGINE='docker': use local or kubernetes"):
        Asked("docker")
