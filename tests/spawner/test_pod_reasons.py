"""Why a pod waits or ended: sentences of real clusters, read as codes."""

from __future__ import annotations

from typing import Any

import pytest

from atelier_spawner import pod_reasons
from atelier_spawner.cluster import ClusterRefused
from atelier_spawner.pod_reasons import End, Waiting

PREEMPTION = "no new claims to deallocate, preemption: 0/{n} nodes are available: "
HELPLESS = PREEMPTION + "{n} Preemption is not helpful for scheduling."
NO_VICTIMS = PREEMPTION + "{n} No preemption victims found for incoming pod."


def pod(**status: Any) -> dict[str, Any]:
    node = {"nodeName": "node1"} if status.pop("placed", False) else {}
    spec = {**node, "containers": [{"name": "notebook", "image": "repo/x:1"}]}
    return {"metadata": {"name": "w1-1", "uid": "u1"}, "spec": spec, "status": status}


def unplaced(message: str, reason: str = "Unschedulable") -> dict[str, Any]:
    condition = {"type": "PodScheduled", "status": "False", "reason": reason, "message": message}
    return pod(phase="Pending", conditions=[condition])


def container(state: dict[str, Any], **status: Any) -> dict[str, Any]:
    return pod(placed=True, containerStatuses=[{"name": "notebook", "state": state}], **status)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (f"0/1 nodes are available: 1 Insufficient cpu. {NO_VICTIMS.format(n=1)}",
         "WAITING_FOR_CAPACITY"),
        (f"0/1 nodes are available: 1 Insufficient cpu. {HELPLESS.format(n=1)}", "NO_NODE_FITS"),
        (f"0/2 nodes are available: 2 Insufficient nvidia.com/gpu. {HELPLESS.format(n=2)}",
         "ACCELERATOR_MISSING"),
        (f"0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient nvidia.com/gpu. "
         f"{HELPLESS.format(n=2)}", "ACCELERATOR_MISSING"),
        ("0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. preemption: 0/2 "
         "nodes are available: 1 No preemption victims found for incoming pod, "
         "1 Preemption is not helpful for scheduling.", "WAITING_FOR_CAPACITY"),
        (f"0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. "
         f"{HELPLESS.format(n=1)}", "NO_NODE_FITS"),
        ("0/1 nodes are available: 1 node(s) had untolerated taint(s) "
         f"{{node.kubernetes.io/not-ready: }}. {HELPLESS.format(n=1)}", "WAITING_FOR_CAPACITY"),
        ("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. "
         "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
         "VOLUME_PENDING"),
        ('0/1 nodes are available: persistentvolumeclaim "home-alice" not found.',
         "VOLUME_PENDING"),
        ("no nodes available to schedule pods", "WAITING_FOR_CAPACITY"),
        ("", "WAITING_FOR_CAPACITY"),
    ],
)  # fmt: skip
def test_the_schedulers_sentence_is_read(message: str, code: str) -> None:
    found = pod_reasons.waiting(unplaced(message))

    assert found is not None
    assert (found.code, found.placed, found.for_ever) == (code, False, False)


def test_a_pod_the_scheduler_has_not_seen_waits_for_nothing() -> None:
    assert pod_reasons.waiting(pod(phase="Pending")) is None


@pytest.mark.parametrize(
    ("reason", "message", "code", "for_ever"),
    [
        ("ErrImagePull", "failed to resolve reference: repo/x:1: not found", "IMAGE_NOT_FOUND",
         False),
        ("ErrImagePull", "unexpected status: 401 Unauthorized", "IMAGE_PULL_DENIED", False),
        ("ImagePullBackOff", 'Back-off pulling image "repo/x:1": ErrImagePull: dial tcp '
         "127.0.0.1:80: connect: connection refused", "IMAGE_UNREACHABLE", False),
        ("ImagePullBackOff", 'Back-off pulling image "repo/x:1"', "IMAGE_NOT_FOUND", False),
        ("InvalidImageName", "couldn't parse image name", "IMAGE_NOT_FOUND", True),
        ("ErrImageNeverPull", "", "IMAGE_NOT_FOUND", True),
        ("CreateContainerConfigError", "secret not there", "START_FAILED", False),
    ],
)  # fmt: skip
def test_what_the_kubelet_waits_for_is_read(
    reason: str, message: str, code: str, for_ever: bool
) -> None:
    found = pod_reasons.waiting(container({"waiting": {"reason": reason, "message": message}}))

    assert found is not None
    assert (found.code, found.placed, found.for_ever) == (code, True, for_ever)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('Multi-Attach error for volume "pvc-1"', "VOLUME_BUSY"),
        ("MountVolume.SetUp failed", "VOLUME_PENDING"),
    ],
)
def test_a_volume_that_does_not_come_shows_in_events_only(message: str, code: str) -> None:
    creating = container({"waiting": {"reason": "ContainerCreating"}})
    events = [{"reason": "FailedMount", "message": message}]

    assert pod_reasons.waiting(creating) is None
    found = pod_reasons.waiting(creating, events)

    assert found is not None
    assert (found.code, found.placed) == (code, True)


