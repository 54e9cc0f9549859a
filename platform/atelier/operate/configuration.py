"""What the person may choose, read from the environment and checked by name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from atelier.operate.engine import KUBERNETES, LOCAL, Engine
from atelier.operate.errors import CannotGoOn

DEFAULT_PORT = 8000
# How many ports are used from the first one on.
PORTS = 10


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
    engine: Engine = LOCAL

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
    def door_api_port(self) -> int:
        return self.port + 9

    @property
    def hub_address(self) -> str:
        """Where the hub's API listens: pods have to reach it, processes of this machine need not
        be reached."""
        return self.engine.pod_address or "127.0.0.1"

    @property
    def hub_url(self) -> str:
        return f"http://{self.hub_address}:{self.hub_port}"

    @property
    def pod_portal_url(self) -> str:
        """The portal as pods see it: through the door."""
        address = self.engine.pod_address
        return f"http://{address}:{self.port}" if address else self.portal_url

    @property
    def has_door(self) -> bool:
        """Whether pods need a way in beside the portal's own address."""
        own = ip_address(self.address)
        return bool(self.engine.pod_address) and not (
            own.is_unspecified or self.address == self.engine.pod_address
        )

    @property
    def sockets(self) -> tuple[tuple[str, int], ...]:
        """Every address and port that is used by now; other ports are kept for later parts."""
        used = [
            ("127.0.0.1", port)
            for port in (
                self.port, self.content_port, self.events_port, self.proxy_api_port,
                self.postgres_port, self.valkey_port,
            )
        ]  # fmt: skip
        used.append((self.hub_address, self.hub_port))
        if self.has_door:
            used += [(self.engine.pod_address, self.port), ("127.0.0.1", self.door_api_port)]
        return tuple(used)


def isolation(engine: Engine = LOCAL) -> str:
    """How users are kept apart: by pods, by `uid` (only root can) or `none`."""
    if engine.name == KUBERNETES:
        return KUBERNETES
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


def read(remembered: Path, engine: Engine = LOCAL) -> Configuration:
    """Read the environment; `remembered` holds the port of the last start."""
    port = _port(remembered)
    address = os.environ.get("ATELIER_BIND") or "127.0.0.1"
    chosen = Configuration(
        port=port,
        isolation=isolation(engine),
        address=address,
        portal_url=_url("ATELIER_PORTAL_URL", f"http://localhost:{port}"),
        content_url=_url("ATELIER_CONTENT_URL", f"http://127.0.0.1:{port + 1}"),
        events_url=_url("ATELIER_EVENTS_URL", f"http://localhost:{port + 4}"),
        shared_host_allowed=_switch("ATELIER_ALLOW_SHARED_HOST"),
        engine=engine,
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
