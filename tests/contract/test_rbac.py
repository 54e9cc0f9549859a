"""S11: no component may ever do more in the cluster than the list beside this says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from atelier.engines.kubernetes import namespaces, rbac

GOLDEN: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("rbac.json").read_text()
)
# Rights that lead to everything else: into a running pod, or past one's own rights.
NEVER_VERBS = {"*", "escalate", "impersonate", "deletecollection", "update", "approve", "sign"}
NEVER_RESOURCES = {
    "*", "pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "pods/ephemeralcontainers",
    "services/proxy", "nodes/proxy", "serviceaccounts/token", "certificatesigningrequests",
}  # fmt: skip


def rights(component: str) -> Iterator[tuple[str, str]]:
    """Yield each right as (what, verb), `what` spelled as in the list."""
    for rule in rbac.rules()[component]:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                for name in rule.get("resourceNames", [""]):
                    what = f"{group}/{resource}" if group else resource
                    yield from ((f"{what} {name}".strip(), verb) for verb in rule["verbs"])


def test_s11_nobody_may_do_more_than_the_list_says() -> None:
    allowed = {c: {(w, v) for w, verbs in of.items() for v in verbs} for c, of in GOLDEN.items()}

    assert {c: set(rights(c)) - allowed[c] for c in rbac.rules()} == {
        "hub": set(), "tenancy": set(), "worker": set(),
    }  # fmt: skip


def test_s11_the_list_allows_nothing_that_nobody_needs() -> None:
    assert {
        component: sorted({(what, verb) for what, verbs in of.items() for verb in verbs}
                          - set(rights(component)))
        for component, of in GOLDEN.items()
    } == {"hub": [], "tenancy": [], "worker": []}  # fmt: skip


def test_s11_no_right_leads_to_all_others() -> None:
    for component in rbac.rules():
        for what, verb in rights(component):
            resource = what.split(" ")[0]
            assert verb not in NEVER_VERBS, (component, what, verb)
            assert not {resource, resource.partition("/")[2]} & NEVER_RESOURCES, (component, what)


def test_s11_only_tenancy_is_bound_in_the_whole_cluster() -> None:
    made = rbac.system_objects("atelier-system")

    bound = [m for m in made if m["kind"] == "ClusterRoleBinding"]
    assert [(m["roleRef"]["name"], subjects(m)) for m in bound] == [
        ("atelier-tenancy", [("tenancy", "atelier-system")])
    ]
    assert [m for m in made if m["kind"] == "RoleBinding"] == []


def test_s11_tenancy_hands_out_two_roles_and_no_others() -> None:
    bind = [r for r in rbac.tenancy_rules() if "bind" in r["verbs"]]

    assert [(r["resources"], r["resourceNames"]) for r in bind] == [
        (["clusterroles"], ["atelier-hub", "atelier-worker"])
    ]
    writes = {"create", "patch", "delete"}
    named = [r for r in rbac.tenancy_rules() if "rolebindings" in r["resources"]]
    assert all(set(r.get("resourceNames", ())) for r in named if writes & set(r["verbs"]))


def test_s11_the_portal_has_no_account() -> None:
    accounts = [m for m in rbac.system_objects("x") if m["kind"] == "ServiceAccount"]

    assert [m["metadata"]["name"] for m in accounts] == ["hub", "tenancy", "worker"]
    assert {m["automountServiceAccountToken"] for m in accounts} == {False}


def test_a_project_binds_hub_and_worker_of_its_own_system_namespace() -> None:
    place = namespaces.Place("atelier-p1", "p1", "churn", "atelier", "own-system")

    bindings = [m for m in namespaces.manifests(place) if m["kind"] == "RoleBinding"]

    assert [(m["roleRef"]["name"], subjects(m)) for m in bindings] == [
        ("atelier-hub", [("hub", "own-system")]),
        ("atelier-worker", [("worker", "own-system")]),
    ]


def subjects(binding: dict[str, Any]) -> list[tuple[str, str]]:
    return [(s["name"], s["namespace"]) for s in binding["subjects"]]
