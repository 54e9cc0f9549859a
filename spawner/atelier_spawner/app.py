"""The Hub as Atelier runs it: JupyterHub with the portal's pages in front and a sweep behind.

`python -m atelier_spawner` starts it with the configuration beside this file.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from jupyterhub.apihandlers.users import UserServerAPIHandler
from jupyterhub.app import JupyterHub
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.pages import HomeHandler, SpawnHandler
from jupyterhub.scopes import needs_scope
from sqlalchemy import text
from tornado import web
from traitlets import Float, Unicode

from . import processes
from .portal import Portal

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


class StopWhileChecked(UserServerAPIHandler):  # type: ignore[misc]
    """A hub that came back while a pod was starting looks for it, perhaps for long.

    JupyterHub refuses to stop what it still checks; our spawner can be told to give up, and the
    hub then stops the server by itself.
    """

    @needs_scope("delete:servers")  # type: ignore[untyped-decorator]
    async def delete(self, user_name: str, server_name: str = "") -> None:
        user = self.find_user(user_name)
        spawner = user.spawners.get(server_name) if user is not None else None
        give_up = getattr(spawner, "give_up", None)
        if spawner is None or spawner.pending != "check" or give_up is None:
            await super().delete(user_name, server_name)
            return
        give_up()
        self.set_status(202)
        self.finish()


class AtelierHub(JupyterHub):  # type: ignore[misc]
    """JupyterHub that ends processes and pods no server knows of."""

    sweep_seconds = Float(30.0, help="How often orphaned processes are looked for.").tag(
        config=True
    )
    instance_label = Unicode(help="Whose processes may be swept; empty: none.").tag(config=True)
    cluster_instance = Unicode(help="Whose pods may be swept; empty: none.").tag(config=True)
    kubeconfig = Unicode(help="The account with which they are.").tag(config=True)
    portal_url = Unicode(help="Who knows where pods may be.").tag(config=True)
    portal_token = Unicode(help="The spawner's own token there.").tag(config=True)
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
                (r"/api/users/([^/]+)/server", StopWhileChecked),
                (r"/api/users/([^/]+)/servers/([^/]*)", StopWhileChecked),
            ],
        )

    def init_tornado_settings(self) -> None:
        super().init_tornado_settings()
        self.tornado_settings["atelier_notebooks_url"] = self.notebooks_url

    async def init_spawners(self) -> Any:
        found = await super().init_spawners()
        if self.instance_label or self.cluster_instance:
            self._sweeping = asyncio.ensure_future(self._sweep_forever())
        return found

    async def _sweep_forever(self) -> None:
        sweep = self._sweep_of_pods if self.cluster_instance else self._sweep_of_processes
        once = sweep()
        while True:
            try:
                await once()
            except Exception:
                # The backstop must outlive whatever one look at /proc, the database or the
                # cluster threw.
                self.log.exception("sweep of orphans failed")
            await asyncio.sleep(self.sweep_seconds)

    def _sweep_of_processes(self) -> Callable[[], Awaitable[None]]:
        async def once() -> None:
            sweep_orphans(self.instance_label, self.known_spawns())

        return once

    def _sweep_of_pods(self) -> Callable[[], Awaitable[None]]:
        # Here, so that a hub of local processes need not load the cluster's client.
        from .pod_sweep import PodSweep  # noqa: PLC0415
        from .pods import shared  # noqa: PLC0415

        cluster, watches = shared(self.kubeconfig, self.cluster_instance)
        portal = Portal(self.portal_url, self.portal_token)
        sweep = PodSweep(cluster, watches, portal, self.cluster_instance)
        return lambda: sweep.run(self.known_spawns)

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
