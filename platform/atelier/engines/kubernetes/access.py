"""Where a cluster is and how to prove who we are: a kubeconfig, or the account of our own pod.

The `kubernetes` package reads both (relative paths, inlined certificates, helper programs); nothing
else of it is used. Tokens live shortly: one that came from a file is read again and again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import yaml

READ_TOKEN_AGAIN_SECONDS = 30.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class BadAccess(ValueError):
    """A kubeconfig that cannot or must not be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Access:
    """An API server and our credentials for it. ``authorization`` is asked for every request."""

    url: str
    authorization: Callable[[], str | None]
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    server_name: str | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
            raise BadAccess(f"{self.url}: an API server is spoken to by https")


def load(kubeconfig: str | Path = "") -> Access:
    """Return the access of a kubeconfig's current context, or of our own pod when there is none."""
    # Its models take a third of a second to import; only processes with an account pay.
    from kubernetes.client import Configuration  # noqa: PLC0415
    from kubernetes.config import ConfigException, load_incluster_config  # noqa: PLC0415
    from kubernetes.config import load_kube_config as load_file  # noqa: PLC0415

    found = Configuration()
    raw = _read(Path(kubeconfig)) if kubeconfig else {}
    try:
        if kubeconfig:
            load_file(  # type: ignore[no-untyped-call]  # the package has no types
                str(kubeconfig), client_configuration=found, persist_config=False
            )
        else:
            load_incluster_config(client_configuration=found)  # type: ignore[no-untyped-call]  # ditto
    except (ConfigException, OSError, yaml.YAMLError) as error:
        raise BadAccess(f"{kubeconfig or 'the account of this pod'}: {error}") from error
    if not found.verify_ssl:
        raise BadAccess(f"{kubeconfig}: skips the check of the server's certificate")
    token_file = _token_file(Path(kubeconfig), raw) if kubeconfig else None
    return Access(
        url=found.host.rstrip("/"),
        authorization=_FromFile(token_file) if token_file else _from_package(found),
        ca_file=found.ssl_ca_cert,
        cert_file=found.cert_file,
        key_file=found.key_file,
        server_name=found.tls_server_name,
    )


def _from_package(found: Any) -> Callable[[], str | None]:
    lock = Lock()  # its hook refreshes in place

    def authorization() -> str | None:
        with lock:
            value = found.get_api_key_with_prefix("BearerToken")
        return str(value) if value else None

    return authorization


class _FromFile:
    """The token in a file, read again when it may have been renewed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._value = ""
        self._read_at = float("-inf")

    def __call__(self) -> str | None:
        now = time.monotonic()
        if now - self._read_at > READ_TOKEN_AGAIN_SECONDS:
            self._value = f"Bearer {self._path.read_text().strip()}"
            self._read_at = now
        return self._value


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text())
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadAccess(f"{path}: {error}") from error
    if not isinstance(raw, dict):
        raise BadAccess(f"{path}: not a kubeconfig")
    return raw


def _token_file(path: Path, raw: dict[str, Any]) -> Path | None:
    current = raw.get("current-context")
    user = next(c["context"].get("user") for c in raw["contexts"] if c["name"] == current)
    account = next((u["user"] for u in raw.get("users") or () if u["name"] == user), None) or {}
    named = account.get("tokenFile")
    return path.parent / named if named else None
