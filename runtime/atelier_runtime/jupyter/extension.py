"""What the server extension starts: token refresh, reports, `GET /atelier/status`."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from . import overlay
from .activity import Watcher
from .manners import step_back
from .reports import Reporter, keep_at, send_to
from .tokens import exchange_at, keep_fresh


class StatusHandler(JupyterHandler):  # type: ignore[misc]  # jupyter_server is untyped for us
    """Busy or idle, when it would be stopped, and what was installed."""

    @web.authenticated
    def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(self.settings["atelier_status"]()))


class KeepRunningHandler(JupyterHandler):  # type: ignore[misc]
    """The button in JupyterLab's idle warning."""

    @web.authenticated
    async def post(self) -> None:
        kept = await self.settings["atelier_keep_running"]()
        self.set_status(204 if kept else 502)
        self.finish()


class AtelierExtension:
    """The extension's life within one server."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._portal = os.environ.get("ATELIER_URL", "")
        self._token_file = os.environ.get("ATELIER_TOKEN_FILE", "")
        self._tasks: set[asyncio.Task[None]] = set()
        watcher = Watcher(server.web_app.settings, server.web_app.last_activity)
        self._reporter = Reporter(watcher, None)
        if self._can_speak:
            name, file = os.environ.get("JUPYTERHUB_SERVER_NAME", ""), Path(self._token_file)
            self._reporter.send = send_to(self._portal, file)
            self._reporter.keep = keep_at(self._portal, file, name)

    @property
    def _can_speak(self) -> bool:
        return bool(self._portal and self._token_file)

    def load(self) -> None:
        """Add the routes now, start the work once the server runs."""
        app = self._server.web_app
        app.settings["atelier_status"] = self.status
        app.settings["atelier_keep_running"] = self._reporter.keep_running
        base = url_path_join(app.settings["base_url"], "atelier")
        app.add_handlers(
            ".*$",
            [
                (url_path_join(base, "status"), StatusHandler),
                (url_path_join(base, "keep-running"), KeepRunningHandler),
            ],
        )
        self._server.io_loop.add_callback(self._start)

    def status(self) -> dict[str, Any]:
        """The body of `GET /atelier/status`."""
        folder = os.environ.get("VIRTUAL_ENV", "")
        made = overlay.Overlay(Path(folder), overlay.Base.current().version) if folder else None
        return {
            **self._reporter.status(),
            "rescue": "ATELIER_RESCUE" in os.environ,
            "packages": made.installed() if made is not None else [],
        }

    def _start(self) -> None:
        step_back()
        self._keep(self._reporter.run())
        hub_token = self._server.identity_provider.token
        if self._can_speak and hub_token:
            exchange = exchange_at(self._portal, hub_token)
            self._keep(keep_fresh(Path(self._token_file), exchange))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)


def load(server: Any) -> None:
    """Called by jupyter_server."""
    AtelierExtension(server).load()
