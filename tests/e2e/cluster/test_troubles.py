"""What goes wrong with one run is shown with its reason soon after it happened.

Each figure is the time from the cluster's own word to the portal's; the run's last lines list them.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from atelier.operate.home import Home
from atelier.operate.supervise import Supervisor
from tests.cluster.cluster import Cluster
from tests.e2e.cluster.conftest import Measured
from tests.e2e.cluster.team import PATIENCE, POLL, Team, eventually
from tests.e2e.running import Platform

INSTANCE, OWNER = "atelier.dev/instance", "atelier.dev/owner"
SLEEP = ("python", "-c", "import time; time.sleep(3600)")
GREEDY = "held = [b'x' * 2**26 for _ in range(400)]"


def lag(happened: Callable[[], bool], shown: Callable[[], bool], what: str) -> float:
    """Seconds from ``happened`` to ``shown``; both are watched at once."""
    event: float | None = None
    give_up = time.monotonic() + PATIENCE
    while True:
        if event is None and happened():
            event = time.monotonic()
        if shown():
            return 0.0 if event is None else time.monotonic() - event
        assert time.monotonic() < give_up, f"{what}: not shown; it happened: {event is not None}"
        time.sleep(POLL)


def shows(team: Team, thing: dict[str, Any], code: str) -> Callable[[], bool]:
    def check() -> bool:
        reason = team.get(thing)["reason"]
        return bool(reason) and reason["code"] == code

    return check


def containers(team: Team, thing: dict[str, Any]) -> list[dict[str, Any]]:
    pods = team.objects("pods", thing)
    return [c for pod in pods for c in pod.get("status", {}).get("containerStatuses", [])]


def waits_for(team: Team, thing: dict[str, Any], *reasons: str) -> Callable[[], bool]:
    return lambda: any(
        c.get("state", {}).get("waiting", {}).get("reason") in reasons
        for c in containers(team, thing)
    )


@contextmanager
def registry(status: int) -> Iterator[str]:
    """A registry that answers everything with ``status``; nodes of this machine ask it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("status", "code"), [(404, "IMAGE_NOT_FOUND"), (403, "IMAGE_PULL_DENIED")])
def test_an_image_that_never_pulls(team: Team, measured: Measured, status: int, code: str) -> None:
    with registry(status) as address:
        job = team.job("true", image=f"{address}/nobody/nothing:1")
        took = lag(
            waits_for(team, job, "ErrImagePull", "ImagePullBackOff"), shows(team, job, code), code
        )
        measured(f"an image that never pulls ({code})", took)
    team.stop(job)
    team.until(job, "stopped", "failed")


def claim(team: Team, labels: dict[str, str], **spec: str) -> None:
    """Make the claim of the person's home before the platform does."""
    team.until_ready()
    team.cluster.core.create_namespaced_persistent_volume_claim(
        team.namespace,
        {
            "metadata": {"name": f"home-{team.person.username}", "labels": labels},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
                **spec,
            },
        },
    )


def test_a_volume_that_never_binds(team: Team, measured: Measured, platform: Platform) -> None:
    ours = {
        INSTANCE: Home(platform.home).instance,
        OWNER: team.person.username,
        "atelier.dev/project": team.project,
    }
    claim(team, ours, storageClassName="never")

    notebook = team.notebook("homeless")
    took = lag(
        lambda: bool(team.objects("pods", notebook)),
        shows(team, notebook, "VOLUME_PENDING"),
        "VOLUME_PENDING",
    )

    measured("a volume that never binds (VOLUME_PENDING)", took)
    team.stop(notebook)
    team.until(notebook, "stopped", "failed")


def test_a_foreign_home_is_left_alone(team: Team, measured: Measured) -> None:
    claim(team, {"whose": "somebody-elses"})

    began = time.monotonic()
    notebook = team.notebook("burglar")
    team.until(notebook, "failed", "refused", "stopped")

    assert team.get(notebook)["reason"]["code"] == "FOREIGN_OBJECT"
    measured("a foreign home (FOREIGN_OBJECT)", time.monotonic() - began)
    assert team.objects("pods", notebook) == []


def test_a_foreign_job_under_our_name_is_left_alone(
    team: Team, platform: Platform, measured: Measured
) -> None:
    team.until_ready()
    with platform.without("worker"):
        job = team.job("true")
        name = f"{job['workload']['id']}-1"
        team.cluster.batch.create_namespaced_job(
            team.namespace,
            {
                "metadata": {"name": name},
                "spec": {
                    "suspend": True,
                    "template": {
                        "spec": {
                            "restartPolicy": "Never",
                            "containers": [{"name": "c", "image": team.cluster.busybox}],
                        }
                    },
                },
            },
        )
    began = time.monotonic()

    eventually(shows(team, job, "FOREIGN_OBJECT"), "FOREIGN_OBJECT")

    measured("a foreign job (FOREIGN_OBJECT)", time.monotonic() - began)
    found = team.cluster.batch.read_namespaced_job(name, team.namespace)
    assert found.metadata.labels is None or INSTANCE not in found.metadata.labels


def test_out_of_memory(team: Team, measured: Measured) -> None:
    job = team.job("python", "-c", GREEDY)

    took = lag(
        lambda: any("terminated" in c.get("state", {}) for c in containers(team, job)),
        shows(team, job, "OUT_OF_MEMORY"),
        "OUT_OF_MEMORY",
    )

    measured("out of memory (OUT_OF_MEMORY)", took)
    assert team.get(job)["status"] == "failed"


