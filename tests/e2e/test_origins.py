"""S1: what runs in a notebook is other people's code. It never gets the portal's cookies."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, StorageState, expect

from tests.e2e import pages
from tests.e2e.conftest import NewPage
from tests.e2e.jupyter import Jupyter, sign_in
from tests.e2e.running import Person, Platform

# A server of the user's own on the content host. It notes what it is sent.
HOSTILE = """
import http.server, json, threading
class Hostile(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != '/favicon.ico':
            open('requests.jsonl', 'a').write(json.dumps(dict(self.headers)) + chr(10))
        self.send_response(200)
        self.send_header('Content-Type', 'text/html')
        self.end_headers()
        self.wfile.write(b'<title>hostile</title><p>hello')
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Hostile)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port)
"""
# Makes the person's own Jupyter note the headers of everything that reaches it.
RECORDER = """
import os, pathlib
folder = pathlib.Path.home() / '.jupyter'
folder.mkdir(exist_ok=True)
(folder / 'jupyter_server_config.py').write_text('''
import json, os
def note(handler):
    with open(os.path.expanduser("~/lab-requests.jsonl"), "a") as file:
        file.write(json.dumps([handler.request.path, dict(handler.request.headers)]) + chr(10))
c.ServerApp.tornado_settings = {"log_function": note}
''')
"""
PORTAL_COOKIES = ("atelier_session", "atelier_csrf", "atelier_device", "sessionid", "csrftoken")


@dataclass(frozen=True)
class Trap:
    """A running notebook, and the browser state of its owner, who is signed in everywhere."""

    owner: Person
    project: str
    open_url: str
    state: StorageState


@pytest.fixture(scope="module")
def trap(browser: Browser, platform: Platform) -> Trap:
    owner = platform.add_person(f"victim-{secrets.token_hex(3)}")
    context = browser.new_context(base_url=platform.url)
    page = context.new_page()
    pages.signed_in(page, owner)
    project = pages.create_project(page, "Hostile")
    shown = pages.start_notebook(page, project, "trap")
    pages.until_running(shown)
    address = str(shown.get_by_role("link", name="Open").get_attribute("href"))
    page.goto(address)  # from now on there are the hub's cookies too
    made = Trap(owner, project, address, context.storage_state())
    context.close()
    return made


@pytest.fixture
def page(new_page: NewPage, trap: Trap) -> Page:
    """The victim's browser."""
    return new_page(storage_state=trap.state)


@pytest.fixture
def lab(page: Page, trap: Trap) -> Page:
    """The victim's browser with a page of the content host open in it."""
    page.goto(trap.open_url)
    return page


@pytest.fixture
def jupyter(platform: Platform, trap: Trap) -> Iterator[Jupyter]:
    with Jupyter(trap.open_url, sign_in(platform, trap.owner)) as opened:
        yield opened


def _lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_s01_a_server_on_the_content_host_sees_no_portal_cookie(
    page: Page, jupyter: Jupyter
) -> None:
    assert {c["name"] for c in page.context.cookies()} & set(PORTAL_COOKIES)  # there is one to lose
    kernel = jupyter.keep_kernel()
    port = jupyter.run_in(kernel, HOSTILE).strip()

    page.goto(f"http://127.0.0.1:{port}/")

    expect(page).to_have_title("hostile")
    (headers,) = _lines(jupyter.read("requests.jsonl"))
    sent = headers.get("Cookie", "")
    assert not [name for name in PORTAL_COOKIES if name in sent], sent
    assert "jupyterhub-hub-login" not in sent


def test_s01_a_notebook_behind_the_hub_sees_no_portal_cookie(
    page: Page, platform: Platform, jupyter: Jupyter, trap: Trap
) -> None:
    jupyter.run(RECORDER)
    page.goto(f"/p/{trap.project}/notebooks")
    pages.stop(page, "trap")
    page.get_by_role("button", name="Start trap").click()
    shown = pages.card(page, "trap")
    pages.until_running(shown)

    lab = pages.open_jupyter(page, shown)
    lab.wait_for_timeout(1000)

    with Jupyter(trap.open_url, sign_in(platform, trap.owner)) as again:
        noted = _lines(again.read("lab-requests.jsonl"))
    assert len(noted) > 5
    for path, headers in noted:
        sent = headers.get("Cookie", "")
        assert not [name for name in PORTAL_COOKIES if name in sent], (path, sent)
        assert "jupyterhub-hub-login" not in sent, (path, sent)


@pytest.mark.parametrize("path", ["/api/v1/session", "/api/v1/me", "/api/v1/projects"])
def test_s01_a_credentialed_fetch_from_the_content_host_fails(
    lab: Page, platform: Platform, path: str
) -> None:
    said = lab.evaluate(
        "url => fetch(url, {credentials: 'include'}).then(r => r.text(), e => `refused: ${e}`)",
        platform.url + path,
    )

    assert said.startswith("refused: "), said


Write = Callable[[Page, str], None]


def _form(page: Page, url: str) -> None:
    page.evaluate(
        """url => { const form = document.createElement('form');
        form.method = 'POST'; form.action = url; form.enctype = 'text/plain';
        const input = document.createElement('input');
        input.name = '{"name": "stolen", "description": "'; input.value = '"}';
        form.append(input); document.body.append(form); form.submit(); }""",
        url,
    )
    page.wait_for_url(f"{url}**")


def _no_cors(page: Page, url: str) -> None:
    page.evaluate(
        """url => fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include',
        headers: {'Content-Type': 'text/plain'},
        body: JSON.stringify({name: 'stolen', description: ''})}).catch(() => null)""",
        url,
    )


def _json(page: Page, url: str) -> None:
    page.evaluate(
        """url => fetch(url, {method: 'POST', credentials: 'include',
        headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({name: 'stolen', description: ''})}).catch(() => null)""",
        url,
    )


@pytest.mark.parametrize("write", [_form, _no_cors, _json])
def test_s02_a_write_from_the_content_host_changes_nothing(
    lab: Page, platform: Platform, trap: Trap, write: Write
) -> None:
    write(lab, f"{platform.url}/api/v1/projects")

    with platform.api(trap.owner) as api:
        names = [p["name"] for p in api.get("/projects").json()["results"]]
    assert names == ["Hostile"]


def test_the_portal_cannot_be_framed_by_a_notebook(lab: Page, platform: Platform) -> None:
    lab.evaluate(
        """url => { const frame = document.createElement('iframe');
        frame.name = 'framed'; frame.src = url; document.body.append(frame); }""",
        platform.url,
    )
    lab.wait_for_timeout(2000)

    frame = lab.frame("framed")
    assert frame is not None
    with pytest.raises(Error):
        frame.wait_for_selector("#root *", timeout=2000)


def test_the_server_of_another_person_stays_closed(
    new_page: NewPage, person: Callable[[str], Person], trap: Trap
) -> None:
    stranger = new_page()
    pages.signed_in(stranger, person("mallory"))

    answer = stranger.goto(trap.open_url)

    assert answer is not None
    assert answer.status in {403, 404}
    assert stranger.locator(".jp-Launcher").count() == 0
