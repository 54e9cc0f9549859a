"""`make down`: notebooks first, then everything else in the opposite order of starting."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any, cast

from atelier.operate import leftovers
from atelier.operate.console import say, step
from atelier.operate.installation import Installation

NOTEBOOK_PATIENCE_SECONDS = 20.0


def down(here: Installation) -> None:
    """Stop everything; files stay."""
    if not here.home.exists:
        say("Nothing has been set up here yet: `make up` does it.")
        return
    with here.alone():
        was_running = here.supervisor.is_running()
        if was_running:
            stop_notebooks(here)
            with step("Stopping the services"):
                here.supervisor.shut_down()
        ended = leftovers.end(here.home.run, here.services)
    if ended:
        say(f"· Ended what ran without its supervisor: {', '.join(ended)}")
    say("Atelier is down." if was_running or ended else "Atelier is not running.")


def stop_notebooks(here: Installation) -> None:
    """Ask the hub to stop every server; their files stay in the homes."""
    running = _servers(here)
    if not running:
        return
    with step(f"Stopping {len(running)} notebook server(s); their files stay"):
        for user, server in running:
            _ask_hub(here, "DELETE", f"/users/{user}/servers/{server}")
        deadline = time.monotonic() + NOTEBOOK_PATIENCE_SECONDS
        while _servers(here) and time.monotonic() < deadline:
            time.sleep(0.3)


def _servers(here: Installation) -> list[tuple[str, str]]:
    users = cast(list[dict[str, Any]], _ask_hub(here, "GET", "/users?state=active") or [])
    return [(user["name"], server) for user in users for server in user.get("servers", {})]


def _ask_hub(here: Installation, method: str, path: str) -> object:
    """One call of the hub's API; nothing when the hub does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", here.chosen.hub_port, timeout=15)
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
