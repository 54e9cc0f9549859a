"""Getting in, being sent back, and getting out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.pages import sign_in
from tests.e2e.running import Person


def test_a_person_signs_in_with_name_and_password(page: Page, alice: Person) -> None:
    page.goto("/")
    sign_in(page, alice)

    expect(page.get_by_role("button", name="Account menu")).to_be_visible()


def test_a_wrong_password_is_said_without_telling_which_part_was_wrong(
    page: Page, alice: Person
) -> None:
    page.goto("/")
    sign_in(page, Person(alice.username, "wrong"))

    expect(page.get_by_role("alert")).to_have_text("That name and password do not match.")
