"""What the platform is for: from signing in to the file that is still there."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e import pages
from tests.e2e.running import Person, Platform


def test_from_signing_in_to_the_file_that_is_still_there(
    page: Page, platform: Platform, alice: Person
) -> None:
    page.goto("/")
    pages.sign_in(page, alice)
    project = pages.create_project(page, "Churn model")
    shown = pages.start_notebook(page, project, "exploration")
    expect(shown.get_by_text("Quota reserved")).to_be_visible()
    pages.until_running(shown)

    lab = pages.open_jupyter(page, shown)
    assert lab.url.startswith(platform.content_url)  # the other origin
    assert lab.evaluate("window.opener") is None
    pages.new_lab_notebook(lab)
    expect(pages.run_cell(lab, "print(6*7)")).to_have_text("42", timeout=pages.START)
    pages.save_lab_notebook(lab, "answer.ipynb")
    expect(lab.get_by_text("Jupyter news")).to_have_count(0)  # nothing calls out from here
    lab.close()

    pages.stop(page, "exploration")
    page.get_by_role("button", name="More for exploration").click()
    page.get_by_role("menuitem", name=re.compile("other resources")).click()
    dialog = page.get_by_role("dialog")
    pages.choose(dialog.get_by_role("radio", name=re.compile("^Medium")))
    dialog.get_by_role("button", name="Start exploration").click()
    again = pages.card(page, "exploration")
    pages.until_running(again)
    expect(again.get_by_text("2 cores · 8 GiB")).to_be_visible()

    lab = pages.open_jupyter(page, again)
    lab.locator(".jp-DirListing-itemText", has_text="answer.ipynb").dblclick()
    expect(lab.locator(".jp-OutputArea-output").first).to_have_text("42", timeout=pages.START)
    pages.stop(page, "exploration")
