"""The engine of the installation's own cluster, made from the settings."""

from collections.abc import Sequence
from functools import partial

from django.conf import settings

from atelier.catalog import capacity
from atelier.core.resources import Resources
from atelier.engines.kubernetes import Cluster, KubernetesEngine
from atelier.engines.kubernetes.access import load
from atelier.projects.models import Project

ENGINE = "kubernetes"


def engine() -> KubernetesEngine:
    """Return an engine that finds its account at the first question: only workers have one."""
    return KubernetesEngine(
        Cluster(partial(load, settings.ATELIER_KUBECONFIG)),
        instance=settings.ATELIER_INSTANCE,
        namespaces=namespaces,
        nodes=nodes,
    )


def namespaces() -> list[str]:
    """Return where runs may be: the namespaces of all projects."""
    return [project.namespace for project in Project.objects.only("pk")]


def nodes() -> Sequence[Resources] | None:
    """Return what each node has, as it was last measured; None while that is not known."""
    return capacity.machines(ENGINE)
