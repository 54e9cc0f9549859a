"""Why a pod does not run yet, and why one has ended, from its own status. Pure.

The codes are those of the portal's `core/reasons.py`, by value: a test there holds this table
against the list. Everything is read defensively, for one odd pod must not blind us to the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .cluster import ClusterRefused, Raw
from .pod_manifests import CONTAINER

WAITING_FOR_CAPACITY = "WAITING_FOR_CAPACITY"
NO_NODE_FITS = "NO_NODE_FITS"
ACCELERATOR_MISSING = "ACCELERATOR_MISSING"
IMAGE_NOT_FOUND = "IMAGE_NOT_FOUND"
IMAGE_PULL_DENIED = "IMAGE_PULL_DENIED"
IMAGE_UNREACHABLE = "IMAGE_UNREACHABLE"
VOLUME_PENDING = "VOLUME_PENDING"
VOLUME_BUSY = "VOLUME_BUSY"
CLUSTER_QUOTA = "CLUSTER_QUOTA"
ADMISSION_DENIED = "ADMISSION_DENIED"
NAMESPACE_PENDING = "NAMESPACE_PENDING"
FOREIGN_OBJECT = "FOREIGN_OBJECT"
ENGINE_UNREACHABLE = "ENGINE_UNREACHABLE"
START_FAILED = "START_FAILED"
OUT_OF_MEMORY = "OUT_OF_MEMORY"
DISK_FULL = "DISK_FULL"
EXIT_NONZERO = "EXIT_NONZERO"
PREEMPTED = "PREEMPTED"
NODE_LOST = "NODE_LOST"
STOPPED_OUTSIDE = "STOPPED_OUTSIDE"
START_TIMEOUT = "START_TIMEOUT"

CODES = frozenset(
    {
        WAITING_FOR_CAPACITY, NO_NODE_FITS, ACCELERATOR_MISSING, IMAGE_NOT_FOUND,
        IMAGE_PULL_DENIED, IMAGE_UNREACHABLE, DISK_FULL, VOLUME_PENDING, VOLUME_BUSY,
        CLUSTER_QUOTA, ADMISSION_DENIED,
        NAMESPACE_PENDING, FOREIGN_OBJECT, ENGINE_UNREACHABLE, START_FAILED, OUT_OF_MEMORY,
        EXIT_NONZERO, PREEMPTED, NODE_LOST, STOPPED_OUTSIDE, START_TIMEOUT,
    }
)  # fmt: skip

LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a start waits for. ``placed``: a node was chosen. ``for_ever``: it cannot end well."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    placed: bool = False
    for_ever: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """How a pod ended. ``code`` is empty where the exit code says it all."""

    code: str = ""
    exit_code: int | None = None
    detail: str = ""


# --- placing ------------------------------------------------------------------------------------


def is_placed(pod: Raw) -> bool:
    """Whether a node was chosen."""
    return bool(node_of(pod))


def node_of(pod: Raw) -> str:
    """The node that was chosen; '' while none is."""
    return str(_mapping(pod.get("spec")).get("nodeName") or "")


def placed_at(pod: Raw) -> str:
    """When a node was chosen, in the cluster's own words; '' while none is."""
    condition = _condition(pod, "PodScheduled")
    if condition.get("status") != "True":
        return ""
    return str(condition.get("lastTransitionTime") or "")


def waiting(pod: Raw, events: Iterable[Raw] = ()) -> Waiting | None:
    """What the pod waits for; None while it goes on by itself."""
    if not is_placed(pod):
        return _unplaced(pod)
    state = _mapping(_mapping(_container(pod).get("state")).get("waiting"))
    reason, message = str(state.get("reason") or ""), str(state.get("message") or "")
    if reason in _NOT_PULLED:
        return _not_pulled(pod, reason, message)
    if reason in _NOT_MADE:
        detail = short(message) or reason
        return Waiting(START_FAILED, {"detail": detail}, placed=True)
    return _not_mounted(events)


def _unplaced(pod: Raw) -> Waiting | None:
    condition = _condition(pod, "PodScheduled")
    if condition.get("status") != "False":
        return None
    if condition.get("reason") == "SchedulingGated":
        return Waiting(WAITING_FOR_CAPACITY)
    return unschedulable(str(condition.get("message") or ""))


