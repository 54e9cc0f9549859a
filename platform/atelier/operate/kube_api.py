"""A cluster asked with an administrator's kubeconfig: few verbs, every trouble one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kubernetes.client import ApiClient, Configuration
from kubernetes.config import ConfigException, load_kube_config
from urllib3.exceptions import HTTPError
from yaml import YAMLError

from atelier.operate.errors import CannotGoOn

PATIENCE_SECONDS = (5, 30)
FIELD_MANAGER = "atelier-make-up"

# Where objects of a kind are; {} is the namespace.
PLACES = {
    "Namespace": "/api/v1/namespaces",
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
}


class Answer(Exception):
    """The cluster said no, for a reason the caller may know better."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class KubeApi:
    """One cluster, as whoever the kubeconfig names."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        self.configuration = _configuration(kubeconfig)
        self._client = ApiClient(self.configuration)

    def get(self, path: str, **query: str) -> Any:
        return self._call("GET", path, query=query)

    def create(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._call("POST", path, body=body)

    def delete(self, path: str) -> None:
        """Delete; what is gone already is gone."""
        try:
            self._call("DELETE", path)
        except Answer as answer:
            if answer.status != 404:
                raise

    def apply(self, manifest: Mapping[str, Any]) -> Any:
        """Bring one object to what the manifest says, whoever made it."""
        place = PLACES[manifest["kind"]].format(manifest["metadata"].get("namespace", ""))
        return self._call(
            "PATCH",
            f"{place}/{manifest['metadata']['name']}",
            body=manifest,
            query={"fieldManager": FIELD_MANAGER, "force": "true"},
            content_type="application/apply-patch+yaml",
        )

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        asked = self._client.param_serialize(
            method,
            path,
            query_params=list((query or {}).items()),
            header_params={"Accept": "application/json", "Content-Type": content_type},
            body=dict(body) if body is not None else None,
            auth_settings=["BearerToken"],
        )
        try:
            response = self._client.call_api(*asked, _request_timeout=PATIENCE_SECONDS)
            response.read()  # type: ignore[no-untyped-call]  # the library has no types
        except HTTPError as error:
            raise CannotGoOn(self._unreachable(error)) from error
        said = json.loads(response.data or b"{}") if _is_json(response) else {}
        if response.status < 300:
            return said
        message = str(said.get("message") or response.reason or response.status)
        if response.status == 401:
            raise CannotGoOn(
                f"The cluster at {self.configuration.host} does not accept {self.kubeconfig}: it "
                "may have expired; get a new one from whoever runs the cluster."
            )
        if response.status == 403 and "cannot" in message:
            raise CannotGoOn(
                f"{self.kubeconfig} is not allowed to do all that is needed ({_right(message)}): "
                "name an administrator's with KUBECONFIG=…."
            )
        raise Answer(response.status, message)

    def _unreachable(self, error: HTTPError) -> str:
        return (
            f"The cluster's API server at {self.configuration.host} cannot be reached "
            f"({_innermost(error)}): check that the cluster is up and that this machine may "
            "connect to it."
        )


def _configuration(kubeconfig: Path) -> Configuration:
    if not kubeconfig.is_file():
        raise CannotGoOn(
            f"There is no kubeconfig {kubeconfig}: name an administrator's with KUBECONFIG=…."
        )
    configuration = Configuration()
    # Being patient is the caller's part; the library would try three more times.
    configuration.retries = False
    try:
        load_kube_config(  # type: ignore[no-untyped-call]  # the library has no types
            config_file=str(kubeconfig), client_configuration=configuration
        )
    except PermissionError:
        raise CannotGoOn(
            f"{kubeconfig} cannot be read by this user: make it readable, or name another with "
            "KUBECONFIG=…."
        ) from None
    except (ConfigException, YAMLError, ValueError, OSError, TypeError, AttributeError) as error:
        said = " ".join(str(error).split())
        raise CannotGoOn(f"{kubeconfig} is no kubeconfig that can be used: {said}.") from None
    return configuration


def _is_json(response: Any) -> bool:
    return "json" in (response.getheader("Content-Type") or "")


def _right(message: str) -> str:
    """The right that is missing, out of the API server's own sentence."""
    return message.partition(": ")[2].partition(" at the cluster scope")[0] or message


def _innermost(error: BaseException) -> str:
    reason = getattr(error, "reason", None)
    said = str(reason if reason is not None else error)
    return said.rpartition(": ")[2].strip("'\")> ") or type(error).__name__