@pytest.mark.parametrize(
    ("status", "message", "code", "for_ever"),
    [
        (403, "pods is forbidden: exceeded quota: q, requested: cpu=2, used: cpu=1, limited: cpu=2",
         "CLUSTER_QUOTA", False),
        (403, 'pods is forbidden: User "hub" cannot create resource "pods"', "NAMESPACE_PENDING",
         False),
        (403, 'error looking up service account x/run: serviceaccount "run" not found',
         "NAMESPACE_PENDING", False),
        (403, "status unknown for quota: q, resources: cpu", "NAMESPACE_PENDING", False),
        (404, 'namespaces "x" not found', "NAMESPACE_PENDING", False),
        (403, 'violates PodSecurity "restricted:latest"', "ADMISSION_DENIED", True),
        (403, "maximum cpu usage per Container is 1", "ADMISSION_DENIED", True),
        (422, "Invalid value", "ADMISSION_DENIED", True),
    ],
)  # fmt: skip
def test_a_refusal_of_the_api_server_is_read(
    status: int, message: str, code: str, for_ever: bool
) -> None:
    found = pod_reasons.obstacle(ClusterRefused(status, "Forbidden", message))

    assert (found.code, found.for_ever) == (code, for_ever)


@pytest.mark.parametrize(
    ("raw", "end"),
    [
        (container({"running": {}}, phase="Running"), None),
        (container({"terminated": {"exitCode": 0}}, phase="Succeeded"), End("", 0)),
        (container({"terminated": {"exitCode": 1, "message": "last\nwords"}}, phase="Failed"),
         End("", 1, "last words")),
        (container({"terminated": {"exitCode": 137, "reason": "OOMKilled"}}, phase="Failed"),
         End("OUT_OF_MEMORY", 137)),
        (pod(placed=True, phase="Failed", reason="Evicted", message="The node was low on memory"),
         End("PREEMPTED", None, "The node was low on memory")),
        (pod(placed=True, phase="Failed", reason="Evicted",
             message="Pod ephemeral local storage usage exceeds"),
         End("DISK_FULL", None, "Pod ephemeral local storage usage exceeds")),
        (pod(placed=True, phase="Failed", reason="NodeLost"), End("NODE_LOST")),
        (pod(placed=True, phase="Failed", conditions=[
            {"type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler"}]),
         End("PREEMPTED")),
        (pod(placed=True, phase="Failed", conditions=[
            {"type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager"}]),
         End("NODE_LOST")),
    ],
)  # fmt: skip
def test_how_a_pod_ended_is_read(raw: dict[str, Any], end: End | None) -> None:
    assert pod_reasons.ended(raw) == end


def test_a_pod_deleted_by_hand_was_stopped_outside() -> None:
    raw = container({"terminated": {"exitCode": 0}}, phase="Succeeded")
    raw["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"

    assert pod_reasons.ended(raw) == End("STOPPED_OUTSIDE", 0)


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"status": None, "spec": 7, "metadata": []},
        {"status": {"conditions": [None], "containerStatuses": 1}},
    ],
)
def test_an_odd_pod_blinds_nobody(odd: dict[str, Any]) -> None:
    assert pod_reasons.waiting(odd) is None
    assert pod_reasons.ended(odd) is None
    assert pod_reasons.address(odd) == ""


def test_a_message_is_shown_in_one_short_line() -> None:
    assert pod_reasons.short("a\n\x1b[31mb" + "x" * 1000)[:8] == "a [31mbx"
    assert len(pod_reasons.short("x" * 1000)) == pod_reasons.LONGEST_DETAIL


def test_a_waiting_that_may_still_come_right_is_not_for_ever() -> None:
    assert not Waiting("X").for_ever
