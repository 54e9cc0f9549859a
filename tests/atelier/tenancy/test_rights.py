"""S11 on the real cluster: what each component's account may do there, asked of the API server."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from kubernetes import client

from tests.atelier.tenancy.conftest import Founded, Installation
from tests.cluster.cluster import Cluster

pytestmark = pytest.mark.cluster

BATCH, APPS, RBAC = "batch", "apps", "rbac.authorization.k8s.io"
NET = "networking.k8s.io"

# (component, verb, group, resource, name): in the project's namespace.
MUST = [
    ("hub", "create", "", "pods", ""),
    ("hub", "delete", "", "pods", "w1-1"),
    ("hub", "watch", "", "pods", ""),
    ("hub", "watch", "", "events", ""),
    ("hub", "create", "", "persistentvolumeclaims", ""),
    ("hub", "create", "", "secrets", ""),
    ("hub", "delete", "", "secrets", "w1-1"),
    ("worker", "create", BATCH, "jobs", ""),
    ("worker", "delete", BATCH, "jobs", "w1-1"),
    ("worker", "watch", "", "pods", ""),
    ("worker", "get", "", "pods/log", "w1-1-0"),
    ("worker", "create", "", "services", ""),
    ("tenancy", "patch", "", "resourcequotas", "project"),
    ("tenancy", "create", NET, "networkpolicies", ""),
    ("tenancy", "patch", RBAC, "rolebindings", "atelier-hub"),
]
MUST_NOT = [
    # What is in a running pod, or leads into it.
    *((who, "create", "", f"pods/{part}", "w1-1")
      for who in ("hub", "worker", "tenancy")
      for part in ("exec", "attach", "portforward", "ephemeralcontainers")),
    *((who, "create", "", "serviceaccounts/token", "run") for who in ("hub", "worker", "tenancy")),
    # Rights over rights.
    *((who, verb, RBAC, kind, "")
      for who in ("hub", "worker")
      for verb in ("create", "patch", "bind", "escalate")
      for kind in ("roles", "rolebindings")),
    ("tenancy", "create", RBAC, "roles", ""),
    ("tenancy", "patch", RBAC, "rolebindings", "mine"),
    ("tenancy", "escalate", RBAC, "roles", "mine"),
    # The walls.
    *((who, verb, group, kind, "project")
      for who in ("hub", "worker")
      for verb in ("patch", "update", "delete")
      for group, kind in (("", "resourcequotas"), ("", "limitranges"), (NET, "networkpolicies"))),
    # Each other's work.
    ("hub", "create", BATCH, "jobs", ""),
    ("hub", "delete", "", "persistentvolumeclaims", "home-bob"),
    ("hub", "watch", "", "secrets", ""),
    ("hub", "patch", "", "pods", "w1-1"),
    ("hub", "get", "", "pods/log", "w1-1"),
    ("worker", "create", "", "pods", ""),
    ("worker", "delete", "", "pods", "w1-1"),
    *(("worker", verb, "", "secrets", "") for verb in ("get", "list", "create")),
    ("worker", "get", "", "persistentvolumeclaims", ""),
    ("worker", "create", APPS, "daemonsets", ""),
    *(("tenancy", verb, "", kind, "")
      for verb in ("get", "list", "create", "delete")
      for kind in ("pods", "secrets", "configmaps", "persistentvolumeclaims")),
    ("tenancy", "delete", "", "resourcequotas", "project"),
    ("tenancy", "patch", "", "serviceaccounts", "builder"),
]  # fmt: skip
# In the whole cluster, or in namespaces that are no project's.
MUST_NOT_ELSEWHERE = [
    *((who, verb, "", kind, namespace)
      for who in ("hub", "worker")
      for verb in ("get", "list", "create")
      for kind in ("pods", "secrets", "services")
      for namespace in ("", "kube-system", "default")),
    *((who, verb, "", kind, "")
      for who in ("hub", "worker")
      for verb in ("list", "create", "delete", "patch")
      for kind in ("namespaces", "nodes")),
    *(("tenancy", verb, "", "secrets", namespace)
      for verb in ("get", "list", "create")
      for namespace in ("", "kube-system")),
    ("tenancy", "patch", "", "nodes", ""),
    ("tenancy", "create", RBAC, "clusterroles", ""),
    ("tenancy", "create", RBAC, "clusterrolebindings", ""),
    ("tenancy", "impersonate", "", "users", ""),
    ("tenancy", "impersonate", "", "serviceaccounts", ""),
]  # fmt: skip


@pytest.fixture
def namespace(founded: Founded) -> str:
    return founded("Churn").namespace


class Judge:
    """Asks the API server about many rights at once."""

    def __init__(self, cluster: Cluster, system: str) -> None:
        # Any: the generated client takes plain dictionaries and declares only its models.
        self._reviews: Any = client.AuthorizationV1Api(cluster.api)
        self._system = system

    def may(self, who: str, verb: str, group: str, resource: str, name: str, where: str) -> bool:
        kind, _, part = resource.partition("/")
        attributes = {
            "verb": verb, "group": group, "resource": kind, "subresource": part,
            "namespace": where, "name": name,
        }  # fmt: skip
        account = f"system:serviceaccount:{self._system}:{who}"
        groups = ["system:serviceaccounts", f"system:serviceaccounts:{self._system}"]
        groups.append("system:authenticated")
        spec = {"user": account, "groups": groups, "resourceAttributes": attributes}
        review = self._reviews.create_subject_access_review({"spec": spec}, _request_timeout=30)
        return bool(review.status.allowed)

    def those_allowed(self, rights: list[tuple[str, str, str, str, str, str]]) -> set[str]:
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda right: self.may(*right), rights)
            return {json.dumps(right) for right, yes in zip(rights, answers, strict=True) if yes}


@pytest.fixture
def judge(cluster: Cluster, installation: Installation) -> Judge:
    return Judge(cluster, installation.system.namespace)


def test_s11_each_component_may_do_its_work(judge: Judge, namespace: str) -> None:
    rights = [(*right, namespace) for right in MUST]

    assert judge.those_allowed(rights) == {json.dumps(right) for right in rights}


def test_s11_and_nothing_else(judge: Judge, namespace: str) -> None:
    assert judge.those_allowed([(*right, namespace) for right in MUST_NOT]) == set()


def test_s11_hub_and_worker_may_do_nothing_outside_projects(judge: Judge, namespace: str) -> None:
    rights = [
        (who, verb, group, kind, "", where) for who, verb, group, kind, where in MUST_NOT_ELSEWHERE
    ]

    assert judge.those_allowed(rights) == set()


def test_s11_tenancy_binds_two_roles_and_no_others(judge: Judge, namespace: str) -> None:
    roles = ("atelier-hub", "atelier-worker", "atelier-tenancy", "cluster-admin", "admin", "edit")
    rights = [("tenancy", "bind", RBAC, "clusterroles", role, "") for role in roles]

    allowed = judge.those_allowed(rights)

    assert allowed == {json.dumps(right) for right in rights[:2]}


def test_s11_tenancy_cannot_give_itself_more(installation: Installation, namespace: str) -> None:
    tenancy = installation.system.as_component("tenancy")
    role = {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"}
    account = installation.system.namespace
    subjects = [{"kind": "ServiceAccount", "name": "tenancy", "namespace": account}]
    binding = {
        "apiVersion": f"{RBAC}/v1", "kind": "RoleBinding", "roleRef": role, "subjects": subjects,
        "metadata": {"name": "atelier-hub", "namespace": "kube-system"},
    }  # fmt: skip

    with pytest.raises(Exception, match=r"attempting to grant RBAC permissions|forbidden"):
        tenancy.patch(
            "rolebindings", "kube-system", "atelier-hub", binding, "apply-patch+yaml",
            query={"fieldManager": "x", "force": "true"},
        )  # fmt: skip


def test_a_pod_of_a_project_has_no_rights_at_all(cluster: Cluster, namespace: str) -> None:
    judge = Judge(cluster, namespace)
    rights = [
        (who, verb, "", kind, "", namespace)
        for who in ("run", "default")
        for verb in ("get", "list", "create")
        for kind in ("pods", "secrets", "configmaps", "services")
    ]

    assert judge.those_allowed(rights) == set()
