"""Reading the environment: every mistake stops the start, by name."""

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_str(name: str, default: str | None = None) -> str:
    """Read a text; without a default it must be there and not empty."""
    value = os.environ.get(name, default)
    if not value and default is None:
        raise ImproperlyConfigured(
            f"{name} is not set; `make up` writes it, see docs/operations.md"
        )
    return value or ""


def env_bool(name: str, default: bool) -> bool:
    """Read a switch; anything but true/false is a mistake worth stopping for."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name}={raw!r}: use true or false")
    return raw.lower() == "true"


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """Read a whole number of at least ``least``."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if not raw.isascii() or not raw.isdigit() or int(raw) < least:
        raise ImproperlyConfigured(f"{name}={raw!r}: use a whole number of at least {least}")
    return int(raw)


def env_url(name: str, default: str | None = None) -> str:
    """Read an http(s) address without a trailing slash."""
    raw = env_str(name, default)
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ImproperlyConfigured(f"{name}={raw!r}: use scheme://host[:port]")
    return raw.rstrip("/")


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Read one of a few words."""
    raw = os.environ.get(name, default)
    if raw not in choices:
        raise ImproperlyConfigured(f"{name}={raw!r}: use one of {', '.join(choices)}")
    return raw


def env_label(name: str, default: str) -> str:
    """Read a name that Kubernetes takes for a namespace or a label (RFC 1123, 40 at most)."""
    raw = os.environ.get(name, default)
    if not re.fullmatch(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?", raw):
        raise ImproperlyConfigured(
            f"{name}={raw!r}: use at most 40 of a-z, 0-9 and -, beginning with a letter"
        )
    return raw


def env_json(name: str, default: list[Any]) -> list[Any]:
    """Read a list in JSON."""
    raw = os.environ.get(name)
    if not raw:
        return default
    try:
        value = json.loads(raw)
    except ValueError:
        value = None
    if not isinstance(value, list):
        raise ImproperlyConfigured(f"{name}={raw!r}: use a list in JSON")
    return value


def env_file(name: str) -> str:
    """Read the text of the file that ``name`` points to."""
    path = Path(env_str(name))
    if not path.is_file():
        raise ImproperlyConfigured(f"{name}={str(path)!r}: there is no such file")
    return path.read_text()


def database_of(url: str) -> dict[str, str]:
    """Return Django's database settings of postgres://user:password@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "ATELIER_DATABASE_URL: use postgres://user:password@host:port/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
    }


def refuse_shared_host(portal_url: str, content_url: str, *, allowed: bool) -> None:
    """Stop when notebooks would run on the portal's host: cookies do not know ports."""
    if urlsplit(portal_url).hostname == urlsplit(content_url).hostname and not allowed:
        raise ImproperlyConfigured(
            f"ATELIER_PORTAL_URL={portal_url} and ATELIER_CONTENT_URL={content_url} share a host, "
            "so a notebook could use the portal's cookies. Give user content a host of its own, "
            "or set ATELIER_ALLOW_SHARED_HOST=true if nobody else's code ever runs there."
        )
