"""The journey through the API alone, and what the hub's absence and death do to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from atelier.operate import launch
from atelier.operate.home import Home
from atelier.operate.supervise import Supervisor
from atelier_spawner import failpoints
from tests.e2e.jupyter import Jupyter, sign_in
from tests.e2e.running import Person, Platform

START = 60.0


class Notebooks:
    """One person's notebooks in one new project."""

    def __init__(self, platform: Platform, person: Person) -> None:
        self.platform, self.person = platform, person
        self.api = platform.api(person)
        self._labs = ExitStack()
        made = self.api.post("/projects", json={"name": f"Project of {person.username}"})
        assert made.status_code == 201, made.text
        self.project = made.json()["id"]
        offered = self.api.get("/environments", params={"project": self.project}).json()
        usable = [e for e in offered["results"] if e["unavailable_reason"] is None]
        self.environment = usable[0]["id"]

    def start(self, name: str, profile: str = "small") -> dict[str, Any]:
        body = {
            "project": self.project,
            "name": name,
            "environment": self.environment,
            "profile": profile,
        }
        made = self.api.post("/notebooks", json=body)
        assert made.status_code == 201, made.text
        return dict(made.json())

    def get(self, notebook: dict[str, Any]) -> dict[str, Any]:
        found = self.api.get(f"/notebooks/{notebook['id']}")
        found.raise_for_status()
        return dict(found.json())

    def ask(self, notebook: dict[str, Any], verb: str, **body: Any) -> httpx.Response:
        return self.api.post(f"/notebooks/{notebook['id']}/{verb}", json=body)

    def until(
        self, notebook: dict[str, Any], *statuses: str, seconds: float = START
    ) -> dict[str, Any]:
        """Wait until the notebook shows one of ``statuses``."""
        give_up = time.monotonic() + seconds
        while (shown := self.get(notebook))["status"] not in statuses:
            assert shown["status"] not in {"failed", "refused"}, shown
            assert time.monotonic() < give_up, shown
            time.sleep(0.1)
        return shown

    def used(self) -> dict[str, int]:
        """What is reserved for this person."""
        lines = self.api.get("/me/quota").json()["lines"]
        return {line["resource"]: line["used"] for line in lines}

    def open(self, notebook: dict[str, Any]) -> Jupyter:
        lab = Jupyter(notebook["open_url"], sign_in(self.platform, self.person))
        return self._labs.enter_context(lab)

    def close(self) -> None:
        """Stop what runs and close every connection."""
        self._labs.close()
        self._stop_all()
        self.api.close()

    def _stop_all(self) -> None:
        for row in self.api.get("/notebooks", params={"owner": "me"}).json()["results"]:
            self.ask(row, "stop")
            self.until(row, "stopped", "failed", "refused")


@pytest.fixture
def mine(platform: Platform, alice: Person) -> Iterator[Notebooks]:
    notebooks = Notebooks(platform, alice)
    yield notebooks
    notebooks.close()


