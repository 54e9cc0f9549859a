"""Notebook servers as pods of a real cluster: started, used, stopped, refused, ended."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.cluster.cluster import Cluster
from tests.restricted import problems
from tests.spawner.cluster.pod_rig import INSTANCE, WORDS, PodRig
from tests.spawner.rig import run_cell, wait_until

pytestmark = pytest.mark.cluster
SOON = 10.0  # a reason shows within so many seconds of its cause


@pytest.fixture(autouse=True)
def _clean_slate(pods: PodRig) -> Iterator[None]:
    """Each test plans as usual, and leaves no pod and no secret behind."""
    pods.portal.bells.clear()
    pods.portal.questions.clear()
    yield
    pods.pod_changes, pods.plan_changes = {}, {}
    for name in ("n1", "n2"):
        if (model := pods.server("alice", name)) is not None and not model["stopped"]:
            pods.stop("alice", name)
    pods.wait_for_nothing()


def refused(pods: PodRig, server: str = "n1", seconds: float = 60) -> dict[str, Any]:
    """The bell of a start that failed."""
    return pods.portal.wait_for_bell("failed", seconds, server=server)


def waits_for(pods: PodRig, code: str) -> dict[str, Any]:
    """What a start waits for, once it is this."""

    def waiting() -> dict[str, Any] | None:
        found = pods.waiting()
        return found if found.get("code") == code else None

    found: dict[str, Any] = wait_until(waiting, 60, f"waiting for {code}")
    return found


# --- the ordinary life ----------------------------------------------------------------------------


def test_a_server_runs_keeps_its_home_and_leaves_nothing_else(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    token = pods.token_for("alice")
    assert run_cell(pods, "alice", "n1", token, "open('kept', 'w').write('x'); print(6*7)") == (
        "42\n"
    )
    (pod,) = pods.pods()
    assert pod.metadata.name == "w1-1"
    assert pods.secrets() == ["w1-1"]
    pods.stop("alice", "n1")
    assert pods.pods() == []
    assert pods.secrets() == []

    pods.start("alice", "n1", workload_id="w2")

    assert run_cell(pods, "alice", "n1", token, "print(open('kept').read())") == "x\n"
    assert pods.claims() == ["home-alice"]
    assert [bell["event"] for bell in pods.portal.bells if bell["event"] == "answering"] != []


def test_s12_the_pod_is_restricted_as_it_is_in_the_cluster(pods: PodRig, cluster: Cluster) -> None:
    pods.start("alice", "n1", workload_id="w1")

    raw = json.loads(cluster.run_kubectl("-n", pods.namespace, "get", "pod", "w1-1", "-o", "json"))

    assert raw["spec"].pop("nodeName") != ""  # the scheduler's choice
    assert problems(raw["spec"]) == []


def test_the_tokens_are_files_in_memory_and_no_variable(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    look = (
        "import os, subprocess; from pathlib import Path\n"
        "token = Path(os.environ['ATELIER_TOKEN_FILE'])\n"
        "print(token.read_text(), oct(token.stat().st_mode & 0o777))\n"
        "print(subprocess.run(['df', '--output=fstype', token], capture_output=True, text=True)"
        ".stdout.split()[-1])\n"
        "print([n for n in os.environ if 'API_TOKEN' in n or 'BOOT' in n])"
    )

    shown = run_cell(pods, "alice", "n1", pods.token_for("alice"), look).split("\n")

    secret = pods.core.read_namespaced_secret("w1-1", pods.namespace, _request_timeout=10)
    token = base64.b64decode(secret.data["portal-token"]).decode()
    assert shown[:3] == [f"{token} 0o600", "tmpfs", "[]"]


def test_a_server_outgrows_neither_its_root_nor_its_account(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    look = (
        "import os\n"
        "def can(path):\n"
        "    try: open(path, 'w').close(); return True\n"
        "    except OSError: return False\n"
        "print(os.getuid(), [p for p in ('/opt/atelier/x', '/x', '/tmp/x', 'x') if can(p)],\n"
        "      os.path.exists('/var/run/secrets/kubernetes.io'))"
    )

    shown = run_cell(pods, "alice", "n1", pods.token_for("alice"), look)

    assert shown == "1000 ['/tmp/x', 'x'] False\n"


def test_pip_installs_into_the_home(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    token = pods.token_for("alice")

    shown = run_cell(pods, "alice", "n1", token, "import sys; print(sys.prefix)")

    assert shown.startswith("/home/atelier/.atelier/overlays/n1")


# --- waits and refusals ---------------------------------------------------------------------------


def test_a_pod_that_no_node_can_hold_says_so_and_can_be_cancelled(pods: PodRig) -> None:
    resources = {"cpu_millicores": 100_000, "memory_bytes": 2**28, "accelerators": {}}
    pods.plan_changes = {"resources": resources}

    pods.ask_start("alice", "n1", workload_id="w1")

    found = waits_for(pods, "NO_NODE_FITS")
    assert found["placed"] is False
    pods.stop("alice", "n1")
    assert pods.pods() == []
    assert pods.secrets() == []


def test_an_accelerator_nobody_has_is_named_on_the_hubs_page(pods: PodRig) -> None:
    resources = {"cpu_millicores": 100, "memory_bytes": 2**28,
                 "accelerators": {"example.com/none": 1}}  # fmt: skip
    pods.plan_changes = {"resources": resources}

    pods.ask_start("alice", "n1", workload_id="w1")

    waits_for(pods, "ACCELERATOR_MISSING")
    assert progress_says(pods, "alice", "n1", WORDS["ACCELERATOR_MISSING"])


def progress_says(pods: PodRig, user: str, server: str, sentence: str) -> bool:
    """Whether the hub's own page of a start shows a sentence."""
    path = f"http://{pods.address}:{pods.hub_port}/hub/api/users/{user}/servers/{server}/progress"
    headers = {"Authorization": "token portal-token-of-the-tests"}
    deadline = time.monotonic() + 30
    with httpx.stream("GET", path, headers=headers, timeout=30) as answer:
        for line in answer.iter_lines():
            if sentence in line:
                return True
            if time.monotonic() > deadline:
                return False
    return False


