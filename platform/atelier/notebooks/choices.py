"""What a notebook may be started with, and the question whether it would fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atelier.accounts.models import User
from atelier.catalog import selectors as catalog
from atelier.catalog.choosing import chosen, find, first_usable
from atelier.catalog.models import Environment, Profile
from atelier.core.errors import InvalidSpec
from atelier.projects.models import Project
from atelier.projects.policies import require_submit
from atelier.projects.selectors import get_project
from atelier.workloads.kinds import Obstacle, Proposal
from atelier.workloads.proposals import others, text

USUAL_START_SECONDS = 6


@dataclass(frozen=True, slots=True)
class Draft:
    """An environment and a profile that this project may use together."""

    environment: Environment
    profile: Profile


def pick(project: Project, *, environment: str, profile: str) -> Draft:
    """Return the offered choices with these ids or slugs; raises InvalidSpec naming the field."""
    return Draft(
        chosen(catalog.available_environments(project), environment, "environment"),
        chosen(catalog.available_profiles(project), profile, "profile"),
    )


def pick_or_first(project: Project, environment: str, profile: str) -> Draft:
    """Return these choices, or the first that work here where they are not offered any more."""
    try:
        return pick(project, environment=environment, profile=profile)
    except InvalidSpec:
        return first_offered(project)


def first_offered(project: Project) -> Draft:
    """Return the first choices that work here; raises InvalidSpec when there are none."""
    return Draft(
        first_usable(catalog.available_environments(project), "environment"),
        first_usable(catalog.available_profiles(project), "profile"),
    )


def propose(user: User, question: Mapping[str, Any]) -> Proposal:
    """Read the question whether a notebook would fit; obstacles are told, not raised."""
    project = get_project(user, text(question, "project"))
    require_submit(user, project)
    obstacles = []
    environments, profiles = (
        catalog.available_environments(project), catalog.available_profiles(project),
    )  # fmt: skip
    _, why = find(environments, text(question, "environment"), "environment")
    if why is not None:
        obstacles.append(Obstacle(why.code, why.params, condition="image"))
    profile, why = find(profiles, text(question, "profile"), "profile")
    if why is not None:
        obstacles.append(Obstacle(why.code, why.params, condition="engine"))
    return Proposal(
        project=project,
        resources=profile.total_resources,
        obstacles=tuple(obstacles),
        choices=others(profiles, profile),
        usual_start_seconds=USUAL_START_SECONDS,
    )
