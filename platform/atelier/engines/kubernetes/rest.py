"""Plain JSON requests to the API server, each with a timeout and at most one retry.

Building the client library's model objects costs more than the request; what is read and written
here is JSON anyway.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3
from kubernetes import client, config
from urllib3.exceptions import HTTPError

from atelier.core.errors import EngineUnavailable

Json = dict[str, Any]

CONNECT_SECONDS, READ_SECONDS = 3, 15
PAGE = 500
# Every request here may be repeated: what exists already is compared, what is gone is gone.
_RETRIES = urllib3.Retry(total=1, redirect=0, status=0, allowed_methods=None, backoff_factor=0.1)
_GROUPS = {
    "networkpolicies": "apis/networking.k8s.io/v1",
    "rolebindings": "apis/rbac.authorization.k8s.io/v1",
}


class ApiError(Exception):
    """The API server said no: its HTTP status, machine-readable reason and sentence."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status, self.reason, self.message = status, reason, message


def path_of(plural: str, namespace: str = "", name: str = "") -> str:
    steps = ["", _GROUPS.get(plural, "api/v1")]
    steps += ["namespaces", namespace] if namespace else []
    return "/".join([*steps, plural, *([name] if name else [])])


class Cluster:
    """The API server as ``kubeconfig`` names it; without one, as this pod's own account."""

    def __init__(self, kubeconfig: str | Path = "") -> None:
        settings = client.Configuration()
        if kubeconfig:
            config.load_kube_config(str(kubeconfig), client_configuration=settings)  # type: ignore[no-untyped-call]
        else:
            config.load_incluster_config(client_configuration=settings)  # type: ignore[no-untyped-call]
        self._settings = settings
        self._api = client.ApiClient(settings)

    def get(self, plural: str, namespace: str, name: str) -> Json:
        return self._send("GET", path_of(plural, namespace, name), {})

    def list(self, plural: str, namespace: str = "", *, labels: str = "") -> list[Json]:
        found: list[Json] = []
        query = {"limit": str(PAGE)} | ({"labelSelector": labels} if labels else {})
        while True:
            page = self._send("GET", path_of(plural, namespace), query)
            found += page.get("items") or []
            mark = (page.get("metadata") or {}).get("continue")
            if not mark:
                return found
            query["continue"] = mark

    def create(self, plural: str, namespace: str, body: Mapping[str, Any]) -> Json:
        return self._send("POST", path_of(plural, namespace), {}, body)

    def patch(
        self,
        plural: str,
        namespace: str,
        name: str,
        body: Any,
        how: str,
        *,
        query: Mapping[str, str],
    ) -> Json:
        path = path_of(plural, namespace, name)
        return self._send("PATCH", path, query, body, f"application/{how}")

    def delete(self, plural: str, namespace: str, name: str, *, uid: str = "") -> None:
        body = {"preconditions": {"uid": uid}} if uid else None
        try:
            self._send("DELETE", path_of(plural, namespace, name), {}, body)
        except ApiError as said:
            if said.status not in {404, 409}:
                raise

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Any = None,
        content_type: str = "application/json",
    ) -> Json:
        headers = {"Accept": "application/json", "Content-Type": content_type}
        self._api.update_params_for_auth(headers, [], ["BearerToken"], path, method, None)
        address = self._settings.host + path + (f"?{urlencode(query)}" if query else "")
        try:
            response = self._api.rest_client.pool_manager.request(
                method,
                address,
                body=None if body is None else json.dumps(body).encode(),
                headers=headers,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
                retries=_RETRIES,
            )
        except HTTPError as error:
            raise _silent(error) from error
        return _read(response.status, response.data)


def _silent(error: Exception) -> EngineUnavailable:
    return EngineUnavailable(params={"detail": type(error).__name__})


def _read(status: int, data: bytes) -> Json:
    try:
        body = json.loads(data) if data else {}
    except ValueError as error:  # cut off, or a proxy's page
        raise _silent(error) from error
    if not isinstance(body, dict):
        raise _silent(ValueError("no object"))
    if status < 300:
        return body
    said = ApiError(status, str(body.get("reason", "")), str(body.get("message", ""))[:500])
    if status >= 500 or status in {401, 429}:  # the server is in trouble: says nothing about us
        raise _silent(said) from said
    raise said
