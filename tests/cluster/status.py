"""What of the cluster runs, or what one left behind."""

from __future__ import annotations

from atelier.operate.console import say
from tests.cluster import components, containerd, footprint, kernel, processes
from tests.cluster.api import Api
from tests.cluster.down import RUNTIME
from tests.cluster.places import API_URL, Places


def status(places: Places) -> bool:
    """Say it; true when all is well: everything runs, or nothing is there."""
    if not places.before.exists():
        return _of_nothing(places)
    names = [RUNTIME, *(component.name for component in components.everything(places))]
    living = [name for name in names if processes.is_alive(places, name)]
    for name in names:
        identity = processes.identity_of(places, name)
        word = f"runs, pid {identity.pid}" if identity and name in living else "DOES NOT RUN"
        say(f"  {name:<12} {word}")
    answers = "apiserver" in living and Api(places).is_ready()
    say(f"  {API_URL} {'answers' if answers else 'DOES NOT ANSWER'}")
    say(f"  kubeconfig: {places.admin_kubeconfig}")
    say(f"  containers: ctr -a {places.containerd_socket} -n {containerd.NAMESPACE} containers ls")
    return answers and living == names


def _of_nothing(places: Places) -> bool:
    left = left_behind(places)
    say("There is no test cluster here." if not left else "There is no test cluster, but it left:")
    for line in left:
        say(f"  {line}")
    return not left


def left_behind(places: Places) -> list[str]:
    """What only a cluster of ours brings, whoever started it: nothing, when none is up."""
    picture = footprint.look(places)
    interfaces = {"cni0", "atelier0"} & set(picture.interfaces)
    chains = [
        f"{table} {line}"
        for table, lines in picture.rules.items()
        for line in lines
        if line.startswith(tuple(f":{prefix}" for prefix in kernel.CHAINS))
    ]
    return [
        *(f"process {identity.pid}" for identity in processes.marked(places)),
        *(f"interface {name}" for name in sorted(interfaces)),
        *(f"mount {name}" for name in picture.mounts),
        *(f"rules {line}" for line in chains),
        *(f"set {name}" for name in picture.sets),
        *(f"control group {name}" for name in picture.cgroups),
    ]
