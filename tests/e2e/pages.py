"""What people do on the portal's pages, by the words they see."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.e2e.running import Person


def sign_in(page: Page, person: Person) -> None:
    """Fill in the sign-in form that is shown."""
    page.get_by_label("User name").fill(person.username)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in").click()
