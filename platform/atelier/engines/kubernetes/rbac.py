"""What each component may do in the cluster: pure.

The tenancy worker alone has rights in the whole cluster: it makes the namespaces of projects and
what stands in them. Hub and worker may do nothing anywhere until the tenancy worker binds their
ClusterRole in a project's namespace. The portal, the event stream and beat have no account.

``tests/contract/rbac.json`` is the list these rules may never exceed. Nobody may exec into a pod,
escalate, impersonate, or use a wildcard; only the hub meets secrets, those it makes itself.
"""

from collections.abc import Iterable
from typing import Any

from atelier.engines.kubernetes.namespaces import (
    BOUND_ROLES,
    DEFAULT_ACCOUNT,
    POD_SECURITY_VERSION,
    RUN_ACCOUNT,
    WALL,
    Manifest,
)

GROUP = "rbac.authorization.k8s.io"
TENANCY_ROLE = "atelier-tenancy"
# Components with an account; each has the account of its own name in the system namespace.
COMPONENTS = ("hub", "tenancy", "worker")
# Without an instance: several installations may share a system namespace, and do share the roles.
LABELS = {
    "app.kubernetes.io/name": "atelier",
    "app.kubernetes.io/part-of": "atelier",
    "app.kubernetes.io/managed-by": "atelier",
}

Rule = dict[str, Any]


def _rule(group: str, resource: str, verbs: str, names: Iterable[str] = ()) -> Rule:
    rule: Rule = {"apiGroups": [group], "resources": [resource], "verbs": verbs.split()}
    return rule | ({"resourceNames": list(names)} if names else {})


def tenancy_rules() -> list[Rule]:
    """Return what the tenancy worker may do in every namespace.

    A namespace's name cannot be bounded by a rule, so what stands in it is: objects of our names
    only. ``create`` with a name works because they are made by server-side apply, which names
    what it makes. ``bind`` is on the two roles that hub and worker get, so that it can hand out
    no more than those.
    """
    return [
        _rule("", "namespaces", "get list create patch delete"),
        _rule("", "nodes", "list"),
        _rule("", "resourcequotas", "list"),
        _rule("", "resourcequotas", "create patch", (WALL,)),
        _rule("", "limitranges", "list"),
        _rule("", "limitranges", "create patch", (WALL,)),
        _rule("", "serviceaccounts", "list"),
        _rule("", "serviceaccounts", "create patch", (DEFAULT_ACCOUNT, RUN_ACCOUNT)),
        _rule("networking.k8s.io", "networkpolicies", "list create patch delete"),
        _rule(GROUP, "rolebindings", "list"),
        _rule(GROUP, "rolebindings", "create patch delete", BOUND_ROLES),
        _rule(GROUP, "clusterroles", "bind", BOUND_ROLES),
    ]


def hub_rules() -> list[Rule]:
    """Return what the hub may do in a project's namespace.

    It makes the secret with a server's token and takes it away again, also one that a crash left
    behind, which it has to find. It cannot delete homes: those go with the project.
    """
    return [
        _rule("", "pods", "get list watch create delete"),
        _rule("", "persistentvolumeclaims", "get list watch create"),
        _rule("", "secrets", "get list create delete"),
        _rule("", "services", "get list watch create delete"),
        _rule("", "events", "get list watch"),
    ]


def worker_rules() -> list[Rule]:
    """Return what the worker may do in a project's namespace."""
    return [
        _rule("batch", "jobs", "get list watch create delete"),
        _rule("", "services", "get list watch create delete"),
        _rule("", "pods", "get list watch"),
        _rule("", "pods/log", "get"),
        _rule("", "events", "get list watch"),
    ]


def rules() -> dict[str, list[Rule]]:
    """Return the rules of every component with an account."""
    return {"hub": hub_rules(), "tenancy": tenancy_rules(), "worker": worker_rules()}


def system_objects(system_namespace: str) -> list[Manifest]:
    """Return what an administrator applies once: namespace, accounts and roles.

    The roles are the same for every installation in a cluster; only the binding is one's own.
    """
    marks = dict(LABELS)
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {
                "name": system_namespace,
                "labels": marks
                | {
                    "pod-security.kubernetes.io/enforce": "restricted",
                    "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
                },
            },
        },
        *(_account(system_namespace, component, marks) for component in COMPONENTS),
        _cluster_role(TENANCY_ROLE, tenancy_rules()),
        *(_cluster_role(role, rules()[account]) for role, account in BOUND_ROLES.items()),
        {
            "apiVersion": f"{GROUP}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": f"{system_namespace}-tenancy", "labels": marks},
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": TENANCY_ROLE},
            "subjects": [
                {"kind": "ServiceAccount", "name": "tenancy", "namespace": system_namespace}
            ],
        },
    ]


def _account(namespace: str, name: str, marks: dict[str, str]) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, "namespace": namespace, "labels": marks},
        # Pods of the platform that use it mount the token themselves.
        "automountServiceAccountToken": False,
    }


def _cluster_role(name: str, allowed: list[Rule]) -> Manifest:
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name, "labels": dict(LABELS)},
        "rules": allowed,
    }
