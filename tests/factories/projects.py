"""Projects, members and invitations."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from atelier.projects.models import Invitation, Membership, Project, Role
from tests.factories.accounts import UserFactory


class _ProjectFactory(factory.django.DjangoModelFactory[Project]):
    """A project without members."""

    class Meta:
        model = Project

    slug = factory.Sequence(lambda n: f"project-{n}")
    name = factory.LazyAttribute(lambda p: p.slug.replace("-", " ").title())


ProjectFactory: Any = _ProjectFactory


class _MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """A member of a project."""

    class Meta:
        model = Membership

    project = factory.SubFactory(ProjectFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.MEMBER


MembershipFactory: Any = _MembershipFactory


class _InvitationFactory(factory.django.DjangoModelFactory[Invitation]):
    """An open invitation."""

    class Meta:
        model = Invitation

    project = factory.SubFactory(ProjectFactory)
    role = Role.MEMBER
    hash = factory.Sequence(lambda n: f"{n:064d}")
    created_by = factory.SubFactory(UserFactory)
    expires = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


InvitationFactory: Any = _InvitationFactory
