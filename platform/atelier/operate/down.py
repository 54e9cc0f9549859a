"""`make down`: notebooks and jobs first, then everything else in the opposite order of starting."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from typing import Any, cast

from atelier.operate import jobs, leftovers, notebooks, work
from atelier.operate.console import say, step
from atelier.operate.engine import KUBERNETES
from atelier.operate.installation import Installation

PATIENCE_SECONDS = 25.0
POLL_SECONDS = 0.3


def down(here: Installation) -> None:
    """Stop everything; files stay."""
    if not here.home.exists:
        say("Nothing has been set up here yet: `make up` does it.")
        return
    with here.alone():
        was_running = here.supervisor.is_running()
        going_on = ""
        if was_running:
            going_on = stop_work(here)
            with step("Stopping the services"):
                here.supervisor.shut_down()
        ended = leftovers.end(here.home.run, here.services)
        servers = notebooks.end(here.home)
        left = jobs.end(here.home)
    if ended:
        say(f"· Ended what ran without its supervisor: {', '.join(ended)}")
    if servers:
        say(f"· Ended {servers} notebook server(s) that no hub looked after")
    if left:
        say(f"· Ended {left} job(s) that no worker looked after")
    if going_on:
        say(f"· In the cluster {going_on} go on; `make up` looks after them again")
    say(
        "Atelier is down." if was_running or ended or servers or left else "Atelier is not running."
    )


def stop_work(here: Installation) -> str:
    """Stop what must not go on without the platform; returns in words what does go on."""
    counts = work.live(here)
    if here.chosen.engine.name != KUBERNETES:
        stop_local_work(here, counts)
        return ""
    if servers := counts.get("notebook"):
        with step(f"Stopping {servers} notebook server(s); their files stay"):
            here.manage(["stop_workloads", "--kind", "notebook"], capture=True)
            counts = work.live(here)
    return work.in_words(counts) if counts else ""


def stop_local_work(here: Installation, counts: Mapping[str, int]) -> None:
    """Ask for every server's and job's stop and wait for it; their files stay in the homes.

    The portal is asked, so that people later read why their server stopped. What it does not
    stop in time, the hub is asked to.
    """
    servers = len(notebooks.leaders(notebooks.running(here.home)))
    stopped = {**counts, **({"notebook": servers} if servers else {})}
    if not stopped:
        return
    with step(f"Stopping {work.in_words(stopped)}; files in homes stay"):
        asked = here.manage(["stop_workloads"], capture=True)
        if asked.returncode or not _all_gone(here):
            for user, server in _servers(here):
                _ask_hub(here, "DELETE", f"/users/{user}/servers/{server}")
            _all_gone(here)


def _all_gone(here: Installation) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while notebooks.running(here.home):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _servers(here: Installation) -> list[tuple[str, str]]:
    users = cast(list[dict[str, Any]], _ask_hub(here, "GET", "/users?state=active") or [])
    return [(user["name"], server) for user in users for server in user.get("servers", {})]


def _ask_hub(here: Installation, method: str, path: str) -> object:
    """One call of the hub's API; nothing when the hub does not answer."""
    connection = http.client.HTTPConnection(
        here.chosen.hub_address, here.chosen.hub_port, timeout=15
    )
    try:
        connection.request(
            method,
            f"/hub/api{path}",
            headers={"Authorization": f"token {here.home.secret('hub_api_token')}"},
        )
        body = connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return json.loads(body) if body else None
