"""Fixtures for all tests.

- ``alice`` leads ``project``, ``bob`` is a member, ``vera`` a viewer; ``carol`` is a stranger.
- ``admin`` and ``auditor`` hold the platform roles and are in no project.
- ``project``: the project of alice, bob and vera.
- ``api``: ``api(user)`` is a client signed in as ``user``; ``api(None)`` an anonymous one.
"""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from atelier.accounts.models import User
from atelier.projects.models import Project, Role
from tests.factories.accounts import UserFactory
from tests.factories.projects import MembershipFactory, ProjectFactory

Api = Callable[[User | None], APIClient]


@pytest.fixture
def project(db: None) -> Project:
    return ProjectFactory.create(slug="churn", name="Churn")


@pytest.fixture
def alice(project: Project) -> User:
    return _member(project, "alice", Role.LEAD)


@pytest.fixture
def bob(project: Project) -> User:
    return _member(project, "bob", Role.MEMBER)


@pytest.fixture
def vera(project: Project) -> User:
    return _member(project, "vera", Role.VIEWER)


@pytest.fixture
def carol(db: None) -> User:
    return UserFactory.create(username="carol")


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory.create(username="ada", platform_role="admin")


@pytest.fixture
def auditor(db: None) -> User:
    return UserFactory.create(username="otto", platform_role="auditor")


@pytest.fixture
def api() -> Api:
    def client(user: User | None) -> APIClient:
        made = APIClient()
        if user is not None:
            made.force_login(user)
        return made

    return client


def _member(project: Project, username: str, role: Role) -> User:
    user = UserFactory.create(username=username)
    MembershipFactory.create(project=project, user=user, role=role)
    return user
