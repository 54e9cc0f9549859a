"""Signing in at the hub through the portal, and how the portal's word ends it again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.spawner.rig import Rig, wait_until

# What issue and design promise.
LIMIT_SECONDS = 60


@pytest.fixture(autouse=True)
def _nobody_is_signed_in(rig: Rig) -> Iterator[None]:
    yield
    rig.portal.signed_in = None
    rig.portal.down = False
    rig.portal.inactive.clear()


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(follow_redirects=True, timeout=30) as client:
        yield client


def open_server(rig: Rig, browser: httpx.Client, user: str, server: str) -> httpx.Response:
    """One top-level navigation, as from the portal's Open button."""
    return browser.get(f"{rig.content_url}/user/{user}/{server}/lab")


def can_use(rig: Rig, browser: httpx.Client, user: str, server: str) -> bool:
    """What a page that is open already does: a request that wants no redirect."""
    address = f"{rig.content_url}/user/{user}/{server}/api/contents"
    return browser.get(address, follow_redirects=False).status_code == 200


def test_a_user_the_hub_has_never_seen_opens_a_server_in_one_navigation(
    rig: Rig, browser: httpx.Client
) -> None:
    rig.start("ned", "first")
    rig.portal.signed_in = "ned"

    page = open_server(rig, browser, "ned", "first")

    assert page.status_code == 200
    assert urlsplit(str(page.url)).path == "/user/ned/first/lab"
    assert "JupyterLab" in page.text
    assert can_use(rig, browser, "ned", "first")


def test_somebody_else_may_not_open_it(rig: Rig, browser: httpx.Client) -> None:
    rig.start("ann", "hers")
    rig.portal.signed_in = "mallory"

    page = open_server(rig, browser, "ann", "hers")

    assert page.status_code == 403
    assert not can_use(rig, browser, "ann", "hers")


def test_without_a_session_at_the_portal_its_login_is_shown(
    rig: Rig, browser: httpx.Client
) -> None:
    rig.start("lea", "closed")

    page = open_server(rig, browser, "lea", "closed")

    assert page.json() == {"page": "login"}
    assert str(page.url).startswith(f"{rig.portal.url}/oauth/authorize/")


def test_the_request_to_the_portal_is_proof_against_interception(
    rig: Rig, browser: httpx.Client
) -> None:
    answer = browser.get(f"{rig.content_url}/hub/oauth_login", follow_redirects=False)

    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"{rig.content_url}/hub/oauth_callback"]
    assert set(query["scope"][0].split()) == {"openid", "profile", "email", "groups"}
    assert query["state"][0]


@pytest.mark.parametrize("page", ["home", "spawn", "spawn/eva", "spawn/eva/x"])
def test_the_hubs_own_pages_lead_to_the_portals(rig: Rig, browser: httpx.Client, page: str) -> None:
    rig.portal.signed_in = "eva"

    answer = browser.get(f"{rig.content_url}/hub/{page}")

    assert answer.json() == {"page": "/notebooks"}


def test_the_hubs_cookies_are_the_hubs_alone(rig: Rig, browser: httpx.Client) -> None:
    rig.portal.signed_in = "eva"
    browser.get(f"{rig.content_url}/hub/home")

    login = next(c for c in browser.cookies.jar if c.name == "jupyterhub-hub-login")

    assert login.path == "/hub/"
    assert login.domain == "127.0.0.1"
    assert login.has_nonstandard_attr("HttpOnly")


def test_a_logout_ends_at_the_portal_without_a_question(rig: Rig, browser: httpx.Client) -> None:
    rig.start("liz", "out")
    rig.portal.signed_in = "liz"
    open_server(rig, browser, "liz", "out")

    answer = browser.get(f"{rig.content_url}/hub/logout", follow_redirects=False)

    target = urlsplit(answer.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{rig.portal.url}/oauth/logout/"
    query = parse_qs(target.query)
    assert query["id_token_hint"] == ["id-token-of-liz"]
    assert query["client_id"] == ["hub"]
    assert query["post_logout_redirect_uri"] == [f"{rig.portal.url}/"]
    rig.portal.signed_in = None
    assert browser.get(f"{rig.content_url}/hub/home").json() == {"page": "login"}


def test_a_portal_that_is_away_ends_no_session(rig: Rig, browser: httpx.Client) -> None:
    rig.start("kim", "kept")
    rig.portal.signed_in = "kim"
    open_server(rig, browser, "kim", "kept")
    rig.portal.down = True
    deadline = time.monotonic() + 35  # longer than the cache and the refresh age

    while time.monotonic() < deadline:
        assert can_use(rig, browser, "kim", "kept")
        time.sleep(1)

    rig.portal.down = False
    assert can_use(rig, browser, "kim", "kept")


def test_deactivation_ends_access_within_a_minute_in_every_browser(
    rig: Rig, browser: httpx.Client
) -> None:
    rig.start("max", "ends")
    rig.portal.signed_in = "max"
    open_server(rig, browser, "max", "ends")
    with httpx.Client(follow_redirects=True, timeout=30) as other:
        open_server(rig, other, "max", "ends")
        assert can_use(rig, browser, "max", "ends")
        assert can_use(rig, other, "max", "ends")

        rig.portal.inactive.add("max")
        began = time.monotonic()
        wait_until(
            lambda: (
                not can_use(rig, browser, "max", "ends") and not can_use(rig, other, "max", "ends")
            ),
            LIMIT_SECONDS,
            "access to end",
        )

        assert time.monotonic() - began < LIMIT_SECONDS
        # Neither the hub's cookie nor the server's brings it back.
        assert open_server(rig, other, "max", "ends").json() == {"page": "login"}
        assert open_server(rig, browser, "max", "ends").json() == {"page": "login"}


def test_after_ended_sessions_one_navigation_signs_in_again(
    rig: Rig, browser: httpx.Client
) -> None:
    rig.start("joe", "again")
    rig.portal.signed_in = "joe"
    open_server(rig, browser, "joe", "again")
    rig.portal.tokens.clear()
    rig.portal.codes.clear()  # the portal revoked all it gave to the hub
    wait_until(lambda: not can_use(rig, browser, "joe", "again"), LIMIT_SECONDS)

    page = open_server(rig, browser, "joe", "again")

    assert page.status_code == 200
    assert can_use(rig, browser, "joe", "again")
