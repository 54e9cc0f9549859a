"""The processes of the platform: command, environment, order, how to tell that each answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from atelier.operate import postgres, valkey
from atelier.operate.configuration import Configuration
from atelier.operate.engine import KUBERNETES, system_namespace
from atelier.operate.environments import ROOT
from atelier.operate.home import Home
from atelier.operate.unix_user import server_user

# What of the person's own environment the platform's processes see. Everything else stays out:
# a stray PYTHONPATH or DJANGO_SETTINGS_MODULE must not reach them.
KEPT = frozenset({
    "HOME", "USER", "LOGNAME", "PATH", "LANG", "LC_ALL", "TZ", "TMPDIR",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
})  # fmt: skip
PACKAGE_PREFIXES = ("PIP_", "UV_")
KEPT_PREFIXES = ("ATELIER_", *PACKAGE_PREFIXES)
# Said by us alone, process by process.
GIVEN = frozenset({"ATELIER_KUBECONFIG"})
WEB_WORKERS = 2
WEB_THREADS = 4
WORKER_THREADS = 4
TENANCY_THREADS = 2
# Celery's names of the two workers; the broker is this installation's own.
WORKER, TENANCY = "worker@atelier", "tenancy@atelier"


@dataclass(frozen=True, slots=True)
class Service:
    """One supervised process."""

    name: str
    command: tuple[str, ...]
    address: str = ""
    # Loopback ports that must accept connections before this one is started.
    needs: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    run_as: str = ""
    folder: str = "/"
    # Whom to tell, once this one answers: port, url and token.
    knock: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Built:
    """What the bootstrap made and this checkout's processes run from."""

    python: Path
    runtime_python: str
    node: str
    proxy: str
    pages: str

    @classmethod
    def from_environment(cls) -> Built:
        return cls(
            python=Path(sys.executable),
            runtime_python=os.environ.get("ATELIER_RUNTIME_PYTHON", ""),
            node=os.environ.get("ATELIER_NODE", ""),
            proxy=os.environ.get("ATELIER_PROXY", ""),
            pages=os.environ.get("ATELIER_SPA_DIR", ""),
        )


def database(home: Home, chosen: Configuration) -> postgres.Postgres:
    """This installation's PostgreSQL."""
    run_as = server_user()
    return postgres.Postgres(
        home.postgres,
        chosen.postgres_port,
        postgres.reachable_installation(home.folder, run_as=run_as),
        run_as,
        {"timezone": "UTC", "log_checkpoints": "off", "max_wal_size": "512MB"},
    )


def broker(home: Home, chosen: Configuration) -> valkey.Valkey:
    """This installation's Valkey."""
    return valkey.Valkey(home.valkey, chosen.valkey_port)


def settings(home: Home, chosen: Configuration, built: Built) -> dict[str, str]:
    """The variables that the portal's processes read (config/env.py)."""
    password = home.secret("portal_database_password")
    database_port, broker_port = chosen.postgres_port, chosen.valkey_port
    return {
        "ATELIER_HOME": str(home.folder),
        "ATELIER_PORT": str(chosen.port),
        "ATELIER_SECRET_KEY": home.secret("secret_key"),
        "ATELIER_DATABASE_URL": f"postgres://portal:{password}@127.0.0.1:{database_port}/portal",
        "ATELIER_BROKER_URL": f"redis://:{home.secret('broker_password')}@127.0.0.1:{broker_port}/0",
        "ATELIER_PORTAL_URL": chosen.portal_url,
        "ATELIER_CONTENT_URL": chosen.content_url,
        "ATELIER_EVENTS_URL": chosen.events_url,
        "ATELIER_HUB_API_URL": f"{chosen.hub_url}/hub/api",
        "ATELIER_HUB_API_TOKEN": home.secret("hub_api_token"),
        "ATELIER_SPAWNER_TOKEN": home.secret("spawner_token"),
        "ATELIER_OIDC_KEY_FILE": str(home.oidc_key),
        "ATELIER_OIDC_CLIENT_ID": "hub",
        "ATELIER_OIDC_CLIENT_SECRET": home.secret("oidc_client_secret"),
        "ATELIER_ENGINE": chosen.engine.name,
        "ATELIER_INSTANCE": home.instance,
        "ATELIER_ISOLATION": chosen.isolation,
        "ATELIER_ALLOW_SHARED_HOST": "true" if chosen.shared_host_allowed else "false",
        "ATELIER_DEBUG": os.environ.get("ATELIER_DEBUG", "false"),
        # Without a build the portal says so; an empty value would mean "not set".
        "ATELIER_SPA_DIR": built.pages or str(home.run / "no-pages"),
        "DJANGO_SETTINGS_MODULE": "atelier.config.settings",
        "PYTHONPATH": str(ROOT / "platform"),
        **_cluster_settings(chosen),
    }


