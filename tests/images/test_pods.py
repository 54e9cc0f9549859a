"""Each image does what it is for, as a pod like the platform's own: restricted, read-only."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from atelier.operate import images
from tests.images.conftest import PATIENCE_SECONDS, Pods

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]  # the first use may build them

SOMEBODY = 12345  # a user id that no image knows
LOOK_AROUND = """
import json, os, pathlib, sysconfig

def writable(folder):
    try:
        (pathlib.Path(folder) / "probe").write_text("x")
    except OSError:
        return False
    return True

site = sysconfig.get_path("purelib")
print(json.dumps({
    "uid": os.getuid(),
    "home": writable(os.path.expanduser("~")),
    "tmp": writable("/tmp"),
    "closed": not any(writable(f) for f in (site, "/opt/atelier", "/etc", "/usr/bin", "/")),
    "pid1": open("/proc/1/comm").read().strip(),
}))
"""
TRAIN = """
import numpy, pandas, sklearn.ensemble, xgboost, matplotlib.pyplot as plot
table = pandas.DataFrame({"a": range(40), "b": numpy.arange(40) % 3})
wanted = (table.a > 20).astype(int)
model = xgboost.XGBClassifier(n_estimators=5).fit(table, wanted)
print("xgboost", float((model.predict(table) == wanted).mean()))
forest = sklearn.ensemble.RandomForestClassifier(5, n_jobs=2).fit(table, wanted)
print("forest", forest.score(table, wanted) > 0.9)
plot.plot(table.a); plot.savefig("/tmp/plot.png"); print("plot")
"""
PLACEHOLDERS = {
    "ATELIER_HOME": "/tmp/state",
    "ATELIER_SECRET_KEY": "placeholder-0123456789abcdefghijklmnopqrstuvwxyz0123456789",
    "ATELIER_DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:9/none",
    "ATELIER_BROKER_URL": "redis://127.0.0.1:9/0",
    "ATELIER_PORTAL_URL": "https://portal.example",
    "ATELIER_CONTENT_URL": "https://content.example",
    "ATELIER_EVENTS_URL": "https://portal.example",
    "ATELIER_HUB_API_URL": "http://127.0.0.1:9/hub/api",
    "ATELIER_HUB_API_TOKEN": "placeholder",
    "ATELIER_SPAWNER_TOKEN": "placeholder",
    "ATELIER_OIDC_KEY_FILE": "/tmp/key.pem",
    "ATELIER_OIDC_CLIENT_ID": "hub",
    "ATELIER_OIDC_CLIENT_SECRET": "placeholder",
    "ATELIER_ENGINE": "kubernetes",
}


@pytest.mark.parametrize("uid", [None, SOMEBODY])
@pytest.mark.parametrize("name", images.NAMES)
def test_it_runs_as_a_plain_user_who_can_change_nothing_but_home_and_scratch(
    pods: Pods, name: str, uid: int | None
) -> None:
    said = json.loads(pods.run(name, ["python", "-c", LOOK_AROUND], uid=uid))

    assert said == {
        "uid": uid or 1000, "home": True, "tmp": True, "closed": True, "pid1": "tini",
    }  # fmt: skip


@pytest.mark.parametrize("name", images.NAMES)
def test_no_program_changes_who_runs_it(pods: Pods, name: str) -> None:
    search = "find / -xdev -type f -perm /6000 -not -path '/proc/*' 2>/dev/null; true"

    assert pods.run(name, ["sh", "-c", search]) == ""


@pytest.mark.parametrize("name", ["trainer", "notebook"])
def test_models_are_trained_in_it(pods: Pods, name: str) -> None:
    said = pods.run(name, ["python", "-W", "error", "-c", TRAIN])

    assert said.split() == ["xgboost", "1.0", "forest", "True", "plot"]


@pytest.mark.parametrize("name", ["trainer", "notebook"])
def test_the_platforms_command_is_there(pods: Pods, name: str) -> None:
    assert "Usage" in pods.run(name, ["atelier", "--help"])


@pytest.mark.parametrize("uid", [None, SOMEBODY])
def test_jupyterlab_starts_and_answers(pods: Pods, uid: int | None) -> None:
    pod = pods.start("notebook", ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser"], uid=uid)
    address = pods.wait(pod, lambda status: status.pod_ip).pod_ip

    answer = patiently(f"http://{address}:8888/api")

    assert answer.json()["version"]


def test_a_kernel_runs_a_cell(pods: Pods) -> None:
    cell = (
        "from jupyter_client.manager import start_new_kernel as start\n"
        "manager, kernel = start()\n"
        "kernel.execute_interactive('import pandas; print(6 * 7)', timeout=60)\n"
        "manager.shutdown_kernel(now=True)\n"
    )

    assert "42" in pods.run("notebook", ["python", "-c", cell])


def test_the_notebooks_own_server_comes_up_as_far_as_its_hub(pods: Pods) -> None:
    """Without a hub's address it says so, having imported all it needs."""
    pod = pods.start("notebook", ["python", "-s", "-P", "-m", "atelier_runtime.jupyter"])
    pods.wait(pod, lambda status: status.phase in {"Succeeded", "Failed"})

    said = str(pods.cluster.core.read_namespaced_pod_log(pod, pods.namespace))

    assert "JUPYTERHUB_" in said
    assert "ModuleNotFoundError" not in said


def test_the_portal_accepts_its_settings(pods: Pods) -> None:
    script = "echo no key > /tmp/key.pem && python manage.py check && ls /srv/atelier/pages"

    said = pods.run("platform", ["sh", "-c", script], variables=PLACEHOLDERS)

    assert "no issues" in said
    assert "index.html" in said


@pytest.mark.parametrize(
    "command",
    [
        ["granian", "--version"],
        ["celery", "--version"],
        ["uvicorn", "--version"],
        ["jupyterhub", "--version"],
        ["configurable-http-proxy", "--version"],
        ["python", "-c", "import atelier_spawner.pods, kubespawner, kubernetes, psycopg2"],
    ],
    ids=lambda command: command[0],
)
def test_every_part_of_the_platform_is_there(pods: Pods, command: list[str]) -> None:
    pods.run("platform", command)


def test_the_portal_serves(pods: Pods) -> None:
    script = (
        "echo no key > /tmp/key.pem && exec granian --interface wsgi --host 0.0.0.0 --port 8000 "
        "atelier.config.wsgi:application"
    )
    pod = pods.start("platform", ["sh", "-c", script], variables=PLACEHOLDERS)
    address = pods.wait(pod, lambda status: status.pod_ip).pod_ip

    answer = patiently(f"http://{address}:8000/", headers={"Host": "portal.example"})

    assert answer.status_code < 500 or answer.headers.get("content-type", "").startswith(
        "application/problem+json"
    )


def patiently(url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return httpx.get(url, headers=headers, timeout=10)
        except httpx.TransportError:
            assert time.monotonic() < deadline, url
            time.sleep(0.2)
