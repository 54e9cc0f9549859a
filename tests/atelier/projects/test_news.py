"""What open pages hear, so that they follow without being reloaded."""

from typing import Any

import pytest

from atelier.accounts import services as accounts
from atelier.accounts.models import User
from atelier.projects import services
from atelier.projects.models import Project, Role
from atelier.toolkit import events


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str]]:
    heard: list[tuple[list[str], str]] = []

    def publish(topics: list[str], kind: str, **data: Any) -> None:
        heard.append((topics, kind))

    monkeypatch.setattr(events, "publish", publish)
    return heard


def test_members_and_the_one_concerned_hear_of_a_new_role(
    alice: User, bob: User, project: Project, news: list[tuple[list[str], str]]
) -> None:
    services.change_role(actor=alice, project=project, username="bob", role=Role.LEAD)

    assert (["project:" + project.pk, "user:" + bob.pk], "membership.changed") in news


def test_members_hear_of_an_archived_project(
    alice: User, project: Project, news: list[tuple[list[str], str]]
) -> None:
    services.archive_project(actor=alice, project=project)

    assert (["project:" + project.pk], "project.changed") in news


def test_the_browsers_of_a_closed_account_are_told(
    admin: User, bob: User, news: list[tuple[list[str], str]]
) -> None:
    accounts.deactivate_user(actor=admin, username="bob")

    assert (["user:" + bob.pk], "session.revoked") in news
