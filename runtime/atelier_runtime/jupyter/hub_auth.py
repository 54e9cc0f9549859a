"""Who may use this server: JupyterHub's OAuth, made to hold through a hub restart.

The hub is asked at most every 30 s per browser. While it restarts nobody can be asked, and a
running notebook must not notice: an answer of the last minute counts until the hub is back. A
refusal is never overruled, and a browser the hub did not confirm within the minute waits.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError
from traitlets import Float, default

CACHE_SECONDS = 30
HUB_AWAY = 500  # what HubAuth raises when it cannot connect

# Kept few: one entry a browser session, and a server has a handful.
LONGEST_MEMORY = 256


class AtelierHubOAuth(HubOAuth):  # type: ignore[misc]  # jupyterhub ships no types
    """HubOAuth with a short cache and a little patience."""

    grace_seconds = Float(60.0, help="How old a confirmation may be while the hub is away.")
    patience_seconds = Float(10.0, help="How long a request waits for the hub to come back.")
    retry_seconds = Float(0.25)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._confirmed: dict[str, tuple[float, Any]] = {}

    @default("cache_max_age")
    def _short_cache(self) -> int:
        return CACHE_SECONDS

    async def _check_hub_authorization(
        self, url: str, api_token: str, cache_key: str | None = None, use_cache: bool = True
    ) -> Any:
        deadline = time.monotonic() + self.patience_seconds
        while True:
            try:
                answer = await super()._check_hub_authorization(
                    url, api_token, cache_key=cache_key, use_cache=use_cache
                )
            except HTTPError as error:
                if error.status_code < HUB_AWAY:
                    raise
                known = self._confirmed.get(api_token)
                if known is not None and time.monotonic() - known[0] < self.grace_seconds:
                    return known[1]
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(self.retry_seconds)
            else:
                self._remember(api_token, answer)
                return answer

    def _remember(self, api_token: str, answer: Any) -> None:
        # Out and in again: the oldest confirmation is the first to go. A cached answer does not
        # get younger by being read, so only fresh ones would extend the grace; the cache is
        # shorter than the grace, and both together bound it to 90 s of a hub that is away.
        self._confirmed.pop(api_token, None)
        if answer is not None:
            self._confirmed[api_token] = (time.monotonic(), answer)
        while len(self._confirmed) > LONGEST_MEMORY:
            del self._confirmed[next(iter(self._confirmed))]
