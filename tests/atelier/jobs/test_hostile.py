"""S9: whatever would reach past the command, its variables and its size is refused by its name.

Nothing is half made: no job, no run, no reservation, no row of the audit log.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.catalog.models import Environment, Profile
from atelier.engines.memory import MemoryEngine
from atelier.jobs import drafts
from atelier.jobs.models import Job
from atelier.projects.models import Project
from atelier.quotas.models import Reservation
from atelier.workloads.models import Workload
from tests.conftest import Api

pytestmark = pytest.mark.django_db

# What pods have and jobs must not: each alone, within the job's own parts, and in odd spellings.
POD_FIELDS = (
    "privileged", "hostPath", "hostNetwork", "hostPID", "hostIPC", "hostUsers", "hostAliases",
    "serviceAccountName", "serviceAccount", "automountServiceAccountToken", "nodeName",
    "nodeSelector", "node_selector", "affinity", "tolerations", "topologySpreadConstraints",
    "annotations", "labels", "metadata", "initContainers", "containers", "ephemeralContainers",
    "sidecars", "securityContext", "security_context", "runAsUser", "runAsNonRoot", "fsGroup",
    "capabilities", "allowPrivilegeEscalation", "seccompProfile", "volumes", "volumeMounts",
    "volumeDevices", "envFrom", "env_from", "secrets", "secretName", "secret_refs",
    "imagePullSecrets", "imagePullPolicy", "lifecycle", "livenessProbe", "ports", "hostPort",
    "priorityClassName", "runtimeClassName", "schedulerName", "dnsPolicy", "dnsConfig",
    "shareProcessNamespace", "terminationGracePeriodSeconds", "restartPolicy", "resources",
    "resourceClaims", "pod", "podSpec", "podSpecPatch", "pod_patch", "patch", "template", "spec",
    "manifest", "args", "workingDir", "cwd", "user", "uid", "namespace", "engine", "engine_name",
    "labels_extra", "mounts", "network_profile", "settings", "lifetime", "members", "replicas",
    "owner", "owner_id", "status", "exit_code", "workload", "id", "created", "kind", "parent",
    "target", "generation", "__class__", "__proto__", "constructor", "entrypoint", "tty", "stdin",
)  # fmt: skip

RESERVED = (
    "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "ld_preload", "Ld_Preload",
    "DYLD_INSERT_LIBRARIES",
    "PATH", "Path", "HOME", "USER", "LOGNAME", "SHELL", "IFS", "ENV", "BASH_ENV", "PS4", "PWD",
    "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "PYTHONINSPECT", "pythonpath", "PERL5LIB",
    "PERL5OPT", "RUBYOPT", "RUBYLIB", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "GCONV_PATH",
    "GLIBC_TUNABLES", "LOCPATH", "NLSPATH", "HOSTALIASES", "RESOLV_HOST_CONF", "MALLOC_TRACE",
    "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "kubernetes_service_host",
    "ATELIER_URL", "ATELIER_TOKEN_FILE", "ATELIER_RUN", "ATELIER_INSTANCE", "ATELIER_PROJECT",
    "JUPYTERHUB_API_TOKEN", "JUPYTER_PATH", "JPY_API_TOKEN", "MLFLOW_TRACKING_TOKEN", "TF_CONFIG",
    "PET_MASTER_ADDR", "CHECKPOINT_DIR", "RESUME_FROM", "NVIDIA_VISIBLE_DEVICES",
    "CUDA_VISIBLE_DEVICES", "TMPDIR", "HOSTNAME", "BASH_FUNC_ls",
)  # fmt: skip

BAD_NAMES = (
    "", " ", "1A", "A B", "A-B", "A.B", "A=B", "A\n", "\nA", "A\x00", "É", "PАTH", "ＬＤ_PRELOAD",
    "LD_PRELOAD\u200b", "A\u202eB", "BASH_FUNC_ls%%", "A()", "$A", "A;B", "A" * 129, "\ud800",
)  # fmt: skip

NOT_TEXTS: tuple[Any, ...] = (
    None, 1, 1.5, True, ["x"], {"valueFrom": {"secretKeyRef": {"name": "other", "key": "token"}}},
    {"value": "x"}, [], {},
)  # fmt: skip


def cases() -> Iterator[tuple[str, dict[str, Any], str]]:
    for name in POD_FIELDS:
        yield f"field {name}", {name: True}, name[:80]
    for name in ("privileged", "tolerations", "securityContext", "volumes"):
        yield f"{name} in the command", {"command": ["sh", {name: True}]}, "command.1"
        yield f"{name} in env", {"env": {"X": {name: True}}}, "env.X"
        yield f"{name} in profile", {"profile": {"id": "small", name: True}}, "profile"
        yield f"{name} in environment", {"environment": {"id": "e", name: True}}, "environment"
        yield f"{name} in project", {"project": {"id": "p", name: True}}, "project"
    for name in ("Command", "COMMAND", "command ", "command\u200b", "\u0441ommand", "image\x00"):
        yield f"a name like another, {name!r}", {name: ["true"]}, name[:80]
    for name in RESERVED:
        yield f"reserved {name}", {"env": {name: "x"}}, f"env.{name}"[:64]
    for name in BAD_NAMES:
        yield f"variable {name[:20]!r}", {"env": {name: "x"}}, f"env.{name}"[:64]
    for value in NOT_TEXTS:
        yield f"value {value!r}", {"env": {"X": value}}, "env.X"
        yield f"argument {value!r}", {"command": ["sh", value]}, "command.1"
    commands: tuple[Any, ...] = ("sh -c true", {"0": "sh"}, None, 1, True, 2.5)
    for value in commands:
        yield f"command {value!r}", {"command": value}, "command"
    maps: tuple[Any, ...] = ("A=B", ["A=B"], None, 1, True, [{"name": "A", "value": "B"}])
    for value in maps:
        yield f"env {value!r}", {"env": value}, "env"
    yield "no arguments", {"command": []}, "command"
    yield "an empty program", {"command": [""]}, "command.0"
    yield "a blank program", {"command": [" \t"]}, "command.0"
    yield "NUL in an argument", {"command": ["sh", "-c", "true\x00; id"]}, "command.2"
    yield "NUL in a program", {"command": ["sh\x00"]}, "command.0"
    yield "NUL in a value", {"env": {"X": "a\x00b"}}, "env.X"
    yield "half a character", {"command": ["\udfff"]}, "command.0"
    yield "half a character in a value", {"env": {"X": "\ud83d"}}, "env.X"
    yield "a long argument", {"command": ["x" * (drafts.LONGEST_TEXT + 1)]}, "command.0"
    yield "a long argument in bytes", {"command": ["é" * drafts.LONGEST_TEXT]}, "command.0"
    yield "many arguments", {"command": ["x"] * (drafts.MOST_ARGUMENTS + 1)}, "command"
    yield "much together", {"command": ["x" * drafts.LONGEST_TEXT] * 5}, "command"
    yield "a long value", {"env": {"X": "x" * (drafts.LONGEST_TEXT + 1)}}, "env.X"
    yield "many variables", {"env": {f"X{i}": "" for i in range(101)}}, "env"
    values = {f"X{i}": "x" * drafts.LONGEST_TEXT for i in range(5)}
    yield "much together in env", {"env": values}, "env"
    images: tuple[Any, ...] = (
        "https://registry/evil:1", "docker://evil", "user:pass@registry/evil", "evil@sha256:short",
        "evil:", ":latest", "/evil", "evil image", "evil\n", "evil;id", "EVIL", "../evil",
        "a" * 301, "evil\u200b", "ｅvil", "registry:99999999/x", "evil:tag@sha1:abc", "-evil", None,
        1, ["x"], {"name": "evil"}, "localhost:5000/evil",
    )  # fmt: skip
    for image in images:
        yield f"image {str(image)[:30]!r}", {"image": image}, "image"
    shown: tuple[Any, ...] = (
        "", "   ", "a\u202eb", "a\x00", "a\nb", "x" * 81, 1, None, ["x"], "\ud800",
    )  # fmt: skip
    for title in shown:
        yield f"name {str(title)[:10]!r}", {"name": title}, "name"
    choices: tuple[Any, ...] = (
        "no-such", "", None, 1, ["small"], "small\x00", "small ' OR 1=1", "x" * 41,
    )  # fmt: skip
    for field in ("profile", "environment"):
        for value in choices:
            yield f"{field} {str(value)[:20]!r}", {field: value}, field


CASES = list(cases())
TOGETHER = 25  # in one test: they share the making of users and projects


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 200


@pytest.fixture
def offered(python: Environment, small: Profile, engine: MemoryEngine) -> None:
    """Let the project choose."""


@pytest.mark.parametrize("start", range(0, len(CASES), TOGETHER))
def test_s09_a_hostile_job_is_refused_by_the_name_of_its_field(
    start: int, bob: User, project: Project, api: Api, offered: None
) -> None:
    client = api(bob)
    said_before = Record.objects.count()

    for label, change, field in CASES[start : start + TOGETHER]:
        body = {"project": project.slug, "profile": "small", "command": ["true"], **change}
        response = client.post(
            "/api/v1/jobs", data=json.dumps(body), content_type="application/json"
        )

        problem = response.json()
        assert response.status_code == 400, (label, problem)
        assert (problem["field"] or problem["errors"][0]["field"]) == field, (label, problem)
        assert problem["detail"], label
    assert not Job.objects.exists()
    assert not Workload.objects.exists()
    assert not Reservation.objects.exists()
    assert Record.objects.count() == said_before


def test_a_body_that_is_no_object_is_refused(bob: User, api: Api, offered: None) -> None:
    for body in ("[]", '"x"', "1", "null", "true", "{", '{"command": NaN}', "[" * 100_000):
        response = api(bob).post("/api/v1/jobs", data=body, content_type="application/json")

        assert response.status_code == 400, body[:20]
    assert not Job.objects.exists()


def test_a_key_given_twice_is_read_as_one(
    bob: User, api: Api, offered: None, project: Project
) -> None:
    body = (
        f'{{"project": "{project.slug}", "profile": "small", "command": ["a"], "command": ["b"]}}'
    )

    response = api(bob).post("/api/v1/jobs", data=body, content_type="application/json")

    assert response.json()["command"] == ["b"]
