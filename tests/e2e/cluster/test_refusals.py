"""What cannot be is refused with the platform's own reason, whichever door was knocked at."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cluster.cluster import Cluster
from tests.e2e import pages
from tests.e2e.cluster.team import LIGHT, Team, eventually
from tests.e2e.running import Platform
from tests.e2e.test_command_line import Shell
from tests.e2e.test_journey_api import hub_as, server_path

MIB = 2**20
# Of its own name, so that it is nobody else's accelerator.
ACCELERATOR = "example.org/journey"


def hub_says(team: Team, platform: Platform, server: str) -> str:
    """What the hub's page tells about a start that was asked for there."""
    with hub_as(team.person, platform) as hub:
        hub.post(server_path(team.person, server), json={})
        with hub.stream("GET", f"{server_path(team.person, server)}/progress") as progress:
            return progress.read().decode()


@pytest.fixture
def shell(tmp_path: Path, platform: Platform, team: Team) -> Shell:
    made = Shell(tmp_path, platform.url, team.person)
    made("projects", "use", team.slug)
    return made


@pytest.fixture
def one_notebook_only(team: Team, platform: Platform) -> dict[str, Any]:
    """A team whose quota is used up."""
    user = platform.admin_api.get(f"/users/{team.person.username}").json()["id"]
    made = platform.admin_api.post(
        "/quota-lines",
        json={"scope": "user", "scope_id": user, "resource": "notebooks", "limit": 1},
    )
    assert made.status_code == 201, made.text
    first = team.notebook("first")
    team.until(first, "running")
    return first


def test_beyond_the_quota_portal_command_line_and_hub_say_the_same(
    page: Page, team: Team, platform: Platform, shell: Shell, one_notebook_only: dict[str, Any]
) -> None:
    refused = team.ask_notebook("second")
    assert (refused.status_code, refused.json()["code"]) == (409, "QUOTA_EXCEEDED")
    sentence = refused.json()["detail"]

    assert sentence in words(shell("notebooks", "start", "second", "--profile", LIGHT, code=1))

    assert sentence in hub_says(team, platform, "")

    pages.signed_in(page, team.person)
    page.goto(f"/p/{team.slug}/notebooks/new")
    page.get_by_label("Name", exact=True).fill("second")
    expect(page.get_by_text(re.compile("allows 1 notebook server")).first).to_be_visible()


def words(text: str) -> str:
    """A terminal breaks lines; a sentence has none."""
    return " ".join(text.split())


@pytest.fixture
def profile(platform: Platform) -> dict[str, Any]:
    """A profile with an accelerator that no node has."""
    body = {
        "slug": f"journey-{secrets.token_hex(3)}",
        "name": "Journey",
        "resources": {
            "cpu_millicores": 200,
            "memory_bytes": 1024 * MIB,
            "accelerators": {ACCELERATOR: 1},
        },
    }
    api = platform.admin_api
    made = api.post("/profiles", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def test_what_no_node_has_portal_command_line_and_hub_say_the_same(
    page: Page,
    team: Team,
    platform: Platform,
    cluster: Cluster,
    shell: Shell,
    profile: dict[str, Any],
) -> None:
    with cluster.gpu(1, resource=ACCELERATOR):
        eventually(lambda: why_not(team, profile) is None, "the accelerator seen by the portal")
        body = {
            "project": team.project,
            "name": "accelerated",
            "environment": team.environment(),
            "profile": profile["id"],
            "start": False,
        }
        notebook = team.api.post("/notebooks", json=body)
        assert notebook.status_code == 201, notebook.text
    reason = eventually(lambda: why_not(team, profile), "the accelerator missed by the portal")
    assert reason["code"] == "ACCELERATOR_MISSING"

    for asked in (
        team.ask_job("true", profile=profile["id"]),
        team.api.post(f"/notebooks/{notebook.json()['id']}/start", json={}),
    ):
        assert asked.status_code in {400, 409}, asked.text
        assert asked.json()["detail"] == reason["text"]

    said = words(shell("run", "--profile", profile["slug"], "--", "true", code=1))
    assert reason["text"] in said

    server = notebook.json()["open_url"] or notebook.json()["id"]
    assert reason["text"] in hub_says(team, platform, hub_name(server))

    pages.signed_in(page, team.person)
    page.goto(f"/p/{team.slug}/notebooks/new")
    expect(page.get_by_text(reason["text"]).first).to_be_visible()


def hub_name(address: str) -> str:
    found = re.search(r"/user/[^/]+/([^/]+)", address)
    return found[1] if found else address


def why_not(team: Team, profile: dict[str, Any]) -> dict[str, Any] | None:
    offered = team.api.get("/profiles", params={"project": team.project}).json()["results"]
    return next(p["unavailable_reason"] for p in offered if p["id"] == profile["id"])