def _cluster_settings(chosen: Configuration) -> dict[str, str]:
    """How pods reach this machine; accounts on the cluster are only in their owners' variables."""
    address = chosen.engine.pod_address
    if not address:
        return {}
    bits = ip_address(address).max_prefixlen
    peer = {
        "cidr": f"{address}/{bits}",
        "egress_ports": [chosen.port, chosen.hub_port],
        "ingress": True,
    }
    return {
        "ATELIER_SYSTEM_NAMESPACE": system_namespace(),
        "ATELIER_POD_PORTAL_URL": chosen.pod_portal_url,
        "ATELIER_POD_HUB_API_URL": f"{chosen.hub_url}/hub/api",
        "ATELIER_PLATFORM_PEERS": json.dumps([peer]),
        "ATELIER_EXTRA_HOSTS": ",".join(
            filter(None, (os.environ.get("ATELIER_EXTRA_HOSTS"), address))
        ),
    }


def account(home: Home, chosen: Configuration, component: str) -> dict[str, str]:
    """The variables of a component that may act on the cluster."""
    if chosen.engine.name != KUBERNETES:
        return {}
    return {"ATELIER_KUBECONFIG": str(home.kubeconfig(component))}


def hub_settings(home: Home, chosen: Configuration, built: Built) -> dict[str, str]:
    """The variables of the hub's own process (spawner/atelier_spawner/hub_config.py)."""
    password = home.secret("hub_database_password")
    # The hub has no business with the portal's database, broker and signing keys.
    private = {
        "ATELIER_SECRET_KEY", "ATELIER_DATABASE_URL", "ATELIER_BROKER_URL",
        "ATELIER_OIDC_KEY_FILE", "DJANGO_SETTINGS_MODULE", "PYTHONPATH",
    }  # fmt: skip
    shared = {k: v for k, v in settings(home, chosen, built).items() if k not in private}
    return {
        **shared,
        "ATELIER_HUB_DATABASE_URL": (
            f"postgresql+psycopg2://hub:{password}@127.0.0.1:{chosen.postgres_port}/hub"
        ),
        "ATELIER_HUB_CRYPT_KEY": home.secret("hub_crypt_key"),
        "CONFIGPROXY_AUTH_TOKEN": home.secret("proxy_token"),
        "ATELIER_PROXY_API_URL": f"http://127.0.0.1:{chosen.proxy_api_port}",
        "ATELIER_HOMES": str(home.homes),
        "ATELIER_LOGS": str(home.logs),
        "ATELIER_RUNTIME_PYTHON": built.runtime_python,
        "PYTHONPATH": str(ROOT / "spawner"),
        **account(home, chosen, "hub"),
    }