_NODES = re.compile(r"^0/(\d+) nodes are available: (.*?)(?: ?preemption: (.*))?$", re.DOTALL)
_HELPLESS = re.compile(r"(\d+) Preemption is not helpful for scheduling")
_LACKING = re.compile(r"\d+ Insufficient ([\w./-]+?)[.,]?(?=\s|$)")
_VOLUMES = (
    "persistentvolumeclaim",
    "persistent volume",
    "volume node affinity",
    "volume binding",
)


def unschedulable(message: str) -> Waiting:
    """Read the scheduler's own sentence: what it lacks, and whether it may ever come.

    A node whose whole size is too small is one where evicting others "is not helpful"; where that
    is said of all nodes for lack of a resource, none of those there now will ever do.
    """
    if any(word in message.lower() for word in _VOLUMES):
        return Waiting(VOLUME_PENDING, {"detail": short(message)})
    found = _NODES.match(message)
    if found is None:
        return Waiting(WAITING_FOR_CAPACITY, {"detail": short(message)} if message else {})
    nodes, verdict, preemption = int(found[1]), found[2], found[3] or ""
    helpless = _HELPLESS.search(preemption)
    passing = "node.kubernetes.io/" in verdict  # a node that is not well may get well
    lacking = _LACKING.findall(verdict)
    params: dict[str, Any] = {"detail": short(message)}
    if helpless is None or int(helpless[1]) < nodes or nodes == 0 or passing:
        return Waiting(WAITING_FOR_CAPACITY, params)
    devices = [resource for resource in lacking if "/" in resource]
    if devices:
        return Waiting(ACCELERATOR_MISSING, params)
    return Waiting(NO_NODE_FITS, params)


def obstacle(error: ClusterRefused) -> Waiting:
    """Why the API server would not take one of our objects."""
    message = error.message
    detail = {"detail": short(message)}
    if "exceeded quota" in message:
        return Waiting(CLUSTER_QUOTA, detail)
    if error.status in {401, 404} or any(sign in message for sign in _NOT_READY):
        return Waiting(NAMESPACE_PENDING, detail)
    if error.status == 403 and _NO_RIGHT.search(message):
        return Waiting(NAMESPACE_PENDING, detail)
    if error.status in {403, 422}:
        return Waiting(ADMISSION_DENIED, detail, for_ever=True)
    return Waiting(START_FAILED, detail, for_ever=True)


# A namespace that is being made: its quota is not counted yet, its account is not there yet.
_NOT_READY = (
    "status unknown for quota",
    "error looking up service account",
    "being terminated",
)
_NO_RIGHT = re.compile(r"cannot (create|get|list|watch|delete) resource")

# --- making -------------------------------------------------------------------------------------

_NOT_PULLED = frozenset({"ErrImagePull", "ImagePullBackOff", "InvalidImageName",
                         "ErrImageNeverPull", "RegistryUnavailable",
                         "ImageInspectError"})  # fmt: skip
_NOT_MADE = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError",
                       "StartError", "CrashLoopBackOff"})  # fmt: skip
_NEVER = frozenset({"InvalidImageName", "ErrImageNeverPull"})
_DENIED = ("denied", "unauthorized", "forbidden", "authentication required", "401", "403")
_MISSING = ("not found", "manifest unknown", "no such image", "404")
_UNREACHABLE = ("dial tcp", "timeout", "no such host", "connection refused", "eof", "unavailable")


def _not_pulled(pod: Raw, reason: str, message: str) -> Waiting:
    image = _image(pod)
    said = message.replace(image, "").lower()
    params = {"detail": short(message)}
    if reason in _NEVER:
        return Waiting(IMAGE_NOT_FOUND, params, placed=True, for_ever=True)
    for code, signs in _PULLS.items():
        if any(sign in said for sign in signs):
            return Waiting(code, params, placed=True)
    return Waiting(IMAGE_NOT_FOUND, params, placed=True)


_PULLS = {
    IMAGE_PULL_DENIED: _DENIED,
    IMAGE_NOT_FOUND: _MISSING,
    IMAGE_UNREACHABLE: _UNREACHABLE,
}
_MOUNTING = frozenset({"FailedMount", "FailedAttachVolume", "FailedMapVolume"})


