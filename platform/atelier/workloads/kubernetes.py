"""The engine of the installation's own cluster, made from the settings."""

from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.db import connection

from atelier.catalog import capacity
from atelier.core.resources import Resources
from atelier.engines.kubernetes import Cluster, KubernetesEngine
from atelier.engines.kubernetes.access import load
from atelier.projects.models import Project
from atelier.workloads.models import Workload
from atelier.workloads.status import IN_ENGINE

ENGINE = "kubernetes"


def engine() -> KubernetesEngine:
    """Return an engine that finds its account at the first question: only workers have one."""
    return KubernetesEngine(
        Cluster(partial(load, settings.ATELIER_KUBECONFIG)),
        instance=settings.ATELIER_INSTANCE,
        namespaces=namespaces,
        nodes=nodes,
        watched=_watched,
    )


def namespaces() -> list[str]:
    """Return where runs may be: the namespaces of all projects."""
    return [project.namespace for project in Project.objects.filter(gone_at=None).only("pk")]


def busy_namespaces() -> list[str]:
    """Return the namespaces in which something runs or is about to."""
    busy = Workload.objects.filter(engine=ENGINE, status__in=IN_ENGINE).values("project")
    return [project.namespace for project in Project.objects.filter(pk__in=busy).only("pk")]


def nodes() -> Sequence[Resources] | None:
    """Return what each node has, as it was last measured; None while that is not known."""
    return capacity.machines(ENGINE)


def _watched() -> list[str]:
    # The thread that asks lives as long as its process, through restarts of the database.
    connection.close_if_unusable_or_obsolete()
    return busy_namespaces()
