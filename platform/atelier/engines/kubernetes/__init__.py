"""Jobs as indexed Kubernetes Jobs, in a namespace for each project."""

from atelier.engines.kubernetes.client import Cluster
from atelier.engines.kubernetes.engine import KubernetesEngine

__all__ = ("Cluster", "KubernetesEngine")
