"""A project's end: archived first, then deleted with all that is in it, and its address is free."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.running import Person


def test_a_project_is_archived_deleted_and_its_address_given_to_another(
    page: Page, alice: Person
) -> None:
    page.goto("/")
    pages.sign_in(page, alice)
    slug = pages.create_project(page, "Short lived")
    pages.until_running(pages.start_notebook(page, slug, "last one"))
    page.goto(f"/p/{slug}/settings")
    _confirm(page, "Archive project", "Archive Short lived", slug)

    _confirm(page, "Delete project", "Delete Short lived", slug)
    # What is told while it lasts may be over before anybody has read it.
    being_deleted = page.get_by_text(re.compile("^This project is being deleted since"))
    expect(being_deleted.or_(page.get_by_text("Short lived is deleted.")).first).to_be_visible()
    page.wait_for_url(re.compile("/(projects|welcome)$"), timeout=pages.START)
    expect(page.get_by_text("Short lived is deleted.")).to_be_visible()

    page.goto("/projects/new")
    page.get_by_label("Name", exact=True).fill("Short lived")
    page.get_by_role("button", name=re.compile("^Create")).click()
    page.wait_for_url(re.compile(rf"/p/{slug}$"))
    expect(page.get_by_text("Nothing runs in this project")).to_be_visible()


def _confirm(page: Page, button: str, act: str, typed: str) -> None:
    page.get_by_role("button", name=button).click()
    dialog = page.get_by_role("alertdialog")
    dialog.get_by_role("textbox").fill(typed)
    dialog.get_by_role("button", name=act).click()
