"""P1: how long a cold notebook takes, from the click to 200 on its /api, beside plain JupyterHub.

    python bench/spawn.py [--n 20] [--peer-python …/bin/python] [--via hub|portal]

The peer is JupyterHub with SimpleLocalProcessSpawner in its default settings, with its own proxy.
Ours and the peer's starts alternate. Both sides' processes run on the first core, the clock on
the second. Prints one JSON line per figure and fails when a gate of P1 is missed.

By default the peer's servers run in ours' environment (the same packages, so only our spawner and
launcher make the difference). `--peer-python` names another, such as one where pip installed
jupyterlab without our exclusions.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "spawner")]

from atelier.operate import environments, interpreter, node  # noqa: E402  # needs the path above
from tests.spawner.rig import free_port, running_rig, wait_until  # noqa: E402

GATES = {"p50": 0.50, "p90": 0.40}
BURST_GATE = 0.70
LOOK_SECONDS = 0.02
PEER_TOKEN = "peer-token-of-the-benchmark"
PEER_CONFIG = """
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.cmd = {cmd!r}
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{"name": "load", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{"name": "load", "scopes": ["admin:users", "admin:servers"],
                            "services": ["load"]}}]
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: how to ask for a server, where it answers, how to end it."""

    start: Callable[[], None]
    address: str
    stop: Callable[[], None]


SideOf = Callable[[str], Side]


def cold_start(side: Side) -> float:
    """One start; seconds from the click to the answer."""
    with httpx.Client(timeout=60) as client:
        began = time.perf_counter()
        side.start()
        while client.get(side.address).status_code != 200:
            time.sleep(LOOK_SECONDS)
        took = time.perf_counter() - began
    side.stop()
    return took


@contextmanager
def ours(runtime: Path, proxy: list[str]) -> Iterator[SideOf]:
    with running_rig(runtime, proxy) as rig:

        def side(user: str) -> Side:
            rig.api("POST", f"/users/{user}")
            return Side(
                start=lambda: _asked(rig.api("POST", f"/users/{user}/servers/n1", json={})),
                address=f"{rig.content_url}/user/{user}/n1/api",
                stop=lambda: rig.stop(user, "n1"),
            )

        yield side


def _asked(response: httpx.Response) -> None:
    if response.status_code not in {201, 202}:
        raise SystemExit(f"not started: {response.status_code} {response.text}")


@contextmanager
def through_the_portal(arguments: argparse.Namespace) -> Iterator[SideOf]:
    """The whole way a person goes: POST /api/v1/notebooks of a running platform."""
    client = httpx.Client(
        base_url=arguments.portal_url,
        headers={"Authorization": f"Bearer {arguments.portal_token}"},
        timeout=30,
    )
    body = {
        "project": arguments.project,
        "environment": arguments.environment,
        "profile": arguments.profile,
        "name": "bench",
        "start": False,
    }
    made = client.post("/api/v1/notebooks", json=body)
    made.raise_for_status()
    path = f"/api/v1/notebooks/{made.json()['id']}"
    user = client.get("/api/v1/me").json()["username"]

    def stopped() -> bool:
        return bool(client.get(path).json()["status"] in {"stopped", "failed"})

    def stop() -> None:
        client.post(f"{path}/stop").raise_for_status()
        wait_until(stopped, 60, "the stop")

    mine = Side(
        start=lambda: _asked(client.post(f"{path}/start", json={})),
        address=f"{arguments.content_url}/user/{user}/{made.json()['id']}/api",
        stop=stop,
    )
    try:
        yield lambda _user: mine
    finally:
        client.delete(path)
        client.close()


@contextmanager
def peer(python: Path, proxy: list[str]) -> Iterator[SideOf]:
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        port, hub_port, proxy_port = free_port(), free_port(), free_port()
        config = Path(folder, "config.py")
        config.write_text(
            PEER_CONFIG.format(
                port=port,
                hub_port=hub_port,
                proxy_port=proxy_port,
                proxy=proxy,
                homes=folder,
                cmd=[str(python), "-m", "jupyterhub.singleuser"],
                token=PEER_TOKEN,
            )
        )
        with Path(folder, "log").open("wb") as log:
            hub = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(config)],
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            yield _peer_sides(f"http://127.0.0.1:{port}")
        finally:
            hub.terminate()
            hub.wait(30)


def _peer_sides(base: str) -> SideOf:
    headers = {"Authorization": f"token {PEER_TOKEN}"}

    def api(method: str, path: str) -> httpx.Response:
        return httpx.request(method, f"{base}/hub/api{path}", headers=headers, timeout=60)

    def answers() -> bool:
        try:
            return httpx.get(f"{base}/hub/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def side(user: str) -> Side:
        def stop() -> None:
            api("DELETE", f"/users/{user}/server")
            wait_until(
                lambda: not api("GET", f"/users/{user}").json()["servers"], 60, "the peer's stop"
            )

        api("POST", f"/users/{user}")
        return Side(
            start=lambda: _asked(api("POST", f"/users/{user}/server")),
            address=f"{base}/user/{user}/api",
            stop=stop,
        )

    wait_until(answers, 60, "the peer's hub")
    return side


def alternate(mine: Side, theirs: Side, n: int) -> tuple[list[float], list[float]]:
    """A B A B …, after one start each that fills the file cache."""
    cold_start(mine)
    cold_start(theirs)
    pairs = []
    for number in range(n):
        pairs.append((cold_start(mine), cold_start(theirs)))
        print(f"{number + 1}/{n}: {pairs[-1][0]:.2f} s, peer {pairs[-1][1]:.2f} s", file=sys.stderr)
    mine_all, theirs_all = zip(*pairs, strict=True)
    return list(mine_all), list(theirs_all)


def burst(side_of: Callable[[str], Side], users: list[str]) -> float:
    """All at once; seconds until the last one answers."""
    sides = [side_of(user) for user in users]
    began = time.perf_counter()
    with ThreadPoolExecutor(len(sides)) as pool:
        list(pool.map(_start_and_wait, sides))
    took = time.perf_counter() - began
    for side in sides:
        side.stop()
    return took


def _start_and_wait(side: Side) -> None:
    with httpx.Client(timeout=120) as client:
        side.start()
        while client.get(side.address).status_code != 200:
            time.sleep(5 * LOOK_SECONDS)


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def figures(mine: list[float], theirs: list[float], name: str) -> list[dict[str, Any]]:
    """One line per gate, and the worst pair."""
    lines = []
    for label, percent in (("p50", 50), ("p90", 90)):
        a, b = percentile(mine, percent), percentile(theirs, percent)
        lines.append(
            {
                "metric": f"{name}_{label}_seconds",
                "ours": round(a, 3),
                "peer": round(b, 3),
                "ratio": round(a / b, 3),
                "n": len(mine),
                "gate": GATES[label],
            }
        )
    pairs = [a / b for a, b in zip(mine, theirs, strict=True)]
    lines.append(
        {
            "metric": f"{name}_pairs",
            "median_ratio": round(statistics.median(pairs), 3),
            "worst_ratio": round(max(pairs), 3),
            "n": len(pairs),
        }
    )
    return lines


def burst_figures(mine: SideOf, theirs: SideOf, users: int) -> list[dict[str, Any]]:
    """P3, each side once after one start that fills the file cache."""
    names = [f"user{number}" for number in range(users)]
    for side_of in (mine, theirs):
        cold_start(side_of("alice"))
    a, b = burst(mine, names), burst(theirs, names)
    return [
        {
            "metric": "P3_burst_seconds",
            "ours": round(a, 2),
            "peer": round(b, 2),
            "ratio": round(a / b, 3),
            "n": users,
            "gate": BURST_GATE,
        }
    ]


def pin() -> None:
    """Servers on the first core, where the hubs inherit it from; the clock moves to the second."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[0]})


