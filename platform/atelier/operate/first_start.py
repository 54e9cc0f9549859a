"""What a platform needs in its database before anybody signs in. Repeated at every start.

Each part looks first and leaves alone what people have changed since.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from atelier.accounts import services as accounts
from atelier.accounts.models import PlatformRole, User
from atelier.catalog import services as catalog

ADMIN = "admin"
# Four groups of five from an alphabet without look-alikes: 96 bits, and can be read out aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 5
RUNTIME = "runtime"


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """The administrator; the password only when this call made the account."""

    name: str
    password: str | None


@transaction.atomic
def set_up(*, hub_client_id: str, hub_client_secret: str) -> FirstAdmin:
    """Bring administrator, catalog and the hub's OpenID client to where they must be."""
    ensure_hub_client(hub_client_id, hub_client_secret)
    catalog.ensure_defaults(packages={RUNTIME: runtime_packages()})
    return ensure_admin()


def ensure_admin() -> FirstAdmin:
    """Make the first administrator when there is no user at all."""
    if User.objects.exists():
        admins = User.objects.filter(platform_role=PlatformRole.ADMIN, is_active=True)
        return FirstAdmin(admins.order_by("created").values_list("username", flat=True)[0], None)
    password = new_password()
    accounts.create_user(
        actor=None,
        username=ADMIN,
        display_name="Administrator",
        platform_role=PlatformRole.ADMIN,
        password=password,
    )
    return FirstAdmin(ADMIN, password)


def new_password() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def ensure_hub_client(client_id: str, client_secret: str) -> None:
    """Register the hub, or follow changed addresses and a changed secret."""
    portal, content = settings.ATELIER_PORTAL_URL, settings.ATELIER_CONTENT_URL
    accounts.ensure_hub_client(
        client_id,
        client_secret,
        [f"{content}/hub/oauth_callback"],
        [f"{portal}/"],
    )


def runtime_packages() -> list[dict[str, str]]:
    """The packages people choose an environment for, as locked; not what those pull in."""
    folder = Path(settings.BASE_DIR) / "requirements"
    wanted = _asked_for(folder / "runtime.in")
    lines = (folder / "runtime.txt").read_text().splitlines()
    pins = (line.partition(";")[0].split("==") for line in lines if line[:1].isalnum())
    return [
        {"name": pin[0].strip(), "version": pin[1].strip()}
        for pin in pins
        if pin[0].strip() in wanted
    ]


def _asked_for(source: Path) -> set[str]:
    """Return the names in a requirements source and in those it includes."""
    names: set[str] = set()
    for line in source.read_text().splitlines():
        asked = line.partition("#")[0].strip()
        if asked.startswith("-r "):
            names |= _asked_for(source.parent / asked.removeprefix("-r ").strip())
        elif asked:
            names.add(asked.partition("==")[0].strip())
    return names
