"""The OpenID provider for the hub: who a user is, and that a closed account is nobody."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

from atelier.accounts.hooks import projects_of


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library is untyped
    """django-oauth-toolkit's validator with the platform's claims.

    The base class looks at tokens only: without the checks below a deactivated user would stay
    signed in to the hub for as long as his tokens last.
    """

    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {"groups": "groups"}

    # No request argument: only then are these claims in the discovery document.
    def get_additional_claims(self) -> dict[str, Any]:
        """Return the claims beside ``sub``, which is the user's id."""
        return {
            "preferred_username": lambda request: request.user.username,
            "name": lambda request: request.user.display_name,
            "email": lambda request: request.user.email,
            "groups": lambda request: [p.id for p in projects_of(request.user)],
        }

    def validate_bearer_token(self, token: str, scopes: Any, request: Any) -> bool:
        """Accept a token of an active user only."""
        return bool(super().validate_bearer_token(token, scopes, request)) and _is_active(request)

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Refresh for an active user only."""
        valid = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return bool(valid) and _is_active(request)

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Exchange the code of an active user only."""
        valid = super().validate_code(client_id, code, client, request, *args, **kwargs)
        return bool(valid) and _is_active(request)


def _is_active(request: Any) -> bool:
    user = request.user
    return user is not None and bool(user.is_active)
