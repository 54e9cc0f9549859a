"""A client of the API server in the standard library, as far as the harness needs one.

It runs before any package is installed, with the certificates that lie beside the cluster.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from tests.cluster.places import API_PORT, NODE_ADDRESS, Places

Object = dict[str, Any]
TIMEOUT_SECONDS = 20.0
WATCH_SECONDS = 240
PAUSE_SECONDS = 0.3
APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"


class ApiAway(Exception):
    """The API server cannot be reached, or cannot answer now."""


class ApiRefused(Exception):
    """The API server said no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class Api:
    """Speaks as the harness, an administrator of the cluster."""

    def __init__(self, places: Places, client: str = "harness") -> None:
        self._tls = ssl.create_default_context(cafile=str(places.pki / "ca.crt"))
        self._tls.load_cert_chain(places.pki / f"{client}.crt", places.pki / f"{client}.key")

    def get(self, path: str, **query: str | int) -> Object:
        return self._ask("GET", _with(path, query))

    def create(self, path: str, body: Object) -> Object:
        return self._ask("POST", path, body)

    def apply(self, path: str, body: Object) -> Object:
        """Create the object at `path` or bring it to this form."""
        query = {"fieldManager": "test-cluster", "force": "true"}
        return self._ask("PATCH", _with(path, query), body, content=APPLY)

    def patch(self, path: str, operations: list[Object]) -> Object:
        return self._ask("PATCH", path, operations, content=JSON_PATCH)

    def delete(self, path: str) -> None:
        """Delete an object; one that is gone is fine."""
        try:
            self._ask("DELETE", path)
        except ApiRefused as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise

    def is_ready(self) -> bool:
        try:
            self._ask("GET", "/readyz")
        except (ApiAway, ApiRefused):
            return False
        return True

    def changes(self, path: str, version: str, **query: str) -> Iterator[Object]:
        """Watch events after `version`, until the server ends the stream."""
        asked = {"watch": "1", "resourceVersion": version, "allowWatchBookmarks": "true"}
        asked |= {"timeoutSeconds": str(WATCH_SECONDS), **query}
        connection = self._connection(WATCH_SECONDS + TIMEOUT_SECONDS)
        try:
            connection.request("GET", _with(path, asked))
            response = connection.getresponse()
            if response.status != HTTPStatus.OK:
                raise ApiRefused(response.status, response.read().decode(errors="replace"))
            for line in response:
                yield json.loads(line)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ApiAway(str(error)) from error
        finally:
            connection.close()

    def _ask(
        self, verb: str, path: str, body: object = None, content: str = "application/json"
    ) -> Object:
        connection = self._connection(TIMEOUT_SECONDS)
        try:
            data = None if body is None else json.dumps(body)
            connection.request(verb, path, data, {"Content-Type": content})
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ApiAway(str(error)) from error
        finally:
            connection.close()
        return _answer(response.status, text)

    def _connection(self, timeout: float) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            NODE_ADDRESS, API_PORT, timeout=timeout, context=self._tls
        )


def follow(
    api: Api,
    path: str,
    replace: Callable[[list[Object]], None],
    change: Callable[[str, Object], None],
    **query: str,
) -> None:
    """Keep a copy of a collection up to date for ever: whole first, then change by change.

    Whatever goes wrong, it begins again with the whole.
    """
    while True:
        try:
            listed = api.get(path, **query)
            replace(listed["items"])
            version = listed["metadata"]["resourceVersion"]
            for event in api.changes(path, version, **query):
                if event["type"] == "ERROR":
                    break  # mostly 410: too far behind
                if event["type"] != "BOOKMARK":
                    change(event["type"], event["object"])
        except (ApiAway, ApiRefused):
            time.sleep(PAUSE_SECONDS)


def _answer(status: int, text: bytes) -> Object:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ApiAway(f"{status}: {text[:300].decode(errors='replace')}")
    if status >= HTTPStatus.BAD_REQUEST:
        raise ApiRefused(status, _message(text))
    found: Object = json.loads(text) if text.startswith(b"{") else {}
    return found


def _message(text: bytes) -> str:
    try:
        return str(json.loads(text).get("message", ""))
    except ValueError:
        return text[:300].decode(errors="replace")


def _with(path: str, query: dict[str, str] | dict[str, str | int]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
