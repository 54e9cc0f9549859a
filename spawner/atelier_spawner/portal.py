"""The spawner's client to the portal: asks for plans, rings doorbells.

A plan is asked for with a deadline and never cached; a doorbell is a courtesy that may get lost.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from .plan import PlanInvalid, SpawnPlan, parse_plan

PLAN_TIMEOUT_SECONDS = 5.0
DOORBELL_TIMEOUT_SECONDS = 2.0

logger = logging.getLogger(__name__)


class PortalUnreachable(Exception):
    """The portal did not answer in time, or not with an answer."""


class PlanRefused(Exception):
    """The portal will not have this server started, and says why."""

    def __init__(self, status: int, code: str, detail: str, action: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.action = action


@dataclass(frozen=True, slots=True)
class Question:
    """What a spawner asks: may this server start, and how?"""

    hub_user: str
    server: str
    spawn_id: str
    user_options: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {
            "hub_user": self.hub_user,
            "server": self.server,
            "spawn_id": self.spawn_id,
            "user_options": dict(self.user_options),
        }


class Portal:
    """Speaks to ``/internal`` of one portal with the spawner's token."""

    def __init__(self, url: str, token: str, *, plan_timeout: float = PLAN_TIMEOUT_SECONDS) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._plan_timeout = plan_timeout

    async def spawn_plan(self, question: Question) -> SpawnPlan:
        """The plan for one spawn; the same spawn id gets the same plan."""
        try:
            status, body = await self._post(
                "/internal/spawn-plans", question.to_json(), self._plan_timeout
            )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise PortalUnreachable(type(error).__name__) from error
        if status >= 500:
            raise PortalUnreachable(f"HTTP {status}")
        if status >= 400:
            raise refusal(status, body)
        if status != 200:
            raise PortalUnreachable(f"HTTP {status}")
        try:
            return parse_plan(
                body,
                hub_user=question.hub_user,
                server=question.server,
                spawn_id=question.spawn_id,
            )
        except PlanInvalid as error:
            raise PortalUnreachable(str(error)) from error

    async def namespaces(self) -> list[str]:
        """Where pods of notebooks may be."""
        try:
            status, body = await self._ask("GET", "/internal/namespaces", None, self._plan_timeout)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise PortalUnreachable(type(error).__name__) from error
        names = body.get("namespaces") if status == 200 and isinstance(body, dict) else None
        if not isinstance(names, list):
            raise PortalUnreachable(f"HTTP {status}")
        return [name for name in names if isinstance(name, str)]

    async def ring(self, event: Mapping[str, Any]) -> bool:
        """Tell the portal that something happened; whether it heard is for tests to ask."""
        try:
            status, _ = await self._post(
                "/internal/doorbells", dict(event), DOORBELL_TIMEOUT_SECONDS
            )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # Harmless: the portal's own sweep sees the change a little later.
            logger.warning("doorbell lost: %s (%s)", event.get("event"), type(error).__name__)
            return False
        if status >= 300:
            logger.warning("doorbell refused: %s (HTTP %s)", event.get("event"), status)
        return status < 300

    async def _post(self, path: str, body: object, timeout: float) -> tuple[int, object]:
        return await self._ask("POST", path, body, timeout)

    async def _ask(
        self, method: str, path: str, body: object, timeout: float
    ) -> tuple[int, object]:
        # trust_env stays off: the portal is a neighbour, never behind a proxy. Redirects are
        # not followed either, or the token would go where they point.
        limit = aiohttp.ClientTimeout(total=timeout)
        async with (
            asyncio.timeout(timeout),
            aiohttp.ClientSession(timeout=limit, headers=self._headers) as session,
            session.request(method, self._url + path, json=body, allow_redirects=False) as response,
        ):
            if response.status == 204:
                return 204, None
            raw = await response.read()
            return response.status, _json(raw)


def refusal(status: int, body: object) -> PlanRefused:
    """A portal's problem+json as an exception; odd bodies still say something."""
    problem = body if isinstance(body, dict) else {}
    code = problem.get("code")
    detail = problem.get("detail")
    action = problem.get("action")
    return PlanRefused(
        status,
        code if isinstance(code, str) and code else f"HTTP_{status}",
        detail
        if isinstance(detail, str) and detail
        else "The portal refused to start this server.",
        action if isinstance(action, str) else "",
    )


def _json(raw: bytes) -> object:
    """The body as JSON; an error page is an answer without a body."""
    try:
        parsed: object = json.loads(raw)
    except ValueError:
        return None
    return parsed
