"""JupyterLab says when its server is about to be stopped as idle. A real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.spawner.fake_portal import plan_for
from tests.spawner.rig import Rig, wait_until

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser.new_page(locale="en-GB")
        browser.close()


def test_lab_warns_before_an_idle_stop_and_keeps_the_server_at_a_click(
    rig: Rig, page: Page
) -> None:
    rig.portal.plan = lambda question: (
        200,
        plan_for(question, env={"ATELIER_URL": rig.portal.url, "ATELIER_PROJECT": "p1"}),
    )
    rig.portal.idle_stop_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 300))
    rig.portal.signed_in = "ida"
    rig.start("ida", "n1")
    wait_until(lambda: rig.portal.reports)

    page.goto(f"{rig.content_url}/user/ida/n1/lab")

    warning = page.get_by_role("status").filter(has_text="This server will be stopped in")
    expect(warning).to_contain_text("5 min", timeout=60_000)
    page.get_by_role("button", name="Keep it running").click()
    expect(warning).to_be_hidden()
    assert rig.portal.kept == ["n1"]
    # Nor is anybody asked whether Jupyter may send news from outside.
    expect(page.get_by_text("official Jupyter news")).to_have_count(0)
