"""A project's place on the real cluster: made, kept as it should be, never anybody else's."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from atelier.accounts.models import User
from atelier.engines.kubernetes import namespaces
from atelier.engines.kubernetes.places import differs, key_of
from atelier.projects import services as projects
from atelier.projects.models import Project
from atelier.quotas import services as quotas
from atelier.quotas.models import Scope
from atelier.tenancy import capacity, grounds, services
from atelier.tenancy.grounds import Wish
from atelier.tenancy.models import Place, Sighting, State
from atelier.workloads.models import Workload
from atelier.workloads.status import Status
from tests.atelier.tenancy.conftest import Founded, Installation

pytestmark = pytest.mark.cluster


def place(project: Project) -> Place:
    return Place.objects.get(pk=project.pk)


def wrong(project: Project) -> list[str]:
    """Return what in the project's namespace is not as it should be."""
    ground = grounds.ground()
    manifests = namespaces.manifests(grounds.plan(services.wish(project)))
    seen = ground.look(project.namespace)
    return [m["kind"] + "/" + key_of(m)[2] for m in manifests if differs(m, seen.get(key_of(m)))]


def versions(installation: Installation, project: Project) -> dict[str, str]:
    seen = grounds.ground().look(project.namespace)
    return {"/".join(key): one["metadata"]["resourceVersion"] for key, one in seen.items()}


# --- making --------------------------------------------------------------------------------------


def test_a_new_project_gets_its_namespace(installation: Installation, founded: Founded) -> None:
    project = founded("Churn")

    assert place(project).state == State.READY
    assert wrong(project) == []
    made = installation.get("namespaces", "", project.namespace)
    assert made is not None
    assert made["metadata"]["uid"] == place(project).uid


def test_two_projects_have_two_namespaces(founded: Founded) -> None:
    one, other = founded("One"), founded("Other")

    assert one.namespace != other.namespace
    assert {place(one).state, place(other).state} == {State.READY}


def test_bringing_it_again_writes_nothing(installation: Installation, founded: Founded) -> None:
    project = founded("Churn")
    before = versions(installation, project)

    services.ensure(project.pk)
    services.sweep()

    assert versions(installation, project) == before


def test_a_project_without_a_place_gets_one_with_the_next_sweep(
    installation: Installation, founded: Founded
) -> None:
    project = founded("Churn")
    Place.objects.all().delete()
    installation.admin.delete("namespaces", "", project.namespace)
    until(lambda: installation.get("namespaces", "", project.namespace) is None)

    services.sweep()

    assert (place(project).state, wrong(project)) == (State.READY, [])


# --- drift ---------------------------------------------------------------------------------------

Meddle = Callable[[Installation, str], object]


def a_policy_is_deleted(it: Installation, namespace: str) -> None:
    it.admin.delete("networkpolicies", namespace, "default-deny")


def a_policy_is_widened(it: Installation, namespace: str) -> None:
    wide = [{"op": "add", "path": "/spec/ingress", "value": [{}]}]
    it.admin.patch("networkpolicies", namespace, "default-deny", wide, "json-patch+json")


def a_policy_is_narrowed_to_no_pod(it: Installation, namespace: str) -> None:
    nobody = {"spec": {"podSelector": {"matchLabels": {"nobody": "has"}}}}
    it.admin.patch("networkpolicies", namespace, "default-deny", nobody, "merge-patch+json")


def the_quota_is_edited(it: Installation, namespace: str) -> None:
    hard = {"spec": {"hard": {"pods": "1", "services.nodeports": None, "configmaps": "0"}}}
    it.admin.patch("resourcequotas", namespace, "project", hard, "merge-patch+json")


def the_quota_is_deleted(it: Installation, namespace: str) -> None:
    it.admin.delete("resourcequotas", namespace, "project")


def the_limit_range_is_emptied(it: Installation, namespace: str) -> None:
    none = [{"op": "replace", "path": "/spec/limits", "value": []}]
    it.admin.patch("limitranges", namespace, "project", none, "json-patch+json")


def the_rules_for_pods_are_loosened(it: Installation, namespace: str) -> None:
    loose = {"pod-security.kubernetes.io/enforce": "privileged"}
    label_namespace(it, namespace, **loose)


