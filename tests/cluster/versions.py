"""What is built, from which module, in which version."""

from __future__ import annotations

from dataclasses import dataclass

KUBERNETES = "1.35.4"
KUBERNETES_COMMANDS = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kubectl",
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that `go install` builds as it is."""

    name: str
    package: str
    version: str


TOOLS = (
    Tool("coredns", "github.com/coredns/coredns", "1.12.4"),
    Tool("kwok", "sigs.k8s.io/kwok/cmd/kwok", "0.7.0"),
    Tool("rclone", "github.com/rclone/rclone", "1.68.2"),
)
VERSIONS = {name: KUBERNETES for name in KUBERNETES_COMMANDS} | {t.name: t.version for t in TOOLS}
