"""The OpenID provider for the hub."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library is untyped
    """django-oauth-toolkit's validator with the platform's claims."""