def test_waiting_too_long_for_room_fails_with_what_it_waited_for(pods: PodRig) -> None:
    resources = {"cpu_millicores": 100_000, "memory_bytes": 2**28, "accelerators": {}}
    pods.plan_changes, pods.pod_changes = {"resources": resources}, {"wait_seconds": 5}

    pods.ask_start("alice", "n1", workload_id="w1")

    bell = refused(pods)
    assert (bell["code"], bell["detail"]) == ("NO_NODE_FITS", WORDS["NO_NODE_FITS"])
    pods.wait_for_nothing()


def test_an_image_whose_name_is_none_is_refused_at_once(pods: PodRig) -> None:
    pods.pod_changes = {"image": "UPPER//x"}

    pods.ask_start("alice", "n1", workload_id="w1")

    assert refused(pods, seconds=SOON + 20)["code"] == "IMAGE_NOT_FOUND"
    pods.wait_for_nothing()


def test_an_image_that_never_comes_says_so_while_it_is_tried(pods: PodRig) -> None:
    pods.pod_changes = {"image": "localhost/none/such:1"}

    pods.ask_start("alice", "n1", workload_id="w1")

    assert waits_for(pods, "IMAGE_UNREACHABLE")["placed"] is True


def test_a_home_that_never_binds_says_so(pods: PodRig) -> None:
    pods.pod_changes = {"home_claim": "home-bob", "storage_class": "never"}

    pods.ask_start("bob", "n1", workload_id="w1")

    wait_until(lambda: pods.waiting("n1", "bob").get("code") == "VOLUME_PENDING", 60)
    pods.stop("bob", "n1")
    pods.core.delete_namespaced_persistent_volume_claim(
        "home-bob", pods.namespace, _request_timeout=10
    )


def test_a_quota_of_the_cluster_refuses_in_the_platforms_words(pods: PodRig) -> None:
    quota = {"metadata": {"name": "small"}, "spec": {"hard": {"requests.cpu": "200m"}}}
    pods.core.create_namespaced_resource_quota(pods.namespace, quota, _request_timeout=10)
    try:
        pods.ask_start("alice", "n1", workload_id="w1")

        bell = refused(pods)
        assert (bell["code"], bell["detail"]) == ("CLUSTER_QUOTA", WORDS["CLUSTER_QUOTA"])
        assert "exceeded quota: small" in bell["params"]["detail"]
        pods.wait_for_nothing()
    finally:
        pods.core.delete_namespaced_resource_quota("small", pods.namespace, _request_timeout=10)


def test_what_admission_refuses_is_refused_at_once(pods: PodRig) -> None:
    limits = {"limits": [{"type": "Container", "max": {"memory": "16Mi"}}]}
    limit_range = {"metadata": {"name": "tiny"}, "spec": limits}
    pods.core.create_namespaced_limit_range(pods.namespace, limit_range, _request_timeout=10)
    try:
        pods.ask_start("alice", "n1", workload_id="w1")

        assert refused(pods, seconds=SOON + 20)["code"] == "ADMISSION_DENIED"
        pods.wait_for_nothing()
    finally:
        pods.core.delete_namespaced_limit_range("tiny", pods.namespace, _request_timeout=10)


def test_a_namespace_that_is_not_there_is_waited_for_and_then_used(pods: PodRig) -> None:
    project = {"id": "p1", "slug": "churn", "namespace": f"{pods.namespace}-later"}
    pods.plan_changes = {"project": project}

    pods.ask_start("alice", "later", workload_id="w1")

    wait_until(lambda: pods.waiting("later").get("code") == "NAMESPACE_PENDING", 30)
    pods.stop("alice", "later")


