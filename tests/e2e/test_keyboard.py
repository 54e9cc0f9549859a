"""Everything without a mouse."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.running import Person, Platform

FOCUSED = """() => {
  const element = document.activeElement;
  const label = element.labels && element.labels[0];
  return element.getAttribute('aria-label') || (label || element).textContent.trim();
}"""


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the element with this label or text has the focus."""
    passed = []
    for _ in range(60):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED)[:60])
        if passed[-1] == name:
            return
    raise AssertionError(f"Tab never reached {name!r}, only {passed}")


def test_sign_in_find_the_form_by_the_palette_and_start_a_notebook(
    page: Page, platform: Platform, alice: Person
) -> None:
    with platform.api(alice) as api:
        made = api.post("/projects", json={"name": "Keys", "description": ""}).json()
    page.goto("/")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type(alice.username)
    page.keyboard.press("Tab")
    page.keyboard.type(alice.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Account menu")).to_be_visible()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("new notebook")
    expect(page.get_by_role("option", name="New notebook").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/p/{made['slug']}/notebooks/new")

    expect(page.get_by_role("heading", name="New notebook", level=1)).to_be_focused()
    _tab_to(page, "Name")
    page.keyboard.type("by-keys")
    _tab_to(page, "Start notebook")
    page.keyboard.press("Enter")

    pages.until_running(pages.card(page, "by-keys"))
    pages.stop(page, "by-keys")


def _on_a_page_without_fields(page: Page, person: Person) -> None:
    """Sign in and go where nothing takes the focus, as the first field of the welcome page does."""
    pages.signed_in(page, person)
    page.goto("/me/usage")
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()


def test_the_first_tab_skips_to_the_content(page: Page, alice: Person) -> None:
    pages.signed_in(page, alice)
    page.goto("/projects")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate("document.activeElement.blur()")

    page.keyboard.press("Tab")

    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_escape_closes_and_focus_goes_back_to_the_opener(page: Page, alice: Person) -> None:
    _on_a_page_without_fields(page, alice)
    menu = page.get_by_role("button", name="Account menu")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("menu")).to_have_count(0)
    expect(menu).to_be_focused()


def test_single_keys_are_listed_and_can_be_switched_off(page: Page, alice: Person) -> None:
    _on_a_page_without_fields(page, alice)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()

    dialog.get_by_role("switch", name="Single keys").click(force=True)
    page.keyboard.press("Escape")
    page.keyboard.press("?")

    expect(dialog).to_have_count(0)
