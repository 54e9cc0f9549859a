"""The hub's environment is checked at start, by name."""

from __future__ import annotations

import pytest
from traitlets.config import Config

from atelier_spawner.configuration import configure
from atelier_spawner.settings import HubSettings, Misconfigured

GOOD = {
    "ATELIER_HOME": "/srv/atelier",
    "ATELIER_HOMES": "/srv/atelier/homes",
    "ATELIER_PORTAL_URL": "http://localhost:8000",
    "ATELIER_CONTENT_URL": "http://127.0.0.1:8001",
    "ATELIER_HUB_API_URL": "http://127.0.0.1:8005/hub/api",
    "ATELIER_PROXY_API_URL": "http://127.0.0.1:8006",
    "CONFIGPROXY_AUTH_TOKEN": "proxy-token-0123456789",
    "ATELIER_HUB_API_TOKEN": "hub-token-0123456789",
    "ATELIER_SPAWNER_TOKEN": "spawner-token-0123456789",
    "ATELIER_OIDC_CLIENT_ID": "hub",
    "ATELIER_OIDC_CLIENT_SECRET": "oidc-secret-0123456789",
    "ATELIER_HUB_DATABASE_URL": "postgres://hub:pw@127.0.0.1:8007/hub",
    "ATELIER_HUB_CRYPT_KEY": "0123456789abcdef" * 4,
    "ATELIER_RUNTIME_PYTHON": "/opt/runtime/bin/python",
}


def configured(**changes: str) -> Config:
    config = Config()
    configure(config, HubSettings.from_environ({**GOOD, **changes}))
    return config


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        HubSettings.from_environ({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATELIER_PORTAL_URL", "localhost:8000"),
        ("ATELIER_CONTENT_URL", "http://localhost:8001"),  # the portal's host
        ("ATELIER_SPAWNER_TOKEN", "short"),
        ("ATELIER_ISOLATION", "maybe"),
        ("ATELIER_DEBUG", "1"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str) -> None:
    expected = "ATELIER_CONTENT_URL" if name == "ATELIER_CONTENT_URL" else name
    with pytest.raises(Misconfigured, match=expected):
        HubSettings.from_environ({**GOOD, name: value})


def test_a_shared_host_can_be_insisted_on() -> None:
    shared = {**GOOD, "ATELIER_CONTENT_URL": "http://localhost:8001"}

    settings = HubSettings.from_environ({**shared, "ATELIER_ALLOW_SHARED_HOST": "true"})

    assert settings.shares_a_host


def test_the_short_scheme_of_postgres_is_understood() -> None:
    config = configured()

    assert config.JupyterHub.db_url == "postgresql+psycopg2://hub:pw@127.0.0.1:8007/hub"


def test_a_hub_that_goes_leaves_everything_running() -> None:
    config = configured()

    assert config.JupyterHub.cleanup_servers is False
    assert config.JupyterHub.cleanup_proxy is False
    assert config.ConfigurableHTTPProxy.should_start is False


def test_everything_binds_loopback_as_the_addresses_say() -> None:
    config = configured()

    assert config.JupyterHub.hub_bind_url == "http://127.0.0.1:8005"
    assert config.JupyterHub.bind_url == "http://127.0.0.1:8001"


def test_the_portals_service_may_not_use_servers_nor_run_the_hub() -> None:
    (role,) = configured().JupyterHub.load_roles

    assert role["services"] == ["portal"]
    assert not {"access:servers", "shutdown", "admin-ui", "admin:services", "admin:groups"} & set(
        role["scopes"]
    )


def test_access_ends_within_a_minute_of_the_portals_word() -> None:
    config = configured()

    # The hub asks the portal at most this often; a server asks the hub at most every 30 s.
    assert config.AtelierAuthenticator.auth_refresh_age + 30 < 60
    assert config.AtelierAuthenticator.auth_refresh_strict is True


def test_cookies_are_secure_where_the_address_is() -> None:
    plain = configured().JupyterHub.tornado_settings["cookie_options"]
    secure = configured(ATELIER_CONTENT_URL="https://content.example").JupyterHub

    assert plain["secure"] is False
    assert secure.tornado_settings["cookie_options"]["secure"] is True


def test_installations_tell_their_processes_apart() -> None:
    one = HubSettings.from_environ(GOOD)
    other = HubSettings.from_environ({**GOOD, "ATELIER_HOME": "/srv/other"})

    assert one.instance != other.instance
    assert one.instance == HubSettings.from_environ(GOOD).instance
