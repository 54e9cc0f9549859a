"""What the person may choose, read from the environment and checked by name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from atelier.operate.errors import CannotGoOn

DEFAULT_PORT = 8000
# How many ports are used from the first one on.
PORTS = 9


@dataclass(frozen=True, slots=True)
class Configuration:
    """One installation's choices."""

    port: int
    isolation: str
    address: str
    portal_url: str
    content_url: str
    events_url: str
    shared_host_allowed: bool

    @property
    def content_port(self) -> int:
        return self.port + 1

    @property
    def events_port(self) -> int:
        return self.port + 4

    @property
    def hub_port(self) -> int:
        return self.port + 5

    @property
    def proxy_api_port(self) -> int:
        return self.port + 6

    @property
    def postgres_port(self) -> int:
        return self.port + 7

    @property
    def valkey_port(self) -> int:
        return self.port + 8

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that is used by now; the others are kept for later parts."""
        return (
            self.port, self.content_port, self.events_port, self.hub_port,
            self.proxy_api_port, self.postgres_port, self.valkey_port,
        )  # fmt: skip


def isolation() -> str:
    """How users are kept apart: `uid` (only root can) or `none`."""
    is_root = os.geteuid() == 0
    chosen = os.environ.get("ATELIER_ISOLATION") or ("uid" if is_root else "none")
    if chosen not in {"uid", "none"}:
        raise CannotGoOn(f"ATELIER_ISOLATION={chosen!r}: use uid or none.")
    if chosen == "uid" and not is_root:
        raise CannotGoOn("ATELIER_ISOLATION=uid needs root: run as root, or leave it out.")
    if chosen == "none" and is_root:
        # The spawner would refuse every start: nobody's notebook runs as root.
        raise CannotGoOn(
            f"ATELIER_ISOLATION={chosen!r}: use uid as root, for notebooks never run as root; or "
            "run the platform as a plain user."
        )
    return chosen


def read(remembered: Path) -> Configuration:
    """Read the environment; `remembered` holds the port of the last start."""
    port = _port(remembered)
    address = os.environ.get("ATELIER_BIND") or "127.0.0.1"
    chosen = Configuration(
        port=port,
        isolation=isolation(),
        address=address,
        portal_url=_url("ATELIER_PORTAL_URL", f"http://localhost:{port}"),
        content_url=_url("ATELIER_CONTENT_URL", f"http://127.0.0.1:{port + 1}"),
        events_url=_url("ATELIER_EVENTS_URL", f"http://localhost:{port + 4}"),
        shared_host_allowed=_switch("ATELIER_ALLOW_SHARED_HOST"),
    )
    _refuse_open_address(address)
    _refuse_shared_host(chosen)
    return chosen


def _port(remembered: Path) -> int:
    raw = os.environ.get("ATELIER_PORT")
    if not raw and remembered.is_file():
        raw = remembered.read_text().strip()
    if not raw:
        return DEFAULT_PORT
    if not raw.isascii() or not raw.isdigit() or not 1024 <= int(raw) <= 65535 - PORTS:
        raise CannotGoOn(
            f"ATELIER_PORT={raw!r}: use a whole number from 1024 to {65535 - PORTS}; "
            f"{PORTS} ports are used from there on."
        )
    return int(raw)


def _url(name: str, default: str) -> str:
    raw = (os.environ.get(name) or default).rstrip("/")
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise CannotGoOn(f"{name}={raw!r}: use scheme://host[:port].")
    return raw


def _switch(name: str) -> bool:
    raw = (os.environ.get(name) or "false").lower()
    if raw not in {"true", "false"}:
        raise CannotGoOn(f"{name}={raw!r}: use true or false.")
    return raw == "true"


def _refuse_open_address(address: str) -> None:
    try:
        is_loopback = ip_address(address).is_loopback
    except ValueError:
        raise CannotGoOn(f"ATELIER_BIND={address!r}: use an IP address, such as 0.0.0.0.") from None
    if not is_loopback and not _switch("ATELIER_I_TRUST_ALL_USERS"):
        raise CannotGoOn(
            f"ATELIER_BIND={address} would let other machines in, and local mode does not protect "
            "users of one machine from each other: set ATELIER_I_TRUST_ALL_USERS=true if you "
            "trust everybody who can reach it, or leave ATELIER_BIND out."
        )


def _refuse_shared_host(chosen: Configuration) -> None:
    portal, content = urlsplit(chosen.portal_url), urlsplit(chosen.content_url)
    if portal.hostname == content.hostname and not chosen.shared_host_allowed:
        raise CannotGoOn(
            f"The portal ({chosen.portal_url}) and the notebooks ({chosen.content_url}) share a "
            "host, so a notebook could use the portal's cookies: give ATELIER_CONTENT_URL a host "
            "of its own, or set ATELIER_ALLOW_SHARED_HOST=true if nobody else's code ever runs "
            "there."
        )
