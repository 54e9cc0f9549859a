"""Each page in both themes and two widths: axe finds nothing, nothing scrolls sideways.

With ATELIER_E2E_SHOTS naming a folder every state is also kept there as a picture, to be looked at.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from atelier_client import Atelier
from tests.e2e import pages
from tests.e2e.conftest import PATIENCE
from tests.e2e.running import ROOT, Platform

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {1440: 900, 390: 844}

BEFORE_SIGNING_IN = ["login", "login?next=%2Fprojects", "password-resets/x", "reset/x"]
OF_EVERYBODY = [
    "welcome", "projects", "projects/new", "me", "me/security", "me/tokens", "me/usage",
    "invitations/x", "nowhere",
]  # fmt: skip
OF_A_PROJECT = [
    "", "notebooks", "notebooks/new", "notebooks/NOTEBOOK", "jobs", "jobs/new",
    "jobs/new?like=FAILED", "jobs/RUNNING", "jobs/RUNNING?q=checkpoint", "jobs/FAILED",
    "jobs/FAILED?tab=events", "jobs/FAILED?tab=spec", "environments", "environments/ENVIRONMENT",
    "members", "settings", "nowhere",
]  # fmt: skip
OF_THE_PLATFORM = [
    "quotas", "quotas?by=user", "live", "users", "users/PERSON", "environments",
    "environments/ENVIRONMENT", "profiles", "profiles/PROFILE", "audit", "health",
]  # fmt: skip


class Visitor:
    """An administrator who also leads a project in which things happened."""

    def __init__(self, browser: Browser, platform: Platform) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=platform.url, locale="en-GB", timezone_id="Europe/Paris",
            viewport={"width": 1440, "height": 900},
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.names: dict[str, str] = {}

    def address(self, template: str) -> str:
        """Put real things into an address."""
        for word, name in self.names.items():
            template = template.replace(word, name)
        return template


@pytest.fixture(scope="module")
def visitor(browser: Browser, platform: Platform) -> Iterator[Visitor]:
    made = Visitor(browser, platform)
    pages.signed_in(made.page, platform.admin)
    made.names = _project_with_life(platform)
    yield made
    made.context.close()


def _project_with_life(platform: Platform) -> dict[str, str]:
    """A project with members, an invitation, notebooks and jobs that run and that ended."""
    api = platform.admin_api
    name = f"Looks {secrets.token_hex(2)}"
    project = api.post("/projects", json={"name": name, "description": "To be looked at"}).json()
    for role in ("member", "viewer"):
        person = platform.add_person(f"{role}-{secrets.token_hex(2)}")
        api.post(f"/projects/{project['id']}/members",
                 json={"username": person.username, "role": role})  # fmt: skip
    api.post(f"/projects/{project['id']}/invitations", json={"role": "member"})
    environment = api.get("/environments").json()["results"][0]["id"]
    profiles = {p["slug"]: p["id"] for p in api.get("/profiles").json()["results"]}
    with Atelier(url=platform.url, token=platform.token(platform.admin)) as atelier:
        notebooks = atelier.notebooks
        slug = project["slug"]
        running = notebooks.start("exploration", profile="small", project=slug, wait=True)
        notebooks.start("features", profile="small", project=slug, wait=True)
        notebooks.stop("features", project=slug, wait=True)
    return {
        "SLUG": slug,
        "NOTEBOOK": running.id,
        "ENVIRONMENT": environment,
        "PROFILE": profiles["small"],
        "PERSON": person.username,
        **_jobs(api, slug),
    }


EPOCHS = r"""
from itertools import count
from time import sleep
for epoch in count(1):
    print(f"epoch {epoch}  step {epoch * 50}  loss {0.7 / epoch:.4f}  lr 2.4e-04")
    if epoch % 8 == 0:
        print(f"checkpoint saved  step {epoch * 50}  212 MB  1.4 s")
    if epoch % 15 == 0:
        print("\033[33mWARNING\033[0m  dataloader: worker 3 slow, 2.1 s for a batch")
    sleep(0.01 if epoch < 300 else 2)
