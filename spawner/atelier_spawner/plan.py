"""The spawn plan: what the portal decided about one start of one server.

The shape is fixed by ``spawn_plan.schema.json``, which the portal's tests check against too.
Parsing is pure: it either returns a plan that answers exactly the question asked, or says why not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA_FILE = "spawn_plan.schema.json"

# The plan may set what a project needs, never how programs are found or loaded: these names
# belong to the spawner or would hand control of the server's process to whoever writes them.
RESERVED_NAMES = frozenset({"PATH", "HOME", "USER", "LOGNAME", "SHELL", "VIRTUAL_ENV", "IFS"})
RESERVED_PREFIXES = ("JUPYTERHUB_", "JUPYTER_", "PYTHON", "LD_", "ATELIER_BOOT", "ATELIER_SPAWN")


class PlanInvalid(Exception):
    """The portal answered with something that is not a plan for this spawn."""


@dataclass(frozen=True, slots=True)
class PlanProject:
    id: str
    slug: str
    namespace: str


@dataclass(frozen=True, slots=True)
class PlanEnvironment:
    slug: str
    image: str
    local_runtime: str


@dataclass(frozen=True, slots=True)
class PlanResources:
    """What the server was promised, in integers (millicores, bytes)."""

    cpu_millicores: int
    memory_bytes: int
    storage_bytes: int = 0
    accelerators: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole_cpus(self) -> int:
        """The cores libraries should plan their threads for: at least one."""
        return max(1, -(-self.cpu_millicores // 1000))


@dataclass(frozen=True, slots=True)
class Words:
    """The portal's sentence for one code, in the owner's language, and what it was filled with."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PodPlan:
    """What a start as a pod needs on top; of labels and names nothing is the spawner's choice."""

    name: str
    image: str
    home_claim: str
    home_bytes: int
    hub_api_url: str
    labels: Mapping[str, str]
    wait_seconds: int
    storage_class: str = ""
    shared_memory_bytes: int = 0
    node_selector: Mapping[str, str] = field(default_factory=dict)
    tolerations: Sequence[Mapping[str, Any]] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpawnPlan:
    """One admitted start. The token is in `repr` nowhere: plans end up in logs."""

    spawn_id: str
    workload_id: str
    hub_user: str
    server: str
    project: PlanProject
    environment: PlanEnvironment
    resources: PlanResources
    uid: int | None
    home: str
    rescue: bool
    overlay_reset: bool
    env: Mapping[str, str]
    token: str = field(repr=False)
    start_timeout_seconds: int
    labels: Mapping[str, str]
    profile: Mapping[str, Any]
    pod: PodPlan | None = None


@cache
def schema() -> dict[str, Any]:
    """The checked-in JSON schema of a plan."""
    text = resources.files(__package__).joinpath(SCHEMA_FILE).read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def parse_plan(body: object, *, hub_user: str, server: str, spawn_id: str) -> SpawnPlan:
    """Read the portal's answer to one question; anything else is `PlanInvalid`."""
    problem = next(iter(_validator().iter_errors(body)), None)
    if problem is not None:
        # The offending value stays out of the sentence: it may be the token.
        raise PlanInvalid(f"the plan breaks its schema at {problem.json_path}")
    plan = _build(body)  # type: ignore[arg-type]  # the schema says it is an object
    asked = (hub_user, server, spawn_id)
    if (plan.hub_user, plan.server, plan.spawn_id) != asked:
        raise PlanInvalid("the plan is for another server")
    if plan.home.partition("/")[::2] != (plan.project.id, plan.hub_user):
        raise PlanInvalid("the plan's home belongs to somebody else")
    if plan.pod is not None and plan.pod.home_claim != f"home-{plan.hub_user}":
        raise PlanInvalid("the plan's home claim belongs to somebody else")
    reserved = sorted(name for name in plan.env if is_reserved(name))
    if reserved:
        raise PlanInvalid(f"the plan sets reserved variables: {', '.join(reserved)}")
    return plan


def is_reserved(name: str) -> bool:
    """Whether an environment variable may not come from a plan."""
    return name in RESERVED_NAMES or name.startswith(RESERVED_PREFIXES)


def _build(body: Mapping[str, Any]) -> SpawnPlan:
    rest = {key: value for key, value in body.items() if key != "version"}
    return SpawnPlan(
        **{
            "overlay_reset": False,
            "profile": {},
            **rest,
            "project": PlanProject(**body["project"]),
            "environment": PlanEnvironment(**body["environment"]),
            "resources": PlanResources(**body["resources"]),
            "pod": _pod(body.get("pod")),
        }
    )


def _pod(body: dict[str, Any] | None) -> PodPlan | None:
    if body is None:
        return None
    words = {code: Words(**said) for code, said in body.get("words", {}).items()}
    return PodPlan(**{**body, "words": words})
