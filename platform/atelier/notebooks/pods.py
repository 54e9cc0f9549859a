"""The part of a spawn plan by which a notebook server becomes a pod of its project's namespace.

The spawner has no texts: whatever it may have to say while a pod waits, or when its start fails,
goes along with the plan, filled in and in the owner's language. What only the cluster can tell is
left as ``{detail}`` for the spawner to fill.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from atelier.catalog import capacity
from atelier.core.amounts import GIB, accelerator_name, amount_text
from atelier.core.reasons import describe
from atelier.core.resources import Resources
from atelier.engines.kubernetes import objects
from atelier.engines.kubernetes.reasons import in_words
from atelier.notebooks.models import Run

COMPONENT = "notebook"
SERVER_NAME = f"{objects.DOMAIN}/server-name"
# What a message of the cluster is put in place of.
OPEN = {"detail": "{detail}", "since": "{since}"}

# Everything the spawner may name: why a start waits, why it fails, why a server has ended.
CODES = (
    "SUBMITTING",
    "STARTING",
    "NAMESPACE_PENDING",
    "WAITING_FOR_CAPACITY",
    "NO_NODE_FITS",
    "ACCELERATOR_MISSING",
    "IMAGE_NOT_FOUND",
    "IMAGE_PULL_DENIED",
    "IMAGE_UNREACHABLE",
    "VOLUME_PENDING",
    "VOLUME_BUSY",
    "CLUSTER_QUOTA",
    "ADMISSION_DENIED",
    "FOREIGN_OBJECT",
    "ENGINE_UNREACHABLE",
    "START_FAILED",
    "START_TIMEOUT",
    "OUT_OF_MEMORY",
    "DISK_FULL",
    "EXIT_NONZERO",
    "PREEMPTED",
    "NODE_LOST",
    "STOPPED_OUTSIDE",
)
_NO_WORDS_NEEDED = frozenset({"OUT_OF_MEMORY", "DISK_FULL", "EXIT_NONZERO", "PREEMPTED",
                              "NODE_LOST", "STOPPED_OUTSIDE"})  # fmt: skip


def home_claim(username: str) -> str:
    """Return the name of a user's home in the namespace of a project; user names never change."""
    return f"home-{username}"


def needs_of(run: Run) -> Resources:
    """Return what the server itself gets: its executors are pods of their own."""
    if run.profile.spark_executors:
        return run.profile.as_resources
    return run.workload.as_resources


def labels(run: Run) -> dict[str, str]:
    """Return the labels of everything that belongs to one run."""
    server, workload = run.server, run.workload
    return objects.labels(
        instance=settings.ATELIER_INSTANCE,
        component=COMPONENT,
        project=server.project_id,
        owner=server.owner.username,
        workload=workload.pk,
        attempt=max(1, workload.attempt_number),
    )


def pod_plan(run: Run) -> dict[str, Any] | None:
    """Return how a run becomes a pod; None where servers are processes."""
    if settings.ATELIER_ENGINE != "kubernetes":
        return None
    server, workload, profile = run.server, run.workload, run.profile
    return {
        "name": f"{workload.pk}-{max(1, workload.attempt_number)}",
        "image": run.environment.image,
        "node_selector": profile.node_selector,
        "tolerations": profile.tolerations,
        "shared_memory_bytes": profile.shared_memory_bytes,
        "home_claim": home_claim(server.owner.username),
        "home_bytes": settings.ATELIER_HOME_GIB * GIB,
        "storage_class": settings.ATELIER_STORAGE_CLASS,
        "hub_api_url": settings.ATELIER_POD_HUB_API_URL,
        "labels": labels(run),
        "annotations": {
            SERVER_NAME: server.name,
            objects.OWNER_NAME: server.owner.username,
            objects.ENVIRONMENT: run.environment.slug,
        },
        "wait_seconds": settings.ATELIER_NOTEBOOK_WAIT_SECONDS,
        "words": words(run),
    }


def words(run: Run) -> dict[str, Any]:
    """Return the platform's sentence for each code a start may be held up or ended by."""
    lang = run.server.owner.language
    found = {}
    for code, params in known_params(run).items():
        if code in _NO_WORDS_NEEDED:
            continue
        sentence = describe(code, {**OPEN, **params}, lang)
        found[code] = {"text": f"{sentence.text} {sentence.action}".strip(), "params": params}
    return found


def known_params(run: Run) -> dict[str, dict[str, Any]]:
    """Return what the sentences are filled with, as far as the portal knows it, by code."""
    needs = needs_of(run)
    largest = capacity.largest(settings.ATELIER_ENGINE)
    kinds = [accelerator_name(kind) for kind, count in needs.accelerators.items() if count]
    image = {"image": run.environment.image}
    given: Mapping[str, dict[str, Any]] = {
        "WAITING_FOR_CAPACITY": {"needs": in_words(needs)},
        "NO_NODE_FITS": {"needs": in_words(needs)}
        | ({"largest": in_words(largest)} if largest is not None else {}),
        "ACCELERATOR_MISSING": {"kind": ", ".join(kinds)} if kinds else {},
        "IMAGE_NOT_FOUND": image,
        "IMAGE_PULL_DENIED": image,
        "IMAGE_UNREACHABLE": image,
        "FOREIGN_OBJECT": {"name": run.workload.pk},
        "START_TIMEOUT": {"seconds": settings.ATELIER_START_TIMEOUT_SECONDS},
        "OUT_OF_MEMORY": {"limit": amount_text("memory", needs.memory_bytes)},
        "DISK_FULL": {"limit": amount_text("memory", needs.storage_bytes or SCRATCH_BYTES)},
    }
    return {code: given.get(code, {}) for code in CODES}


# What the spawner lets a server write outside its home, where the profile names no amount.
SCRATCH_BYTES = 2 * GIB
