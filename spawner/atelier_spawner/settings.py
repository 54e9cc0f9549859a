"""The hub's environment, read once and failing by name (style.md rule 13)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


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

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> HubSettings:
        """Read and check; one `Misconfigured` for the first thing that is wrong."""
        read = _Reader(environ)
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
            runtime_python=Path(read.required("ATELIER_RUNTIME_PYTHON")),
            runtime_path=environ.get("ATELIER_RUNTIME_PATH", ""),
            isolation=read.choice("ATELIER_ISOLATION", ("uid", "none"), default="none"),
            debug=read.switch("ATELIER_DEBUG"),
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

    def switch(self, name: str) -> bool:
        return self.choice(name, ("true", "false"), default="false") == "true"

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str) -> str:
        value = self._environ.get(name, default)
        if value not in allowed:
            raise Misconfigured(f"{name}={value!r}: use {' or '.join(allowed)}")
        return value
