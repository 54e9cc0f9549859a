"""The processes of the cluster: their command lines and configuration, nothing started here."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.certificates import kubeconfig_of
from tests.cluster.places import (
    API_PORT,
    CONTROLLERS_PORT,
    DNS_ADDRESS,
    DNS_DOMAIN,
    ETCD_PEER_PORT,
    ETCD_PORT,
    KUBELET_HEALTH_PORT,
    KUBELET_PORT,
    NODE,
    NODE_ADDRESS,
    POD_NETWORK,
    PROXY_HEALTH_PORT,
    PROXY_METRICS_PORT,
    SCHEDULER_PORT,
    SERVICE_NETWORK,
    Places,
)

Command = list[str | Path]
LOCAL = "127.0.0.1"
PODS = 250


@dataclass(frozen=True, slots=True)
class Component:
    """One process."""

    name: str
    command: Sequence[str | Path]
    ports: Mapping[int, str]  # port → address


def etcd(places: Places) -> Component:
    client, peer = f"http://{LOCAL}:{ETCD_PORT}", f"http://{LOCAL}:{ETCD_PEER_PORT}"
    command: Command = [
        "etcd",
        "--name=test",
        f"--data-dir={places.state}/etcd",
        "--unsafe-no-fsync",  # the data ends with the tests
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=test={peer}",
        "--quota-backend-bytes=4294967296",
        "--auto-compaction-mode=revision",
        "--auto-compaction-retention=20000",
    ]
    return Component("etcd", command, {ETCD_PORT: LOCAL, ETCD_PEER_PORT: LOCAL})


def api_server(places: Places) -> Component:
    pki = places.pki
    command: Command = [
        places.binaries / "kube-apiserver",
        f"--etcd-servers=http://{LOCAL}:{ETCD_PORT}",
        f"--secure-port={API_PORT}",
        f"--bind-address={NODE_ADDRESS}",
        f"--advertise-address={NODE_ADDRESS}",
        f"--tls-cert-file={pki}/apiserver.crt",
        f"--tls-private-key-file={pki}/apiserver.key",
        f"--client-ca-file={pki}/ca.crt",
        f"--kubelet-client-certificate={pki}/admin.crt",
        f"--kubelet-client-key={pki}/admin.key",
        f"--kubelet-certificate-authority={pki}/ca.crt",
        "--kubelet-preferred-address-types=InternalIP",  # the node's name is in no DNS
        f"--service-account-key-file={pki}/sa.pub",
        f"--service-account-signing-key-file={pki}/sa.key",
        f"--service-account-issuer=https://kubernetes.default.svc.{DNS_DOMAIN}",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        f"--service-cluster-ip-range={SERVICE_NETWORK}",
        "--allow-privileged=true",
        # A watch that is cut must not hold up the end of the process.
        "--shutdown-watch-termination-grace-period=0s",
    ]
    return Component("apiserver", command, {API_PORT: NODE_ADDRESS})


def controllers(places: Places) -> Component:
    pki = places.pki
    command: Command = [
        places.binaries / "kube-controller-manager",
        f"--kubeconfig={kubeconfig_of(places, 'controllers')}",
        f"--bind-address={LOCAL}",
        f"--secure-port={CONTROLLERS_PORT}",
        "--leader-elect=false",
        f"--service-account-private-key-file={pki}/sa.key",
        f"--root-ca-file={pki}/ca.crt",
        f"--cluster-signing-cert-file={pki}/ca.crt",
        f"--cluster-signing-key-file={pki}/ca.key",
        "--use-service-account-credentials=true",
        "--controllers=*,-cloud-node-lifecycle-controller",
    ]
    return Component("controllers", command, {CONTROLLERS_PORT: LOCAL})


def scheduler(places: Places) -> Component:
    command: Command = [
        places.binaries / "kube-scheduler",
        f"--kubeconfig={kubeconfig_of(places, 'scheduler')}",
        f"--bind-address={LOCAL}",
        f"--secure-port={SCHEDULER_PORT}",
        "--leader-elect=false",
    ]
    return Component("scheduler", command, {SCHEDULER_PORT: LOCAL})


def kubelet(places: Places) -> Component:
    command: Command = [
        places.binaries / "kubelet",
        f"--config={places.config}/kubelet.json",
        f"--kubeconfig={kubeconfig_of(places, 'kubelet')}",
        f"--root-dir={places.state}/kubelet",
        f"--hostname-override={NODE}",
        f"--node-ip={NODE_ADDRESS}",
        "--v=2",
    ]
    ports = {KUBELET_PORT: NODE_ADDRESS, KUBELET_HEALTH_PORT: LOCAL}
    return Component("kubelet", command, ports)


def proxy(places: Places) -> Component:
    command: Command = [
        places.binaries / "kube-proxy",
        f"--config={places.config}/proxy.json",
        "--v=2",
    ]
    ports = {PROXY_HEALTH_PORT: LOCAL, PROXY_METRICS_PORT: LOCAL}
    return Component("proxy", command, ports)


def agent(places: Places, name: str) -> Component:
    """A program of the harness itself, run by this very Python."""
    root = Path(__file__).resolve().parents[2]
    paths = [str(root), str(root / "platform")]
    run = f"import sys; sys.path[:0] = {paths}; from tests.cluster.{name} import main; main()"
    command: Command = [sys.executable, "-c", run, places.state, places.cache]
    return Component(name, command, {})


def after_the_api(places: Places) -> list[Component]:
    """What needs an API server, in the order of starting."""
    agents = [agent(places, "enforcer"), agent(places, "storage")]
    return [*agents, controllers(places), scheduler(places), kubelet(places), proxy(places)]


def everything(places: Places) -> list[Component]:
    """All but the container runtime, which has a module of its own."""
    return [etcd(places), api_server(places), *after_the_api(places)]


def kubelet_configuration(places: Places) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": NODE_ADDRESS,
        "failCgroupV1": False,
        "failSwapOn": False,
        "cgroupDriver": "cgroupfs",
        "containerRuntimeEndpoint": f"unix://{places.containerd_socket}",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": f"{places.pki}/ca.crt"},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": f"{places.pki}/kubelet.crt",
        "tlsPrivateKeyFile": f"{places.pki}/kubelet.key",
        "clusterDNS": [DNS_ADDRESS],
        "clusterDomain": DNS_DOMAIN,
        "resolvConf": f"{places.config}/resolv.conf",
        # Percentages of a developer's full disk must not drive pods away.
        "evictionHard": {
            "memory.available": "100Mi",
            "nodefs.available": "1%",
            "imagefs.available": "1%",
        },
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "imageMinimumGCAge": "24h",
        "maxPods": PODS,
        "podLogsDir": f"{places.state}/pods",
        "volumePluginDir": f"{places.state}/kubelet-plugins",
        "registryPullQPS": 0,
        "eventRecordQPS": 0,
    }


def proxy_configuration(places: Places) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clientConnection": {"kubeconfig": str(kubeconfig_of(places, "proxy"))},
        "clusterCIDR": POD_NETWORK,
        "mode": "iptables",
        "hostnameOverride": NODE,
        "healthzBindAddress": f"{LOCAL}:{PROXY_HEALTH_PORT}",
        "metricsBindAddress": f"{LOCAL}:{PROXY_METRICS_PORT}",
        # Zero leaves the machine's own limits alone.
        "conntrack": {
            "maxPerCore": 0,
            "min": 0,
            "tcpEstablishedTimeout": "0s",
            "tcpCloseWaitTimeout": "0s",
        },
    }


def configure(places: Places) -> None:
    """Write the configuration files."""
    files = {
        "kubelet.json": json.dumps(kubelet_configuration(places), indent=1),
        "proxy.json": json.dumps(proxy_configuration(places), indent=1),
        "resolv.conf": "".join(f"nameserver {each}\n" for each in name_servers()),
    }
    for name, text in files.items():
        (places.config / name).write_text(text)


def name_servers() -> list[str]:
    """This machine's name servers that a pod could reach too."""
    try:
        lines = Path("/etc/resolv.conf").read_text().splitlines()
    except FileNotFoundError:
        return []
    named = [line.split()[1] for line in lines if line.startswith("nameserver ")]
    return [address for address in named if not address.startswith(("127.", "::1"))]
