"""What happens while a page is open: other tabs, an absent hub, an ended session."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.conftest import NewPage
from tests.e2e.running import Person, Platform

ABSENT = re.compile("hub (cannot be seen|does not answer)")


def test_two_browsers_see_a_start_and_a_stop_without_reloading(
    new_page: NewPage, alice: Person
) -> None:
    here, there = new_page(), new_page()
    for page in (here, there):
        pages.signed_in(page, alice)
    project = pages.create_project(here, "Two browsers")
    there.goto(f"/p/{project}/notebooks")
    loads = []
    there.on("load", lambda _: loads.append(1))

    pages.start_notebook(here, project, "shared")

    pages.until_running(pages.card(there, "shared"))
    pages.stop(here, "shared")
    expect(there.get_by_role("row", name=re.compile("^shared.*Stopped"))).to_be_visible()
    assert loads == []


def test_without_the_hub_the_portal_says_so_works_on_and_recovers_by_itself(
    page: Page, platform: Platform, alice: Person
) -> None:
    pages.signed_in(page, alice)
    project = pages.create_project(page, "No hub")

    with platform.without("hub"):
        shown = pages.start_notebook(page, project, "patient")
        expect(page.get_by_text(ABSENT).first).to_be_visible(timeout=pages.START)
        page.get_by_role("link", name="Members").first.click()  # the rest of the portal works
        expect(page.get_by_role("heading", name="Members").first).to_be_visible()
        page.goto(f"/p/{project}/notebooks")
        expect(shown).to_be_visible()

    pages.until_running(pages.card(page, "patient"))
    expect(page.get_by_text(ABSENT)).to_have_count(0, timeout=pages.START)
    pages.stop(page, "patient")


def test_a_running_notebook_survives_the_hubs_absence(
    page: Page, platform: Platform, alice: Person
) -> None:
    pages.signed_in(page, alice)
    project = pages.create_project(page, "Survivor")
    pages.until_running(pages.start_notebook(page, project, "survivor"))
    lab = pages.open_jupyter(page, pages.card(page, "survivor"))
    pages.new_lab_notebook(lab)
    expect(pages.run_cell(lab, "x = 6")).to_have_count(0)

    with platform.without("hub"):
        lab.keyboard.type("print(x * 7)")
        lab.keyboard.press("Shift+Enter")
        output = lab.locator(".jp-OutputArea-output").first
        expect(output).to_have_text("42", timeout=pages.START)

    lab.keyboard.type("print(x * 8)")
    lab.keyboard.press("Shift+Enter")
    expect(lab.locator(".jp-OutputArea-output").nth(1)).to_have_text("48", timeout=pages.START)
    page.reload()
    pages.until_running(pages.card(page, "survivor"))
    pages.stop(page, "survivor")


def test_an_ended_session_leads_back_to_where_one_was(
    page: Page, platform: Platform, alice: Person
) -> None:
    pages.signed_in(page, alice)
    project = pages.create_project(page, "Expiry")
    page.goto(f"/p/{project}/notebooks?status=stopped")
    page.context.clear_cookies(name="atelier_session")

    page.reload()

    expect(page.get_by_text("You are not signed in")).to_be_visible()
    pages.sign_in(page, alice)
    expect(page).to_have_url(f"{platform.url}/p/{project}/notebooks?status=stopped")


def test_a_browser_ended_elsewhere_is_signed_out(new_page: NewPage, alice: Person) -> None:
    here, there = new_page(), new_page()
    for page in (here, there):
        pages.signed_in(page, alice)
    here.goto("/me/security")
    # The one in use here has the same button, disabled and with the reason.
    here.locator('button[aria-label^="Sign out "]:not([aria-disabled])').click()

    expect(there.get_by_label("User name")).to_be_visible(timeout=pages.START)


def test_signing_out_ends_it_for_the_hub_too(page: Page, platform: Platform, alice: Person) -> None:
    pages.signed_in(page, alice)
    page.goto(f"{platform.content_url}/hub/home")
    page.goto("/")
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()

    page.goto(f"{platform.content_url}/hub/home")

    expect(page.get_by_label("User name")).to_be_visible()  # the portal asks again
