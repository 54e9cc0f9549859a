"""Where higher layers join what happens to projects and members; all run in its transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from atelier.accounts.models import User
from atelier.projects.models import Project
from atelier.toolkit.hooks import Hook, Provider

# (project): a project was founded.
created: Hook[[Project]] = Hook("projects.created")

# (project, actor): what runs in the project is to be stopped.
archived: Hook[[Project, User]] = Hook("projects.archived")

# (project, actor): it is open again.
unarchived: Hook[[Project, User]] = Hook("projects.unarchived")

# (project, actor): it is to go for good; what runs in it is to be stopped and its place cleared.
deleted: Hook[[Project, User]] = Hook("projects.deleted")

# (project): nothing of it is left, and it is about to be forgotten.
gone: Hook[[Project]] = Hook("projects.gone")

# (project, user, actor): what the user runs in the project is to be stopped. Also on a change to
# viewer, who may not run anything.
member_left: Hook[[Project, User, User]] = Hook("projects.member_left")


@dataclass(frozen=True, slots=True)
class PlaceWord:
    """How the place where a project's work runs does; ``code`` says why where it is not ready."""

    state: str
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def _no_places(ids: Collection[str]) -> dict[str, PlaceWord]:
    return {}


# (project ids) -> their places; one that has none of its own is left out.
places: Provider[[Collection[str]], dict[str, PlaceWord]] = Provider("projects.places", _no_places)
