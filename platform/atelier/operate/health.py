"""Asking each service, from outside, whether it does its work."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from celery import Celery
from kombu.exceptions import OperationalError

from atelier.operate import services
from atelier.operate.configuration import Configuration
from atelier.operate.home import Home
from atelier.operate.launch import accepts
from atelier.operate.supervise import Supervisor

PATIENCE_SECONDS = 2.0


def checks(home: Home, chosen: Configuration) -> Mapping[str, Callable[[], bool]]:
    """One question for each service, in the order of starting."""
    database = services.database(home, chosen)
    broker = services.broker(home, chosen)
    broker_url = broker.url(home.secret("broker_password"))
    return {
        "postgres": lambda: database.answers(home.secret("postgres_password")),
        "valkey": lambda: broker.answers(home.secret("broker_password")),
        "proxy": lambda: accepts(chosen.proxy_api_port) and accepts(chosen.content_port),
        # Last through the proxy, as browsers go: it knows no route until the hub has told it one.
        "hub": lambda: (
            _answers_ok(chosen.hub_port, "/hub/health", address=chosen.hub_address)
            and _answers_ok(chosen.content_port, "/hub/health")
        ),
        "portal": lambda: _answers_ok(chosen.port, "/readyz", host=chosen.portal_url),
        "events": lambda: _answers_ok(chosen.events_port, "/livez", host=chosen.events_url),
        "worker": lambda: worker_answers(broker_url, services.WORKER),
        "tenancy-worker": lambda: worker_answers(broker_url, services.TENANCY),
        # Through it to the portal, as pods go.
        "door": lambda: _answers_ok(
            chosen.port, "/livez", host=chosen.pod_portal_url, address=chosen.engine.pod_address
        ),
        # Beat only rings a bell; that it runs is all there is to see.
        "beat": lambda: Supervisor(home).states()["beat"].state == "RUNNING",
    }


def _answers_ok(port: int, path: str, *, host: str = "", address: str = "127.0.0.1") -> bool:
    connection = http.client.HTTPConnection(address, port, timeout=PATIENCE_SECONDS)
    # The portal answers to its own name only.
    headers = {"Host": urlsplit(host).netloc} if host else {}
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker_answers(broker_url: str, node: str) -> bool:
    """Whether the worker of this name replies to a ping over the broker."""
    with Celery("atelier-health", broker=broker_url, set_as_current=False) as app:
        app.conf.broker_transport_options = {
            "socket_timeout": PATIENCE_SECONDS,
            "socket_connect_timeout": PATIENCE_SECONDS,
        }
        try:
            return bool(app.control.ping([node], timeout=PATIENCE_SECONDS, limit=1))
        except (OSError, OperationalError):
            return False
