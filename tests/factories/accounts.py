"""Users, tokens and browsers."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from atelier.accounts.models import ApiToken, User

PASSWORD = "correct horse battery"


class _UserFactory(factory.django.DjangoModelFactory[User]):
    """A user with the password ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    display_name = factory.LazyAttribute(lambda u: u.username.title())
    email = factory.LazyAttribute(lambda u: f"{u.username}@example.org")
    uid_number = factory.Sequence(lambda n: 70001 + n)
    password = factory.django.Password(PASSWORD)


UserFactory: Any = _UserFactory


class _ApiTokenFactory(factory.django.DjangoModelFactory[ApiToken]):
    """A token row; its clear text is known to nobody (``accounts.services.issue_token`` tells)."""

    class Meta:
        model = ApiToken

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"token {n}")
    prefix = "atl_abcd"
    hash = factory.Sequence(lambda n: f"{n:064d}")
    scopes = ("read", "write")
    expires = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


ApiTokenFactory: Any = _ApiTokenFactory