def eventually(check: Callable[[], object], seconds: float = START) -> float:
    """Wait until ``check`` holds; return how long it took."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < seconds, "did not come about in time"
        time.sleep(0.2)
    return time.monotonic() - began


def test_from_a_project_to_the_file_that_is_still_there(
    mine: Notebooks, platform: Platform
) -> None:
    notebook = mine.start("exploration")
    assert notebook["status"] == "starting"
    running = mine.until(notebook, "running")
    assert running["open_url"].startswith(f"{platform.content_url}/user/")
    steps = [(s["step"], s["state"]) for s in running["workload"]["progress"]]
    assert steps == [(name, "done") for name in ("quota", "placed", "answering", "ready")]

    lab = mine.open(running)
    assert lab.run("print(6*7)").strip() == "42"
    lab.run("open('answer.txt', 'w').write('42')")
    assert mine.ask(notebook, "stop").status_code == 202
    stopped = mine.until(notebook, "stopped")
    assert stopped["reason"]["code"] == "CANCELLED"
    assert set(mine.used().values()) == {0}

    assert mine.ask(notebook, "start", profile="medium").status_code == 202
    again = mine.until(notebook, "running")
    assert again["resources"]["cpu_millicores"] > running["resources"]["cpu_millicores"]
    lab = mine.open(again)
    assert lab.read("answer.txt") == "42"


def test_a_restart_with_another_profile_keeps_the_files(mine: Notebooks) -> None:
    notebook = mine.start("restarted")
    lab = mine.open(mine.until(notebook, "running"))
    lab.run("open('kept.txt', 'w').write('yes')")

    assert mine.ask(notebook, "restart", profile="medium").status_code == 202
    eventually(lambda: mine.get(notebook)["restarting"] is False)
    again = mine.until(notebook, "running")

    assert again["profile"]["name"].lower().startswith("medium")
    lab = mine.open(again)
    assert lab.read("kept.txt") == "yes"


def test_two_servers_of_one_person_share_a_home_and_nothing_else(mine: Notebooks) -> None:
    first, second = mine.start("first"), mine.start("second")
    labs = [mine.open(mine.until(n, "running")) for n in (first, second)]

    labs[0].run("open('shared.txt', 'w').write('both')")
    mine.ask(first, "stop")
    mine.until(first, "stopped")

    assert labs[1].read("shared.txt") == "both"
    assert mine.get(second)["status"] == "running"


def test_a_server_has_a_token_of_its_project_in_a_file_and_none_in_its_environment(
    mine: Notebooks,
) -> None:
    lab = mine.open(mine.until(mine.start("tokens"), "running"))

    printed = lab.run(
        "import os, urllib.request\n"
        "token = open(os.environ['ATELIER_TOKEN_FILE']).read().strip()\n"
        "assert not any('atl_' in v for v in os.environ.values())\n"
        "request = urllib.request.Request(os.environ['ATELIER_URL'] + '/api/v1/projects',\n"
        "    headers={'Authorization': 'Bearer ' + token})\n"
        "print(urllib.request.urlopen(request).status)\n"
    )

    assert printed.strip() == "200"


def test_what_a_server_does_is_reported(mine: Notebooks) -> None:
    notebook = mine.start("busy")
    mine.open(mine.until(notebook, "running"))

    eventually(lambda: mine.get(notebook)["usage"] is not None, seconds=90)

    usage = mine.get(notebook)["usage"]
    assert usage["memory_bytes"] > 20 * 2**20


def test_a_start_while_the_hub_is_away_waits_and_goes_on_by_itself(
    mine: Notebooks, platform: Platform
) -> None:
    with platform.without("hub"):
        notebook = mine.start("patient")
        eventually(lambda: mine.get(notebook)["workload"]["stale_since"] is not None)
        waiting = mine.get(notebook)
        assert waiting["status"] == "starting"
        assert waiting["reason"]["code"] == "HUB_UNREACHABLE"

    running = mine.until(notebook, "running")
    assert running["reason"] is None
    assert running["workload"]["stale_since"] is None


@pytest.mark.parametrize("name", ["", "by-hand"])
def test_a_server_started_at_the_hub_itself_is_admitted_seen_and_counted(
    mine: Notebooks, platform: Platform, name: str
) -> None:
    mine.until(mine.start("first"), "running")  # the hub knows this person now
    with hub_as(mine.person, platform) as hub:
        started = hub.post(server_path(mine.person, name), json={})
        assert started.status_code in {201, 202}, started.text
        eventually(lambda: len(listed(mine)) == 2)
        notebook = next(row for row in listed(mine) if row["name"] != "first")
        running = mine.until(notebook, "running")
        assert mine.used()["notebooks"] == 2
        assert mine.open(running).run("print(6*7)").strip() == "42"

        hub.delete(server_path(mine.person, name))
        stopped = mine.until(notebook, "stopped")

    assert stopped["reason"]["code"] == "STOPPED_OUTSIDE"
    assert mine.used()["notebooks"] == 1


def test_a_start_at_the_hub_beyond_a_limit_is_refused_in_the_portals_words(
    mine: Notebooks, platform: Platform
) -> None:
    mine.until(mine.start("first"), "running")
    user = platform.admin_api.get(f"/users/{mine.person.username}").json()["id"]
    made = platform.admin_api.post(
        "/quota-lines",
        json={"scope": "user", "scope_id": user, "resource": "notebooks", "limit": 1},
    )
    assert made.status_code == 201, made.text
    with hub_as(mine.person, platform) as hub:
        hub.post(server_path(mine.person, ""), json={})
        with hub.stream("GET", f"{server_path(mine.person, '')}/progress") as progress:
            said = progress.read().decode()

    assert "1 notebook server" in said
    assert [row["name"] for row in listed(mine)] == ["first"]
    assert mine.used()["notebooks"] == 1


def listed(mine: Notebooks) -> list[dict[str, Any]]:
    return list(mine.api.get("/notebooks", params={"owner": "me"}).json()["results"])


def server_path(person: Person, name: str) -> str:
    return f"/users/{person.username}/{f'servers/{name}' if name else 'server'}"


def hub_as(person: Person, platform: Platform) -> httpx.Client:
    """The hub's API with a token of this person's own."""
    portal, api = platform.told("hub")["ATELIER_HUB_API_TOKEN"], platform.hub_api
    # Whoever never started anything is unknown there; 409 says that this one is known.
    known = httpx.post(
        f"{api}/users/{person.username}",
        headers={"Authorization": f"token {portal}"},
        timeout=10,
    )
    assert known.status_code in {201, 409}, known.text
    made = httpx.post(
        f"{api}/users/{person.username}/tokens",
        headers={"Authorization": f"token {portal}"},
        json={"note": "by hand"},
        timeout=10,
    )
    assert made.status_code == 201, made.text
    own = {"Authorization": f"token {made.json()['token']}"}
    return httpx.Client(base_url=api, headers=own, timeout=30, trust_env=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_r06_a_running_server_outlives_its_hub(
    mine: Notebooks, platform: Platform, number: signal.Signals
) -> None:
    notebook = mine.start("survivor")
    lab = mine.open(mine.until(notebook, "running"))
    kernel = lab.keep_kernel()
    lab.run_in(kernel, "x = 6")
    before = mine.get(notebook)["workload"]["id"]

    os.kill(hub_pid(platform), number)
    assert lab.run_in(kernel, "print(x * 7)").strip() == "42"
    eventually(lambda: hub_answers(platform))
    eventually(lambda: mine.get(notebook)["workload"]["stale_since"] is None)

    after = mine.get(notebook)
    assert (after["status"], after["workload"]["id"]) == ("running", before)
    assert lab.run_in(kernel, "print(x)").strip() == "6"


def test_r06_a_hub_killed_while_starting_leaves_neither_orphans_nor_reservations(
    mine: Notebooks, platform: Platform
) -> None:
    for pause in (0.0, 0.15, 0.4, 0.8):
        notebook = mine.start(f"killed-{pause}")
        time.sleep(pause)
        os.kill(hub_pid(platform), signal.SIGKILL)
        eventually(lambda: hub_answers(platform))
        settled = mine.until(notebook, "running", "failed", "stopped", seconds=90)
        mine.ask(notebook, "stop")
        mine.until(notebook, "stopped", "failed")
        assert settled["status"] in {"running", "failed", "stopped"}

        assert set(mine.used().values()) == {0}
        eventually(lambda: servers_of(mine) == [], seconds=60)


@contextmanager
def hub_that_dies_at(platform: Platform, place: str) -> Iterator[subprocess.Popen[bytes]]:
    """Put a hub in the supervised one's place that kills itself at a named place."""
    home = Home(platform.home)
    service = json.loads((home.run / launch.SERVICES_FILE).read_text())["hub"]
    environment = {**service["environment"], launch.MARK: launch.mark(home.run, "hub")}
    with platform.without("hub"), (home.logs / "dying-hub.log").open("ab") as log:
        hub = subprocess.Popen(
            service["command"],
            env={**environment, failpoints.VARIABLE: place},
            cwd=service["folder"],
            stdout=log,
            stderr=log,
        )
        try:
            eventually(lambda: hub_answers(platform))
            yield hub
            assert hub.wait(60) == -signal.SIGKILL
        finally:
            hub.kill()
            hub.wait()
    eventually(lambda: hub_answers(platform))


