"""The hub's client to one Kubernetes cluster: few verbs, raw JSON, a deadline on each.

Two kinds of trouble are kept apart. `ClusterAway`: nobody answered, or not with an answer, which
says nothing about any object. `ClusterRefused`: an answer, with its status, that repeating the
request at once would not change.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
from kubernetes_asyncio.client import ApiClient, Configuration
from kubernetes_asyncio.config import load_incluster_config, load_kube_config

Kind = Literal["pods", "secrets", "persistentvolumeclaims", "events"]
Raw = dict[str, Any]

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 10.0
# Bookmarks come about once a minute: a watch that is silent for longer has lost its server.
WATCH_SILENCE_SECONDS = 90.0

# Answers that are not about the request: the server is overloaded, starting or going.
NOT_AN_ANSWER = frozenset({408, 429})


class ClusterAway(Exception):
    """The API server gave no usable answer."""


class ClusterRefused(Exception):
    """The API server answered, and not with what was asked for."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message

    @property
    def exists_already(self) -> bool:
        return self.status == HTTPStatus.CONFLICT and self.reason == "AlreadyExists"

    @property
    def is_missing(self) -> bool:
        return self.status == HTTPStatus.NOT_FOUND


class Cluster:
    """One API server, as the account of a kubeconfig, or of the pod we run in."""

    def __init__(self, kubeconfig: str = "") -> None:
        self._kubeconfig = kubeconfig
        self._client: ApiClient | None = None
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def may(self, verb: str, kind: Kind, namespace: str) -> bool:
        """Tell whether our account may do this there."""
        attributes = {"namespace": namespace, "verb": verb, "resource": kind}
        answer = await self._json(
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            body={
                "apiVersion": "authorization.k8s.io/v1",
                "kind": "SelfSubjectAccessReview",
                "spec": {"resourceAttributes": attributes},
            },
        )
        return (answer.get("status") or {}).get("allowed") is True

    async def read(self, kind: Kind, namespace: str, name: str) -> Raw | None:
        """Return one object as the cluster has it now; None when it has none of that name."""
        try:
            return await self._json("GET", f"{_path(kind, namespace)}/{name}")
        except ClusterRefused as error:
            if error.is_missing:
                return None
            raise

    async def list(
        self, kind: Kind, namespace: str, *, labels: str = "", fields: str = ""
    ) -> tuple[list[Raw], str]:
        """Return what there is now, and the version from which a watch goes on."""
        query = {"labelSelector": labels, "fieldSelector": fields}
        body = await self._json("GET", _path(kind, namespace), query=query)
        items = [item for item in body.get("items") or [] if isinstance(item, dict)]
        return items, str((body.get("metadata") or {}).get("resourceVersion", ""))

    async def create(self, kind: Kind, namespace: str, body: Mapping[str, Any]) -> Raw:
        return await self._json("POST", _path(kind, namespace), body=body)

    async def delete(
        self, kind: Kind, namespace: str, name: str, *, uid: str, grace: int | None = None
    ) -> None:
        """Ask for the end of this very object; one that is gone, or another's by now, is fine."""
        options: Raw = {"preconditions": {"uid": uid}, "propagationPolicy": "Background"}
        if grace is not None:
            options["gracePeriodSeconds"] = grace
        try:
            await self._json("DELETE", f"{_path(kind, namespace)}/{name}", body=options)
        except ClusterRefused as error:
            if error.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}:
                raise

    async def watch(
        self, kind: Kind, namespace: str, *, labels: str, version: str, seconds: int
    ) -> AsyncIterator[Raw]:
        """Yield what happens after a version, until the server ends the watch.

        Raises `ClusterAway` for silence and for anything that is not an event.
        """
        query = {
            "labelSelector": labels,
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(seconds),
        }
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=WATCH_SILENCE_SECONDS
        )
        try:
            response = await self._send("GET", _path(kind, namespace), query=query, timeout=timeout)
            async with response:
                if response.status != HTTPStatus.OK:
                    raise refusal(response.status, await response.read())
                async for line in _lines(response.content):
                    yield _event(line)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ClusterAway(type(error).__name__) from error

    async def _json(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Raw:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
        try:
            response = await self._send(method, path, body=body, query=query, timeout=timeout)
            async with response:
                raw, status = await response.read(), response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ClusterAway(type(error).__name__) from error
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise refusal(status, raw)
        return _object(raw)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        timeout: aiohttp.ClientTimeout,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> aiohttp.ClientResponse:
        client = await self._open()
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        await client.update_params_for_auth(headers, [], ["BearerToken"])
        response: aiohttp.ClientResponse = await client.rest_client.request(
            method,
            f"{client.configuration.host}{path}",
            query_params={key: value for key, value in (query or {}).items() if value},
            headers=headers,
            body=body,
            _preload_content=False,
            _request_timeout=timeout,
        )
        return response

    async def _open(self) -> ApiClient:
        async with self._opening:
            if self._client is None:
                configuration = Configuration()
                if self._kubeconfig:
                    await load_kube_config(
                        self._kubeconfig, client_configuration=configuration, persist_config=False
                    )
                else:
                    load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]
                configuration.connection_pool_maxsize = 0  # a watch per namespace holds one each
                self._client = ApiClient(configuration)
            return self._client


def _path(kind: Kind, namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/{kind}"


def refusal(status: int, raw: bytes) -> ClusterAway | ClusterRefused:
    """What an answer that is no success says."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in NOT_AN_ANSWER:
        return ClusterAway(f"HTTP {status}")
    try:
        body = _object(raw)
    except ClusterAway:
        body = {}
    if status == HTTPStatus.UNAUTHORIZED:
        # Also what a server says whose authentication is not up yet.
        return ClusterAway("HTTP 401")
    return ClusterRefused(status, str(body.get("reason", "")), str(body.get("message", "")))


async def _lines(stream: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Whole lines, of any length; what is left without an end is no line."""
    rest = b""
    async for chunk in stream.iter_any():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if line:
                yield line


def _event(line: bytes) -> Raw:
    event = _object(line)
    if not isinstance(event.get("object"), dict):
        raise ClusterAway("not an event")
    return event


def _object(raw: bytes) -> Raw:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise ClusterAway("not JSON") from error
    if not isinstance(body, dict):
        raise ClusterAway("not an object")
    return body
