"""JupyterHub's configuration, all of it from the environment; hub_config.py runs it.

The portal owns intent, the hub owns routing: no cleanup when the hub goes, no pages of its own
for choosing, no idle culling, no page that may be framed.
"""

from __future__ import annotations

import os
from typing import Any

from .authenticator import REFRESH_SECONDS, AtelierAuthenticator
from .local import AtelierLocalSpawner
from .settings import HubSettings

ACTIVITY_SECONDS = 60
SESSION_DAYS = 14
LONGEST_START_SECONDS = 7800
MOST_STARTS_OF_PODS = 1000

# What the portal may do at the hub: know users and servers, start and stop servers, end tokens.
# Making users needs admin:users. It may not use servers (access:servers) nor run the hub.
PORTAL_SCOPES = (
    "admin:users",
    "admin:servers",
    "tokens",
    "list:users",
    "read:hub",
    # A proxy that was started again has no routes until the hub is asked to look.
    "proxy",
)


def configure(c: Any, settings: HubSettings) -> None:
    """Fill in the configuration object JupyterHub hands to its configuration file."""
    _hub(c, settings)
    _proxy(c, settings)
    _sign_in(c, settings)
    _servers(c, settings)
    _portal(c, settings)


def _hub(c: Any, settings: HubSettings) -> None:
    hub = c.JupyterHub
    hub.bind_url = settings.content_url
    hub.hub_bind_url = settings.hub_bind_url
    hub.db_url = settings.database_url
    hub.upgrade_db = True
    hub.log_level = 10 if settings.debug else 20
    # Loopback is not the same host for a browser as its name: say what people see.
    hub.public_url = settings.content_url
    hub.default_url = f"{settings.portal_url}/notebooks"
    # A hub that goes leaves everything running (design.md §5).
    hub.cleanup_servers = False
    hub.cleanup_proxy = False
    hub.init_spawners_timeout = 5
    # Servers of different users share a host, and OAuth is what keeps them apart.
    hub.oauth_require_pkce = True
    hub.cookie_max_age_days = SESSION_DAYS
    hub.allow_named_servers = True
    # The portal's quotas decide; these only keep one hub process healthy.
    hub.concurrent_spawn_limit = 64
    hub.active_server_limit = 0
    hub.named_server_limit_per_user = 0
    hub.admin_access = False
    hub.activity_resolution = 15
    hub.tornado_settings = {
        # A start by API answers 202 at once; the portal follows it by itself.
        "slow_spawn_timeout": 0,
        "slow_stop_timeout": 0,
        "headers": {
            "Content-Security-Policy": "frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        },
        "cookie_options": {"samesite": "Lax", "secure": settings.secure_cookies},
    }
    c.AtelierHub.notebooks_url = f"{settings.portal_url}/notebooks"
    c.CryptKeeper.keys = [settings.crypt_key]


def _proxy(c: Any, settings: HubSettings) -> None:
    proxy = c.ConfigurableHTTPProxy
    proxy.should_start = False
    proxy.api_url = settings.proxy_api_url
    proxy.auth_token = settings.proxy_token


def _sign_in(c: Any, settings: HubSettings) -> None:
    c.JupyterHub.authenticator_class = AtelierAuthenticator
    oauth = f"{settings.portal_url}/oauth"
    sign_in = c.AtelierAuthenticator
    sign_in.client_id = settings.client_id
    sign_in.client_secret = settings.client_secret
    sign_in.oauth_callback_url = f"{settings.content_url}/hub/oauth_callback"
    # The slashes matter: without them the provider redirects, and a redirected POST is a GET.
    sign_in.authorize_url = f"{oauth}/authorize/"
    sign_in.token_url = f"{oauth}/token/"
    sign_in.userdata_url = f"{oauth}/userinfo/"
    sign_in.end_session_url = f"{oauth}/logout/"
    sign_in.post_logout_url = f"{settings.portal_url}/"
    sign_in.scope = ["openid", "profile", "email", "groups"]
    sign_in.username_claim = "preferred_username"
    sign_in.login_service = "Atelier"
    sign_in.auto_login = True
    # Whoever the portal lets in is in: it is the only provider, and it asks for activity.
    sign_in.allow_all = True
    sign_in.enable_auth_state = True
    sign_in.manage_groups = True
    sign_in.auth_state_groups_key = "oauth_user.groups"
    sign_in.auth_refresh_age = REFRESH_SECONDS
    # Tokens in browsers' hands must stop working too, not only cookies.
    sign_in.auth_refresh_strict = True
    sign_in.username_pattern = r"^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,29}\Z"


def _servers(c: Any, settings: HubSettings) -> None:
    places = {"kubernetes": _pods}
    spawner = places.get(settings.engine, _processes)(c, settings)
    spawner.portal_url = settings.portal_url
    spawner.portal_token = settings.spawner_token
    spawner.env_keep = []
    spawner.environment = {"JUPYTERHUB_ACTIVITY_INTERVAL": str(ACTIVITY_SECONDS)}
    spawner.default_url = "/lab"
    # The portal reads them off the question; the spawner itself obeys the plan alone.
    spawner.apply_user_options = _left_to_the_portal
    # The plan's own limits are shorter; this one only bounds a portal that asks for more.
    spawner.start_timeout = LONGEST_START_SECONDS
    spawner.http_timeout = 60
    spawner.poll_interval = 5
    spawner.poll_jitter = 0.2
    # Refusals are answers. Nothing a user can do may end the hub (quality.md R7).
    spawner.consecutive_failure_limit = 0


def _processes(c: Any, settings: HubSettings) -> Any:
    c.JupyterHub.spawner_class = AtelierLocalSpawner
    c.AtelierHub.instance_label = settings.instance
    spawner = c.AtelierLocalSpawner
    spawner.homes_folder = str(settings.homes)
    spawner.logs_folder = str(settings.home / "logs" / "notebooks")
    spawner.instance_label = settings.instance
    spawner.runtimes = {"runtime": str(settings.runtime_python)}
    spawner.runtime_path = settings.runtime_path
    return spawner


def _pods(c: Any, settings: HubSettings) -> Any:
    if settings.kubeconfig:
        # KubeSpawner itself knows no other way to name one, and its client looks at import.
        os.environ["KUBECONFIG"] = settings.kubeconfig
    # Here, also so that a hub of local processes need not load the cluster's client.
    from .pods import AtelierSpawner  # noqa: PLC0415

    hub = c.JupyterHub
    hub.spawner_class = AtelierSpawner
    if settings.hub_connect_url:
        hub.hub_connect_url = settings.hub_connect_url
    # A start that waits for room costs the hub nothing, and must not keep others from starting.
    hub.concurrent_spawn_limit = MOST_STARTS_OF_PODS
    c.AtelierHub.cluster_instance = settings.cluster_instance
    c.AtelierHub.kubeconfig = settings.kubeconfig
    c.AtelierHub.portal_url = settings.portal_url
    c.AtelierHub.portal_token = settings.spawner_token
    spawner = c.AtelierSpawner
    spawner.kubeconfig = settings.kubeconfig
    spawner.instance_label = settings.cluster_instance
    # A server's namespace is its project's, named by the plan: never the user's.
    spawner.enable_user_namespaces = False
    return spawner


def _left_to_the_portal(_spawner: Any, _options: Any) -> None:
    """User options never become settings of a spawner."""


def _portal(c: Any, settings: HubSettings) -> None:
    c.JupyterHub.services = [{"name": "portal", "api_token": settings.hub_token}]
    c.JupyterHub.load_roles = [
        {"name": "portal", "scopes": list(PORTAL_SCOPES), "services": ["portal"]},
    ]
