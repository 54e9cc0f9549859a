"""Tells the portal what the server is doing, and hears when it would be stopped as idle."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from .activity import Activity, Watcher

LOOK_SECONDS = 15.0
REPORT_SECONDS = 60.0
TIMEOUT_SECONDS = 10.0

logger = logging.getLogger(__name__)

Send = Callable[[Activity], Awaitable[dict[str, Any]]]


def send_to(portal_url: str, token_file: Path) -> Send:
    """How to report to a portal."""
    address = f"{portal_url.rstrip('/')}/internal/server-reports"
    limit = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)

    async def send(activity: Activity) -> dict[str, Any]:
        token = token_file.read_text("ascii").strip()
        async with (
            aiohttp.ClientSession(timeout=limit, raise_for_status=True) as session,
            session.post(
                address,
                json=activity.to_json(),
                headers={"Authorization": f"Bearer {token}"},
                allow_redirects=False,
            ) as response,
        ):
            answer = await response.json()
            return answer if isinstance(answer, dict) else {}

    return send


def keep_at(portal_url: str, token_file: Path, server: str) -> Callable[[], Awaitable[None]]:
    """How to ask a portal not to stop this server as idle."""
    address = f"{portal_url.rstrip('/')}/api/v1/notebooks/{server}/keep-running"
    limit = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)

    async def keep() -> None:
        token = token_file.read_text("ascii").strip()
        async with (
            aiohttp.ClientSession(timeout=limit, raise_for_status=True) as session,
            session.post(address, headers={"Authorization": f"Bearer {token}"}, json={}),
        ):
            return

    return keep


@dataclass
class Reporter:
    """Looks often, reports once a minute, and at once when work ended."""

    watcher: Watcher
    send: Send | None
    keep: Callable[[], Awaitable[None]] | None = None
    activity: Activity = field(default_factory=Activity)
    answer: dict[str, Any] = field(default_factory=dict)
    _reported: float = float("-inf")

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.turn()
            await asyncio.sleep(LOOK_SECONDS)

    async def turn(self) -> None:
        """One look, and a report if one is due."""
        was_busy = self.activity.busy
        self.activity = self.watcher.look(datetime.fromtimestamp(time.time(), UTC))
        ended = was_busy and not self.activity.busy
        if ended or time.monotonic() - self._reported >= REPORT_SECONDS:
            await self._report()

    async def keep_running(self) -> bool:
        """Ask the portal to let the server run on; whether it agreed."""
        if self.keep is None:
            return False
        try:
            await self.keep()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            logger.warning("the portal did not keep this server: %s", type(error).__name__)
            return False
        await self._report()
        return True

    async def _report(self) -> None:
        self._reported = time.monotonic()
        if self.send is None:
            return
        try:
            self.answer = await self.send(self.activity)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The portal goes without one report; the next is a minute away.
            logger.info("report not delivered: %s", type(error).__name__)

    def status(self) -> dict[str, Any]:
        """For people and for the page: the activity and what the portal made of it."""
        return {
            **self.activity.to_json(),
            "idle_stop_at": self.answer.get("idle_stop_at"),
            "idle_minutes": self.answer.get("idle_minutes"),
        }
