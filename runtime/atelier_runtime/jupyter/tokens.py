"""Keeps the platform's token in its file fresh.

The server proves itself with the token the hub gave it and gets an hour's token for its project.
Kernels, SDK and MLflow's client read the file each time they need it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from .boot import write_private

FIRST_SECONDS = 20 * 60.0  # the first token's age is unknown; it lives an hour
SHORTEST_SECONDS = 60.0
RETRY_SECONDS = 30.0
TIMEOUT_SECONDS = 10.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A token and how long it lasts."""

    token: str = field(repr=False)
    expires: datetime


Exchange = Callable[[], Awaitable[Fresh]]


def parse_fresh(body: object) -> Fresh:
    """Read the portal's answer; ValueError for anything else."""
    if not isinstance(body, dict) or not isinstance(body.get("token"), str):
        raise ValueError("not a token")
    expires = datetime.fromisoformat(str(body.get("expires", "")).replace("Z", "+00:00"))
    return Fresh(body["token"], expires if expires.tzinfo else expires.replace(tzinfo=UTC))


def exchange_at(portal_url: str, hub_token: str) -> Exchange:
    """How to get a fresh token from a portal."""
    address = f"{portal_url.rstrip('/')}/internal/server-tokens"
    limit = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)

    async def exchange() -> Fresh:
        async with (
            aiohttp.ClientSession(timeout=limit, raise_for_status=True) as session,
            session.post(address, json={"hub_token": hub_token}, allow_redirects=False) as response,
        ):
            return parse_fresh(await response.json())

    return exchange


def wait_after(fresh: Fresh, now: datetime) -> float:
    """Half of what is left, so that one failed refresh, or ten, still leave time."""
    return max(SHORTEST_SECONDS, (fresh.expires - now).total_seconds() / 2)


async def keep_fresh(file: Path, exchange: Exchange, *, first: float = FIRST_SECONDS) -> None:
    """Replace the file's token again and again, until cancelled."""
    wait = first
    while True:
        await asyncio.sleep(wait)
        wait = await refresh(file, exchange)


async def refresh(file: Path, exchange: Exchange) -> float:
    """Replace the token once; how long to wait for the next time."""
    try:
        fresh = await exchange()
        write_private(file, fresh.token)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # The portal may be restarting, or the workload has ended and we are about to.
        logger.warning("token not refreshed: %s", type(error).__name__)
        return RETRY_SECONDS
    return wait_after(fresh, datetime.fromtimestamp(time.time(), UTC))
