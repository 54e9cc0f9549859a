"""Taking the cluster away: its processes, and all it left in the kernel and on the disk.

Works from whatever state it finds, so that it also clears what a crash or a kill left.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path

from atelier.operate.console import complain, say, step
from tests.cluster import containerd, footprint, kernel, knowledge, processes
from tests.cluster.footprint import Footprint
from tests.cluster.places import Places

RUNTIME = "containerd"
# Those that must be gone before others end; the rest goes in between.
FIRST, LAST = ("kubelet", "proxy"), ("apiserver", "etcd")
CONTAINER_LOGS = Path("/var/log/containers")
PLUGIN_RESULTS = Path("/var/lib/cni/results")


def down(places: Places) -> bool:
    """Take everything away; true when nothing stayed behind."""
    if not places.before.exists():
        say("There is no test cluster here.")
        return True
    with step("Taking the test cluster away"):
        left = clear(places)
    for line in left:
        complain(f"Left behind: {line}")
    return not left


def clear(places: Places) -> list[str]:
    """Remove a running or broken cluster; returns what is otherwise than before it came."""
    before = _before(places)
    stop_processes(places)
    end_containers(places)
    for namespace in _network_namespaces(places):
        kernel.unmount_namespace(namespace)
    for folder in (places.state, places.containerd_root):
        kernel.unmount_below(folder)
    kernel.remove_interfaces()
    kernel.remove_chains()
    kernel.remove_sets()
    kernel.remove_cgroups()
    _remove_files(places)
    if before is None:
        return []
    kernel.write_sysctls(before.sysctls)
    _remove_new_files(before)
    left = footprint.left_behind(before, footprint.look(places))
    places.before.unlink()
    return left


def stop_processes(places: Places) -> None:
    """All but the container runtime."""
    names = processes.noted(places)
    middle = [name for name in names if name not in (*FIRST, *LAST, RUNTIME)]
    for name in (*FIRST, *middle, *LAST):
        # Nothing is to be kept: etcd and the API server need not take their leave.
        hard = name in LAST
        processes.stop(places, name, with_signal=signal.SIGKILL if hard else signal.SIGTERM)


def end_containers(places: Places) -> None:
    """End the containers, the runtime, and whatever is left of either."""
    if processes.is_alive(places, RUNTIME):
        containerd.remove_containers(places)
    processes.stop(places, RUNTIME)
    for left in processes.marked(places):
        processes.end(processes.descendants(left.pid), with_signal=signal.SIGKILL)
    containerd.forget_sandboxes(places)


def _before(places: Places) -> Footprint | None:
    try:
        return Footprint.parse(places.before.read_text())
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _network_namespaces(places: Places) -> list[Path]:
    """The files that pin our pods' networks, as their leases name them."""
    return [Path(lease.netns) for lease in knowledge.leases(places.leases)]


def _remove_files(places: Places) -> None:
    """The state goes, but for the logs of this run and the note of how it was before."""
    kept = {places.log, places.before}
    if places.state.is_dir():
        for path in places.state.iterdir():
            if path in kept:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    for link in CONTAINER_LOGS.glob("*.log"):
        if os.readlink(link).startswith(f"{places.state}/"):
            link.unlink()
    for result in PLUGIN_RESULTS.glob(f"{containerd.NETWORK}-*"):
        result.unlink()


def _remove_new_files(before: Footprint) -> None:
    """What Kubernetes programs made in places of their own choice: folders, sockets, notes."""
    new = set(footprint.files()) - set(before.files)
    for path in sorted(new, reverse=True):  # contents before their folder
        with contextlib.suppress(OSError):
            if os.path.isdir(path):
                os.rmdir(path)
            elif path.startswith((str(footprint.KUBELET), str(PLUGIN_RESULTS / "cni-loopback-"))):
                os.unlink(path)
