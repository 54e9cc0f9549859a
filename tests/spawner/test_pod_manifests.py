"""What becomes of a plan in a cluster: these manifests and no others."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atelier.engines.kubernetes import objects
from atelier_spawner import pod_manifests as manifests
from atelier_spawner.plan import PodPlan, SpawnPlan, parse_plan
from tests.restricted import problems
from tests.spawner.fake_portal import plan_for

SPAWN_ID = "s" + "0" * 15
LABELS = objects.labels(
    instance="demo", component="notebook", project="p1", owner="alice", workload="w1", attempt=1
)
POD: dict[str, Any] = {
    "name": "w1-1",
    "image": "registry/notebook:1",
    "home_claim": "home-alice",
    "home_bytes": 10 * 2**30,
    "hub_api_url": "http://10.0.0.1:8005/hub/api",
    "labels": LABELS,
    "annotations": {"atelier.dev/server-name": "Éloïse’s"},
    "wait_seconds": 60,
}


def planned(pod: dict[str, Any] | None = None, **changes: Any) -> tuple[SpawnPlan, PodPlan]:
    question = {"hub_user": "alice", "server": "n1", "spawn_id": SPAWN_ID,
                "user_options": {"workload_id": "w1"}}  # fmt: skip
    body = plan_for(question, pod={**POD, **(pod or {})}, **changes)
    plan = parse_plan(body, hub_user="alice", server="n1", spawn_id=SPAWN_ID)
    assert plan.pod is not None
    return plan, plan.pod


def test_a_pod_is_exactly_this() -> None:
    plan, pod = planned(token="atl_0123456789")

    made = manifests.pod_manifest(plan, pod, {"B": "a$(A)", "A": "1"})

    amounts = {"cpu": "1000m", "memory": str(2**30), "ephemeral-storage": str(2 * 2**30)}
    assert made == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "w1-1",
            "namespace": "atelier-p1",
            "labels": {**LABELS, "atelier.dev/spawn": SPAWN_ID},
            "annotations": {"atelier.dev/server-name": "Éloïse’s"},
        },
        "spec": {
            "containers": [
                {
                    "name": "notebook",
                    "image": "registry/notebook:1",
                    "imagePullPolicy": "IfNotPresent",
                    "args": ["python", "-s", "-P", "-m", "atelier_runtime.jupyter"],
                    "workingDir": "/home/atelier",
                    "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "a$$(A)"}],
                    "ports": [{"name": "notebook-port", "containerPort": 8888, "protocol": "TCP"}],
                    "resources": {"requests": amounts, "limits": amounts},
                    "volumeMounts": [
                        {"name": "home", "mountPath": "/home/atelier"},
                        {"name": "tmp", "mountPath": "/tmp"},
                        {"name": "run", "mountPath": "/run/atelier"},
                        {
                            "name": "tokens",
                            "mountPath": "/run/secrets/atelier",
                            "readOnly": True,
                        },
                    ],
                    "terminationMessagePolicy": "FallbackToLogsOnError",
                    "securityContext": {
                        "privileged": False,
                        "allowPrivilegeEscalation": False,
                        "runAsNonRoot": True,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                }
            ],
            "volumes": [
                {"name": "home", "persistentVolumeClaim": {"claimName": "home-alice"}},
                {"name": "tmp", "emptyDir": {"sizeLimit": str(2**31)}},
                {"name": "run", "emptyDir": {"medium": "Memory", "sizeLimit": str(2**24)}},
                {"name": "tokens", "secret": {"secretName": "w1-1", "defaultMode": 0o440}},
            ],
            "nodeSelector": {},
            "tolerations": [],
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 15,
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
        },
    }


def test_accelerators_shared_memory_and_places_are_the_plans() -> None:
    resources = {"cpu_millicores": 500, "memory_bytes": 2**31, "storage_bytes": 2**20,
                 "accelerators": {"nvidia.com/gpu": 2, "amd.com/gpu": 0}}  # fmt: skip
    toleration = {"key": "gpu", "operator": "Exists"}
    plan, pod = planned(
        {"shared_memory_bytes": 2**28, "node_selector": {"pool": "gpu"},
         "tolerations": [toleration]},
        resources=resources,
    )  # fmt: skip

    spec = manifests.pod_manifest(plan, pod, {})["spec"]

    limits = spec["containers"][0]["resources"]["limits"]
    assert limits == {"cpu": "500m", "memory": str(2**31), "ephemeral-storage": str(2**20),
                      "nvidia.com/gpu": "2"}  # fmt: skip
    assert (spec["nodeSelector"], spec["tolerations"]) == ({"pool": "gpu"}, [toleration])
    assert {"name": "shared-memory", "mountPath": "/dev/shm"} in spec["containers"][0][
        "volumeMounts"
    ]
    shared = {"medium": "Memory", "sizeLimit": str(2**28)}
    assert {"name": "shared-memory", "emptyDir": shared} in spec["volumes"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    env=st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_]{0,20}", fullmatch=True), st.text()),
    selector=st.dictionaries(st.text(max_size=60), st.text(max_size=63), max_size=3),
    shared=st.integers(0, 2**40),
    memory=st.integers(1, 2**45),
    gpus=st.integers(0, 16),
    image=st.from_regex(r"[!-~]{1,200}", fullmatch=True),
)
def test_s12_every_pod_is_restricted_whatever_the_plan_says(
    env: dict[str, str],
    selector: dict[str, str],
    shared: int,
    memory: int,
    gpus: int,
    image: str,
) -> None:
    resources = {"cpu_millicores": 1, "memory_bytes": memory,
                 "accelerators": {"nvidia.com/gpu": gpus}}  # fmt: skip
    plan, pod = planned(
        {"image": image, "node_selector": selector, "shared_memory_bytes": shared},
        resources=resources,
    )

    assert problems(manifests.pod_manifest(plan, pod, env)["spec"]) == []


def test_the_tokens_are_in_the_secret_and_nowhere_else() -> None:
    plan, pod = planned(token="atl_secret-of-the-portal")

    secret = manifests.secret_manifest(plan, pod, "secret-of-the-hub")

    assert {name: base64.b64decode(raw) for name, raw in secret["data"].items()} == {
        "hub-token": b"secret-of-the-hub",
        "portal-token": b"atl_secret-of-the-portal",
    }
    assert secret["metadata"]["labels"] == {**LABELS, "atelier.dev/spawn": SPAWN_ID}
    assert "atl_secret" not in json.dumps(manifests.pod_manifest(plan, pod, dict(plan.env)))


def test_a_home_belongs_to_its_owner_and_to_no_run() -> None:
    plan, pod = planned({"storage_class": "fast"})

    claim = manifests.claim_manifest(plan, pod)

    assert claim["metadata"] == {
        "name": "home-alice",
        "namespace": "atelier-p1",
        "labels": {
            "app.kubernetes.io/name": "home",
            "app.kubernetes.io/component": "home",
            "app.kubernetes.io/part-of": "atelier",
            "app.kubernetes.io/managed-by": "atelier",
            "atelier.dev/instance": "demo",
            "atelier.dev/project": "p1",
            "atelier.dev/owner": "alice",
        },
    }
    assert claim["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": str(10 * 2**30)}},
        "storageClassName": "fast",
    }


def test_the_clusters_own_class_is_left_to_the_cluster() -> None:
    assert "storageClassName" not in manifests.claim_manifest(*planned())["spec"]


def test_names_and_labels_are_those_of_the_platforms_other_objects() -> None:
    assert manifests.LABEL_INSTANCE == objects.INSTANCE
    assert manifests.LABEL_PROJECT == objects.PROJECT
    assert manifests.LABEL_OWNER == objects.OWNER
    assert manifests.LABEL_WORKLOAD == objects.WORKLOAD
    assert manifests.LABEL_COMPONENT == objects.COMPONENT
    assert manifests.SERVICE_ACCOUNT == objects.SERVICE_ACCOUNT
    assert manifests.selector("demo") == (
        "app.kubernetes.io/component=notebook,atelier.dev/instance=demo"
    )
