"""An installation of its own on the test cluster, and a portal that belongs to it.

- ``system``: the system objects under a name of their own, and each component's kubeconfig.
- ``installation``: settings as the tenancy worker has them there, with an instance of its own.
- ``founded``: ``founded("churn")`` is a new project with its place; ``admin_of`` the cluster's.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from atelier.accounts.models import User
from atelier.engines.kubernetes import Cluster, rbac
from atelier.engines.kubernetes.access import load
from atelier.engines.kubernetes.errors import Missing
from atelier.projects import services as projects
from atelier.projects.models import Project
from atelier.tenancy import grounds, services
from atelier.tenancy.models import Place
from tests.cluster.cluster import Cluster as TestCluster
from tests.factories.accounts import UserFactory


@dataclass(frozen=True, slots=True)
class System:
    """A system namespace with the accounts of hub, tenancy and worker."""

    namespace: str
    kubeconfigs: dict[str, Path]
    admin: Cluster

    def as_component(self, component: str) -> Cluster:
        return Cluster(load(self.kubeconfigs[component]))


@pytest.fixture(scope="session")
def system(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    name = f"tenancy-system-{secrets.token_hex(3)}"
    made = {"apiVersion": "v1", "kind": "List", "items": rbac.system_objects(name)}
    cluster.run_kubectl(
        "apply", "--server-side", "--force-conflicts", "-f", "-", stdin=json.dumps(made)
    )
    folder = tmp_path_factory.mktemp("kube")
    accounts = {c: _kubeconfig(cluster, name, c, folder) for c in rbac.COMPONENTS}
    yield System(name, accounts, Cluster(load(cluster.kubeconfig)))
    cluster.run_kubectl("delete", "clusterrolebinding", f"{name}-tenancy")
    cluster.run_kubectl("delete", "namespace", name, "--wait=false")


def _kubeconfig(cluster: TestCluster, namespace: str, account: str, folder: Path) -> Path:
    token = cluster.run_kubectl("-n", namespace, "create", "token", account, "--duration=2h")
    whole = yaml.safe_load(cluster.kubeconfig.read_text())
    whole["users"][0]["user"] = {"token": token.strip()}
    file = folder / f"{account}.kubeconfig"
    file.write_text(yaml.safe_dump(whole))
    return file


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation's view of the cluster; ``admin`` is somebody with all rights."""

    instance: str
    system: System
    settings: Any

    @property
    def admin(self) -> Cluster:
        return self.system.admin

    def act_as(self, kubeconfig: Path) -> None:
        """Let the tenancy worker be somebody else from now on."""
        self.settings.ATELIER_KUBECONFIG = str(kubeconfig)
        grounds.forget()

    def get(self, plural: str, namespace: str, name: str) -> dict[str, Any] | None:
        try:
            return self.admin.get(plural, namespace, name)
        except Missing:
            return None


@pytest.fixture
def installation(db: None, system: System, settings: Any) -> Iterator[Installation]:
    settings.ATELIER_ENGINE = "kubernetes"
    settings.ATELIER_INSTANCE = f"t{secrets.token_hex(4)}"
    settings.ATELIER_SYSTEM_NAMESPACE = system.namespace
    made = Installation(settings.ATELIER_INSTANCE, system, settings)
    made.act_as(system.kubeconfigs["tenancy"])
    yield made
    mine = f"atelier.dev/instance={made.instance}"
    for namespace in system.admin.list("namespaces", labels=mine):
        system.admin.delete("namespaces", "", namespace["metadata"]["name"])
    for place in Place.objects.all():  # also those that lost their label
        system.admin.delete("namespaces", "", place.namespace)
    grounds.forget()


Founded = Callable[[str], Project]


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory.create(username="lead")


@pytest.fixture
def founded(installation: Installation, lead: User) -> Founded:
    def found(name: str) -> Project:
        project = projects.create_project(actor=lead, name=name)
        services.ensure(project.pk)
        return project

    return found
