"""What a plan says of a start as a pod, and what the spawner's words about pods become."""

from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.catalog.models import Profile
from atelier.core.reasons import REASONS
from atelier.notebooks import doorbells, pods, spawning
from atelier.notebooks.doorbells import Doorbell
from atelier.notebooks.models import NotebookServer, Run
from atelier.notebooks.spawning import Question
from atelier_spawner import pod_reasons
from atelier_spawner.plan import SpawnPlan, parse_plan
from tests.atelier.notebooks.conftest import Make

pytestmark = pytest.mark.django_db
SPAWN = "s" + "a1" * 7 + "b"


@pytest.fixture(autouse=True)
def _on_a_cluster(settings: Any, make: Make) -> None:
    settings.ATELIER_ENGINE = "kubernetes"
    settings.ATELIER_INSTANCE = "demo"
    settings.ATELIER_POD_PORTAL_URL = "http://10.1.2.3:8000"
    settings.ATELIER_POD_HUB_API_URL = "http://10.1.2.3:8005/hub/api"
    settings.ATELIER_STORAGE_CLASS = "fast"
    settings.ATELIER_HOME_GIB = 7


def planned(server: NotebookServer) -> SpawnPlan:
    body = spawning.plan_spawn(Question("alice", server.pk, SPAWN))
    return parse_plan(body, hub_user="alice", server=server.pk, spawn_id=SPAWN)


def test_a_pod_is_named_after_its_run_and_carries_everybodys_labels(
    alice: User, make: Make
) -> None:
    server = make(alice)

    pod = planned(server).pod

    assert pod is not None
    assert pod.name == f"{server.workload_id}-1"
    assert pod.image == "atelier/notebook:1"
    assert (pod.home_claim, pod.home_bytes, pod.storage_class) == ("home-alice", 7 * 2**30, "fast")
    assert pod.hub_api_url == "http://10.1.2.3:8005/hub/api"
    assert pod.labels == {
        "app.kubernetes.io/name": "notebook",
        "app.kubernetes.io/instance": "demo",
        "app.kubernetes.io/component": "notebook",
        "app.kubernetes.io/part-of": "atelier",
        "app.kubernetes.io/managed-by": "atelier",
        "atelier.dev/instance": "demo",
        "atelier.dev/project": server.project_id,
        "atelier.dev/owner": "alice",
        "atelier.dev/workload": server.workload_id,
        "atelier.dev/attempt": "1",
    }
    assert pod.annotations["atelier.dev/server-name"] == server.name


def test_a_pod_reaches_the_portal_where_pods_can(alice: User, make: Make) -> None:
    assert planned(make(alice)).env["ATELIER_URL"] == "http://10.1.2.3:8000"


def test_selectors_tolerations_and_shared_memory_come_from_the_catalogue(
    alice: User, make: Make
) -> None:
    server = make(alice)
    Profile.objects.update(
        node_selector={"pool": "gpu"},
        tolerations=[{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}],
        shared_memory_bytes=2**28,
    )

    pod = planned(server).pod

    assert pod is not None
    assert pod.node_selector == {"pool": "gpu"}
    assert pod.tolerations == [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]
    assert pod.shared_memory_bytes == 2**28


def test_the_sentences_of_a_start_go_along_in_the_owners_language(alice: User, make: Make) -> None:
    server = make(alice)
    alice.language = "fr"
    alice.save()

    pod = planned(server).pod

    assert pod is not None
    words = pod.words["WAITING_FOR_CAPACITY"]
    assert words.text.startswith("En attente de 1 cœur, 1 Gio.")
    assert words.params == {"needs": {"en": "1 core, 1 GiB", "fr": "1 cœur, 1 Gio"}}


def test_what_only_the_cluster_knows_is_left_open(alice: User, make: Make) -> None:
    pod = planned(make(alice)).pod

    assert pod is not None
    assert "{detail}" in pod.words["CLUSTER_QUOTA"].text
    assert "{since}" in pod.words["ENGINE_UNREACHABLE"].text


def test_the_spawner_names_codes_of_the_closed_list_only() -> None:
    assert set(pods.CODES) >= pod_reasons.CODES
    assert REASONS.keys() >= pod_reasons.CODES


def test_a_failed_pod_is_told_with_the_portals_own_figures(alice: User, make: Make) -> None:
    server = make(alice)
    planned(server)

    doorbells.hear(Doorbell("stopped", server.workload_id or "", SPAWN, "OUT_OF_MEMORY"))

    run = Run.objects.get(pk=server.workload_id)
    assert run.end_code == "OUT_OF_MEMORY"
    assert run.end_params["limit"] == {"en": "1 GiB", "fr": "1 Gio"}


def test_what_a_start_waits_for_ends_nothing(alice: User, make: Make) -> None:
    server = make(alice)
    planned(server)

    doorbells.hear(Doorbell("waiting", server.workload_id or "", SPAWN, "VOLUME_PENDING"))

    assert Run.objects.get(pk=server.workload_id).end_code == ""


def test_the_hub_hears_in_which_namespaces_pods_may_be(
    client: Any, alice: User, make: Make, settings: Any
) -> None:
    server = make(alice)
    headers = {"Authorization": f"Bearer {settings.ATELIER_SPAWNER_TOKEN}"}

    assert client.get("/internal/namespaces").status_code == 401
    answer = client.get("/internal/namespaces", headers=headers)

    assert answer.json() == {"namespaces": [f"atelier-{server.project_id}"]}