def all_services(home: Home, chosen: Configuration, built: Built) -> list[Service]:
    """Every process, in the order of starting; stopping goes the other way."""
    common = kept_environment()
    portal_variables = {**common, **settings(home, chosen, built)}
    hub_variables = {**common, **hub_settings(home, chosen, built)}
    servers = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    own_database, own_broker = database(home, chosen), broker(home, chosen)
    run_as = own_database.run_as.name if own_database.run_as else ""
    stores = (chosen.postgres_port, chosen.valkey_port)
    python = str(built.python)
    celery = (python, "-m", "celery", "-A", "atelier.config.celery")
    on_cluster = chosen.engine.name == KUBERNETES

    def worker(name: str, node: str, queues: str, threads: int, component: str) -> Service:
        return Service(
            name,
            (*celery, "worker", "-n", node, "-Q", queues, "--pool", "threads",
             "--concurrency", str(threads),
             "--without-gossip", "--without-mingle", "--loglevel", "INFO"),
            needs=stores,
            environment={
                **portal_variables,
                "ATELIER_PROCESS": "worker",
                "ATELIER_RUNTIME_PYTHON": built.runtime_python,
                **account(home, chosen, component),
            },
            # Tasks are short; what is cut off is done again by the next one.
            stop_seconds=20,
        )  # fmt: skip

    door = Service(
        "door",
        _door_command(chosen, built),
        address=chosen.pod_portal_url,
        environment={**servers, "CONFIGPROXY_AUTH_TOKEN": home.secret("proxy_token")},
    )
    return [
        Service(
            "postgres",
            tuple(own_database.command()),
            address=f"127.0.0.1:{chosen.postgres_port}",
            environment=servers,
            stop_signal="INT",
            stop_seconds=30,
            run_as=run_as,
        ),
        Service(
            "valkey",
            tuple(own_broker.command(_valkey_binary(home, own_broker))),
            address=f"127.0.0.1:{chosen.valkey_port}",
            environment=servers,
            run_as=run_as,
        ),
        Service(
            "proxy",
            _proxy_command(chosen, built),
            address=chosen.content_url,
            environment={**servers, "CONFIGPROXY_AUTH_TOKEN": home.secret("proxy_token")},
            knock={
                "port": chosen.proxy_api_port,
                "url": f"{chosen.hub_url}/hub/api/proxy",
                "token": home.secret("hub_api_token"),
            },
        ),
        Service(
            "hub",
            (python, "-m", "atelier_spawner"),
            address=chosen.hub_url,
            needs=(chosen.postgres_port, chosen.proxy_api_port),
            environment=hub_variables,
            folder=str(home.run),
        ),
        Service(
            "portal",
            (python, "-m", "granian", "--interface", "wsgi", "--host", chosen.address,
             "--port", str(chosen.port), "--workers", str(WEB_WORKERS),
             "--blocking-threads", str(WEB_THREADS), "--no-ws", "--respawn-failed-workers",
             "--workers-kill-timeout", "10", "atelier.config.wsgi:application"),
            address=chosen.portal_url,
            needs=(chosen.postgres_port,),
            environment={**portal_variables, "ATELIER_PROCESS": "web"},
        ),
        Service(
            "events",
            (python, "-m", "uvicorn", "--host", chosen.address,
             "--port", str(chosen.events_port), "--no-access-log", "--log-level", "warning",
             "--timeout-graceful-shutdown", "2", "atelier.config.asgi:application"),
            address=chosen.events_url,
            needs=stores,
            environment={**portal_variables, "ATELIER_PROCESS": "events"},
        ),
        *(
            [
                worker("worker", WORKER, "celery", WORKER_THREADS, "worker"),
                worker("tenancy-worker", TENANCY, "tenancy", TENANCY_THREADS, "tenancy"),
            ]
            if on_cluster
            else [worker("worker", WORKER, "celery,tenancy", WORKER_THREADS, "worker")]
        ),
        Service(
            "beat",
            (*celery, "beat", "--loglevel", "WARNING",
             "--pidfile", ""),
            needs=stores,
            environment={**portal_variables, "ATELIER_PROCESS": "beat"},
        ),
        *([door] if chosen.has_door else []),
    ]  # fmt: skip


def _proxy_command(chosen: Configuration, built: Built) -> tuple[str, ...]:
    return (
        built.node, built.proxy,
        "--ip", chosen.address, "--port", str(chosen.content_port),
        "--api-ip", "127.0.0.1", "--api-port", str(chosen.proxy_api_port),
        "--error-target", f"{chosen.hub_url}/hub/error",
        "--log-level", "warn",
    )  # fmt: skip


def _door_command(chosen: Configuration, built: Built) -> tuple[str, ...]:
    """Lets pods in to the portal, which itself stays on loopback."""
    return (
        built.node, built.proxy,
        "--ip", chosen.engine.pod_address, "--port", str(chosen.port),
        "--api-ip", "127.0.0.1", "--api-port", str(chosen.door_api_port),
        "--default-target", f"http://{chosen.address}:{chosen.port}",
        "--log-level", "warn",
    )  # fmt: skip


def _valkey_binary(home: Home, server: valkey.Valkey) -> Path:
    return valkey.reachable_binary(home.folder, run_as=server.run_as)


def kept_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or (name.startswith(KEPT_PREFIXES) and name not in GIVEN)
    }
