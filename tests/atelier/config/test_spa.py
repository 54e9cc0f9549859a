"""The pages' one address."""

import pytest
from django.test import Client

from tests.atelier.core.test_addresses import FOREIGN


@pytest.mark.parametrize("place", FOREIGN)
def test_s16_a_foreign_return_address_is_dropped_before_any_script_sees_it(
    db: None, place: str
) -> None:
    answer = Client().get("/login", {"next": place})

    assert answer.status_code == 302
    assert answer["Location"] == "/login"


def test_an_own_return_address_stays(db: None) -> None:
    answer = Client().get("/login", {"next": "/p/churn/notebooks"})

    assert "Location" not in answer


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example", "///evil.example/x"])
def test_s16_dropping_a_return_address_leads_to_no_other_host(db: None, path: str) -> None:
    answer = Client().generic("GET", "/", PATH_INFO=path, QUERY_STRING="next=https://evil.example")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/%2F")
