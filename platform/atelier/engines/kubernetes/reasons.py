"""Why a run waits or has failed, from what the cluster says about it. Pure.

A cluster tells causes in conditions, container states, events and Jobs, most of it in sentences for
administrators. Here they become codes of ``core.reasons``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from atelier.core.amounts import accelerator_name, amount_text
from atelier.core.resources import Resources
from atelier.engines.kubernetes import reading
from atelier.engines.kubernetes.reading import Json, condition, mapping, objects, text

DISRUPTED = "DisruptionTarget"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_IMAGE_STATES = {
    "ErrImagePull",
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "ImageInspectError",
    "RegistryUnavailable",
}
_DENIED = ("denied", "unauthorized", "forbidden", "authentication required", "401", "403")
_UNREACHABLE = ("dial tcp", "timeout", "no such host", "connection refused", "eof", "unavailable")
_NOT_FOUND = ("not found", "manifest unknown", "no such image", "404")
_NO_PROGRAM = ("executable file not found", "no such file or directory", "permission denied")
_LOST = {"DeletionByTaintManager", "DeletionByPodGC"}
_REFUSED_BY_NODE = {
    "NodeLost",
    "NodeShutdown",
    "Terminated",
    "NodeAffinity",
    "UnexpectedAdmissionError",
}
_VOLUME_WAITS = ("persistentvolumeclaim", "persistent volume", "volume node affinity")
# Taints that Kubernetes sets while a node is not well: that passes.
_PASSING = "node.kubernetes.io/"


@dataclass(frozen=True, slots=True)
class Why:
    """A code of ``core.reasons`` with its parameters."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


# --- waiting ------------------------------------------------------------------------------------


def of_unplaced(pod: Json, nodes: Sequence[Resources] | None) -> Why | None:
    """Return why a pod has no node yet; ``nodes`` are what single nodes have, None if unknown."""
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") != "False":
        return None  # nobody has looked at it yet
    said = text(scheduled, "message")
    if any(word in said.lower() for word in _VOLUME_WAITS):
        return Why("VOLUME_PENDING")
    needs = needs_of(pod)
    if nodes:
        return never_fits(needs, nodes) or Why("WAITING_FOR_CAPACITY", {"needs": in_words(needs)})
    return _by_the_schedulers_word(said, needs)


def never_fits(needs: Resources, nodes: Iterable[Resources]) -> Why | None:
    """Return why no node could ever hold ``needs``, or None when one could."""
    known = list(nodes)
    if any(needs.fits_in(_roomy(node)) for node in known):
        return None
    for kind, count in needs.accelerators.items():
        if count and not any(node.accelerators.get(kind) for node in known):
            return Why("ACCELERATOR_MISSING", {"kind": accelerator_name(kind)})
    largest = max(known, key=_size, default=Resources(0, 0))
    return Why("NO_NODE_FITS", {"needs": in_words(needs), "largest": in_words(largest)})


def _roomy(node: Resources) -> Resources:
    """Return the node with room for any temporary storage: that is not what profiles promise."""
    return Resources(node.cpu_millicores, node.memory_bytes, 2**62, node.accelerators)


def _size(node: Resources) -> tuple[int, int, int]:
    return sum(node.accelerators.values()), node.cpu_millicores, node.memory_bytes


def _by_the_schedulers_word(said: str, needs: Resources) -> Why:
    """Tell "never" from "not now" by what the scheduler says of preemption."""
    waits = Why("WAITING_FOR_CAPACITY", {"needs": in_words(needs)})
    total = re.match(r"0/(\d+) nodes are available", said)
    unhelpful = re.search(r"preemption: .*?(\d+) Preemption is not helpful", said)
    if not total or not unhelpful or total[1] != unhelpful[1] or _PASSING in said:
        return waits
    for kind, count in needs.accelerators.items():
        if count and f"Insufficient {kind}" in said:
            return Why("ACCELERATOR_MISSING", {"kind": accelerator_name(kind)})
    return Why("NO_NODE_FITS", {"needs": in_words(needs)})


def of_starting(pod: Json, events: Iterable[Json]) -> Why | None:
    """Return why a pod that has a node does not run yet, if something holds it up."""
    for status in objects(pod, "status", "containerStatuses"):
        waiting = mapping(status, "state", "waiting")
        if text(waiting, "reason") in _IMAGE_STATES:
            return _of_image(text(status, "image") or _image_of(pod), waiting, events)
    for event in newest_first(events):
        if why := _of_volume(event):
            return why
    return None


def _of_image(image: str, waiting: Json, events: Iterable[Json]) -> Why:
    pulls = (text(e, "message") for e in newest_first(events) if e.get("reason") == "Failed")
    said = " ".join((text(waiting, "message"), *pulls)).replace(image, "").lower()
    if any(word in said for word in _DENIED):
        return Why("IMAGE_PULL_DENIED", {"image": image})
    if any(word in said for word in _NOT_FOUND) or text(waiting, "reason") in {
        "InvalidImageName",
        "ErrImageNeverPull",
    }:
        return Why("IMAGE_NOT_FOUND", {"image": image})
    # "localhost/…" names what was loaded into the nodes; there is no registry to ask.
    if any(word in said for word in _UNREACHABLE) and not image.startswith("localhost/"):
        return Why("IMAGE_UNREACHABLE", {"image": image})
    return Why("IMAGE_NOT_FOUND", {"image": image})


