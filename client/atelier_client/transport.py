"""Requests to the portal: token, timeouts, retries, and answers turned into values or errors."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Callable
from urllib.parse import urlsplit

import httpx

from atelier_client.errors import (
    AtelierError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    Refused,
    Unavailable,
    UsageError,
)
from atelier_client.messages import named_language, t
from atelier_client.settings import TokenSource
from atelier_client.version import __version__

API = "/api/v1"
TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 5.0
ATTEMPTS = 4
LONGEST_PAUSE = 10.0
SAFE = frozenset({"GET", "HEAD"})


class Transport:
    """Talks JSON to one portal.

    A request that may be repeated (GET, or one with an Idempotency-Key) is tried again when the
    portal is away or says 503; every other is sent once. Redirects are not followed, so that a
    token never travels to another address.
    """

    def __init__(
        self,
        url: str,
        token: TokenSource,
        *,
        lang: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url
        self._token = token
        self._timeout = timeout
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
            headers=headers(lang),
            follow_redirects=False,
            trust_env=uses_environment(url),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON at ``path``."""
        return self.request("GET", path, params=params)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Send, and return the JSON of the answer (None when it has none)."""
        repeatable = method in SAFE or idempotency_key is not None
        attempts = ATTEMPTS if repeatable else 1
        for attempt in range(1, attempts + 1):
            try:
                return self._once(method, path, params, body, idempotency_key)
            except Unavailable as error:
                if attempt == attempts:
                    raise
                self._sleep(_pause(error, attempt))
        raise AssertionError("unreachable")

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        idempotency_key: str | None,
    ) -> Any:
        headers = {"Authorization": f"Bearer {self._bearer()}"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        given = {k: v for k, v in (params or {}).items() if v is not None}
        try:
            response = self._http.request(
                method, API + path, params=given, json=body, headers=headers
            )
        except httpx.TransportError as error:
            raise away(error, self.url, self._timeout) from error
        return answer(response, self.url)

    def _bearer(self) -> str:
        token = self._token()
        if token is None:
            raise NotSignedIn(t("no_token", url=self.url), t("no_token_do"), code="NOT_SIGNED_IN")
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise UsageError(t("bad_token"), t("bad_token_do"), code="BAD_TOKEN")
        return token


def headers(lang: str | None = None) -> dict[str, str]:
    """Return what every request says about the program; where nothing names a language the portal
    takes the one of the person's profile."""
    said = {"Accept": "application/json", "User-Agent": f"atelier-client/{__version__}"}
    wanted = lang or named_language()
    return {**said, "Accept-Language": wanted} if wanted else said


def uses_environment(url: str) -> bool:
    """Whether HTTPS_PROXY and SSL_CERT_FILE count: not on the way to this very machine."""
    host = urlsplit(url).hostname or ""
    return not (host == "localhost" or host == "::1" or host.startswith("127."))


def away(error: httpx.TransportError, url: str, timeout: float) -> Unavailable:
    """Turn "no answer" into a sentence; a late answer may mean that the work was done."""
    if isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout)):
        detail = t("too_slow", url=url, seconds=f"{timeout:g}")
        return Unavailable(detail, t("too_slow_do"), code="TOO_SLOW")
    return Unavailable(t("unreachable", url=url), t("unreachable_do"), code="UNREACHABLE")


def answer(response: httpx.Response, url: str) -> Any:
    """Return the JSON of a good answer; raise the error of any other."""
    if response.status_code == httpx.codes.NO_CONTENT:
        return None
    body = _json(response)
    if response.is_success and body is not _NOT_JSON:
        return body
    raise _error(response, body, url)


_NOT_JSON = object()


def _json(response: httpx.Response) -> Any:
    if "json" not in response.headers.get("content-type", ""):
        return _NOT_JSON
    try:
        return response.json()
    except ValueError:
        return _NOT_JSON


def _error(response: httpx.Response, body: Any, url: str) -> AtelierError:
    status = response.status_code
    problem = _problem(response, body)
    if problem is None:
        detail, action = t("not_a_portal", url=url, status=status), t("not_a_portal_do")
        kind = Unavailable if status in {502, 503, 504} else Refused
        return kind(detail, action, code="NOT_A_PORTAL")
    if status in {502, 503, 504}:
        return Unavailable(
            problem.detail, problem.action, problem=problem, retry_after=_retry_after(response)
        )
    kinds: dict[int, type[AtelierError]] = {401: NotSignedIn, 403: NotAllowed, 404: NotFound}
    return kinds.get(status, Refused)(problem.detail, problem.action, problem=problem)


def _problem(response: httpx.Response, body: Any) -> Problem | None:
    if not isinstance(body, dict) or "code" not in body:
        return None
    return Problem(
        status=response.status_code,
        code=str(body["code"]),
        detail=str(body.get("detail") or body.get("title") or body["code"]),
        action=str(body.get("action") or ""),
        field=body.get("field"),
        errors=tuple(e for e in body.get("errors") or () if isinstance(e, dict)),
        params=body.get("params") or {},
        request_id=body.get("request_id") or response.headers.get("x-request-id"),
    )


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else None


def _pause(error: Unavailable, attempt: int) -> float:
    wanted = error.retry_after if error.retry_after is not None else 0.5 * 2 ** (attempt - 1)
    return min(wanted, LONGEST_PAUSE)