def the_instance_label_is_taken_away(it: Installation, namespace: str) -> None:
    label_namespace(it, namespace, **{"atelier.dev/instance": None})


def all_labels_are_taken_away(it: Installation, namespace: str) -> None:
    nothing = [{"op": "remove", "path": "/metadata/labels"}]
    it.admin.patch("namespaces", "", namespace, nothing, "json-patch+json")


def a_policy_loses_its_label(it: Installation, namespace: str) -> None:
    nothing = [{"op": "remove", "path": "/metadata/labels"}]
    it.admin.patch("networkpolicies", namespace, "allow-dns", nothing, "json-patch+json")


def an_account_gets_a_token(it: Installation, namespace: str) -> None:
    yes = {"automountServiceAccountToken": True}
    it.admin.patch("serviceaccounts", namespace, "default", yes, "merge-patch+json")


def a_binding_is_deleted(it: Installation, namespace: str) -> None:
    it.admin.delete("rolebindings", namespace, "atelier-hub")


def a_binding_serves_somebody_else_too(it: Installation, namespace: str) -> None:
    other = [{"kind": "ServiceAccount", "name": "run", "namespace": namespace}]
    whole = {"subjects": other}
    it.admin.patch("rolebindings", namespace, "atelier-worker", whole, "merge-patch+json")


def a_binding_gives_another_role(it: Installation, namespace: str) -> None:
    now = it.admin.get("rolebindings", namespace, "atelier-worker")
    it.admin.delete("rolebindings", namespace, "atelier-worker")
    metadata = {"name": "atelier-worker", "labels": now["metadata"]["labels"]}
    role = {**now["roleRef"], "name": "admin"}
    made: dict[str, Any] = {"metadata": metadata, "roleRef": role, "subjects": now["subjects"]}
    it.admin.create("rolebindings", namespace, made)


def label_namespace(it: Installation, namespace: str, **labels: str | None) -> None:
    it.admin.patch(
        "namespaces", "", namespace, {"metadata": {"labels": labels}}, "merge-patch+json"
    )


MEDDLING = (
    a_policy_is_deleted, a_policy_is_widened, a_policy_is_narrowed_to_no_pod, the_quota_is_edited,
    the_quota_is_deleted, the_limit_range_is_emptied, the_rules_for_pods_are_loosened,
    the_instance_label_is_taken_away, all_labels_are_taken_away, a_policy_loses_its_label,
    an_account_gets_a_token, a_binding_is_deleted, a_binding_serves_somebody_else_too,
    a_binding_gives_another_role,
)  # fmt: skip


@pytest.mark.parametrize("meddle", MEDDLING, ids=lambda m: m.__name__)
def test_what_was_changed_by_hand_is_put_right_by_the_next_sweep(
    installation: Installation, founded: Founded, meddle: Meddle
) -> None:
    project = founded("Churn")
    meddle(installation, project.namespace)
    assert wrong(project) != []

    services.sweep()

    assert wrong(project) == []
    assert place(project).state == State.READY


def test_a_namespace_deleted_by_hand_comes_back(
    installation: Installation, founded: Founded
) -> None:
    project = founded("Churn")
    first = place(project).uid
    installation.admin.delete("namespaces", "", project.namespace)

    services.sweep()  # it may still be going away: then it is being prepared
    assert place(project).state in {State.PENDING, State.READY}

    until(lambda: installation.get("namespaces", "", project.namespace) is None)
    services.sweep()
    assert place(project).state == State.READY
    assert place(project).uid != first
    assert wrong(project) == []


def test_what_others_put_there_is_theirs(installation: Installation, founded: Founded) -> None:
    project = founded("Churn")
    theirs = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "monitoring"},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
    }
    installation.admin.create("networkpolicies", project.namespace, theirs)

    services.sweep()

    assert installation.get("networkpolicies", project.namespace, "monitoring") is not None


# --- what is not ours ----------------------------------------------------------------------------


