"""The checker itself: a harmless pod passes, and each single harm is named."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.restricted import problems

Pod = dict[str, Any]

HARMLESS: Pod = {
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "securityContext": {
        "runAsNonRoot": True,
        "runAsUser": 1000,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "containers": [
        {
            "name": "main",
            "image": "x",
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "resources": {
                "limits": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"},
                "requests": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"},
            },
        }
    ],
    "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}],
}


def main(pod: Pod) -> Pod:
    container: Pod = pod["containers"][0]
    return container


def secure(pod: Pod) -> Pod:
    context: Pod = main(pod)["securityContext"]
    return context


HARMS: dict[str, Callable[[Pod], Any]] = {
    "hostNetwork": lambda p: p.update(hostNetwork=True),
    "hostPID": lambda p: p.update(hostPID=True),
    "hostIPC": lambda p: p.update(hostIPC=True),
    "automountServiceAccountToken": lambda p: p.pop("automountServiceAccountToken"),
    "enableServiceLinks": lambda p: p.update(enableServiceLinks=True),
    "nodeName": lambda p: p.update(nodeName="node1"),
    "sysctls": lambda p: p["securityContext"].update(sysctls=[{"name": "kernel.msgmax"}]),
    "runAsUser": lambda p: p["securityContext"].update(runAsUser=0),
    "runAsNonRoot": lambda p: p["securityContext"].pop("runAsNonRoot"),
    "containers[0].securityContext.runAsNonRoot": lambda p: secure(p).update(runAsNonRoot=False),
    "seccompProfile": lambda p: p["securityContext"].pop("seccompProfile"),
    "seccompProfile is Unconfined": lambda p: secure(p).update(
        seccompProfile={"type": "Unconfined"}
    ),
    "group 0": lambda p: p["securityContext"].update(fsGroup=0),
    "hostPath": lambda p: p["volumes"].append({"name": "h", "hostPath": {"path": "/"}}),
    "sizeLimit": lambda p: p["volumes"].append({"name": "e", "emptyDir": {}}),
    "token of the API server": lambda p: p["volumes"].append(
        {"name": "t", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
    ),
    "tolerations": lambda p: p.update(tolerations=[{"operator": "Exists"}]),
    "privileged": lambda p: secure(p).update(privileged=True),
    "allowPrivilegeEscalation": lambda p: secure(p).pop("allowPrivilegeEscalation"),
    "readOnlyRootFilesystem": lambda p: secure(p).pop("readOnlyRootFilesystem"),
    "capabilities.drop": lambda p: secure(p)["capabilities"].update(drop=["NET_RAW"]),
    "capabilities.add": lambda p: secure(p)["capabilities"].update(add=["SYS_ADMIN"]),
    "procMount": lambda p: secure(p).update(procMount="Unmasked"),
    "seLinuxOptions": lambda p: secure(p).update(seLinuxOptions={"type": "spc_t"}),
    "appArmorProfile": lambda p: secure(p).update(appArmorProfile={"type": "Unconfined"}),
    "hostProcess": lambda p: secure(p).update(windowsOptions={"hostProcess": True}),
    "hostPort": lambda p: main(p).update(ports=[{"containerPort": 1, "hostPort": 1}]),
    "livenessProbe.httpGet.host": lambda p: main(p).update(
        livenessProbe={"httpGet": {"host": "169.254.169.254"}}
    ),
    "mountPropagation": lambda p: main(p).update(
        volumeMounts=[{"name": "tmp", "mountPropagation": "Bidirectional"}]
    ),
    "limits.ephemeral-storage": lambda p: main(p)["resources"]["limits"].pop("ephemeral-storage"),
    "requests.cpu": lambda p: main(p)["resources"]["requests"].update(cpu="2"),
    "initContainers[0]": lambda p: p.update(initContainers=[{"name": "i", "image": "x"}]),
    "ephemeralContainers[0]": lambda p: p.update(ephemeralContainers=[{"name": "e"}]),
    "containers is empty": lambda p: p.update(containers=[]),
}


def test_a_harmless_pod_has_no_problems() -> None:
    assert problems(HARMLESS) == []


@pytest.mark.parametrize("harm", HARMS)
def test_each_harm_is_named(harm: str) -> None:
    pod = copy.deepcopy(HARMLESS)
    HARMS[harm](pod)

    assert any(harm in problem for problem in problems(pod)), problems(pod)


def test_a_root_that_must_be_written_to_can_be_allowed() -> None:
    pod = copy.deepcopy(HARMLESS)
    secure(pod).pop("readOnlyRootFilesystem")

    assert problems(pod, writable_root=True) == []