def _not_mounted(events: Iterable[Raw]) -> Waiting | None:
    said = [str(event.get("message") or "") for event in events if event.get("reason") in _MOUNTING]
    if not said:
        return None
    if any(sign in said[-1] for sign in ("Multi-Attach", "already attached", "in use")):
        return Waiting(VOLUME_BUSY, placed=True)
    return Waiting(VOLUME_PENDING, {"detail": short(said[-1])}, placed=True)


# --- running and ending -------------------------------------------------------------------------


def address(pod: Raw) -> str:
    """The pod's own IP once its server's container runs; '' before."""
    state = _mapping(_container(pod).get("state"))
    if "running" not in state or is_leaving(pod):
        return ""
    return str(_mapping(pod.get("status")).get("podIP") or "")


def is_leaving(pod: Raw) -> bool:
    """Whether somebody asked for its end."""
    return bool(_mapping(pod.get("metadata")).get("deletionTimestamp"))


def ended(pod: Raw) -> End | None:
    """How the pod's server ended; None while it has not."""
    status = _mapping(pod.get("status"))
    terminated = _mapping(_mapping(_container(pod).get("state")).get("terminated"))
    if not terminated and status.get("phase") not in {"Succeeded", "Failed"}:
        return None
    raw = terminated.get("exitCode")
    exit_code = raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    detail = short(str(terminated.get("message") or status.get("message") or ""))
    return End(_code(pod, status, terminated, exit_code), exit_code, detail)


def _code(
    pod: Raw, status: Mapping[str, Any], terminated: Mapping[str, Any], exit_code: int | None
) -> str:
    if terminated.get("reason") == "OOMKilled":
        return OUT_OF_MEMORY
    if status.get("reason") == "Evicted":
        said = str(status.get("message") or "")
        return DISK_FULL if "ephemeral" in said or "EmptyDir" in said else PREEMPTED
    if disrupted := disruption(pod):
        return disrupted
    if is_leaving(pod):
        return STOPPED_OUTSIDE
    if exit_code is None and status.get("phase") == "Failed":
        return NODE_LOST if status.get("reason") in _LOST else START_FAILED
    return ""


_LOST = frozenset({"NodeLost", "NodeShutdown", "Terminated", "Shutdown"})
_DISRUPTIONS = {
    "PreemptionByScheduler": PREEMPTED,
    "EvictionByEvictionAPI": PREEMPTED,
    "TerminationByKubelet": PREEMPTED,
    "DeletionByTaintManager": NODE_LOST,
    "DeletionByPodGC": NODE_LOST,
}


def disruption(pod: Raw) -> str:
    """The code for a cluster that took the pod's place away; '' when it did not."""
    condition = _condition(pod, "DisruptionTarget")
    if condition.get("status") != "True":
        return ""
    return _DISRUPTIONS.get(str(condition.get("reason")), PREEMPTED)


# --- reading defensively ------------------------------------------------------------------------


def short(message: str) -> str:
    """A message of the cluster in one line that may be shown."""
    line = "".join(char if char.isprintable() else " " for char in message)
    return " ".join(line.split())[:LONGEST_DETAIL]


def uid_of(item: Raw | None) -> str:
    uid = _mapping(_mapping(item).get("metadata")).get("uid")
    return uid if isinstance(uid, str) else ""


def labels_of(item: Raw) -> Mapping[str, Any]:
    return _mapping(_mapping(item.get("metadata")).get("labels"))


def _container(pod: Raw) -> Mapping[str, Any]:
    for status in _list(_mapping(pod.get("status")).get("containerStatuses")):
        if _mapping(status).get("name") == CONTAINER:
            return _mapping(status)
    return {}


def _image(pod: Raw) -> str:
    for container in _list(_mapping(pod.get("spec")).get("containers")):
        if _mapping(container).get("name") == CONTAINER:
            return str(_mapping(container).get("image") or "")
    return ""


def _condition(pod: Raw, kind: str) -> Mapping[str, Any]:
    for condition in _list(_mapping(pod.get("status")).get("conditions")):
        if _mapping(condition).get("type") == kind:
            return _mapping(condition)
    return {}


def _mapping(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _list(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []
