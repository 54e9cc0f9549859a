"""The provider's views where ours differ."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from oauth2_provider.views import RPInitiatedLogoutView, UserInfoView

from atelier.accounts import services
from atelier.accounts.models import User
from atelier.toolkit.http import plain_problem


class IdentityView(UserInfoView):  # type: ignore[misc]  # untyped library
    """Who the bearer of a token is; the library lets a token in the address pass here alone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse a token in the address, then answer as the base class does."""
        if "access_token" in request.GET:
            return plain_problem(request, 401, "TOKEN_IN_ADDRESS")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class EndSessionView(RPInitiatedLogoutView):  # type: ignore[misc]  # untyped library
    """Sign-out asked for by the hub: as the portal's own, hub tokens and audit included."""

    def do_logout(
        self,
        application: Any = None,
        post_logout_redirect_uri: str | None = None,
        state: str | None = None,
        token_user: Any = None,
    ) -> HttpResponse:
        """End the portal's session first, then redirect as the base class does."""
        user = self.request.user
        if isinstance(user, User) and user.is_active:
            services.sign_out(self.request, user)
        return super().do_logout(  # type: ignore[no-any-return]  # untyped library
            application, post_logout_redirect_uri, state, token_user
        )
