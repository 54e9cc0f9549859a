"""The Hub as Atelier runs it: JupyterHub with the portal's pages in front and a sweep behind.

`python -m atelier_spawner` starts it with the configuration beside this file.
"""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

from jupyterhub.app import JupyterHub
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.pages import HomeHandler, SpawnHandler
from sqlalchemy import text
from tornado import web
from traitlets import Float, Unicode

from . import processes

CONFIG_FILE = str(Path(__file__).with_name("hub_config.py"))

# Bug in 6.1.1: refresh_auth() reads this before anything wrote it, and a browser whose session
# ended gets a 403 page with a traceback in the log instead of the login. Harmless once fixed
# upstream.
if not hasattr(BaseHandler, "_token_authenticated"):
    BaseHandler._token_authenticated = False


class ToThePortal(HomeHandler):  # type: ignore[misc]  # jupyterhub ships no types
    """The hub's own list of servers: people belong in the portal's."""

    @web.authenticated
    async def get(self) -> None:
        self.redirect(self.settings["atelier_notebooks_url"])


class SpawnAtThePortal(SpawnHandler):  # type: ignore[misc]
    """The hub's spawn page: the portal's instead. A start by POST still asks for a plan."""

    @web.authenticated
    def get(self, user_name: str | None = None, server_name: str = "") -> None:
        self.redirect(self.settings["atelier_notebooks_url"])


class AtelierHub(JupyterHub):  # type: ignore[misc]
    """JupyterHub that ends processes no server knows of."""

    sweep_seconds = Float(30.0, help="How often orphaned processes are looked for.").tag(
        config=True
    )
    instance_label = Unicode(help="Whose processes may be swept; empty: none.").tag(config=True)
    cluster_instance = Unicode(help="Whose pods may be swept; empty: none.").tag(config=True)
    kubeconfig = Unicode(help="The account with which they are.").tag(config=True)
    notebooks_url = Unicode(help="The portal's page of notebook servers.").tag(config=True)

    def init_handlers(self) -> None:
        super().init_handlers()
        # First match wins, so ours go in front.
        self.handlers[:0] = self.add_url_prefix(
            self.hub_prefix,
            [
                (r"/home", ToThePortal),
                (r"/spawn", SpawnAtThePortal),
                (r"/spawn/([^/]+)", SpawnAtThePortal),
                (r"/spawn/([^/]+)/([^/]+)", SpawnAtThePortal),
            ],
        )

    def init_tornado_settings(self) -> None:
        super().init_tornado_settings()
        self.tornado_settings["atelier_notebooks_url"] = self.notebooks_url

    async def init_spawners(self) -> Any:
        found = await super().init_spawners()
        if self.instance_label:
            self._sweeping = asyncio.ensure_future(self._sweep_forever())
        return found

    async def _sweep_forever(self) -> None:
        while True:
            try:
                sweep_orphans(self.instance_label, self.known_spawns())
            except Exception:
                # The backstop must outlive whatever one look at /proc or the database threw.
                self.log.exception("sweep of orphaned processes failed")
            await asyncio.sleep(self.sweep_seconds)

    def known_spawns(self) -> frozenset[str]:
        """Spawn ids of every server on record, live or being started."""
        # On a connection of its own, so that no transaction of the hub's shared session stays open;
        # plain SQL, because the hub's JSON column type makes SQLAlchemy warn when queried alone.
        query = text("select state from spawners where state is not null")
        with self.db.get_bind().connect() as connection:
            states = connection.execute(query).scalars().all()
        return frozenset(str(json.loads(state).get("spawn_id", "")) for state in states) - {""}


def sweep_orphans(instance: str, known: frozenset[str]) -> frozenset[int]:
    """SIGKILL labelled processes of ours whose spawn nobody knows; returns their pids.

    A spawn is on record before its process exists, so there is no race with a start.
    """
    orphans = {
        stat.pid
        for stat in processes.all_stats()
        if _is_orphan(processes.labels_of(stat.pid), instance, known)
    }
    for pid in orphans:
        processes.signal_pid(pid, signal.SIGKILL)
    return frozenset(orphans)


def _is_orphan(labels: Any, instance: str, known: frozenset[str]) -> bool:
    spawn = labels.get(processes.LABEL_SPAWN)
    return labels.get(processes.LABEL_INSTANCE) == instance and bool(spawn) and spawn not in known