def test_a_foreign_namespace_under_our_name_is_never_touched(
    installation: Installation, founded: Founded, lead: User
) -> None:
    project = projects.create_project(actor=lead, name="Taken")
    foreign = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": project.namespace}}
    before = installation.admin.create("namespaces", "", foreign)["metadata"]
    good = founded("Good")

    services.ensure(project.pk)
    services.sweep()

    after = installation.admin.get("namespaces", "", project.namespace)["metadata"]
    assert after["resourceVersion"] == before["resourceVersion"]
    assert installation.admin.list("networkpolicies", project.namespace) == []
    taken = place(project)
    assert (taken.state, taken.problem_code) == (State.FAILED, "FOREIGN_OBJECT")
    assert taken.problem_params == {"name": project.namespace}
    assert place(good).state == State.READY


def test_another_installations_namespace_is_foreign_too(
    installation: Installation, lead: User
) -> None:
    project = projects.create_project(actor=lead, name="Taken")
    labels = {"atelier.dev/instance": "another", "atelier.dev/project": project.pk}
    installation.admin.create(
        "namespaces",
        "",
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": project.namespace, "labels": labels},
        },
    )

    services.ensure(project.pk)

    assert place(project).problem_code == "FOREIGN_OBJECT"


def test_a_place_that_failed_is_tried_again(installation: Installation, lead: User) -> None:
    project = projects.create_project(actor=lead, name="Taken")
    foreign = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": project.namespace}}
    installation.admin.create("namespaces", "", foreign)
    services.ensure(project.pk)
    installation.admin.delete("namespaces", "", project.namespace)
    until(lambda: installation.get("namespaces", "", project.namespace) is None)

    services.sweep()

    assert (place(project).state, place(project).problem_code) == (State.READY, "")


def test_a_namespace_of_ours_without_a_project_is_shown_and_kept(
    installation: Installation, founded: Founded
) -> None:
    capacity.measure()
    stray = {
        "metadata": {
            "name": f"atelier-pstray{secrets.token_hex(4)}",
            "labels": {"atelier.dev/instance": installation.instance},
        }
    }
    name = installation.admin.create("namespaces", "", stray)["metadata"]["name"]

    services.sweep()

    assert Sighting.objects.get().strays == [name]
    kept = installation.admin.get("namespaces", "", name)
    assert "deletionTimestamp" not in kept["metadata"]


# --- following the project -----------------------------------------------------------------------


def hard(installation: Installation, project: Project) -> dict[str, str]:
    found: dict[str, str] = installation.admin.get("resourcequotas", project.namespace, "project")[
        "spec"
    ]["hard"]
    return found


def test_the_second_wall_follows_the_first(
    installation: Installation, founded: Founded, admin: User
) -> None:
    project = founded("Churn")

    for resource, limit in (("cpu", 4000), ("accelerator:nvidia.com/gpu", 2)):
        quotas.create_line(
            actor=admin, scope=Scope.PROJECT, scope_id=project.pk, resource=resource, limit=limit
        )
    services.ensure(project.pk)

    wall = hard(installation, project)
    assert (wall["limits.cpu"], wall["requests.nvidia.com/gpu"]) == ("5", "2")


def test_nothing_starts_in_an_archived_project_past_the_portal(
    installation: Installation, founded: Founded, lead: User
) -> None:
    project = founded("Churn")

    projects.archive_project(actor=lead, project=project)
    services.ensure(project.pk)
    assert hard(installation, project)["pods"] == "0"

    projects.unarchive_project(actor=lead, project=project)
    services.ensure(project.pk)
    assert hard(installation, project)["pods"] != "0"


def test_the_way_to_the_internet_is_closed_and_opened(
    installation: Installation, founded: Founded, admin: User
) -> None:
    project = founded("Churn")

    services.set_internet(actor=admin, project=project, allowed=False)
    services.ensure(project.pk)
    assert installation.get("networkpolicies", project.namespace, "allow-internet") is None

    services.set_internet(actor=admin, project=project, allowed=True)
    services.ensure(project.pk)
    assert installation.get("networkpolicies", project.namespace, "allow-internet") is not None


def test_the_members_of_a_workload_may_talk_as_long_as_it_lives(
    installation: Installation, founded: Founded, lead: User
) -> None:
    project = founded("Churn")
    workload = a_workload(project, lead, replicas=4)
    name = f"members-{workload.pk}"

    services.ensure(project.pk)
    assert installation.get("networkpolicies", project.namespace, name) is not None

    Workload.objects.filter(pk=workload.pk).delete()
    services.sweep()
    assert installation.get("networkpolicies", project.namespace, name) is None


