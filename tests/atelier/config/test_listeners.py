"""Who listens to the event stream: real sessions, tokens and memberships."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from atelier.accounts import services
from atelier.accounts.hooks import Cause
from atelier.accounts.models import User
from atelier.config.listeners import identify
from atelier.projects.models import Project
from atelier.toolkit.stream import Listener
from tests.factories.projects import ProjectFactory

# The stream's threads close their connections, which a test's open transaction would not survive.
pytestmark = pytest.mark.django_db(transaction=True)


def cookies_of(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def test_a_browser_hears_its_own_news_and_its_projects(alice: User, project: Project) -> None:
    ProjectFactory.create()

    listener = identify(cookies_of(alice), None)

    assert listener == Listener(alice.pk, frozenset({f"user:{alice.pk}", f"project:{project.pk}"}))


def test_those_who_see_all_hear_the_platform_too(admin: User, auditor: User, carol: User) -> None:
    for user, hears in ((admin, True), (auditor, True), (carol, False)):
        listener = identify(cookies_of(user), None)
        assert listener is not None
        assert ("platform" in listener.topics) is hears


def test_s15_an_ended_session_a_closed_account_and_nonsense_hear_nothing(
    alice: User, admin: User, carol: User
) -> None:
    signed_out, closed = cookies_of(alice), cookies_of(carol)
    services.end_access(alice, Cause.PASSWORD_CHANGED)
    services.deactivate_user(actor=admin, username="carol")

    for cookies in (signed_out, closed, {}, {settings.SESSION_COOKIE_NAME: "x" * 5000}):
        assert identify(cookies, None) is None
    assert identify({}, "atl_nonsense") is None
    assert identify({}, "") is None


def test_a_program_listens_with_its_token_until_it_is_revoked(alice: User) -> None:
    token, secret = services.issue_token(
        user=alice, name="script", scopes=["read"], lifetime=timedelta(days=1)
    )
    heard = identify({}, secret)
    services.revoke_token(user=alice, token_id=token.pk)

    assert heard is not None
    assert heard.user_id == alice.pk
    assert identify({}, secret) is None


def test_a_workloads_token_hears_its_project_only(
    alice: User, admin: User, project: Project, django_db_blocker: Any
) -> None:
    other = ProjectFactory.create()
    for user in (alice, admin):
        other.memberships.get_or_create(user=user, defaults={"role": "member"})
    _, secret = services.issue_workload_token(
        user=admin, project_id=project.pk, workload_id="w1", lifetime=timedelta(hours=1)
    )
    _, mine = services.issue_workload_token(
        user=alice, project_id=other.pk, workload_id="w2", lifetime=timedelta(hours=1)
    )

    stranger, member = identify({}, secret), identify({}, mine)

    assert stranger is not None
    assert stranger.topics == {f"user:{admin.pk}"}
    assert member is not None
    assert member.topics == {f"user:{alice.pk}", f"project:{other.pk}"}
