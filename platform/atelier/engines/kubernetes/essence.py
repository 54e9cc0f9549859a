"""What of an object tells something about its run: the small part that an observation reads.

A look at thousands of runs keeps all their Jobs until it has read the last pod.
"""

from collections.abc import Iterable
from typing import Any

from atelier.engines.kubernetes.reading import Json, mapping, objects

_OF_A_JOB = ("completions", "activeDeadlineSeconds")
_OF_A_POD = ("nodeName", "activeDeadlineSeconds")
_OF_A_CONTAINER = ("name", "image", "command", "resources")


def of_job(job: Json) -> dict[str, Any]:
    """Return ``job`` without the pods it makes."""
    return _told(job, _only(mapping(job, "spec"), _OF_A_JOB))


def of_pod(pod: Json) -> dict[str, Any]:
    """Return ``pod`` with no more of its containers than what explains their end."""
    containers = [_only(c, _OF_A_CONTAINER) for c in objects(pod, "spec", "containers")]
    return _told(pod, {**_only(mapping(pod, "spec"), _OF_A_POD), "containers": containers})


def of_event(event: Json) -> dict[str, Any]:
    """Return ``event`` without who wrote which of its fields."""
    return {**event, "metadata": _metadata(event)}


def _told(thing: Json, spec: Json) -> dict[str, Any]:
    return {"metadata": _metadata(thing), "spec": spec, "status": mapping(thing, "status")}


def _metadata(thing: Json) -> Json:
    return {k: v for k, v in mapping(thing, "metadata").items() if k != "managedFields"}


def _only(found: Json, keys: Iterable[str]) -> dict[str, Any]:
    return {key: found[key] for key in keys if key in found}
