"""What a platform needs in its database before anybody signs in. Repeated at every start.

Each part looks first and leaves alone what people have changed since.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from oauth2_provider.models import get_application_model

from atelier.accounts import services as accounts
from atelier.accounts.models import PlatformRole, User
from atelier.catalog.models import Environment, KindLabel, Profile
from atelier.core.resources import Resources

ADMIN = "admin"
# Four groups of five from an alphabet without look-alikes: 96 bits, and can be read out aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 5
GIB = 2**30
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
    ensure_catalog()
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
    model = get_application_model()
    client = model.objects.filter(client_id=client_id).first() or model(client_id=client_id)
    for name, value in hub_client().items():
        setattr(client, name, value)
    # Stored hashed; saving the hash again would hash it twice.
    if not check_password(client_secret, client.client_secret):
        client.client_secret = client_secret
    client.save()


def hub_client() -> dict[str, Any]:
    """How the hub signs people in."""
    model = get_application_model()
    content = settings.ATELIER_CONTENT_URL
    return {
        "name": "hub",
        "client_type": model.CLIENT_CONFIDENTIAL,
        "authorization_grant_type": model.GRANT_AUTHORIZATION_CODE,
        "redirect_uris": f"{content}/hub/oauth_callback",
        "post_logout_redirect_uris": f"{settings.ATELIER_PORTAL_URL}/",
        "algorithm": model.RS256_ALGORITHM,
        # The hub is part of the platform: nobody is asked whether it may know who he is.
        "skip_authorization": True,
        "hash_client_secret": True,
    }


def ensure_catalog() -> None:
    """Offer a first choice; afterwards the catalog is the administrators'."""
    if not Environment.objects.exists():
        Environment.objects.create(
            slug="python",
            name="Python",
            description="JupyterLab with NumPy, pandas, scikit-learn and Matplotlib.",
            image="atelier/notebook:0.1.0",
            local_runtime=RUNTIME,
        )
    # What is installed is a fact, not a choice.
    Environment.objects.filter(local_runtime=RUNTIME).exclude(packages=runtime_packages()).update(
        packages=runtime_packages()
    )
    if not Profile.objects.exists():
        Profile.objects.bulk_create(first_profiles())


def first_profiles() -> list[Profile]:
    return [
        _profile(0, "small", "Small", 1, 2),
        _profile(1, "medium", "Medium", 2, 8),
        _profile(2, "large", "Large", 4, 16),
        _profile(3, "gpu", "GPU", 4, 16, gpus=1),
    ]


def _profile(ordering: int, slug: str, name: str, cpus: int, gib: int, gpus: int = 0) -> Profile:
    resources = Resources(
        cpu_millicores=cpus * 1000,
        memory_bytes=gib * GIB,
        accelerators={"nvidia.com/gpu": gpus} if gpus else {},
    )
    described = f"{cpus} CPU · {gib} GiB" + (f" · {gpus} GPU" if gpus else "")
    return Profile(
        slug=slug,
        name=name,
        description=described,
        kind_label=KindLabel.GPU if gpus else KindLabel.CPU,
        resources=resources.to_json(),
        shared_memory_bytes=GIB if gpus else 0,
        ordering=ordering,
    )


def runtime_packages() -> list[dict[str, str]]:
    """The packages people choose an environment for, as locked; not what those pull in."""
    folder = Path(settings.BASE_DIR) / "requirements"
    asked = (folder / "runtime.in").read_text().splitlines()
    wanted = {line.partition("==")[0].strip() for line in asked if line and line[0] != "#"}
    lines = (folder / "runtime.txt").read_text().splitlines()
    pins = (line.partition(";")[0].split("==") for line in lines if line[:1].isalnum())
    return [
        {"name": pin[0].strip(), "version": pin[1].strip()}
        for pin in pins
        if pin[0].strip() in wanted
    ]
