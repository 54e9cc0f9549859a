"""Which platform, which token, which project: flags, then the environment, then what was saved.

``atelier login`` saves one entry a platform in ``$XDG_CONFIG_HOME/atelier/config.json`` (0600). A
saved token is only ever sent to the address it was made for.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from atelier_client.errors import UsageError
from atelier_client.messages import t

DEFAULT_URL = "http://localhost:8000"

TokenSource = Callable[[], "str | None"]


@dataclass(frozen=True)
class Site:
    """What is remembered of one platform."""

    token: str | None = None
    token_id: str | None = None
    username: str | None = None
    project: str | None = None


@dataclass(frozen=True)
class Saved:
    """The configuration file."""

    current: str | None = None
    sites: Mapping[str, Site] = field(default_factory=dict)

    def site(self, url: str) -> Site:
        return self.sites.get(url, Site())

    def with_site(self, url: str, site: Site, *, current: bool = True) -> Saved:
        return replace(
            self, current=url if current else self.current, sites={**self.sites, url: site}
        )


def config_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where ``atelier login`` keeps its file."""
    base = environ.get("XDG_CONFIG_HOME") or ""
    folder = Path(base) if base.startswith("/") else Path.home() / ".config"
    return folder / "atelier" / "config.json"


def load(path: Path) -> Saved:
    """Read the file; none yet is an empty one. Raises UsageError when it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        sites = {url: _site(entry) for url, entry in data["sites"].items()}
        return Saved(current=data.get("current"), sites=sites)
    except FileNotFoundError:
        return Saved()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            t("config_unreadable", path=path), t("config_unreadable_do"), code="CONFIG_UNREADABLE"
        ) from error


def _site(entry: Mapping[str, str]) -> Site:
    return Site(**{f.name: entry.get(f.name) for f in fields(Site)})


def save(path: Path, saved: Saved) -> None:
    """Replace the file in one step; nobody else may ever read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(
        {"current": saved.current, "sites": {u: asdict(s) for u, s in saved.sites.items()}},
        indent=2,
    )
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".config-")  # made 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def normal_url(url: str) -> str:
    """Return scheme://host[:port]; raises UsageError for anything else."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in {"http", "https"} or not parts.hostname or extra:
        raise UsageError(t("bad_url", url=url), t("bad_url_do"), code="BAD_URL")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


@dataclass(frozen=True)
class Settings:
    """What a client works with."""

    url: str
    token: TokenSource
    project: str | None

    @classmethod
    def resolve(
        cls,
        *,
        url: str | None = None,
        token: str | None = None,
        project: str | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> Settings:
        """Put together what was said, what the environment says and what was saved."""
        # A notebook has everything in its environment: a broken file at home must not matter.
        named = url or environ.get("ATELIER_URL")
        from_environment = bool(
            token or environ.get("ATELIER_TOKEN") or environ.get("ATELIER_TOKEN_FILE")
        )
        here = project or environ.get("ATELIER_PROJECT") or None
        complete = named and from_environment and here
        saved = Saved() if complete else load(config_path(environ))
        address = normal_url(named or saved.current or DEFAULT_URL)
        site = saved.site(address)
        return cls(
            url=address,
            token=_token_source(token, environ, site.token),
            project=here or site.project,
        )


def _token_source(given: str | None, environ: Mapping[str, str], saved: str | None) -> TokenSource:
    fixed = given or environ.get("ATELIER_TOKEN")
    if fixed:
        return lambda: fixed
    named = environ.get("ATELIER_TOKEN_FILE")
    if named:
        return lambda: read_token_file(Path(named))
    return lambda: saved


def read_token_file(path: Path) -> str:
    """Read a token that is replaced under our feet (hourly, in a notebook)."""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            t("token_file_unreadable", path=path),
            t("token_file_unreadable_do"),
            code="TOKEN_FILE_UNREADABLE",
        ) from error
    if not token:
        raise UsageError(
            t("token_file_unreadable", path=path),
            t("token_file_unreadable_do"),
            code="TOKEN_FILE_UNREADABLE",
        )
    return token
