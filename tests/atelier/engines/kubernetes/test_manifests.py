"""The objects of a run, as a whole; and that no spec whatever makes a pod that could do harm."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from atelier.core.errors import InvalidSpec
from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, WorkloadSpec
from atelier.engines.kubernetes import manifests
from atelier.engines.kubernetes.objects import DOMAIN
from tests.atelier.engines.kubernetes.specs import specs
from tests.restricted import problems

GIB = 2**30
SPEC = WorkloadSpec(
    name="atelier-p1/w1-2",
    workload_id="w1",
    attempt=2,
    project_id="p1",
    namespace="atelier-p1",
    owner_name="Ana María",
    members=(MemberSpec("main", 1, Resources(1500, 2 * GIB, 4 * GIB, {"nvidia.com/gpu": 1})),),
    environment="Python for data",
    image="localhost/atelier/trainer:0.1.0",
    command=("python", "-c", "print('$(HOME) costs 5$')"),
    env={"LR": "0.1", "HOME": "/root", "PRICE": "$5"},
    lifetime=timedelta(hours=2),
    settings={
        "node_selector": {"pool": "gpu"},
        "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule", "x": "y"}],
        "shared_memory_bytes": GIB,
        "securityContext": {"privileged": True},
    },
)
LABELS = {
    "app.kubernetes.io/name": "job",
    "app.kubernetes.io/instance": "a1",
    "app.kubernetes.io/component": "job",
    "app.kubernetes.io/part-of": "atelier",
    "app.kubernetes.io/managed-by": "atelier",
    "atelier.dev/instance": "a1",
    "atelier.dev/project": "p1",
    "atelier.dev/owner": "Ana-Mar-a--8358ed271ba38466",
    "atelier.dev/workload": "w1",
    "atelier.dev/attempt": "2",
    "atelier.dev/run": "w1-2",
}
ABOUT = {"atelier.dev/owner-name": "Ana María", "atelier.dev/environment": "Python for data"}
AMOUNTS = {
    "cpu": "1500m",
    "memory": "2147483648",
    "ephemeral-storage": "4294967296",
    "nvidia.com/gpu": "1",
}
POD = {
    "restartPolicy": "Never",
    "terminationGracePeriodSeconds": 30,
    "shareProcessNamespace": True,
    "containers": [
        {
            "name": "main",
            "image": "localhost/atelier/trainer:0.1.0",
            "imagePullPolicy": "IfNotPresent",
            "command": ["python", "-c", "print('$$(HOME) costs 5$$')"],
            "env": [
                {"name": "LR", "value": "0.1"},
                {"name": "PRICE", "value": "$$5"},
                {"name": "HOME", "value": "/home/atelier"},
                {"name": "TMPDIR", "value": "/tmp"},
            ],
            "workingDir": "/home/atelier",
            "resources": {"limits": AMOUNTS, "requests": AMOUNTS},
            "volumeMounts": [
                {"name": "home", "mountPath": "/home/atelier"},
                {"name": "tmp", "mountPath": "/tmp"},
                {"name": "shm", "mountPath": "/dev/shm"},
            ],
            "terminationMessagePolicy": "File",
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 1000,
                "privileged": False,
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        }
    ],
    "volumes": [
        {"name": "home", "emptyDir": {"sizeLimit": "4294967296"}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "4294967296"}},
        {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "1073741824"}},
    ],
    "activeDeadlineSeconds": 7200,
    "nodeSelector": {"pool": "gpu"},
    "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}],
    "serviceAccountName": "run",
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "hostNetwork": False,
    "hostPID": False,
    "hostIPC": False,
    "securityContext": {
        "runAsNonRoot": True,
        "runAsUser": 1000,
        "runAsGroup": 1000,
        "fsGroup": 1000,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}


def make(spec: WorkloadSpec = SPEC) -> dict[str, Any]:
    return manifests.job(spec, instance="a1", generation=3)


def test_the_job_of_a_run() -> None:
    pod_labels = LABELS | {"atelier.dev/role": "main"}

    job = make()

    assert job["metadata"]["annotations"].pop("atelier.dev/spec-hash")
    assert job == {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": "w1-2",
            "namespace": "atelier-p1",
            "labels": pod_labels,
            "annotations": ABOUT | {"atelier.dev/generation": "3"},
        },
        "spec": {
            "completionMode": "Indexed",
            "completions": 1,
            "parallelism": 1,
            "backoffLimit": 0,
            "podFailurePolicy": {
                "rules": [
                    {
                        "action": "Ignore",
                        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                    }
                ]
            },
            "podReplacementPolicy": "Failed",
            "ttlSecondsAfterFinished": 604800,
            "template": {"metadata": {"labels": pod_labels, "annotations": ABOUT}, "spec": POD},
        },
    }


def test_a_single_member_needs_no_service() -> None:
    assert manifests.service(SPEC, instance="a1") is None
    assert "subdomain" not in make()["spec"]["template"]["spec"]


def test_several_members_find_each_other_by_a_headless_service() -> None:
    spec = replace(SPEC, members=(MemberSpec("rank", 3, Resources(100, GIB)),), port=29500)

    assert manifests.service(spec, instance="a1") == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "w1-2",
            "namespace": "atelier-p1",
            "labels": LABELS,
            "annotations": ABOUT,
        },
        "spec": {
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
            "selector": {
                "atelier.dev/instance": "a1",
                "atelier.dev/workload": "w1",
                "atelier.dev/attempt": "2",
                "atelier.dev/run": "w1-2",
            },
            "ports": [{"name": "main", "port": 29500, "targetPort": 29500}],
        },
    }
    job = make(spec)
    assert (job["spec"]["completions"], job["spec"]["parallelism"]) == (3, 3)
    assert job["spec"]["template"]["spec"]["subdomain"] == "w1-2"
    assert job["spec"]["template"]["spec"]["containers"][0]["ports"] == [
        {"name": "main", "containerPort": 29500, "protocol": "TCP"}
    ]


def test_an_image_runs_what_it_says_when_no_command_is_given() -> None:
    pod = make(replace(SPEC, command=()))["spec"]["template"]["spec"]

    assert "command" not in pod["containers"][0]
    assert "args" not in pod["containers"][0]


def test_other_manifests_have_another_digest_and_the_same_ones_the_same() -> None:
    digests = [
        make(spec)["metadata"]["annotations"]["atelier.dev/spec-hash"]
        for spec in (SPEC, replace(SPEC), replace(SPEC, image="other"))
    ]

    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"members": ()}, "members"),
        ({"members": (MemberSpec("a", 0, Resources(1, 1)),)}, "members"),
        ({"members": SPEC.members * 2}, "members"),
        ({"image": ""}, "image"),
        ({"secret_refs": ("s",)}, "secret_refs"),
        ({"mounts": ("m",)}, "mounts"),
        ({"settings": {"run_as_user": 0}}, "run_as_user"),
        ({"settings": {"run_as_user": "0"}}, "run_as_user"),
        ({"settings": {"grace_seconds": True}}, "grace_seconds"),
        ({"settings": {"shared_memory_bytes": -1}}, "shared_memory_bytes"),
        ({"settings": {"tolerations": [{"operator": "Exists"}]}}, "tolerations"),
    ],
)
def test_what_cannot_be_made_is_refused_by_the_fields_name(
    change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidSpec) as refused:
        make(replace(SPEC, **change))

    assert refused.value.field == field


@given(specs())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_s09_s12_no_spec_makes_a_pod_that_could_do_harm(spec: WorkloadSpec) -> None:
    job = make(spec)
    template = job["spec"]["template"]

    assert problems(template["spec"]) == []
    assert template["spec"]["serviceAccountName"] == "run"
    # Nothing but what this page of the manifests writes: an unknown field has slipped in.
    assert set(template["spec"]) <= set(POD) | {"subdomain"}
    assert set(template["spec"]["containers"][0]) <= set(POD["containers"][0]) | {"ports"}  # type: ignore[index]
    assert "finalizers" not in job["metadata"]


@given(specs())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_object_says_whose_it_is_and_is_plain_json(spec: WorkloadSpec) -> None:
    job, service = make(spec), manifests.service(spec, instance="a1")

    for thing in filter(None, (job, service, job["spec"]["template"])):
        assert {f"{DOMAIN}/{k}" for k in ("instance", "project", "workload", "attempt", "run")} <= (
            set(thing["metadata"]["labels"])
        )
    assert orjson.loads(orjson.dumps([job, service])) == [job, service]
