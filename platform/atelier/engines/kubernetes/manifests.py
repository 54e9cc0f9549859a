"""From a WorkloadSpec to the objects of one run. Pure: a spec in, plain JSON out.

Everything in a pod is written here, field by field: nothing a user or a catalogue wrote is ever
merged in. The fields that keep a pod harmless are set last, over whatever stands there.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from atelier.core.errors import InvalidSpec
from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, WorkloadSpec
from atelier.engines.kubernetes import objects
from atelier.engines.kubernetes.objects import RunName

Json = dict[str, Any]

CONTAINER = "main"
USER = 1000
HOME = "/home/atelier"
GRACE_SECONDS = 30
STORAGE_BYTES = 2 * 2**30  # what a pod may write beside its volumes when its spec does not say
KEEP_FINISHED_SECONDS = 7 * 24 * 3600  # the last net; the platform removes a run much sooner

# The platform and the cluster set these for every member; a spec cannot.
_OWN_VARIABLES = ("HOME", "TMPDIR")


def job(spec: WorkloadSpec, *, instance: str, generation: int) -> Json:
    """Return the indexed Job that runs the members of ``spec``."""
    name, member = RunName.parse(spec.name), _only_member(spec)
    labels = objects.run_labels(spec, instance) | {objects.ROLE: objects.label_value(member.role)}
    body: Json = {
        "completionMode": "Indexed",
        "completions": member.count,
        "parallelism": member.count,
        "backoffLimit": 0,
        # A pod that makes room or loses its node has not failed: the Job starts another.
        "podFailurePolicy": {
            "rules": [
                {
                    "action": "Ignore",
                    "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                }
            ]
        },
        "podReplacementPolicy": "Failed",  # two pods of one index never run side by side
        "ttlSecondsAfterFinished": KEEP_FINISHED_SECONDS,
        "template": {
            "metadata": {"labels": labels, "annotations": _about(spec)},
            "spec": pod(spec, member, instance=instance),
        },
    }
    annotations = _about(spec) | {
        objects.GENERATION: str(generation),
        objects.SPEC_HASH: _digest(body),
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _metadata(name, labels, annotations),
        "spec": body,
    }


def service(spec: WorkloadSpec, *, instance: str) -> Json | None:
    """Return the headless Service by which the members find each other; None for a single one."""
    name, member = RunName.parse(spec.name), _only_member(spec)
    if not _needs_service(spec, member):
        return None
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(name, objects.run_labels(spec, instance), _about(spec)),
        "spec": {
            "clusterIP": "None",
            "publishNotReadyAddresses": True,  # members meet before any of them is ready
            "selector": objects.run_identity(spec, instance),
            **({"ports": [_port(spec.port)]} if spec.port else {}),
        },
    }


def pod(spec: WorkloadSpec, member: MemberSpec, *, instance: str) -> Json:
    """Return the pod of one member."""
    body: Json = {
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": _whole(spec, "grace_seconds", GRACE_SECONDS),
        # The first process of a container ignores SIGTERM unless it says otherwise; behind the
        # pod's own first process a user's command ends when it is asked to.
        "shareProcessNamespace": True,
        "containers": [_container(spec, member)],
        "volumes": _volumes(spec, member),
    }
    if _needs_service(spec, member):
        body["subdomain"] = RunName.parse(spec.name).run
    if spec.lifetime is not None:
        # On the pod, so that waiting for room is not counted and a late member keeps its log.
        body["activeDeadlineSeconds"] = max(1, int(spec.lifetime.total_seconds()))
    body |= _placement(spec)
    return _secured(body, _whole(spec, "run_as_user", USER))


def _container(spec: WorkloadSpec, member: MemberSpec) -> Json:
    given = {k: v for k, v in spec.env.items() if k not in _OWN_VARIABLES}
    env = given | {"HOME": HOME, "TMPDIR": "/tmp"}  # noqa: S108  # in the pod, its own volume
    limits = quantities(member.resources)
    container: Json = {
        "name": CONTAINER,
        "image": spec.image,
        "imagePullPolicy": "IfNotPresent",
        "env": [{"name": k, "value": literal(v)} for k, v in env.items()],
        "workingDir": HOME,
        "resources": {"limits": limits, "requests": dict(limits)},
        "volumeMounts": [
            {"name": "home", "mountPath": HOME},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
            *([{"name": "shm", "mountPath": "/dev/shm"}] if _shared_memory(spec) else []),  # noqa: S108
        ],
        "terminationMessagePolicy": "File",
    }
    if spec.command:
        container["command"] = [literal(word) for word in spec.command]
    if spec.port:
        container["ports"] = [{"name": "main", "containerPort": spec.port, "protocol": "TCP"}]
    return container


def _volumes(spec: WorkloadSpec, member: MemberSpec) -> list[Json]:
    room = str(storage_of(member.resources))
    volumes: list[Json] = [
        {"name": "home", "emptyDir": {"sizeLimit": room}},
        {"name": "tmp", "emptyDir": {"sizeLimit": room}},
    ]
    if shared := _shared_memory(spec):
        volumes.append({"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": str(shared)}})
    return volumes


def _secured(body: Json, user: int) -> Json:
    """Set what keeps a pod harmless, over whatever stands there."""
    body |= {
        "serviceAccountName": objects.SERVICE_ACCOUNT,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "hostNetwork": False,
        "hostPID": False,
        "hostIPC": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": user,
            "runAsGroup": USER,
            "fsGroup": USER,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    for container in body["containers"]:
        container["securityContext"] = {
            "runAsNonRoot": True,
            "runAsUser": user,
            "privileged": False,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        }
    return body


def quantities(resources: Resources) -> dict[str, str]:
    """Return ``resources`` as Kubernetes writes them; requests and limits are always equal."""
    amounts = {
        "cpu": f"{resources.cpu_millicores}m",
        "memory": str(resources.memory_bytes),
        "ephemeral-storage": str(storage_of(resources)),
    }
    return amounts | {kind: str(n) for kind, n in sorted(resources.accelerators.items()) if n}


def storage_of(resources: Resources) -> int:
    """Return how much a pod may write beside its volumes."""
    return resources.storage_bytes or STORAGE_BYTES


def literal(text: str) -> str:
    """Return ``text`` so that Kubernetes does not expand ``$(NAME)`` in it."""
    return text.replace("$", "$$")


def _placement(spec: WorkloadSpec) -> Json:
    """Return where it may go, as the catalogue says; known fields only."""
    placed: Json = {}
    selector = spec.settings.get("node_selector") or {}
    if selector:
        placed["nodeSelector"] = {str(k): str(v) for k, v in sorted(selector.items())}
    tolerations = spec.settings.get("tolerations") or ()
    if tolerations:
        placed["tolerations"] = [_toleration(t) for t in tolerations]
    return placed


def _toleration(raw: Mapping[str, Any]) -> Json:
    known = {k: str(raw[k]) for k in ("key", "operator", "value", "effect") if raw.get(k)}
    if not known.get("key"):
        raise InvalidSpec("INVALID", field="tolerations")  # one without a key tolerates everything
    return known


def _only_member(spec: WorkloadSpec) -> MemberSpec:
    if len(spec.members) != 1 or spec.members[0].count < 1:
        raise InvalidSpec("INVALID", field="members")
    if not spec.image:
        raise InvalidSpec("FIELD_REQUIRED", field="image")
    for unknown in ("secret_refs", "mounts"):
        if getattr(spec, unknown):
            raise InvalidSpec("INVALID", field=unknown)
    return spec.members[0]


def _needs_service(spec: WorkloadSpec, member: MemberSpec) -> bool:
    return member.count > 1 or spec.port is not None


def _port(port: int | None) -> Json:
    return {"name": "main", "port": port, "targetPort": port}


def _about(spec: WorkloadSpec) -> dict[str, str]:
    about = {objects.OWNER_NAME: spec.owner_name, objects.ENVIRONMENT: spec.environment}
    return {key: value for key, value in about.items() if value}


def _metadata(name: RunName, labels: Mapping[str, str], annotations: Mapping[str, str]) -> Json:
    return {
        "name": name.run,
        "namespace": name.namespace,
        "labels": dict(labels),
        "annotations": dict(annotations),
    }


def _whole(spec: WorkloadSpec, setting: str, default: int) -> int:
    value = spec.settings.get(setting, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidSpec("INVALID", field=setting)
    return value


def _shared_memory(spec: WorkloadSpec) -> int:
    value = spec.settings.get("shared_memory_bytes") or 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidSpec("INVALID", field="shared_memory_bytes")
    return value


def _digest(body: Json) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
