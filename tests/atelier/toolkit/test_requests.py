"""Bodies that are not what they should be."""

import json
from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.projects.models import Project
from tests.browser import Browser
from tests.conftest import Api


def post(api: Api, user: User, body: str) -> Any:
    return api(user).generic("POST", "/api/v1/projects", body, "application/json")


def test_a_body_larger_than_a_megabyte_is_not_read(api: Api, carol: User) -> None:
    answer = post(api, carol, json.dumps({"name": "x" * 2**20}))

    assert answer.status_code == 413
    assert answer.json()["code"] == "TOO_LARGE"


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 50_000, "[" * 900 + "]" * 900])
def test_a_body_deeper_than_any_is_refused(api: Api, carol: User, body: str) -> None:
    assert post(api, carol, body).status_code == 400


def test_a_number_of_ten_thousand_digits_is_refused(api: Api, carol: User) -> None:
    assert post(api, carol, '{"name": ' + "9" * 10_000 + "}").status_code == 400


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "\\ud83d"])
def test_text_that_no_database_can_hold_is_refused(api: Api, carol: User, text: str) -> None:
    answer = post(api, carol, f'{{"name": "X", "description": "a{text}"}}')

    assert answer.status_code == 400
    assert answer.json()["field"] == "description"


def test_s14_a_hundred_names_of_a_megabyte_leave_little_in_the_log(
    db: None, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = Browser()
    browser.get("session")
    for n in range(100):
        browser.post("session", {"username": f"{n}" + "u" * 1_000_000, "password": "canary-secret"})

    logged = caplog.text + capfd.readouterr().err
    assert len(logged) < 50_000
    assert "canary-secret" not in logged


@pytest.mark.parametrize(
    "path",
    [
        "projects/%00",
        "users/a%00b",
        "notebooks/%00",
        "workloads/%00",
        "environments/%00",
        "me/tokens/%00",
        "projects/churn/members/%00",
    ],
)
@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_an_address_with_a_nul_names_nothing(
    admin: User, project: Project, api: Api, path: str, method: str
) -> None:
    answer = getattr(api(admin), method)(f"/api/v1/{path}", format="json")

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
