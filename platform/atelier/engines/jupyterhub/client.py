"""A small client of the hub's REST API: timeouts on everything, retries only where harmless.

Every method raises ``HubUnreachable`` when the hub gives no usable answer: refused, too slow, cut
off, not JSON, or an error of its own. That never says anything about the servers.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from atelier.core.errors import HubUnreachable
from atelier.engines.jupyterhub.observe import (
    HubServer,
    is_servers_own,
    parse_server,
    parse_users,
)

logger = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(8.0, connect=2.0)
READ_TRIES = 2
RETRY_PAUSE_SECONDS = 0.2
PAGE = 200
MOST_PAGES = 500
PAGINATED = "application/jupyterhub-pagination+json"


@dataclass(frozen=True, slots=True)
class HubUser:
    """Whoever a hub token belongs to, and what the token may do."""

    kind: str
    name: str
    scopes: frozenset[str]


class Hub:
    """Speaks to the API of one hub as the portal's service."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: httpx.Timeout = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/",
            headers={"Authorization": f"token {token}"},
            timeout=timeout,
            transport=transport,
            trust_env=False,  # the hub is a neighbour; a proxy would get the token
        )

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()

    # --- looking ---------------------------------------------------------------------------

    def active_servers(self) -> list[HubServer]:
        """Return every server that runs or has a start or stop pending, by pages of users.

        A user may slip from page to page while we read, so what is not in the list still needs a
        look of its own before anybody calls it gone.
        """
        return [s for page in self._pages("users", {"state": "active"}) for s in parse_users(page)]

    def server(self, user: str, name: str) -> HubServer | None:
        """Return one server; None when the hub has no such user or server."""
        response = self._read(_server_path(user, name))
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        server = parse_server(user, _json(response))
        if server is None:
            raise _unusable(response)
        return server

    def whose_token(self, token: str) -> HubUser | None:
        """Return who holds ``token``; None when the hub does not know it."""
        if not (token.isascii() and token.isprintable()):
            return None  # no header can carry it, so no hub gave it out
        response = self._read("user", token=token)
        if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return None
        body = _json(response)
        if not isinstance(body, Mapping) or not isinstance(body.get("name"), str):
            raise _unusable(response)
        scopes = body.get("scopes")
        found = (s for s in scopes if isinstance(s, str)) if isinstance(scopes, list) else ()
        return HubUser(str(body.get("kind")), body["name"], frozenset(found))

    def version(self) -> str:
        """Return the hub's version: proof that it answers."""
        body = _json(self._read(""))
        return str(body.get("version", "")) if isinstance(body, Mapping) else ""

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[list[Any]]:
        offset = 0
        for _ in range(MOST_PAGES):
            params = {**query, "sort": "id", "limit": str(PAGE), "offset": str(offset)}
            response = self._read(path, params=params)
            body = _json(response)
            items = body.get("items") if isinstance(body, Mapping) else None
            about = body.get("_pagination") if isinstance(body, Mapping) else None
            if not isinstance(items, list) or not isinstance(about, Mapping):
                raise _unusable(response)
            yield items
            following = about.get("next")
            if following is None:
                return
            offset += PAGE
        raise HubUnreachable(params={"detail": "the list of users has no end"})

    # --- changing --------------------------------------------------------------------------

    def create_user(self, user: str) -> None:
        """Make the user known to the hub; one that is there already is a success."""
        response = self._call("POST", f"users/{quote(user, safe='')}")
        if response.status_code not in {HTTPStatus.CREATED, HTTPStatus.CONFLICT}:
            raise _unusable(response)

    def start(self, user: str, name: str, options: Mapping[str, str], display: str) -> int:
        """Ask for a start; return the hub's status code.

        201 and 202 say that it goes on (perhaps somebody else's start), 400 that the server runs or
        has something pending, 404 that the user is not known.
        """
        body = {"user_options": dict(options), "display_name": display}
        response = self._call("POST", _server_path(user, name), json=body)
        if response.status_code not in {201, 202, 400, 404}:
            raise _unusable(response)
        return response.status_code

    def stop(self, user: str, name: str) -> None:
        """Ask for a stop; one that is gone is a success."""
        self._delete(_server_path(user, name))

    def remove(self, user: str, name: str) -> None:
        """Forget a named server for ever (it is stopped first)."""
        if name:  # the default server cannot be removed
            self._delete(_server_path(user, name), json={"remove": True})

    def delete_tokens(self, user: str, *, also_servers: bool) -> int:
        """Delete the user's tokens, those of browsers included; return how many.

        ``also_servers`` takes the servers' own tokens too: what still runs loses the hub.
        """
        path = f"users/{quote(user, safe='')}/tokens"
        response = self._read(path)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return 0
        body = _json(response)
        tokens = body.get("api_tokens") if isinstance(body, Mapping) else None
        if not isinstance(tokens, list):
            raise _unusable(response)
        ids = [t["id"] for t in tokens if also_servers or not is_servers_own(t)]
        for token_id in ids:
            # One deletion takes all tokens of the same OAuth client along: 404 is as good.
            self._delete(f"{path}/{quote(str(token_id), safe='')}")
        return len(ids)

    def _delete(self, path: str, json: Any = None) -> None:
        response = self._call("DELETE", path, json=json)
        if response.status_code not in {200, 202, 204, 404}:
            raise _unusable(response)

    # --- one place for what can go wrong ----------------------------------------------------

    def _read(
        self, path: str, *, params: Mapping[str, str] | None = None, token: str | None = None
    ) -> httpx.Response:
        for attempt in range(1, READ_TRIES + 1):
            try:
                return self._call("GET", path, params=params, token=token)
            except HubUnreachable as error:
                # A slow hub is not made faster by asking again.
                if attempt == READ_TRIES or isinstance(error.__cause__, httpx.TimeoutException):
                    raise
                time.sleep(RETRY_PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def _call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> httpx.Response:
        headers = {"Accept": f"{PAGINATED}, application/json"}
        if token is not None:
            headers["Authorization"] = f"token {token}"
        try:
            response = self._http.request(method, path, json=json, params=params, headers=headers)
        except httpx.RequestError as error:
            raise HubUnreachable(params={"detail": type(error).__name__}) from error
        if response.status_code >= 500 or response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise _unusable(response)
        if token is None and response.status_code in {401, 403}:
            logger.error("the hub refuses the portal's token", extra={"path": path})
            raise _unusable(response)
        return response


def _server_path(user: str, name: str) -> str:
    if not name:
        return f"users/{quote(user, safe='')}/server"
    return f"users/{quote(user, safe='')}/servers/{quote(name, safe='')}"


def _json(response: httpx.Response) -> Any:
    if response.status_code != HTTPStatus.OK:
        raise _unusable(response)
    try:
        return response.json()
    except ValueError as error:
        raise HubUnreachable(params={"detail": "not JSON"}) from error


def _unusable(response: httpx.Response) -> HubUnreachable:
    return HubUnreachable(params={"detail": f"HTTP {response.status_code}"})
