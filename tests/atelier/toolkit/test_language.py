"""In which language the portal answers."""

import pytest
from django.test import RequestFactory

from atelier.accounts.models import User
from atelier.toolkit.middleware import language_of


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "fr"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "fr"),  # a browser's: the profile goes first
        ({"Authorization": "Bearer atl_x"}, "fr"),
        ({"Authorization": "Bearer atl_x", "Accept-Language": "en"}, "en"),
    ],
)
def test_a_program_may_choose_a_browser_gets_the_profiles_language(
    headers: dict[str, str], expected: str
) -> None:
    request = RequestFactory().get("/", headers=headers)
    request.user = User(username="alice", language="fr")

    assert language_of(request) == expected
