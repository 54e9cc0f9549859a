"""What people do on the portal's pages and in JupyterLab, by the words they see."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.running import Person

# A server starts in a second or two on a free machine; this one is shared.
START = 120_000


def sign_in(page: Page, person: Person) -> None:
    """Fill in the sign-in form that is shown."""
    page.get_by_label("User name").fill(person.username)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in").click()


def signed_in(page: Page, person: Person) -> None:
    """Open the portal and sign in."""
    page.goto("/login")
    sign_in(page, person)
    expect(page.get_by_role("button", name="Account menu")).to_be_visible()


def create_project(page: Page, name: str) -> str:
    """Create the first project, which the portal offers to whoever has none; returns its slug."""
    page.get_by_label("Project name").fill(name)
    page.get_by_role("button", name="Create a project").click()
    page.wait_for_url(re.compile(r"/p/[^/]+"))
    return slug_of(page)


def slug_of(page: Page) -> str:
    """The project whose page is shown."""
    found = re.search(r"/p/([^/?#]+)", page.url)
    assert found
    return found[1]


def start_notebook(page: Page, project: str, name: str, profile: str = "Small") -> Locator:
    """Start a new notebook through its form; returns its card."""
    page.goto(f"/p/{project}/notebooks/new")
    page.get_by_label("Name", exact=True).fill(name)
    choose(page.get_by_role("radio", name=re.compile(rf"^{profile}\b")))
    page.get_by_role("button", name=re.compile("^Start")).click()
    page.wait_for_url(re.compile(rf"/p/{project}/notebooks$"))
    return card(page, name)


def choose(radio: Locator) -> None:
    """Choose one of several; the page writes the choice into its address before it shows it."""
    radio.click(force=True)
    expect(radio).to_be_checked()


def card(page: Page, name: str) -> Locator:
    """The card of a live notebook of one's own."""
    return page.get_by_role("region", name=name, exact=True)


def until_running(shown: Locator) -> None:
    """Wait for the word, without touching the page."""
    expect(shown.get_by_text("Running", exact=True)).to_be_visible(timeout=START)


def open_jupyter(page: Page, shown: Locator) -> Page:
    """Press Open; returns the new tab with JupyterLab in it."""
    with page.context.expect_page() as opened:
        shown.get_by_role("link", name=re.compile("^Open")).click()
    lab = opened.value
    lab.wait_for_url(re.compile(r"/user/[^/]+/n[a-z0-9]+/lab"), timeout=START)
    expect(lab.locator(".jp-Launcher, .jp-Notebook").first).to_be_visible(timeout=START)
    return lab


def stop(page: Page, name: str) -> None:
    """Stop a notebook, answering the question whether it is meant."""
    page.get_by_role("button", name=f"Stop {name}").click()
    dialog = page.get_by_role("alertdialog")
    stopped = page.get_by_role("row", name=re.compile(rf"^{name}\b.*Stopped"))
    expect(dialog.or_(stopped).first).to_be_visible(timeout=START)
    if dialog.is_visible():
        dialog.get_by_role("button", name=f"Stop {name}").click()
    expect(stopped).to_be_visible(timeout=START)


# --- in JupyterLab ------------------------------------------------------------------------------


def new_lab_notebook(lab: Page) -> None:
    """Open a Python notebook from the launcher."""
    launcher = lab.locator('.jp-LauncherCard[data-category="Notebook"]').first
    launcher.click()
    expect(lab.locator(".jp-Notebook .cm-content").first).to_be_visible(timeout=START)
    # What is sent to a kernel before it has come up is lost.
    expect(lab.get_by_role("button", name=re.compile(r"\| Idle"))).to_be_visible(timeout=START)


def run_cell(lab: Page, code: str) -> Locator:
    """Type into the notebook's first cell, run it; returns its output."""
    editor = lab.locator(".jp-Notebook .cm-content").first
    editor.click()
    lab.keyboard.type(code)
    expect(editor).to_contain_text(code)
    lab.keyboard.press("Shift+Enter")
    return lab.locator(".jp-Notebook .jp-OutputArea-output").first


def save_lab_notebook(lab: Page, name: str) -> None:
    """Save; JupyterLab asks for a name the first time."""
    lab.keyboard.press("Control+s")
    dialog = lab.locator(".jp-Dialog")
    expect(dialog).to_be_visible()
    dialog.locator("input").first.fill(name)
    dialog.locator(".jp-mod-accept").click()
    expect(lab.locator(".jp-DirListing-itemText", has_text=name)).to_be_visible()
