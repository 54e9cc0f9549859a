"""JSON of accounts."""

import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from rest_framework import serializers

from atelier.accounts.models import ApiToken, Language, PlatformRole, Theme
from atelier.core.errors import InvalidSpec
from atelier.toolkit.serializers import (
    AddressField,
    DisplayNameField,
    StrictSerializer,
    TextField,
)

# Longer ones are not passwords but an attempt to keep the hash function busy.
LONGEST_PASSWORD = 256


class EmailField(TextField):
    """An e-mail address, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no address."""
        value = super().to_internal_value(data)
        try:
            if value:
                validate_email(value)
        except ValidationError as error:
            raise InvalidSpec("BAD_EMAIL", field=self.field_name) from error
        return value


class TimeZoneField(TextField):
    """A name of the time zone database."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no zone."""
        value = super().to_internal_value(data)
        if value not in zoneinfo.available_timezones():
            raise InvalidSpec("BAD_TIME_ZONE", field=self.field_name)
        return value


def _password(**kwargs: Any) -> TextField:
    return TextField(trim_whitespace=False, max_length=LONGEST_PASSWORD, **kwargs)


class MyProjectSerializer(serializers.Serializer[Any]):
    """A project in the switcher."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=("viewer", "member", "lead"))


class PermissionsSerializer(serializers.Serializer[Any]):
    """What the caller may do beyond his projects."""

    create_project = serializers.BooleanField()
    platform_admin = serializers.BooleanField()
    platform_audit = serializers.BooleanField()


class MeSerializer(serializers.Serializer[Any]):
    """The caller."""

    id = serializers.CharField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    email = serializers.CharField()
    platform_role = serializers.ChoiceField(choices=PlatformRole.choices)
    language = serializers.ChoiceField(choices=Language.choices)
    theme = serializers.ChoiceField(choices=Theme.choices)
    time_zone = serializers.CharField()
    created = serializers.DateTimeField()
    projects = MyProjectSerializer(many=True)
    permissions = PermissionsSerializer()


class MeChangeSerializer(StrictSerializer):
    """What one may change about oneself."""

    display_name = DisplayNameField(required=False)
    email = EmailField(required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
    theme = serializers.ChoiceField(choices=Theme.choices, required=False)
    time_zone = TimeZoneField(required=False, max_length=64)


class ConfigSerializer(serializers.Serializer[Any]):
    """What the portal's pages must know before anybody signs in."""

    version = serializers.CharField()
    content_url = serializers.CharField()
    events_url = serializers.CharField()
    engine = serializers.CharField()
    isolation = serializers.ChoiceField(choices=("uid", "none", "kubernetes"))
    languages = serializers.ListField(child=serializers.ChoiceField(choices=Language.choices))


class SessionSerializer(serializers.Serializer[Any]):
    """Whether somebody is signed in, and the configuration."""

    authenticated = serializers.BooleanField()
    user = MeSerializer(allow_null=True)
    config = ConfigSerializer()


class SignInSerializer(StrictSerializer):
    """A name and a password."""

    username = TextField(max_length=150)
    password = _password()


class SignedInSerializer(serializers.Serializer[Any]):
    """Who signed in."""

    user = MeSerializer()


class SignedOutSerializer(serializers.Serializer[Any]):
    """Where to sign out of the hub as well."""

    hub_logout_url = serializers.CharField(allow_null=True)


class PasswordChangeSerializer(StrictSerializer):
    """One's own new password."""

    current_password = _password()
    new_password = _password()
    end_tokens = serializers.BooleanField(required=False, default=False)


class BrowserSerializer(serializers.Serializer[Any]):
    """A signed-in browser."""

    id = serializers.CharField()
    user_agent = serializers.CharField()
    address = serializers.CharField()
    created = serializers.DateTimeField()
    last_seen = serializers.DateTimeField()
    current = serializers.BooleanField()


class TokenSerializer(serializers.Serializer[Any]):
    """A token as it is listed."""

    id = serializers.CharField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=ApiToken.Scope.choices))
    created = serializers.DateTimeField()
    expires = serializers.DateTimeField()
    last_used = serializers.DateTimeField(allow_null=True)


class NewTokenSerializer(TokenSerializer):
    """A token just made, with its clear text for the only time."""

    token = serializers.CharField()


class TokenDraftSerializer(StrictSerializer):
    """A token to be made."""

    name = DisplayNameField()
    scopes = serializers.MultipleChoiceField(choices=ApiToken.Scope.choices, allow_empty=False)
    expires_in_days = serializers.IntegerField(min_value=1, max_value=365, default=90)


class ResetSerializer(serializers.Serializer[Any]):
    """Whose password a reset link sets."""

    username = serializers.CharField()


class NewPasswordSerializer(StrictSerializer):
    """A password chosen through a reset link."""

    new_password = _password()


class UserSerializer(serializers.Serializer[Any]):
    """An account as admins and auditors see it."""

    id = serializers.CharField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    email = serializers.CharField()
    platform_role = serializers.ChoiceField(choices=PlatformRole.choices)
    is_active = serializers.BooleanField()
    created = serializers.DateTimeField()
    last_seen = serializers.DateTimeField(allow_null=True)
    live_workloads = serializers.IntegerField()


class NewUserSerializer(UserSerializer):
    """An account just made, with a link to choose a password where it has none."""

    reset_url = serializers.CharField(allow_null=True)


class UserDraftSerializer(StrictSerializer):
    """An account to be made."""

    username = AddressField()
    display_name = DisplayNameField()
    email = EmailField(required=False, default="")
    platform_role = serializers.ChoiceField(choices=PlatformRole.choices, default="")
    password = _password(required=False, allow_null=True, default=None)


class UserChangeSerializer(StrictSerializer):
    """What an administrator may change of an account."""

    display_name = DisplayNameField(required=False)
    email = EmailField(required=False)
    platform_role = serializers.ChoiceField(choices=PlatformRole.choices, required=False)


class ResetLinkSerializer(serializers.Serializer[Any]):
    """A link that sets a password once."""

    url = serializers.CharField()
    expires = serializers.DateTimeField()


class LiveWorkSerializer(serializers.Serializer[Any]):
    """Something that would stop."""

    kind = serializers.CharField()
    name = serializers.CharField()
    project = serializers.CharField()


class ImpactSerializer(serializers.Serializer[Any]):
    """What a deactivation would stop."""

    live = LiveWorkSerializer(many=True)
