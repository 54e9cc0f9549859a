"""The caller's own things: tokens, limits, and a first token made from a name and password."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

import httpx

from atelier_client.models import ApiToken, QuotaLine
from atelier_client.pages import Pages
from atelier_client.projects import Projects
from atelier_client.transport import (
    API,
    TIMEOUT_SECONDS,
    Transport,
    answer,
    away,
    headers,
    uses_environment,
)


class Tokens:
    """``Atelier().tokens``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Pages[ApiToken]:
        """Return the caller's tokens, without their secrets."""
        return Pages(self._transport, "/me/tokens", ApiToken.from_json)

    def create(
        self,
        name: str,
        *,
        username: str,
        password: str,
        scopes: Sequence[str] = ("read",),
        expires_in_days: int = 30,
    ) -> ApiToken:
        """Make a token; its ``token`` is never shown again.

        A token cannot make another one, or a leaked one would live for ever: this signs in.
        """
        return token_from_password(
            self._transport.url,
            username,
            password,
            name=name,
            scopes=scopes,
            expires_in_days=expires_in_days,
        )

    def revoke(self, token_id: str) -> None:
        """End a token at once."""
        self._transport.request("DELETE", f"/me/tokens/{quote(token_id, safe='')}")


class Quota:
    """``Atelier().quota``."""

    def __init__(self, transport: Transport, projects: Projects) -> None:
        self._transport = transport
        self._projects = projects

    def me(self) -> list[QuotaLine]:
        """Return the caller's own limits."""
        return _lines(self._transport, "/me/quota")

    def project(self, project: str | None = None) -> list[QuotaLine]:
        """Return a project's limits."""
        wanted = self._projects.current(project)
        return _lines(self._transport, f"/projects/{quote(wanted, safe='')}/quota")


def _lines(transport: Transport, path: str) -> list[QuotaLine]:
    return [QuotaLine.from_json(line) for line in transport.get(path)["lines"]]


def token_from_password(
    url: str,
    username: str,
    password: str,
    *,
    name: str,
    scopes: Sequence[str],
    expires_in_days: int,
    timeout: float = TIMEOUT_SECONDS,
) -> ApiToken:
    """Sign in like a browser, make a token, sign out again; the password is kept nowhere."""
    with httpx.Client(
        base_url=url + API,
        timeout=timeout,
        trust_env=uses_environment(url),
        headers={
            **headers(),
            # Django compares this with the portal's address on every write.
            "Origin": url,
            "Referer": f"{url}/",
        },
    ) as browser:
        try:
            answer(browser.get("/session"), url)
            _post(browser, url, "/session", {"username": username, "password": password})
            made = _post(
                browser,
                url,
                "/me/tokens",
                {"name": name, "scopes": [*scopes], "expires_in_days": expires_in_days},
            )
        except httpx.TransportError as error:
            raise away(error, url, timeout) from error
        # The token is made: a sign-out that fails must not lose it. Sessions end by themselves.
        with suppress(httpx.TransportError):
            browser.delete("/session", headers=_csrf(browser))
    return ApiToken.from_json(made)


def _post(browser: httpx.Client, url: str, path: str, body: dict[str, object]) -> dict[str, object]:
    made: dict[str, object] = answer(browser.post(path, json=body, headers=_csrf(browser)), url)
    return made


def _csrf(browser: httpx.Client) -> dict[str, str]:
    # Over TLS the name carries the prefix __Host-.
    for cookie in browser.cookies.jar:
        if cookie.name.endswith("atelier_csrf"):
            return {"X-CSRFToken": cookie.value or ""}
    return {}
