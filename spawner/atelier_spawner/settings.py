"""The hub's environment, read once and failing by name (style.md rule 13)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_LABEL = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)


class Misconfigured(Exception):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class HubSettings:
    """Everything `hub_config.py` needs."""

    home: Path
    homes: Path
    portal_url: str
    content_url: str
    hub_api_url: str
    proxy_api_url: str
    proxy_token: str
    hub_token: str
    spawner_token: str
    client_id: str
    client_secret: str
    database_url: str
    crypt_key: str
    runtime_python: Path
    runtime_path: str
    isolation: str
    debug: bool
    engine: str = "local"
    kubeconfig: str = ""
    cluster_instance: str = "atelier"
    pod_hub_api_url: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> HubSettings:
        """Read and check; one `Misconfigured` for the first thing that is wrong."""
        read = _Reader(environ)
        engine = read.choice("ATELIER_ENGINE", ("local", "kubernetes", "memory"), default="local")
        in_pods = engine == "kubernetes"
        settings = cls(
            home=Path(read.required("ATELIER_HOME")).absolute(),
            homes=Path(read.required("ATELIER_HOMES")).absolute(),
            portal_url=read.url("ATELIER_PORTAL_URL"),
            content_url=read.url("ATELIER_CONTENT_URL"),
            hub_api_url=read.url("ATELIER_HUB_API_URL"),
            proxy_api_url=read.url("ATELIER_PROXY_API_URL"),
            proxy_token=read.secret("CONFIGPROXY_AUTH_TOKEN"),
            hub_token=read.secret("ATELIER_HUB_API_TOKEN"),
            spawner_token=read.secret("ATELIER_SPAWNER_TOKEN"),
            client_id=read.required("ATELIER_OIDC_CLIENT_ID"),
            client_secret=read.secret("ATELIER_OIDC_CLIENT_SECRET"),
            database_url=_for_sqlalchemy(read.required("ATELIER_HUB_DATABASE_URL")),
            crypt_key=read.secret("ATELIER_HUB_CRYPT_KEY"),
            runtime_python=Path("" if in_pods else read.required("ATELIER_RUNTIME_PYTHON")),
            runtime_path=environ.get("ATELIER_RUNTIME_PATH", ""),
            isolation=read.choice(
                "ATELIER_ISOLATION", ("uid", "none", "kubernetes"), default="none"
            ),
            debug=read.switch("ATELIER_DEBUG"),
            engine=engine,
            kubeconfig=read.account("ATELIER_KUBECONFIG") if in_pods else "",
            cluster_instance=read.label("ATELIER_INSTANCE", default="atelier"),
            pod_hub_api_url=read.url("ATELIER_POD_HUB_API_URL")
            if environ.get("ATELIER_POD_HUB_API_URL")
            else "",
        )
        shared = read.switch("ATELIER_ALLOW_SHARED_HOST")
        if not shared and settings.shares_a_host:
            raise Misconfigured(
                "ATELIER_CONTENT_URL: portal and user content may not share a host, "
                "because cookies ignore ports"
            )
        return settings

    @property
    def shares_a_host(self) -> bool:
        """Whether a browser would send the portal's cookies to user content."""
        return urlsplit(self.portal_url).hostname == urlsplit(self.content_url).hostname

    @property
    def hub_bind_url(self) -> str:
        """Where the hub itself listens: its API's address without the path."""
        parts = urlsplit(self.hub_api_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def hub_connect_url(self) -> str:
        """Where pods reach the hub, when that is elsewhere than everybody else does; else ''."""
        if self.pod_hub_api_url in {"", self.hub_api_url}:
            return ""
        parts = urlsplit(self.pod_hub_api_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure_cookies(self) -> bool:
        return urlsplit(self.content_url).scheme == "https"

    @property
    def instance(self) -> str:
        """A label that is the same for this installation over restarts and differs from others'."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:16]


def _for_sqlalchemy(url: str) -> str:
    """SQLAlchemy dropped the short scheme that everybody else writes."""
    scheme, separator, rest = url.partition("://")
    return (
        f"postgresql+psycopg2://{rest}"
        if scheme in {"postgres", "postgresql"}
        else scheme + separator + rest
    )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def required(self, name: str) -> str:
        value = self._environ.get(name, "")
        if not value:
            raise Misconfigured(f"{name} is not set")
        return value

    def secret(self, name: str) -> str:
        value = self.required(name)
        if len(value) < 16:
            raise Misconfigured(f"{name} is too short for a secret")
        return value

    def url(self, name: str) -> str:
        value = self.required(name)
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Misconfigured(f"{name}={value!r}: give an http or https address")
        return value.rstrip("/")

    def label(self, name: str, *, default: str) -> str:
        value = self._environ.get(name) or default
        if not _LABEL.fullmatch(value):
            raise Misconfigured(
                f"{name}={value!r}: use at most 40 of a-z, 0-9 and -, beginning with a letter"
            )
        return value

    def account(self, name: str) -> str:
        """A kubeconfig's path; unset in a pod, which has an account of its own."""
        value = self._environ.get(name, "")
        if not value and not self._environ.get("KUBERNETES_SERVICE_HOST"):
            raise Misconfigured(f"{name} is not set, and this is no pod of a cluster")
        if value and not Path(value).is_file():
            raise Misconfigured(f"{name}={value!r}: there is no such file")
        return value

    def switch(self, name: str) -> bool:
        return self.choice(name, ("true", "false"), default="false") == "true"

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str) -> str:
        value = self._environ.get(name, default)
        if value not in allowed:
            raise Misconfigured(f"{name}={value!r}: use {' or '.join(allowed)}")
        return value
