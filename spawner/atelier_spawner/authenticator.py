"""Signing in at the hub: the portal is the provider, and its word ends sessions too.

Three things the stock authenticator leaves open (stack.md, SSO):

- A refused refresh must end every browser session of the user, also those that hold an OAuth
  token for a running server, not only the one request that noticed.
- Membership and activity are asked again at each refresh, not only at login.
- A logout at the hub logs out at the portal, without a question and without signing straight in.

A portal that does not answer ends nothing: unseen is not gone (quality.md R8).
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlencode

from jupyterhub import orm
from oauthenticator.generic import GenericOAuthenticator
from oauthenticator.oauth2 import OAuthLogoutHandler
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPError
from traitlets import Float, Unicode

# Each running server asks the hub about a browser at most every 30 s, the hub asks the portal at
# most every 25 s: whatever the portal decides is in force within 55 s. Stack.md's 60 s would add
# up to 90.
REFRESH_SECONDS = 25
PROVIDER_TIMEOUT_SECONDS = 5.0
PROVIDER_REST_SECONDS = 10.0
HUB_CLIENT = "jupyterhub"


class AtelierLogoutHandler(OAuthLogoutHandler):  # type: ignore[misc]  # oauthenticator is untyped
    """Ends the hub's session, then the portal's."""

    _id_token = ""

    async def default_handle_logout(self) -> None:
        # Read first: afterwards nobody knows who this was.
        user = self.current_user
        state = await user.get_auth_state() if user is not None else None
        self._id_token = str((state or {}).get("id_token") or "")
        await super().default_handle_logout()

    async def render_logout_page(self) -> None:
        self.redirect(self.authenticator.end_session_address(self._id_token))


class AtelierAuthenticator(GenericOAuthenticator):  # type: ignore[misc]
    """OpenID Connect with the portal."""

    logout_handler = AtelierLogoutHandler

    end_session_url = Unicode(help="The provider's RP-initiated logout.").tag(config=True)
    post_logout_url = Unicode(help="Where a browser lands after logout.").tag(config=True)
    provider_timeout = Float(PROVIDER_TIMEOUT_SECONDS).tag(config=True)
    provider_rest = Float(
        PROVIDER_REST_SECONDS, help="How long a provider that did not answer is left alone."
    ).tag(config=True)

    _provider_away_until = 0.0

    def __init__(self, **kwargs: Any) -> None:
        self._flights: dict[str, asyncio.Future[Any]] = {}
        super().__init__(**kwargs)

    def end_session_address(self, id_token: str) -> str:
        """The provider's logout; with the id token it neither asks nor forgets whom it means."""
        query = {"client_id": self.client_id, "post_logout_redirect_uri": self.post_logout_url}
        if id_token:
            query["id_token_hint"] = id_token
        return f"{self.end_session_url}?{urlencode(query)}"

    async def refresh_user(self, user: Any, handler: Any = None, **kwargs: Any) -> Any:
        """Ask the provider whether this user may still be here; False ends all their sessions.

        Requests that arrive meanwhile share the answer: refresh tokens rotate, and a second use
        of one would look like a theft.
        """
        flight = self._flights.get(user.name)
        if flight is None:
            flight = asyncio.ensure_future(self._refresh(user, handler))
            self._flights[user.name] = flight
            flight.add_done_callback(lambda _: self._flights.pop(user.name, None))
        return await asyncio.shield(flight)

    async def _refresh(self, user: Any, handler: Any) -> Any:
        state = await user.get_auth_state()
        if not state:
            # Never signed in with a browser (servers started by the portal), or already ended:
            # there is no session to refresh, and the server's own token is the portal's to end.
            return True
        if time.monotonic() < self._provider_away_until:
            return True
        try:
            async with asyncio.timeout(self.provider_timeout):
                model = await self._ask_provider(state, handler)
        except (TimeoutError, OSError, HTTPError) as error:
            self._provider_away_until = time.monotonic() + self.provider_rest
            self.log.warning("provider away, sessions kept: %s", type(error).__name__)
            return True
        if model is None or not await self.check_allowed(user.name, model):
            await self.end_sessions(user)
            return False
        # Saved here and not only by the hub afterwards: the next refresh must find the new token.
        await user.save_auth_state(model["auth_state"])
        return model

    async def _ask_provider(self, state: dict[str, Any], handler: Any) -> dict[str, Any] | None:
        """A fresh model of the user, or None when the provider knows them no more."""
        token = state.get("token_response") or {}
        model = await self._model_for(token)
        if model is not None or not state.get("refresh_token"):
            return model
        params = self.build_refresh_token_request_params(state["refresh_token"])
        try:
            renewed = await self.get_token_info(handler, params)
        except (HTTPClientError, web.HTTPError) as error:
            _raise_if_away(error)
            return None
        return await self._model_for({"refresh_token": state["refresh_token"], **renewed})

    async def _model_for(self, token: dict[str, Any]) -> dict[str, Any] | None:
        try:
            model: dict[str, Any] = await self._token_to_auth_model(token)
        except HTTPClientError as error:
            _raise_if_away(error)
            return None
        return model

    async def end_sessions(self, user: Any) -> None:
        """End what browsers hold: the hub's cookie and the tokens of running servers.

        Cookies of the hub name the user, not the session, so all browsers sign in again; those
        with a session at the portal do not notice.
        """
        database = user.db
        user.orm_user.cookie_id = orm.new_token()
        for token in list(user.orm_user.api_tokens):
            if token.client_id != HUB_CLIENT:
                database.delete(token)
        database.commit()
        await user.save_auth_state(None)
        self.log.info("sessions ended for %s", user.name)


class ProviderAway(OSError):
    """The provider failed, which says nothing about the user."""


def _raise_if_away(error: HTTPClientError | web.HTTPError) -> None:
    code = error.code if isinstance(error, HTTPClientError) else error.status_code
    if code >= 500:
        raise ProviderAway(str(code)) from error