# Half a minute each: one of each sort always, the others in `make soak`. The spawner's own tests
# kill a hub at all of them, with a portal that is a function.
ALWAYS = {failpoints.INTENT_SAVED, failpoints.PROCESS_MADE, failpoints.STOP_SIGNALLED}
STOPPING = {failpoints.STOP_BEGUN, failpoints.STOP_SIGNALLED, failpoints.STOP_DONE}


def places(*, stopping: bool) -> list[Any]:
    return [
        pytest.param(place, marks=() if place in ALWAYS else pytest.mark.soak)
        for place in failpoints.ALL
        if (place in STOPPING) is stopping
    ]


@pytest.mark.parametrize("place", places(stopping=False))
def test_r10_a_hub_killed_at_a_step_of_a_start_leaves_reservations_right_and_no_orphan(
    mine: Notebooks, platform: Platform, place: str
) -> None:
    with hub_that_dies_at(platform, place):
        notebook = mine.start("starting")
    settled = mine.until(notebook, "running", "failed")

    print(f"{place}: {settled['status']} {settled['reason']}")
    if settled["status"] == "running":
        assert mine.used()["notebooks"] == 1
        assert mine.open(settled).run("print(6*7)").strip() == "42"
        mine.ask(notebook, "stop")
        mine.until(notebook, "stopped")
    assert set(mine.used().values()) == {0}
    eventually(lambda: servers_of(mine) == [])
    mine.ask(notebook, "start")
    mine.until(notebook, "running")


