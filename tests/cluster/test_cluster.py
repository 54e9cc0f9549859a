"""The cluster does what the platform's tests rely on: seen from its outside, with real pods."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kubernetes import client

from tests.cluster.cluster import Cluster

pytestmark = pytest.mark.cluster
PATIENCE_SECONDS = 90.0
DNS_POLICY = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}
SERVE = "mkdir -p /tmp/www && echo hello > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www"
Manifest = dict[str, Any]


@pytest.fixture
def namespace(cluster: Cluster) -> Iterator[str]:
    with cluster.namespace("harness") as name:
        yield name


def test_a_pod_runs_and_its_log_is_read(cluster: Cluster, namespace: str) -> None:
    create(cluster, namespace, pod(cluster, "hello", "echo hello; id -u"))

    wait(lambda: phase(cluster, namespace, "hello") == "Succeeded")

    assert log(cluster, namespace, "hello").split() == ["hello", "1000"]


def test_a_service_answers_by_its_name(cluster: Cluster, namespace: str) -> None:
    serve(cluster, namespace, "web")

    said = run(cluster, namespace, "timeout 30 wget -qO- http://web")

    assert said == "hello"


def test_files_on_a_claim_outlive_the_pod(cluster: Cluster, namespace: str) -> None:
    claim(cluster, namespace, "home", None)
    mounted = {"name": "home", "persistentVolumeClaim": {"claimName": "home"}}

    for name, command in (("first", "echo kept > /home/note"), ("second", "cat /home/note")):
        create(cluster, namespace, pod(cluster, name, command, mounted=mounted))
        wait(lambda name=name: phase(cluster, namespace, name) == "Succeeded")  # type: ignore[misc]

    assert log(cluster, namespace, "second").strip() == "kept"


def test_the_volume_goes_with_the_claim(cluster: Cluster, namespace: str) -> None:
    claim(cluster, namespace, "home", None)
    wait(lambda: volume_of(cluster, namespace, "home") is not None)
    volume = volume_of(cluster, namespace, "home")

    cluster.core.delete_namespaced_persistent_volume_claim("home", namespace)

    wait(lambda: volume not in [each.metadata.name for each in volumes(cluster)])


def test_a_claim_of_the_class_never_stays_pending(cluster: Cluster, namespace: str) -> None:
    claim(cluster, namespace, "home", "never")
    mounted = {"name": "home", "persistentVolumeClaim": {"claimName": "home"}}

    create(cluster, namespace, pod(cluster, "waiting", "true", mounted=mounted))

    wait(lambda: "unbound" in why_not_scheduled(cluster, namespace, "waiting"))


def test_a_given_accelerator_is_scheduled_and_taken_back(cluster: Cluster, namespace: str) -> None:
    resource = "nvidia.com/mig-1g.5gb"
    asked = pod(cluster, "training", "echo on it", limits={resource: "1"})

    with cluster.gpu(2, resource):
        create(cluster, namespace, asked)
        wait(lambda: phase(cluster, namespace, "training") == "Succeeded")

    node = cluster.core.read_node("node1")
    assert resource not in node.status.capacity


def test_an_accelerator_nobody_has_is_said(cluster: Cluster, namespace: str) -> None:
    asked = pod(cluster, "training", "true", limits={"example.com/none": "1"})

    create(cluster, namespace, asked)

    wait(
        lambda: "Insufficient example.com/none" in why_not_scheduled(cluster, namespace, "training")
    )


def test_memory_beyond_the_limit_ends_as_out_of_memory(cluster: Cluster, namespace: str) -> None:
    hungry = pod(cluster, "hungry", "exec tail /dev/zero", limits={"memory": "20Mi"})

    create(cluster, namespace, hungry)

    wait(lambda: phase(cluster, namespace, "hungry") == "Failed")
    status = cluster.core.read_namespaced_pod("hungry", namespace).status
    assert status.container_statuses[0].state.terminated.reason == "OOMKilled"


def test_a_quota_refuses_what_exceeds_it(cluster: Cluster, namespace: str) -> None:
    quota = {"metadata": {"name": "quota"}, "spec": {"hard": {"pods": "0"}}}
    cluster.core.create_namespaced_resource_quota(namespace, quota)
    # It counts from when it has counted for the first time.
    wait(lambda: bool(cluster.core.read_namespaced_resource_quota("quota", namespace).status.used))

    with pytest.raises(client.ApiException, match="exceeded quota"):
        create(cluster, namespace, pod(cluster, "one", "true"))


def test_a_restricted_namespace_refuses_a_privileged_pod(cluster: Cluster) -> None:
    hostile = pod(cluster, "hostile", "true")
    hostile["spec"]["containers"][0]["securityContext"] = {"privileged": True}

    with (
        cluster.namespace("harness", {"pod-security.kubernetes.io/enforce": "restricted"}) as here,
        pytest.raises(client.ApiException, match="violates PodSecurity"),
    ):
        create(cluster, here, hostile)


def test_a_pod_of_another_namespace_is_kept_out(cluster: Cluster, namespace: str) -> None:
    serve(cluster, namespace, "web")
    isolate(cluster, namespace)
    with cluster.namespace("harness") as other:
        address = f"http://web.{namespace}"

        assert run(cluster, other, f"timeout 4 wget -qO- {address} || echo kept out") == "kept out"


def test_a_policy_holds_from_the_first_packet(cluster: Cluster, namespace: str) -> None:
    isolate(cluster, namespace)
    tries = (
        "for i in 1 2 3; do timeout 1 nc 10.99.0.1 6443 </dev/null && echo through; done; echo x"
    )

    assert run(cluster, namespace, tries) == "x"


def test_what_a_policy_allows_passes(cluster: Cluster, namespace: str) -> None:
    serve(cluster, namespace, "web")
    isolate(cluster, namespace)
    same: Manifest = {"podSelector": {}}
    allow(cluster, namespace, egress=[DNS_POLICY, {"to": [same]}], ingress=[{"from": [same]}])

    assert run(cluster, namespace, "timeout 30 wget -qO- http://web") == "hello"


def test_a_policy_names_single_ports_of_the_node(cluster: Cluster, namespace: str) -> None:
    isolate(cluster, namespace)
    block = {"ipBlock": {"cidr": f"{cluster.pod_address}/32"}}
    allow(cluster, namespace, egress=[{"to": [block], "ports": [{"port": 6443}]}])

    said = run(
        cluster,
        namespace,
        f"timeout 5 nc {cluster.pod_address} 6443 </dev/null && echo in;"
        f"timeout 3 nc {cluster.pod_address} 10250 </dev/null || echo out",
    )

    assert said.split() == ["in", "out"]


def test_a_named_port_is_looked_up_in_the_receiving_pod(cluster: Cluster, namespace: str) -> None:
    serve(cluster, namespace, "web")
    isolate(cluster, namespace)
    same: Manifest = {"podSelector": {}}
    named = {"from": [same], "ports": [{"port": "http"}]}
    allow(cluster, namespace, egress=[DNS_POLICY, {"to": [same]}], ingress=[named])

    assert run(cluster, namespace, "timeout 30 wget -qO- http://web") == "hello"


def test_probes_reach_an_isolated_pod(cluster: Cluster, namespace: str) -> None:
    isolate(cluster, namespace)
    web = pod(cluster, "web", SERVE)
    probe = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1}
    web["spec"]["containers"][0]["readinessProbe"] = probe

    create(cluster, namespace, web)

    wait(lambda: is_ready(cluster, namespace, "web"))


def test_simulated_nodes_take_pods_and_go(cluster: Cluster, namespace: str) -> None:
    asked = pod(cluster, "there", "sleep 1000", limits={"nvidia.com/gpu": "8"})
    asked["spec"]["tolerations"] = [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}]
    asked["spec"]["nodeSelector"] = {"type": "kwok"}

    with cluster.nodes(3, size={"nvidia.com/gpu": "8"}) as names:
        create(cluster, namespace, asked)
        wait(lambda: phase(cluster, namespace, "there") == "Running")
        assert cluster.core.read_namespaced_pod("there", namespace).spec.node_name in names

    nodes = [node.metadata.name for node in cluster.core.list_node().items]
    assert not set(names) & set(nodes)


def pod(
    cluster: Cluster,
    name: str,
    command: str,
    *,
    limits: dict[str, str] | None = None,
    mounted: Manifest | None = None,
    labels: dict[str, str] | None = None,
) -> Manifest:
    container = {
        "name": "main",
        "image": cluster.busybox,
        "args": ["-c", command],
        "ports": [{"name": "http", "containerPort": 8080}],
        "resources": {"limits": limits or {}},
        "volumeMounts": [{"name": mounted["name"], "mountPath": "/home"}] if mounted else [],
    }
    return {
        "metadata": {"name": name, "labels": labels or {}},
        "spec": {
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 0,
            "containers": [container],
            "volumes": [mounted] if mounted else [],
        },
    }


def create(cluster: Cluster, namespace: str, manifest: Manifest) -> None:
    cluster.core.create_namespaced_pod(namespace, manifest, _request_timeout=30)


def run(cluster: Cluster, namespace: str, command: str) -> str:
    """What a shell says in a pod of this namespace."""
    create(cluster, namespace, pod(cluster, "shell", f"exec 2>/dev/null; {command}"))
    wait(lambda: phase(cluster, namespace, "shell") in {"Succeeded", "Failed"})
    return log(cluster, namespace, "shell").strip()


def serve(cluster: Cluster, namespace: str, name: str) -> None:
    """A pod that answers `hello`, behind a Service; back when it is an endpoint."""
    create(cluster, namespace, pod(cluster, name, SERVE, labels={"app": name}))
    service = {
        "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]},
    }
    cluster.core.create_namespaced_service(namespace, service)
    wait(lambda: phase(cluster, namespace, name) == "Running")


def isolate(cluster: Cluster, namespace: str) -> None:
    policy(cluster, namespace, "deny", {"policyTypes": ["Ingress", "Egress"]})


def allow(cluster: Cluster, namespace: str, **rules: object) -> None:
    policy(cluster, namespace, "allow", {"policyTypes": ["Ingress", "Egress"], **rules})


def policy(cluster: Cluster, namespace: str, name: str, spec: Manifest) -> None:
    body = {"metadata": {"name": name}, "spec": {"podSelector": {}, **spec}}
    cluster.networking.create_namespaced_network_policy(namespace, body)


def claim(cluster: Cluster, namespace: str, name: str, storage_class: str | None) -> None:
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        **({"storageClassName": storage_class} if storage_class else {}),
    }
    body = {"metadata": {"name": name}, "spec": spec}
    cluster.core.create_namespaced_persistent_volume_claim(namespace, body)


def volume_of(cluster: Cluster, namespace: str, name: str) -> str | None:
    read = cluster.core.read_namespaced_persistent_volume_claim(name, namespace)
    return read.spec.volume_name if read.status.phase == "Bound" else None


def volumes(cluster: Cluster) -> list[Any]:
    return list(cluster.core.list_persistent_volume().items)


def phase(cluster: Cluster, namespace: str, name: str) -> str:
    return str(cluster.core.read_namespaced_pod(name, namespace).status.phase)


def log(cluster: Cluster, namespace: str, name: str) -> str:
    return str(cluster.core.read_namespaced_pod_log(name, namespace))


def is_ready(cluster: Cluster, namespace: str, name: str) -> bool:
    conditions = cluster.core.read_namespaced_pod(name, namespace).status.conditions or []
    return any(each.type == "Ready" and each.status == "True" for each in conditions)


def why_not_scheduled(cluster: Cluster, namespace: str, name: str) -> str:
    conditions = cluster.core.read_namespaced_pod(name, namespace).status.conditions or []
    return " ".join(each.message or "" for each in conditions if each.type == "PodScheduled")


def wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
