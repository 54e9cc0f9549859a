"""A running notebook does not notice a hub that restarts, and a refusal is a refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError

from atelier_runtime.jupyter.hub_auth import AtelierHubOAuth

ALICE = {"name": "alice", "scopes": ["access:servers!user=alice"]}


@pytest.fixture
def client() -> AtelierHubOAuth:
    return AtelierHubOAuth(
        api_url="http://127.0.0.1:1/hub/api",
        api_token="server-token",
        oauth_client_id="jupyterhub-user-alice",
        patience_seconds=0.3,
        retry_seconds=0.01,
        access_scopes={"access:servers"},
    )


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Have the hub answer with a model, with None, or with a failure."""

    def answers(answer: Any) -> None:
        async def check(*_: Any, **__: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        # The edge of our code: everything behind it is JupyterHub's.
        monkeypatch.setattr(HubOAuth, "_check_hub_authorization", check)

    return answers


def ask(client: AtelierHubOAuth, token: str = "browser-token") -> Any:
    return asyncio.run(client._check_hub_authorization("/user", token, cache_key="x"))


def test_the_hub_is_asked_again_after_half_a_minute(client: AtelierHubOAuth) -> None:
    assert client.cache_max_age == 30


def test_what_the_hub_confirmed_counts_while_it_is_away(
    client: AtelierHubOAuth, hub: Callable[[Any], None]
) -> None:
    hub(ALICE)
    assert ask(client) == ALICE

    hub(HTTPError(500, "Failed to connect to Hub API"))

    assert ask(client) == ALICE


def test_a_browser_the_hub_never_confirmed_does_not_get_in(
    client: AtelierHubOAuth, hub: Callable[[Any], None]
) -> None:
    hub(ALICE)
    ask(client)
    hub(HTTPError(500, "Failed to connect to Hub API"))

    with pytest.raises(HTTPError):
        ask(client, "another-token")


def test_an_old_confirmation_does_not_count(
    client: AtelierHubOAuth, hub: Callable[[Any], None]
) -> None:
    client.grace_seconds = 0.0
    hub(ALICE)
    ask(client)
    hub(HTTPError(500, "Failed to connect to Hub API"))

    with pytest.raises(HTTPError):
        ask(client)


def test_a_refusal_is_never_overruled(client: AtelierHubOAuth, hub: Callable[[Any], None]) -> None:
    hub(ALICE)
    ask(client)
    hub(None)
    assert ask(client) is None

    hub(HTTPError(500, "Failed to connect to Hub API"))

    with pytest.raises(HTTPError):
        ask(client)


def test_an_error_of_ours_is_not_waited_out(
    client: AtelierHubOAuth, hub: Callable[[Any], None]
) -> None:
    client.patience_seconds = 60.0
    hub(HTTPError(403, "no"))

    with pytest.raises(HTTPError):
        ask(client)


def test_it_remembers_few(client: AtelierHubOAuth, hub: Callable[[Any], None]) -> None:
    hub(ALICE)
    for number in range(300):
        ask(client, f"token-{number}")

    assert len(client._confirmed) <= 256
