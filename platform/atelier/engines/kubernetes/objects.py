"""Names, labels and annotations of everything the platform puts into a cluster, in one place.

Names come from immutable keys. Text from outside becomes a name or a label value by ``dns_label``
and ``label_value``: what is valid stays as it is, everything else is cut and marked with a digest
after two dashes, and what has two dashes itself is never taken as it is. So two texts never meet.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atelier.engines.base import WorkloadSpec

DOMAIN = "atelier.dev"
INSTANCE = f"{DOMAIN}/instance"
PROJECT = f"{DOMAIN}/project"
OWNER = f"{DOMAIN}/owner"
WORKLOAD = f"{DOMAIN}/workload"
ATTEMPT = f"{DOMAIN}/attempt"
ROLE = f"{DOMAIN}/role"
RUN = f"{DOMAIN}/run"  # only what belongs to a run of this engine has it

OWNER_NAME = f"{DOMAIN}/owner-name"
ENVIRONMENT = f"{DOMAIN}/environment"
GENERATION = f"{DOMAIN}/generation"
SPEC_HASH = f"{DOMAIN}/spec-hash"

NAME = "app.kubernetes.io/name"
APP_INSTANCE = "app.kubernetes.io/instance"
COMPONENT = "app.kubernetes.io/component"
PART_OF = "app.kubernetes.io/part-of"
MANAGED_BY = "app.kubernetes.io/managed-by"
PLATFORM = "atelier"

# Set by the Job controller on the pods of an indexed Job.
COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index"

SERVICE_ACCOUNT = "run"  # the account without a token that every project pod has

LONGEST = 63
_DIGEST = 16
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.ASCII)
_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)


def dns_label(text: str, limit: int = LONGEST) -> str:
    """Return a name for ``text`` that Kubernetes takes everywhere (RFC 1123, at most 63)."""
    if len(text) <= limit and "--" not in text and _LABEL.fullmatch(text):
        return text
    return _marked(text, re.sub(r"[^a-z0-9]+", "-", text.lower()), limit)


def label_value(text: str, limit: int = LONGEST) -> str:
    """Return a label value for ``text``."""
    if len(text) <= limit and "--" not in text and _VALUE.fullmatch(text):
        return text
    return _marked(text, re.sub(r"[^A-Za-z0-9]+", "-", text), limit)


def _marked(text: str, readable: str, limit: int) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    room = limit - _DIGEST - 2
    return f"{readable.strip('-')[:room].strip('-') or 'x'}--{digest}"


@dataclass(frozen=True, slots=True)
class RunName:
    """``<namespace>/<run>``: a run's name in the engine; ``run`` is that of its objects."""

    namespace: str
    run: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.run}"

    @classmethod
    def parse(cls, name: str) -> "RunName":
        """Read a run's name; raises ValueError for what is not one."""
        namespace, run = name.split("/")
        for part in (namespace, run):
            if len(part) > LONGEST or not _LABEL.fullmatch(part):
                raise ValueError(f"{name!r} is not the name of a run in a cluster")
        return cls(namespace, run)


def labels(
    *,
    instance: str,
    component: str,
    project: str,
    owner: str = "",
    workload: str = "",
    attempt: int | None = None,
) -> dict[str, str]:
    """Return the labels of an object; who or what it has not is left out."""
    given = {
        NAME: label_value(component),
        APP_INSTANCE: label_value(instance),
        COMPONENT: label_value(component),
        PART_OF: PLATFORM,
        MANAGED_BY: PLATFORM,
        INSTANCE: label_value(instance),
        PROJECT: label_value(project),
    }
    if owner:
        given[OWNER] = label_value(owner)
    if workload:
        given[WORKLOAD] = label_value(workload)
    if attempt is not None:
        given[ATTEMPT] = str(attempt)
    return given


def run_labels(spec: WorkloadSpec, instance: str) -> dict[str, str]:
    """Return the labels of everything that belongs to one run."""
    mine = labels(
        instance=instance,
        component=str(spec.settings.get("component") or "job"),
        project=spec.project_id,
        owner=spec.owner_name,
        workload=spec.workload_id,
        attempt=spec.attempt,
    )
    return mine | {RUN: RunName.parse(spec.name).run}


def run_identity(spec: WorkloadSpec, instance: str) -> dict[str, str]:
    """Return the labels by which the objects and pods of one run are told from all others."""
    mine = run_labels(spec, instance)
    return {key: mine[key] for key in (INSTANCE, WORKLOAD, ATTEMPT, RUN)}


def is_of(found: Mapping[str, str], identity: Mapping[str, str]) -> bool:
    """Tell whether an object with the labels ``found`` belongs to the run of ``identity``."""
    return all(found.get(key) == value for key, value in identity.items())


def runs_of(instance: str, runs: Iterable[str] = ()) -> str:
    """Return the label selector of the runs of this installation: of these, or of all."""
    wanted = ",".join(runs)
    some = f"{RUN} in ({wanted})" if wanted else RUN
    return f"{INSTANCE}={label_value(instance)},{MANAGED_BY}={PLATFORM},{some}"
