"""P4: what a hub adds to a notebook pod's own start, beside stock KubeSpawner on the same cluster.

    python -m bench.kspawn [--n 20]

Both sides start the same image with the same resources, in turns. A pod is asked directly, from
beside the hub, every few milliseconds: from its first answer on, all further waiting is the hub's.
What is added is the time from then until the address that people open answers too. Needs a test
cluster that is up (`make cluster-up`, or ATELIER_TEST_KUBECONFIG). Prints one JSON line per figure
and fails when the gate of P4 is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "spawner")]

from atelier.operate import images, node  # noqa: E402  # needs the path above
from bench.spawn import PEER_TOKEN, percentile  # noqa: E402
from tests.cluster import containerd  # noqa: E402
from tests.cluster.places import NODE_ADDRESS, Places  # noqa: E402
from tests.spawner.cluster.pod_rig import (  # noqa: E402
    core_of,
    make_namespace,
    running_pod_rig,
)
from tests.spawner.rig import free_port, wait_until  # noqa: E402

KUBECONFIG = "ATELIER_TEST_KUBECONFIG"
GATE_SECONDS = 0.25
LOOK_SECONDS = 0.005
POD_PORT = 8888
CORES = 1
MEMORY = 600 * 2**20

PEER_CONFIG = """
c = get_config()
c.JupyterHub.bind_url = "http://{address}:{port}"
c.JupyterHub.hub_bind_url = "http://{address}:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.KubeSpawner.namespace = {namespace!r}
c.KubeSpawner.image = {image!r}
c.KubeSpawner.cmd = ["tini", "--", "python", "-s", "-P", "-m", "atelier_runtime.jupyter"]
c.KubeSpawner.args = []
c.KubeSpawner.uid = c.KubeSpawner.gid = c.KubeSpawner.fs_gid = 1000
c.KubeSpawner.allow_privilege_escalation = False
c.KubeSpawner.cpu_limit = c.KubeSpawner.cpu_guarantee = {cores}
c.KubeSpawner.mem_limit = c.KubeSpawner.mem_guarantee = {memory}
c.KubeSpawner.storage_pvc_ensure = False
c.KubeSpawner.start_timeout = c.KubeSpawner.http_timeout = 120
c.JupyterHub.services = [{{"name": "load", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{"name": "load", "scopes": ["admin:users", "admin:servers"],
                            "services": ["load"]}}]
"""


@dataclass(frozen=True, slots=True)
class Side:
    """How to ask one hub for a server, where people open it, where its pod is, how to end it."""

    start: Callable[[], None]
    address: str
    pods: Callable[[], list[Any]]
    path: str
    stop: Callable[[], None]


@dataclass
class Start:
    """One start, in seconds since the click."""

    began: float = field(default_factory=time.perf_counter)
    pod_answers: float = 0.0
    opens: float = 0.0

    @property
    def added(self) -> float:
        return max(0.0, self.opens - self.pod_answers)


def measured(side: Side) -> Start:
    """Start once; both addresses are asked all the time, each by a thread of its own."""
    start = Start()
    threads = [
        threading.Thread(target=_until_the_pod_answers, args=(side, start)),
        threading.Thread(target=_until_it_opens, args=(side, start)),
    ]
    side.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    side.stop()
    return start


def _until_the_pod_answers(side: Side, start: Start) -> None:
    ip = wait_until(lambda: next((p.status.pod_ip for p in side.pods() if p.status.pod_ip), None))
    _until_ok(f"http://{ip}:{POD_PORT}{side.path}")
    start.pod_answers = time.perf_counter() - start.began


def _until_it_opens(side: Side, start: Start) -> None:
    _until_ok(side.address)
    start.opens = time.perf_counter() - start.began


def _until_ok(address: str) -> None:
    with httpx.Client(timeout=httpx.Timeout(30, connect=0.3)) as client:
        while True:
            try:
                if client.get(address).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(LOOK_SECONDS)


@contextmanager
def ours(kubeconfig: Path, image: str, proxy: list[str]) -> Iterator[Side]:
    with running_pod_rig(kubeconfig, NODE_ADDRESS, image, proxy) as rig:
        resources = {"cpu_millicores": 1000 * CORES, "memory_bytes": MEMORY, "accelerators": {}}
        rig.plan_changes = {"resources": resources}
        rig.api("POST", "/users/alice")
        path = "/user/alice/n1/api"
        runs = count(1)

        def start() -> None:
            # As the portal starts it: every start is the run of a workload of its own.
            options = {"workload_id": f"w{next(runs)}"}
            _asked(rig.api("POST", "/users/alice/servers/n1", json=options))

        yield Side(
            start=start,
            address=f"{rig.content_url}{path}",
            pods=rig.pods,
            path=path,
            stop=lambda: rig.stop("alice", "n1"),
        )


def _asked(response: httpx.Response) -> None:
    if response.status_code not in {201, 202}:
        raise SystemExit(f"not started: {response.status_code} {response.text}")


@contextmanager
def peer(kubeconfig: Path, image: str, proxy: list[str]) -> Iterator[Side]:
    core = core_of(kubeconfig)
    namespace = f"kspawn-{os.getpid()}"
    make_namespace(core, namespace, enforce="baseline")
    port, hub_port, proxy_port = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="kspawn-peer-") as folder:
        config = Path(folder, "config.py")
        config.write_text(
            PEER_CONFIG.format(
                address=NODE_ADDRESS,
                port=port,
                hub_port=hub_port,
                proxy_port=proxy_port,
                proxy=proxy,
                namespace=namespace,
                image=image,
                cores=CORES,
                memory=MEMORY,
                token=PEER_TOKEN,
            )
        )
        with Path(folder, "log").open("wb") as log:
            hub = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(config)],
                cwd=folder,
                env={**os.environ, "KUBECONFIG": str(kubeconfig)},
                stdout=log,
                stderr=log,
            )
        try:
            yield _peer_side(core, namespace, f"http://{NODE_ADDRESS}:{port}")
        finally:
            hub.terminate()
            hub.wait(30)
            core.delete_namespace(namespace, _request_timeout=10)


def _peer_side(core: Any, namespace: str, base: str) -> Side:
    headers = {"Authorization": f"token {PEER_TOKEN}"}

    def api(method: str, path: str) -> httpx.Response:
        return httpx.request(method, f"{base}/hub/api{path}", headers=headers, timeout=60)

    def answers() -> bool:
        try:
            return httpx.get(f"{base}/hub/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def pods() -> list[Any]:
        found: list[Any] = core.list_namespaced_pod(namespace, _request_timeout=10).items
        return found

    def stop() -> None:
        api("DELETE", "/users/alice/server")
        wait_until(lambda: not api("GET", "/users/alice").json()["servers"] and not pods(), 120)

    wait_until(answers, 60, "the peer's hub")
    api("POST", "/users/alice")
    path = "/user/alice/api"
    return Side(
        start=lambda: _asked(api("POST", "/users/alice/server")),
        address=f"{base}{path}",
        pods=pods,
        path=path,
        stop=stop,
    )


def alternate(mine: Side, theirs: Side, n: int) -> tuple[list[Start], list[Start]]:
    """A B A B …, after one start each that warms what can be warm."""
    measured(mine)
    measured(theirs)
    pairs = []
    for number in range(n):
        pairs.append((measured(mine), measured(theirs)))
        a, b = pairs[-1]
        print(
            f"{number + 1}/{n}: {a.opens:.2f} s, of that added {a.added:.3f}; "
            f"peer {b.opens:.2f} s, {b.added:.3f}",
            file=sys.stderr,
        )
    mine_all, theirs_all = zip(*pairs, strict=True)
    return list(mine_all), list(theirs_all)


def figures(mine: list[Start], theirs: list[Start]) -> list[dict[str, Any]]:
    """What is added, which has the gate, and the whole of a start."""
    lines: list[dict[str, Any]] = []
    for label, percent in (("p50", 50), ("p95", 95)):
        a, b = (percentile([start.added for start in side], percent) for side in (mine, theirs))
        line = {"metric": f"P4_added_{label}_seconds", "ours": round(a, 3), "peer": round(b, 3),
                "ratio": round(a / b, 3) if b else None, "n": len(mine)}  # fmt: skip
        lines.append(line | ({"gate_seconds": GATE_SECONDS} if label == "p95" else {}))
    a, b = (statistics.median(start.opens for start in side) for side in (mine, theirs))
    pairs = [x.opens / y.opens for x, y in zip(mine, theirs, strict=True)]
    lines.append(
        {"metric": "P4_whole_start_p50_seconds", "ours": round(a, 2), "peer": round(b, 2),
         "ratio": round(a / b, 3), "worst_ratio": round(max(pairs), 3), "n": len(mine)}
    )  # fmt: skip
    return lines


def kubeconfig_at_hand() -> Path:
    named = os.environ.get(KUBECONFIG)
    path = Path(named) if named else Places.here().admin_kubeconfig
    if not path.is_file():
        raise SystemExit("no test cluster is up: make cluster-up")
    return path


def loaded_image() -> str:
    """The project's own notebook image, built if it is not and known to the cluster's node."""
    image = images.ensure(("notebook",))["notebook"]
    if not os.environ.get(KUBECONFIG):
        containerd.load(Places.here(), image.archive)
    return image.reference


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--n", type=int, default=20)
    given = parser.parse_args()
    kubeconfig = kubeconfig_at_hand()
    image = os.environ.get("ATELIER_NOTEBOOK_IMAGE") or loaded_image()
    own = node.Node(Path(sys.prefix))
    proxy = [str(own.executable), os.environ.get("ATELIER_PROXY") or str(node.proxy(own))]
    with (
        ours(kubeconfig, image, proxy) as mine,
        peer(kubeconfig, image, proxy) as theirs,
    ):
        lines = figures(*alternate(mine, theirs, given.n))
    for line in lines:
        print(json.dumps(line))
    return 0 if all(line["ours"] <= line.get("gate_seconds", line["ours"]) for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
