"""A small client of the Kubernetes API: raw JSON, a timeout on everything, few retries.

Reads are tried again when a connection broke, and everything when the server said that it did
not begin (429). A write is never sent twice by itself: whether a lost answer was a success is found
out by whoever knows the object. Safe to share between threads.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import orjson
import urllib3
from urllib3.exceptions import HTTPError, TimeoutError, TimeoutStateError

from atelier.core.errors import EngineUnavailable
from atelier.engines.kubernetes.access import Access, BadAccess
from atelier.engines.kubernetes.errors import ApiError, Expired, WriteConflict, from_answer

logger = logging.getLogger(__name__)

Json = dict[str, Any]
Taken = TypeVar("Taken")

CONNECT_SECONDS = 3.0
READ_SECONDS = 15.0
# Twice what kubectl asks for: a page costs a server nearly the same whatever it holds. Parsed, a
# page of Jobs or pods takes about 40 MB.
PAGE = 1000
MOST_PAGES = 1000
CONNECTIONS = 16
LONGEST_PAUSE = 3.0
TRIES = 3

JSON = "application/json"
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

# The path of a collection, by its plural: a core group has another root than the others.
_GROUPS = {
    "jobs": "apis/batch/v1",
    "deployments": "apis/apps/v1",
    "networkpolicies": "apis/networking.k8s.io/v1",
    "roles": "apis/rbac.authorization.k8s.io/v1",
    "rolebindings": "apis/rbac.authorization.k8s.io/v1",
    "clusterroles": "apis/rbac.authorization.k8s.io/v1",
    "clusterrolebindings": "apis/rbac.authorization.k8s.io/v1",
    "storageclasses": "apis/storage.k8s.io/v1",
}


def path_of(plural: str, namespace: str = "", name: str = "", part: str = "") -> str:
    """Return the path of a collection, of an object, or of a ``part`` of it (log, status)."""
    steps = ["", _GROUPS.get(plural, "api/v1")]
    steps += ["namespaces", quote(namespace, safe="")] if namespace else []
    steps += [plural, *(quote(step, safe="") for step in (name, part) if step)]
    return "/".join(steps)


class Cluster:
    """Speaks to one API server as one account.

    ``access`` may be a function, which is called at the first request: processes that never ask
    need no account.
    """

    def __init__(
        self,
        access: Access | Callable[[], Access],
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._given = access
        self._timeout = urllib3.Timeout(connect=connect_seconds, read=read_seconds)

    @cached_property
    def access(self) -> Access:
        """Return the account; raises EngineUnavailable when there is none that can be used."""
        try:
            return self._given if isinstance(self._given, Access) else self._given()
        except BadAccess as error:
            logger.error("no access to the cluster: %s", error)
            raise EngineUnavailable(params={"detail": "no account"}) from error

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        return urllib3.PoolManager(
            num_pools=2,
            maxsize=CONNECTIONS,
            retries=False,
            timeout=self._timeout,
            **_tls(self.access),
        )

    def close(self) -> None:
        """Close the kept connections."""
        if "_pool" in self.__dict__:
            self._pool.clear()

    # --- verbs ------------------------------------------------------------------------------

    def get(self, plural: str, namespace: str, name: str) -> Json:
        """Return one object; raises Missing."""
        return self._json("GET", path_of(plural, namespace, name))

    def create(self, plural: str, namespace: str, body: Mapping[str, Any]) -> Json:
        """Create one object; raises AlreadyExists, OverQuota, Denied, Forbidden, Missing."""
        path = path_of(plural, namespace)
        for attempt in range(1, TRIES + 1):
            try:
                return self._json("POST", path, body=body)
            except WriteConflict:
                # On a create this is the quota's own counter, written by two at once: nothing
                # was made (kubernetes#67761).
                if attempt == TRIES:
                    raise EngineUnavailable(params={"detail": "HTTP 409"}) from None
                _pause(0.1 * attempt)
        raise AssertionError("unreachable")

    def patch(
        self,
        plural: str,
        namespace: str,
        name: str,
        body: Any,
        how: str,
        *,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        """Change one object; ``how`` is apply-patch+yaml, json-patch+json, merge-patch+json …"""
        path = path_of(plural, namespace, name)
        for attempt in range(1, TRIES + 1):
            try:
                return self._json("PATCH", path, query=query, body=body, how=f"application/{how}")
            except WriteConflict:
                if attempt == TRIES:
                    raise
                _pause(0.1 * attempt)
        raise AssertionError("unreachable")

    def delete(
        self, plural: str, namespace: str, name: str, *, uid: str = "", propagation: str = ""
    ) -> None:
        """Delete one object, with ``uid`` only that very one; what is gone is a success."""
        options: Json = {"apiVersion": "v1", "kind": "DeleteOptions"}
        if propagation:
            options["propagationPolicy"] = propagation
        if uid:
            options["preconditions"] = {"uid": uid}
        try:
            self._json("DELETE", path_of(plural, namespace, name), body=options)
        except ApiError as error:
            # A conflict says that another object has the name now: ours is gone.
            if error.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}:
                raise

    def gather(
        self,
        plural: str,
        namespace: str,
        take: Callable[[Json], Taken | None],
        *,
        labels: str = "",
        fields: str = "",
        metadata_only: bool = False,
    ) -> list[Taken]:
        """Return what ``take`` makes of each object that matches; None is left out.

        No more than a page is held beside that. Either all pages were read, or it raises.
        """
        query = {"labelSelector": labels, "fieldSelector": fields, "limit": str(PAGE)}
        accept = METADATA if metadata_only else JSON
        for _ in range(TRIES):
            found = self._pages(path_of(plural, namespace), dict(query), accept)
            try:
                return [taken for item in found if (taken := take(item)) is not None]
            except Expired:
                continue  # the list took longer than the server keeps its versions
        raise EngineUnavailable(params={"detail": "HTTP 410"})

    def list(
        self,
        plural: str,
        namespace: str = "",
        *,
        labels: str = "",
        fields: str = "",
        metadata_only: bool = False,
    ) -> list[Json]:
        """Return all objects of a collection that match, however many pages they fill."""
        return self.gather(
            plural, namespace, _itself, labels=labels, fields=fields, metadata_only=metadata_only
        )

    def _pages(self, path: str, query: dict[str, str], accept: str) -> Iterator[Json]:
        for _ in range(MOST_PAGES):
            page = self._json("GET", path, query=query, accept=accept)
            items, about = page.get("items"), page.get("metadata")
            if items is not None and not isinstance(items, list):
                raise EngineUnavailable(params={"detail": "not a list"})
            yield from (item for item in items or () if isinstance(item, dict))
            following = about.get("continue") if isinstance(about, dict) else None
            if not following:
                return
            query["continue"] = following
            del page, items  # or there would be two pages in memory while the next one is read
        raise EngineUnavailable(params={"detail": "a list without an end"})

    @contextmanager
    def stream(
        self, path: str, query: Mapping[str, str], *, read_seconds: float | None = None
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """Open an answer that is read piece by piece; the pieces' errors are the caller's."""
        timeout = self._timeout if read_seconds is None else urllib3.Timeout(
            connect=self._timeout.connect_timeout, read=read_seconds
        )  # fmt: skip
        response = self._send("GET", path, query, None, timeout=timeout, preload=False)
        try:
            if response.status != HTTPStatus.OK:
                raise from_answer(response.status, _parsed(_rest_of(response)))
            yield response
        finally:
            response.close()

    # --- one place for what can go wrong ----------------------------------------------------

    def _json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        accept: str = JSON,
        how: str = JSON,
    ) -> Json:
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                response = self._send(method, path, query or {}, body, accept=accept, how=how)
            except EngineUnavailable as error:
                # A slow server is not made faster by asking again.
                if method != "GET" or last or isinstance(error.__cause__, TimeoutError):
                    raise
                _pause(0.1 * attempt)
                continue
            wait = _asked_to_wait(response)
            if wait is None or last:
                return _answer(response)
            _pause(wait)
        raise AssertionError("unreachable")

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Any,
        *,
        accept: str = JSON,
        how: str = JSON,
        timeout: urllib3.Timeout | None = None,
        preload: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        asked = urlencode({k: v for k, v in query.items() if v}, safe=",()=/", quote_via=quote)
        try:
            return self._pool.request(
                method,
                f"{self.access.url}{path}{'?' + asked if asked else ''}",
                body=None if body is None else orjson.dumps(body),
                headers=self._headers(accept, "" if body is None else how),
                timeout=timeout or self._timeout,
                redirect=False,
                preload_content=preload,
            )
        except (HTTPError, TimeoutStateError, OSError) as error:
            raise EngineUnavailable(params={"detail": type(error).__name__}) from error

    def _headers(self, accept: str, content_type: str) -> dict[str, str]:
        headers = {"Accept": accept, "User-Agent": "atelier"}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            authorization = self.access.authorization()
        except OSError as error:
            raise EngineUnavailable(params={"detail": "no token"}) from error
        return headers | ({"Authorization": authorization} if authorization else {})


def _itself(thing: Json) -> Json:
    return thing


def _tls(access: Access) -> dict[str, Any]:
    if access.url.startswith("http:"):
        return {}
    return {
        "cert_reqs": "CERT_REQUIRED",
        "ca_certs": access.ca_file,
        "cert_file": access.cert_file,
        "key_file": access.key_file,
        **({"server_hostname": access.server_name} if access.server_name else {}),
    }


def _answer(response: urllib3.BaseHTTPResponse) -> Json:
    body = _parsed(response.data)
    if not 200 <= response.status < 300:
        raise from_answer(response.status, body)
    if not isinstance(body, dict):
        raise EngineUnavailable(params={"detail": "not JSON"})
    return body


def _parsed(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _rest_of(response: urllib3.BaseHTTPResponse) -> bytes:
    try:
        return response.read(64 * 1024)
    except (HTTPError, OSError):
        return b""


def _asked_to_wait(response: urllib3.BaseHTTPResponse) -> float | None:
    if response.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    asked = response.headers.get("Retry-After", "1")
    return min(float(asked) if asked.isdigit() else 1.0, LONGEST_PAUSE)


def _pause(seconds: float) -> None:
    time.sleep(seconds * random.uniform(0.5, 1.5))  # noqa: S311  # so that many do not come back together