def move_clock() -> None:
    cores = sorted(os.sched_getaffinity(0))
    others = set(range(os.cpu_count() or 1)) - set(cores)
    if others:
        os.sched_setaffinity(0, {min(others)})


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--burst", type=int, default=0, help="P3: so many users at once instead")
    parser.add_argument("--peer-python", type=Path, help="the peer's environment, if not ours")
    parser.add_argument("--via", choices=("hub", "portal"), default="hub")
    parser.add_argument("--portal-url", default="http://localhost:8000")
    parser.add_argument("--content-url", default="http://127.0.0.1:8001")
    parser.add_argument("--portal-token", default=os.environ.get("ATELIER_TOKEN", ""))
    parser.add_argument("--project", default="")
    parser.add_argument("--environment", default="")
    parser.add_argument("--profile", default="")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    runtime = Path(
        os.environ.get("ATELIER_RUNTIME_PYTHON")
        or environments.runtime_environment(interpreter.choose()) / "bin" / "python"
    )
    own = node.Node(Path(sys.prefix))
    proxy = [str(own.executable), os.environ.get("ATELIER_PROXY") or str(node.proxy(own))]
    pin()
    mine_side = through_the_portal(given) if given.via == "portal" else ours(runtime, proxy)
    with mine_side as mine, peer(given.peer_python or runtime, proxy) as theirs:
        move_clock()
        if given.burst:
            lines = burst_figures(mine, theirs, given.burst)
        else:
            measured = alternate(mine("alice"), theirs("alice"), given.n)
            lines = figures(*measured, f"P1_cold_notebook_via_{given.via}")
    for line in lines:
        print(json.dumps(line))
    return int(any(line["ratio"] > line["gate"] for line in lines if "gate" in line))


if __name__ == "__main__":
    sys.exit(main())
