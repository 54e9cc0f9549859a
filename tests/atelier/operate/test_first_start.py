"""What a new platform finds in its database, and what a later start leaves alone."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from oauth2_provider.models import get_application_model

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.operate.first_start import runtime_packages, set_up

pytestmark = pytest.mark.django_db
SECRET = "s" * 40


def start(secret: str = SECRET) -> str | None:
    return set_up(hub_client_id="hub", hub_client_secret=secret).password


def test_the_first_start_makes_an_administrator_with_a_password_nobody_can_guess() -> None:
    password = start()

    admin = User.objects.get()
    assert (admin.username, admin.platform_role) == ("admin", "admin")
    assert password is not None
    assert re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", password)
    assert admin.check_password(password)


def test_a_later_start_shows_no_password_and_changes_none() -> None:
    password = start()

    assert start() is None
    assert User.objects.get().check_password(password or "")


def test_a_platform_with_people_gets_no_new_administrator() -> None:
    start()
    User.objects.update(username="grace")

    said = set_up(hub_client_id="hub", hub_client_secret=SECRET)

    assert (said.name, said.password) == ("grace", None)
    assert User.objects.count() == 1


def test_the_catalog_offers_every_kind_and_tells_what_is_installed() -> None:
    start()

    environment = Environment.objects.get()
    assert environment.local_runtime == "runtime"
    assert {"jupyterlab", "pandas", "scikit-learn"} <= {p["name"] for p in environment.packages}
    assert {profile.kind_label for profile in Profile.objects.all()} == {"cpu", "gpu", "spark"}
    assert Profile.objects.get(slug="gpu").as_resources.accelerators == {"nvidia.com/gpu": 1}


def test_what_administrators_changed_in_the_catalog_stays() -> None:
    start()
    Profile.objects.exclude(slug="small").delete()
    Environment.objects.update(name="Our Python", enabled=False)

    start()

    assert [profile.slug for profile in Profile.objects.all()] == ["small"]
    assert Environment.objects.get().name == "Our Python"
    assert not Environment.objects.get().enabled


def test_the_packages_shown_follow_an_upgrade() -> None:
    start()
    Environment.objects.update(packages=[{"name": "pandas", "version": "0.1"}])

    start()

    assert Environment.objects.get().packages == runtime_packages()


def test_the_hub_is_an_openid_client_whose_secret_is_not_kept_in_clear() -> None:
    start()
    client = get_application_model().objects.get()

    assert client.client_id == "hub"
    assert SECRET not in client.client_secret
    assert check_password(SECRET, client.client_secret)
    assert client.redirect_uris == "http://127.0.0.1:8001/hub/oauth_callback"
    assert client.skip_authorization


def test_the_hubs_secret_and_addresses_follow_a_change(settings: pytest.FixtureRequest) -> None:
    start()
    before = get_application_model().objects.get().client_secret
    start()
    assert get_application_model().objects.get().client_secret == before

    settings.ATELIER_CONTENT_URL = "http://127.0.0.1:9001"  # type: ignore[attr-defined]  # pytest-django's wrapper
    start("t" * 40)

    client = get_application_model().objects.get()
    assert check_password("t" * 40, client.client_secret)
    assert client.redirect_uris == "http://127.0.0.1:9001/hub/oauth_callback"


def test_profiles_are_named_so_that_people_can_choose() -> None:
    start()
    for profile in Profile.objects.all():
        assert profile.description.endswith(".")  # what it is for; its size is shown beside it


def test_a_reset_link_is_for_somebody_who_exists() -> None:
    with pytest.raises(CommandError, match="There is no user named nobody"):
        call_command("reset_link", "nobody")
