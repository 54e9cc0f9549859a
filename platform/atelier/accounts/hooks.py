"""Where higher layers join what happens to a user, and answer what accounts cannot know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from atelier.accounts.models import User
from atelier.toolkit.hooks import Hook, Provider


class Cause(StrEnum):
    """Why access ended."""

    DEACTIVATED = "deactivated"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # a cause, not a password
    ROLE_CHANGED = "role_changed"


# Runs in the transaction that ends a user's sessions: database work and outbox messages only.
access_ended: Hook[[User, Cause]] = Hook("accounts.access_ended")


@dataclass(frozen=True, slots=True)
class LiveWork:
    """Something of a user that runs now and would stop with his account."""

    kind: str
    name: str
    project: str


def _no_work(user_ids: Collection[str]) -> Mapping[str, list[LiveWork]]:
    return {}


# (user ids) -> live work by user id, in one query.
live_work: Provider[[Collection[str]], Mapping[str, list[LiveWork]]] = Provider(
    "accounts.live_work", _no_work
)


@dataclass(frozen=True, slots=True)
class MyProject:
    """A project as its member sees it in the switcher."""

    id: str
    slug: str
    name: str
    role: str


def _no_projects(user: User) -> list[MyProject]:
    return []


# (user) -> the live projects he is a member of, in one query.
projects_of: Provider[[User], list[MyProject]] = Provider("accounts.projects_of", _no_projects)