@pytest.mark.parametrize("place", places(stopping=True))
def test_r10_a_hub_killed_at_a_step_of_a_stop_leaves_reservations_right_and_no_orphan(
    mine: Notebooks, platform: Platform, place: str
) -> None:
    notebook = mine.start("stopping")
    mine.until(notebook, "running")

    with hub_that_dies_at(platform, place):
        eventually(lambda: mine.get(notebook)["workload"]["stale_since"] is None)
        assert mine.ask(notebook, "stop").status_code == 202
    assert mine.used()["notebooks"] in {0, 1}
    ended = mine.until(notebook, "stopped")

    assert ended["reason"]["code"] == "CANCELLED"
    assert set(mine.used().values()) == {0}
    eventually(lambda: servers_of(mine) == [])


def test_s15_deactivation_ends_every_access_within_a_minute(
    mine: Notebooks, platform: Platform
) -> None:
    notebook = mine.start("leaver")
    lab = mine.open(mine.until(notebook, "running"))
    kernel = lab.keep_kernel()
    lab.run_in(kernel, "open('there.txt', 'w').write('yes')")
    assert still_in(mine, lab)

    closed = platform.admin_api.post(f"/users/{mine.person.username}/deactivate")
    assert closed.status_code == 200, closed.text
    seconds = eventually(lambda: not still_in(mine, lab), seconds=60)
    eventually(lambda: servers_of(mine) == [], seconds=60 - seconds)

    opened = platform.admin_api.post(f"/users/{mine.person.username}/activate")
    assert opened.status_code == 200
    with pytest.raises(AssertionError):
        Jupyter(f"{lab.root}/lab", httpx.Cookies())
    mine.api.close()
    mine.api = platform.api(mine.person)
    ended = mine.until(notebook, "stopped")
    assert ended["reason"]["code"] == "ACCOUNT_DEACTIVATED"


def still_in(mine: Notebooks, lab: Jupyter) -> bool:
    """Whether anything still lets the closed account in: its token, its server."""
    if mine.api.get("/me").status_code != 401:
        return True
    try:
        return lab.read("there.txt") == "yes"
    except (httpx.HTTPStatusError, httpx.TransportError, ValueError):
        return False  # refused, gone, or a page to sign in on


def hub_pid(platform: Platform) -> int:
    return Supervisor(Home(platform.home)).states()["hub"].pid


def hub_answers(platform: Platform) -> bool:
    try:
        health = httpx.get(f"http://127.0.0.1:{platform.port + 5}/hub/health", timeout=2)
    except httpx.TransportError:
        return False
    return health.status_code == 200


def servers_of(mine: Notebooks) -> list[str]:
    """The processes of this person's servers."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                environ = file.read()
        except OSError:
            continue
        if f"JUPYTERHUB_USER={mine.person.username}\0".encode() in environ:
            found.append(entry)
    return found