def test_a_notebooks_pod_deleted_by_hand(team: Team, measured: Measured) -> None:
    notebook = team.notebook("deleted")
    team.until(notebook, "running")
    pod = team.pod_of(notebook)["metadata"]["name"]

    team.cluster.core.delete_namespaced_pod(pod, team.namespace, grace_period_seconds=0)
    began = time.monotonic()
    stopped = team.until(notebook, "stopped", "failed")

    assert stopped["reason"]["code"] == "STOPPED_OUTSIDE"
    measured("a notebook's pod deleted by hand (STOPPED_OUTSIDE)", time.monotonic() - began)


def test_a_job_deleted_by_hand(team: Team, measured: Measured) -> None:
    job = team.job(*SLEEP)
    team.until(job, "running")
    name = team.objects("jobs", job)[0]["metadata"]["name"]

    team.cluster.batch.delete_namespaced_job(name, team.namespace, propagation_policy="Background")
    began = time.monotonic()
    ended = team.until(job, "stopped", "failed")

    assert ended["reason"]["code"] == "STOPPED_OUTSIDE"
    measured("a job deleted by hand (STOPPED_OUTSIDE)", time.monotonic() - began)


def test_a_killed_worker_comes_back_and_sees_the_job_end(
    team: Team, platform: Platform, measured: Measured
) -> None:
    job = team.job("python", "-c", "import time; time.sleep(8); print('after all')")
    team.until(job, "running")

    kill(platform, "worker")
    began = time.monotonic()
    team.until(job, "succeeded")

    measured("a job of 8 s seen to its end by a worker killed meanwhile", time.monotonic() - began)
    assert team.log_of(job) == "after all\n"


def test_a_killed_hub_comes_back_and_finds_its_pod(
    team: Team, platform: Platform, measured: Measured
) -> None:
    notebook = team.notebook("survivor")
    lab = team.open(team.until(notebook, "running"))
    kernel = lab.keep_kernel()
    lab.run_in(kernel, "kept = 42")
    uid = team.pod_of(notebook)["metadata"]["uid"]

    began = kill(platform, "hub")
    eventually(lambda: pid_of(platform, "hub") and hub_answers(platform), "the hub again")

    measured("a killed hub answers again", time.monotonic() - began)
    assert lab.run_in(kernel, "print(kept)") == "42\n"
    assert team.pod_of(notebook)["metadata"]["uid"] == uid
    assert team.get(notebook)["status"] == "running"


def pid_of(platform: Platform, service: str) -> int:
    state = Supervisor(Home(platform.home)).states()[service]
    return state.pid if state.state == "RUNNING" else 0


def kill(platform: Platform, service: str) -> float:
    os.kill(pid_of(platform, service), signal.SIGKILL)
    return time.monotonic()


def hub_answers(platform: Platform) -> bool:
    try:
        answer = httpx.get(f"{platform.hub_api.removesuffix('/api')}/health", timeout=2)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


@pytest.mark.cluster_fault
def test_r08_an_api_server_that_goes_away_changes_nothing_and_is_waited_out(
    team: Team, platform: Platform, cluster: Cluster, measured: Measured
) -> None:
    job, notebook = team.job(*SLEEP), team.notebook("calm")
    lab = team.open(team.until(notebook, "running"))
    team.until(job, "running")
    uid = team.pod_of(notebook)["metadata"]["uid"]

    with cluster.without_api():
        began = time.monotonic()
        waiting = team.job("python", "-c", "print('patience')")
        team.until_reason(waiting, "ENGINE_UNREACHABLE")
        measured("the API server away, in a new job's words", time.monotonic() - began)
        eventually(lambda: team.get(job)["workload"]["stale_since"], "the running job stale")
        measured("the API server away, beside a running job", time.monotonic() - began)
        assert team.get(job)["status"] == "running"
        assert team.get(notebook)["status"] == "running"
        assert lab.run("print(6*7)") == "42\n"
    back = time.monotonic()

    team.until(waiting, "succeeded")
    eventually(lambda: team.get(job)["workload"]["stale_since"] is None, "the job seen again")
    measured("all seen again after the API server is back", time.monotonic() - back)
    assert team.get(job)["status"] == "running"
    assert team.pod_of(notebook)["metadata"]["uid"] == uid


@pytest.mark.cluster_fault
def test_r06_a_hub_that_starts_while_the_api_server_is_away_keeps_its_pods(
    team: Team, platform: Platform, cluster: Cluster
) -> None:
    notebook = team.notebook("twice")
    lab = team.open(team.until(notebook, "running"))
    uid = team.pod_of(notebook)["metadata"]["uid"]

    with cluster.without_api():
        kill(platform, "hub")
        eventually(lambda: pid_of(platform, "hub") and hub_answers(platform), "the hub again")
        assert lab.run("print(6*7)") == "42\n"

    # Longer than the hub's and the portal's looks: nobody may take it for gone meanwhile.
    settled = time.monotonic() + 30
    while time.monotonic() < settled:
        assert team.get(notebook)["status"] == "running"
        time.sleep(2)
    assert team.pod_of(notebook)["metadata"]["uid"] == uid
    assert lab.run("print(6*7)") == "42\n"
