"""The provider's views where ours differ."""

from typing import Any

from django.http import HttpResponse
from oauth2_provider.views import RPInitiatedLogoutView

from atelier.accounts import services
from atelier.accounts.models import User


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