def test_a_foreign_pod_under_our_name_is_left_alone(pods: PodRig) -> None:
    foreign = pods.busybox_pod("w1-1", {"app": "theirs"})
    try:
        pods.ask_start("alice", "n1", workload_id="w1")

        bell = refused(pods)
        assert bell["code"] == "FOREIGN_OBJECT"
        still = pods.core.read_namespaced_pod("w1-1", pods.namespace, _request_timeout=10)
        assert still.metadata.uid == foreign.metadata.uid
        assert still.metadata.deletion_timestamp is None
        wait_until(lambda: pods.secrets() == [])
    finally:
        pods.delete_pod("w1-1")


def test_a_leftover_of_the_same_run_makes_room(pods: PodRig) -> None:
    labels = {
        "app.kubernetes.io/component": "notebook",
        "atelier.dev/instance": INSTANCE,
        "atelier.dev/workload": "w1",
        "atelier.dev/spawn": "s-of-a-start-given-up",
    }
    pods.busybox_pod("w1-1", labels)

    pods.start("alice", "n1", workload_id="w1")

    assert [pod.metadata.name for pod in pods.pods()] == ["w1-1"]


def test_r7_twenty_starts_that_find_no_room_leave_the_hub_alone(pods: PodRig) -> None:
    resources = {"cpu_millicores": 100_000, "memory_bytes": 2**28, "accelerators": {}}
    pods.plan_changes, pods.pod_changes = {"resources": resources}, {"wait_seconds": 5}
    assert pods.hub is not None
    before = pods.hub.pid
    names = [f"r{number}" for number in range(20)]

    for name in names:
        pods.ask_start("alice", name, workload_id=f"w{name}")
    for name in names:
        assert refused(pods, name, 120)["code"] == "NO_NODE_FITS"

    pods.wait_for_nothing(120)
    time.sleep(3)  # the hub would end two seconds after it gave up
    assert pods.hub.poll() is None
    assert pods.hub.pid == before
    pods.plan_changes, pods.pod_changes = {}, {}
    pods.start("alice", "n1", workload_id="w1")


# --- cancelling -----------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0.0, 0.05, 0.2, 1.0])
def test_a_start_cancelled_on_its_way_leaves_nothing(pods: PodRig, after: float) -> None:
    pods.ask_start("alice", "n1", workload_id="w1")
    time.sleep(after)

    pods.stop("alice", "n1")

    pods.wait_for_nothing()
    pods.start("alice", "n1", workload_id="w1")


# --- ends -----------------------------------------------------------------------------------------


def test_a_server_out_of_memory_ends_as_such(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")
    token = pods.token_for("alice")

    pods.eat_memory("alice", "n1", token)

    bell = pods.portal.wait_for_bell("stopped", 60, server="n1")
    assert bell["code"] == "OUT_OF_MEMORY"
    wait_until(lambda: pods.server("alice", "n1") is None)
    pods.wait_for_nothing()


def test_a_pod_deleted_by_hand_was_stopped_outside(pods: PodRig) -> None:
    pods.start("alice", "n1", workload_id="w1")

    pods.delete_pod("w1-1", wait=False)

    bell = pods.portal.wait_for_bell("stopped", 60, server="n1")
    assert bell["code"] == "STOPPED_OUTSIDE"
    wait_until(lambda: pods.server("alice", "n1") is None)
    pods.wait_for_nothing()


def test_a_server_that_falls_over_while_starting_says_its_last_words(pods: PodRig) -> None:
    pods.plan_changes = {"resources": {"cpu_millicores": 500, "memory_bytes": 24 * 2**20,
                                       "accelerators": {}}}  # fmt: skip

    pods.ask_start("alice", "n1", workload_id="w1")

    assert refused(pods)["code"] in {"OUT_OF_MEMORY", "START_FAILED"}
    pods.wait_for_nothing()


def test_pods_and_secrets_nobody_knows_are_swept(pods: PodRig) -> None:
    labels = {
        "app.kubernetes.io/component": "notebook",
        "atelier.dev/instance": INSTANCE,
        "atelier.dev/workload": "w9",
        "atelier.dev/spawn": "s-nobody-knows",
    }
    pods.busybox_pod("w9-1", labels)
    secret = {"metadata": {"name": "w9-1", "labels": labels}}
    pods.core.create_namespaced_secret(pods.namespace, secret, _request_timeout=10)
    others = pods.busybox_pod("others", {**labels, "atelier.dev/instance": "another"})
    try:
        wait_until(lambda: pods.pods() == [] and pods.secrets() == [], 90, "the sweep")

        still = pods.core.read_namespaced_pod("others", pods.namespace, _request_timeout=10)
        assert still.metadata.uid == others.metadata.uid
    finally:
        pods.delete_pod("others")