"""


def _jobs(api: httpx.Client, project: str) -> dict[str, str]:
    """A job that goes on and one that failed."""
    asked: dict[str, dict[str, Any]] = {
        "RUNNING": {"name": "churn-xgb", "command": ["python", "-u", "-c", EPOCHS]},
        "FAILED": {"name": "label-check", "command": ["sh", "-c", "echo no such column; exit 3"],
                   "env": {"SEED": "7"}},
    }  # fmt: skip
    made = {}
    for word, draft in asked.items():
        answer = api.post("/jobs", json={"project": project, "profile": "small", **draft})
        assert answer.status_code == 201, answer.text
        made[word] = answer.json()["id"]
    give_up = time.monotonic() + 120
    while api.get(f"/jobs/{made['FAILED']}").json()["status"] != "failed":
        assert time.monotonic() < give_up
        time.sleep(0.5)
    return made


def _addresses() -> list[str]:
    return [
        *(f"/{path}" for path in OF_EVERYBODY),
        *(f"/p/SLUG/{path}".rstrip("/") for path in OF_A_PROJECT),
        *(f"/admin/{path}" for path in OF_THE_PLATFORM),
    ]


@pytest.mark.parametrize("address", _addresses())
def test_a_page_is_accessible_and_fits(visitor: Visitor, address: str) -> None:
    page = visitor.page
    page.goto(visitor.address(address))

    _look_at_every_state(page, address)


def test_no_page_is_left_out() -> None:
    looked_at = {
        "public": BEFORE_SIGNING_IN,
        "root": OF_EVERYBODY,
        "project": OF_A_PROJECT,
        "platform": OF_THE_PLATFORM,
    }
    for manifest in (ROOT / "frontend" / "src" / "features").glob("*/index.ts*"):
        for scope, path in re.findall(
            r'scope: "(\w+)", path: "([^"]*)",\s*page', manifest.read_text()
        ):
            shape = re.compile(re.sub(r":\w+", "[^/]+", path) + r"(\?.*)?")
            assert any(shape.fullmatch(known) for known in looked_at[scope]), (scope, path)


@pytest.mark.parametrize("address", BEFORE_SIGNING_IN)
def test_a_page_before_signing_in_is_accessible_and_fits(
    browser: Browser, platform: Platform, address: str
) -> None:
    context = browser.new_context(base_url=platform.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"/{address}")

    _look_at_every_state(page, address)
    context.close()


def _look_at_every_state(page: Page, address: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.wait_for_timeout(800)  # lists and figures arrive after the heading
    found: dict[str, Any] = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(150)
            state = f"{theme}, {width} px"
            _keep_picture(page, address, theme, width)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found[f"{state}: scrolls sideways"] = wide
            if width == 390:  # axe takes what is under the fixed bar for obscured: show it all
                whole = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": width, "height": whole + 100})
            if width == 1440 or theme == "light":
                found.update({f"{state}: {k}": v for k, v in _axe(page).items()})
    assert found == {}


def _axe(page: Page) -> dict[str, list[str]]:
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text())
    said = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules},"
        " resultTypes: ['violations']})",
        RULES,
    )
    return {
        v["id"]: [f"{n['target']} {n.get('failureSummary', '')[:160]}" for n in v["nodes"]][:4]
        for v in said["violations"]
    }


def _keep_picture(page: Page, address: str, theme: str, width: int) -> None:
    folder = os.environ.get("ATELIER_E2E_SHOTS")
    if folder:
        name = re.sub(r"[^a-zA-Z0-9]+", "-", address).strip("-") or "home"
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}-{width}-{theme}.png", full_page=width == 390)


def test_french_is_chosen_once_and_stays(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/projects")
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("menuitemradio", name="Français").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Projets")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projets")

    page.get_by_role("button", name="compte").click()
    page.get_by_role("menuitemradio", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")


def test_french_words_fit_at_390_pixels(visitor: Visitor, platform: Platform) -> None:
    page = visitor.page
    platform.admin_api.patch("/me", json={"language": "fr"})
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    wide = {}
    for address in _addresses():
        page.goto(visitor.address(address))
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        page.wait_for_timeout(800)
        _keep_picture(page, f"fr{address}", "light", 390)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 390:
            wide[address] = width
    platform.admin_api.patch("/me", json={"language": "en"})
    assert wide == {}


def test_dark_is_chosen_in_the_menu_and_stays(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto("/projects")

    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert dark == "rgb(17, 19, 21)"  # #111315
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("menuitemradio", name="Like the system").click()
