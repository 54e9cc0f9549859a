"""Writes with a cookie need the sign of this site, bound to the session (S2)."""

from typing import Any

import pytest

from atelier.accounts.models import ApiToken, User
from atelier.projects.models import Project
from tests.atelier.routes import Operation, operations
from tests.browser import Browser

UNSAFE = [o for o in operations() if o.method not in {"GET", "HEAD", "OPTIONS"}]
FOREIGN: list[dict[str, str]] = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Sec-Fetch-Site": "same-origin"},
    {"X-CSRFToken": "a" * 64},
    {"Referer": "http://testserver/"},
]
BODIES = {
    "application/json": b"{}",
    "text/plain": b"{}",
    "application/x-www-form-urlencoded": b"name=x",
    "multipart/form-data; boundary=b": b"--b--",
}


@pytest.mark.parametrize("operation", UNSAFE, ids=str)
def test_s02_no_write_without_the_sign_of_this_site(operation: Operation, admin: User) -> None:
    browser = Browser().sign_in(admin)
    path = operation.path_with(lambda name: "x")

    answers = [
        browser.client.generic(operation.method, path, body, kind, headers=headers)
        for headers in FOREIGN
        for kind, body in BODIES.items()
    ]

    assert {a.status_code for a in answers} == {403}
    assert {a.json()["code"] for a in answers} == {"CSRF"}


def test_s02_a_foreign_origin_is_refused_even_with_the_sign(alice: User) -> None:
    browser = Browser().sign_in(alice)

    answer = browser.post("projects", {"name": "X"}, Origin="http://127.0.0.1:8001")

    assert answer.status_code == 403
    assert not Project.objects.filter(name="X").exists()


def test_s02_our_own_origin_and_sign_are_accepted(alice: User) -> None:
    browser = Browser().sign_in(alice)

    answer = browser.post("projects", {"name": "X"}, Origin="http://localhost:8000")

    assert answer.status_code == 201


def test_s02_json_sent_as_text_is_refused_even_with_the_sign(alice: User) -> None:
    browser = Browser().sign_in(alice)

    answer = browser.client.post(
        "/api/v1/projects",
        b'{"name": "X"}',
        content_type="text/plain",
        headers={"X-CSRFToken": browser.sign},
    )

    assert answer.status_code == 415
    assert answer.json()["code"] == "UNSUPPORTED_MEDIA_TYPE"


def test_s02_a_planted_cookie_with_its_matching_header_is_refused(alice: User) -> None:
    browser = Browser().sign_in(alice)
    browser.client.cookies["atelier_csrf"] = "p" * 32

    answer = browser.post("projects", {"name": "X"})

    assert answer.status_code == 403


def test_a_lost_csrf_cookie_comes_back_with_the_session(alice: User) -> None:
    browser = Browser().sign_in(alice)
    del browser.client.cookies["atelier_csrf"]
    browser.get("session")

    assert browser.post("projects", {"name": "X"}).status_code == 201


def test_s02_signing_in_itself_needs_the_sign(alice: User) -> None:
    browser = Browser()

    answer = browser.post("session", {"username": "alice", "password": "x"})

    assert answer.status_code == 403


def test_s02_the_sign_changes_with_the_sign_in(alice: User) -> None:
    browser = Browser()
    browser.get("session")
    before = browser.sign

    browser.sign_in(alice)

    assert browser.sign != before


def test_s02_a_session_beside_a_bearer_header_is_not_looked_at(alice: User) -> None:
    browser = Browser().sign_in(alice)

    answer = browser.client.post(
        "/api/v1/projects",
        b'{"name": "X"}',
        content_type="application/json",
        headers={"Authorization": "Bearer atl_wrong"},
    )

    assert answer.status_code == 401
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer abc", "atl_x", ""])
def test_a_header_that_is_no_token_is_refused(alice: User, header: str) -> None:
    browser = Browser().sign_in(alice)

    answer: Any = browser.client.get("/api/v1/me", headers={"Authorization": header})

    assert answer.status_code == 401
