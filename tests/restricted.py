"""What a pod must not be: Pod Security's "restricted" profile and the rules of the house.

``problems(pod_spec)`` names everything wrong with a pod, with the path of the field. It knows the
restricted profile of Kubernetes 1.35 (which contains the baseline) and beyond it: no token of the
API server by any way, no links to other services, a limit of temporary storage, requests equal to
limits, a read-only root, no place chosen past the scheduler.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
SECCOMP = {"RuntimeDefault", "Localhost"}
SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
}
SELINUX = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
APPARMOR = {"RuntimeDefault", "Localhost"}
GROUPS_OF_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
LIMITED = ("cpu", "memory", "ephemeral-storage")


def problems(pod_spec: Json, *, writable_root: bool = False) -> list[str]:
    """Return what is wrong with a pod, '' in none; ``writable_root`` where an image needs it."""
    found = list(_of_pod(pod_spec))
    for path, container in containers(pod_spec):
        found += [f"{path}.{p}" for p in _of_container(container, pod_spec)]
        if not writable_root and _security(container).get("readOnlyRootFilesystem") is not True:
            found.append(f"{path}.securityContext.readOnlyRootFilesystem is not true")
    return found


def containers(pod_spec: Json) -> Iterator[tuple[str, Json]]:
    """Return every container of a pod with its path."""
    for group in GROUPS_OF_CONTAINERS:
        for index, container in enumerate(pod_spec.get(group) or ()):
            yield f"{group}[{index}]", container


def _of_pod(pod: Json) -> Iterator[str]:
    if not pod.get("containers"):
        yield "containers is empty"
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield f"{field} is set"
    if pod.get("automountServiceAccountToken") is not False:
        yield "automountServiceAccountToken is not false"
    if pod.get("enableServiceLinks") is not False:
        yield "enableServiceLinks is not false"
    for field in ("nodeName", "hostAliases", "priorityClassName", "runtimeClassName"):
        if pod.get(field):
            yield f"{field} is set"
    if pod.get("hostUsers") is True:
        yield "hostUsers is set"
    yield from _of_context(_security(pod))
    for sysctl in _security(pod).get("sysctls") or ():
        if sysctl.get("name") not in SYSCTLS:
            yield f"securityContext.sysctls: {sysctl.get('name')} is not a safe one"
    if 0 in (_security(pod).get("supplementalGroups") or ()) or _security(pod).get("fsGroup") == 0:
        yield "securityContext gives the group 0"
    for index, volume in enumerate(pod.get("volumes") or ()):
        yield from (f"volumes[{index}]{p}" for p in _of_volume(volume))
    for toleration in pod.get("tolerations") or ():
        if not toleration.get("key"):
            yield "tolerations: one without a key tolerates everything"


def _of_volume(volume: Json) -> Iterator[str]:
    kinds = set(volume) - {"name"}
    if not kinds <= VOLUMES:
        yield f": {sorted(kinds - VOLUMES)} is not an allowed kind"
    if "emptyDir" in kinds and not (volume["emptyDir"] or {}).get("sizeLimit"):
        yield ".emptyDir has no sizeLimit"
    for source in (volume.get("projected") or {}).get("sources") or ():
        if "serviceAccountToken" in source:
            yield ".projected holds a token of the API server"


def _of_context(context: Json) -> Iterator[str]:
    """What holds for the security context of a pod and of a container alike."""
    if context.get("runAsUser") == 0:
        yield "securityContext.runAsUser is 0"
    if context.get("runAsNonRoot") is False:
        yield "securityContext.runAsNonRoot is false"
    if (profile := context.get("seccompProfile")) and profile.get("type") not in SECCOMP:
        yield f"securityContext.seccompProfile is {profile.get('type')}"
    if (profile := context.get("appArmorProfile")) and profile.get("type") not in APPARMOR:
        yield f"securityContext.appArmorProfile is {profile.get('type')}"
    selinux = context.get("seLinuxOptions") or {}
    if selinux.get("type", "") not in SELINUX or selinux.get("user") or selinux.get("role"):
        yield "securityContext.seLinuxOptions is set"
    if (context.get("windowsOptions") or {}).get("hostProcess"):
        yield "securityContext.windowsOptions.hostProcess is set"


def _of_container(container: Json, pod: Json) -> Iterator[str]:
    context = _security(container)
    yield from _of_context(context)
    if context.get("privileged"):
        yield "securityContext.privileged is set"
    if context.get("allowPrivilegeEscalation") is not False:
        yield "securityContext.allowPrivilegeEscalation is not false"
    if context.get("runAsNonRoot", _security(pod).get("runAsNonRoot")) is not True:
        yield "securityContext.runAsNonRoot is not true, nor the pod's"
    if not context.get("seccompProfile", _security(pod).get("seccompProfile")):
        yield "securityContext.seccompProfile is not set, nor the pod's"
    if context.get("procMount", "Default") != "Default":
        yield "securityContext.procMount is set"
    capabilities = context.get("capabilities") or {}
    if "ALL" not in (capabilities.get("drop") or ()):
        yield "securityContext.capabilities.drop lacks ALL"
    if set(capabilities.get("add") or ()) - {"NET_BIND_SERVICE"}:
        yield "securityContext.capabilities.add gives some"
    if any(port.get("hostPort") for port in container.get("ports") or ()):
        yield "ports has a hostPort"
    if any(
        m.get("mountPropagation") not in {None, "None"} for m in container.get("volumeMounts") or ()
    ):
        yield "volumeMounts has a mountPropagation"
    yield from _of_hooks(container)
    yield from _of_resources(container.get("resources") or {})


def _of_hooks(container: Json) -> Iterator[str]:
    lifecycle = container.get("lifecycle") or {}
    hooks = {f"lifecycle.{k}": lifecycle.get(k) for k in ("postStart", "preStop")}
    hooks |= {k: container.get(k) for k in ("livenessProbe", "readinessProbe", "startupProbe")}
    for name, hook in hooks.items():
        for way in ("httpGet", "tcpSocket"):
            if ((hook or {}).get(way) or {}).get("host"):
                yield f"{name}.{way}.host is set"


def _of_resources(resources: Json) -> Iterator[str]:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name in LIMITED:
        if not limits.get(name):
            yield f"resources.limits.{name} is not set"
    for name, amount in requests.items():
        if limits.get(name) != amount:
            yield f"resources.requests.{name} differs from its limit"


def _security(thing: Json) -> Json:
    return thing.get("securityContext") or {}