def _of_volume(event: Json) -> Why | None:
    if text(event, "reason") not in {"FailedMount", "FailedAttachVolume"}:
        return None
    said = text(event, "message")
    busy = "Multi-Attach" in said or "already attached" in said or "in use" in said
    return Why("VOLUME_BUSY" if busy else "VOLUME_PENDING")


def of_missing_pods(events: Iterable[Json]) -> Why | None:
    """Return why a Job cannot make its pods: quota and admission show in its events only."""
    failed = (e for e in newest_first(events) if e.get("reason") == "FailedCreate")
    said = next((text(e, "message") for e in failed), "")
    if "exceeded quota" in said:
        return Why("CLUSTER_QUOTA", _of_quota(said))
    if "serviceaccount" in said and "not found" in said:
        return Why("NAMESPACE_PENDING")
    if "violates PodSecurity" in said or "denied the request" in said:
        return Why("ADMISSION_DENIED", {"detail": _shortened(said)})
    if re.search(r"(maximum|minimum) .* usage per", said):
        return Why("ADMISSION_DENIED", {"detail": _shortened(said)})
    return None


def _of_quota(said: str) -> dict[str, str]:
    """Read "exceeded quota: NAME, requested: cpu=8, used: cpu=2, limited: cpu=4"."""
    parts = re.search(
        r"exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (.+?)$", said
    )
    if not parts:
        return {"detail": _shortened(said)}
    return {
        "quota": parts[1],
        "requested": parts[2],
        "used": parts[3],
        "limited": parts[4],
        "detail": f"{parts[2]} (used {parts[3]} of {parts[4]})",
    }


def _shortened(said: str) -> str:
    return said.split("is forbidden: ", 1)[-1][:300]


# --- ended --------------------------------------------------------------------------------------


def of_interruption(pod: Json) -> Why | None:
    """Return why a pod was taken away through no fault of its own, or None."""
    if not reading.is_true(pod, DISRUPTED):
        return None
    if text(condition(pod, DISRUPTED), "reason") in _LOST:
        return Why("NODE_LOST")
    return Why("PREEMPTED")


def of_failure(pod: Json) -> Why | None:
    """Return why a pod has failed."""
    said = text(pod, "status", "reason")
    if said == "DeadlineExceeded":
        seconds = reading.whole(pod, "spec", "activeDeadlineSeconds")
        return Why("DEADLINE_PASSED", {} if seconds is None else {"seconds": seconds})
    if said == "Evicted":
        return _of_eviction(pod)
    if said in _REFUSED_BY_NODE or said.startswith("OutOf"):
        return Why("NODE_LOST")
    ends = [mapping(s, "state", "terminated") for s in objects(pod, "status", "containerStatuses")]
    return next((why for end in ends if (why := _of_end(pod, end))), None)


def _of_eviction(pod: Json) -> Why:
    said = text(pod, "status", "message")
    if "ephemeral" in said or "EmptyDir" in said:
        room = needs_of(pod).storage_bytes
        return Why("DISK_FULL", {"limit": amount_text("memory", room)})
    return Why("PREEMPTED")


def _of_end(pod: Json, end: Json) -> Why | None:
    code = reading.whole(end, "exitCode")
    if end.get("reason") == "OOMKilled":
        return Why("OUT_OF_MEMORY", {"limit": amount_text("memory", needs_of(pod).memory_bytes)})
    if end.get("reason") == "ContainerStatusUnknown":
        return Why("NODE_LOST")
    if text(end, "reason") in {"StartError", "ContainerCannotRun"}:
        if any(word in text(end, "message").lower() for word in _NO_PROGRAM):
            return Why("COMMAND_NOT_FOUND", {"command": _command_of(pod)})
        return Why("START_FAILED")
    return Why("EXIT_NONZERO", {"exit_code": code}) if code else None


# --- reading a pod ------------------------------------------------------------------------------


def needs_of(pod: Json) -> Resources:
    """Return what a pod asks for, all its containers together."""
    total = Resources(0, 0)
    for container in objects(pod, "spec", "containers"):
        total = total.plus(reading.resources(mapping(container, "resources", "requests")))
    return total


def in_words(amount: Resources) -> dict[str, str]:
    """Return resources as people read them, by language."""
    parts = [amount_text(name, n) for name, n in amount.as_claims().items()]
    return {lang: ", ".join(part[lang] for part in parts) for lang in ("en", "fr")}


def newest_first(events: Iterable[Json]) -> list[Json]:
    """Return events by when they last happened."""
    return sorted(events, key=happened_at, reverse=True)


def happened_at(event: Json) -> datetime:
    """Return when an event last happened."""
    times = (
        reading.moment(event, "lastTimestamp"),
        reading.moment(event, "series", "lastObservedTime"),
        reading.moment(event, "eventTime"),
        reading.moment(event, "metadata", "creationTimestamp"),
    )
    return max((t for t in times if t), default=_LONG_AGO)


def _image_of(pod: Json) -> str:
    return next((text(c, "image") for c in objects(pod, "spec", "containers")), "")


def _command_of(pod: Json) -> str:
    container: Json = next(objects(pod, "spec", "containers"), {})
    command = container.get("command")
    first = command[0] if isinstance(command, list) and command else ""
    return str(first)[:100]