def a_workload(project: Project, owner: User, *, replicas: int = 1) -> Workload:
    return Workload.objects.create(
        kind="job", project=project, owner=owner, engine="kubernetes", name="train",
        durable_id="jx", engine_name=secrets.token_hex(4), status=Status.RUNNING,
        resources={"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}},
        replicas=replicas,
    )  # fmt: skip


def test_r18_a_deleted_project_leaves_nothing_on_the_cluster(
    installation: Installation, founded: Founded, lead: User
) -> None:
    project = founded("Churn")
    run = a_workload(project, lead)
    projects.archive_project(actor=lead, project=project)
    projects.delete_project(actor=lead, project=project, name=project.slug)

    services.sweep()
    kept = installation.admin.get("namespaces", "", project.namespace)
    assert "deletionTimestamp" not in kept["metadata"]
    assert place(project).state == State.DRAINING

    Workload.objects.filter(pk=run.pk).update(status=Status.STOPPED, finished_at=run.created)
    until(lambda: swept(project) == State.GONE)
    assert installation.get("namespaces", "", project.namespace) is None
    project.refresh_from_db()
    assert (project.gone_at is not None, project.slug) == (True, project.pk)


def swept(project: Project) -> str:
    services.sweep()
    return place(project).state


def test_a_namespace_that_became_somebody_elses_is_not_deleted_with_the_project(
    installation: Installation, founded: Founded, lead: User
) -> None:
    project = founded("Churn")
    installation.admin.delete("namespaces", "", project.namespace)
    until(lambda: installation.get("namespaces", "", project.namespace) is None)
    foreign = {"metadata": {"name": project.namespace}}
    installation.admin.create("namespaces", "", foreign)
    projects.archive_project(actor=lead, project=project)
    projects.delete_project(actor=lead, project=project, name=project.slug)

    services.sweep()

    assert place(project).state == State.GONE
    kept = installation.admin.get("namespaces", "", project.namespace)
    assert "deletionTimestamp" not in kept["metadata"]


# --- when the cluster cannot be asked ------------------------------------------------------------


def nowhere(installation: Installation, folder: Path) -> Path:
    whole: dict[str, Any] = yaml.safe_load(installation.system.kubeconfigs["tenancy"].read_text())
    whole["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    file = folder / "nowhere.kubeconfig"
    file.write_text(yaml.safe_dump(whole))
    return file


def test_r08_a_silent_cluster_takes_no_place_away(
    installation: Installation, founded: Founded, lead: User, tmp_path: Path
) -> None:
    ready = founded("Ready")
    waiting = projects.create_project(actor=lead, name="Waiting")

    installation.act_as(nowhere(installation, tmp_path))
    services.sweep()
    services.ensure(waiting.pk)

    assert (place(ready).state, place(ready).problem_code) == (State.READY, "CLUSTER_SILENT")
    assert (place(waiting).state, place(waiting).problem_code) == (State.PENDING, "CLUSTER_SILENT")

    installation.act_as(installation.system.kubeconfigs["tenancy"])
    services.sweep()
    assert {place(p).problem_code for p in (ready, waiting)} == {""}
    assert place(waiting).state == State.READY


def test_a_missing_right_is_told_and_nothing_fails(installation: Installation, lead: User) -> None:
    project = projects.create_project(actor=lead, name="Churn")
    installation.act_as(installation.system.kubeconfigs["worker"])

    services.ensure(project.pk)

    stuck = place(project)
    assert (stuck.state, stuck.problem_code) == (State.PENDING, "CLUSTER_DENIED")
    assert "forbidden" in stuck.problem_params["detail"]


def test_s10_one_broken_place_keeps_no_other_waiting(
    installation: Installation, founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, good = founded("Broken"), founded("Good")
    a_policy_is_deleted(installation, good.namespace)
    plan = grounds.plan

    def trip(wish: Wish) -> namespaces.Place:
        if wish.place.pk == broken.pk:
            raise KeyError("surprise")
        return plan(wish)

    monkeypatch.setattr(grounds, "plan", trip)
    services.sweep()
    monkeypatch.undo()

    assert place(broken).problem_code == "INTERNAL"
    assert wrong(good) == []


def until(holds: Callable[[], bool]) -> None:
    import time

    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)
