"""What a notebook may be started with, and the question whether it would fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from atelier.accounts.models import User
from atelier.catalog import selectors as catalog
from atelier.catalog.availability import Unavailable
from atelier.catalog.models import Choice as CatalogChoice
from atelier.catalog.models import Environment, Profile
from atelier.core.errors import InvalidSpec
from atelier.projects.models import Project
from atelier.projects.policies import can_submit, require
from atelier.projects.selectors import get_project
from atelier.workloads.kinds import Choice, Obstacle, Proposal

USUAL_START_SECONDS = 6
LONGEST_ID = 30

C = TypeVar("C", bound=CatalogChoice)


@dataclass(frozen=True, slots=True)
class Draft:
    """An environment and a profile that this project may use together."""

    environment: Environment
    profile: Profile


def pick(project: Project, *, environment: str, profile: str) -> Draft:
    """Return the offered choices with these ids or slugs; raises InvalidSpec naming the field."""
    return Draft(
        _usable(
            _find(catalog.available_environments(project), environment, "environment"),
            "environment",
        ),
        _usable(_find(catalog.available_profiles(project), profile, "profile"), "profile"),
    )


Offers = list[tuple[C, Unavailable | None]]  # what is offered, with why it cannot be used


def _find(offers: Offers[C], wanted: str, field: str) -> tuple[C, Unavailable | None]:
    for choice, why in offers:
        if wanted in {choice.pk, choice.slug}:
            return choice, why
    raise InvalidSpec("NOT_OFFERED", {"name": wanted[:LONGEST_ID]}, field=field)


def _usable(offer: tuple[C, Unavailable | None], field: str) -> C:
    choice, why = offer
    if why is not None:
        raise InvalidSpec(why.code, why.params, field=field)
    return choice


def pick_or_first(project: Project, environment: str, profile: str) -> Draft:
    """Return these choices, or the first that work here where they are not offered any more."""
    try:
        return pick(project, environment=environment, profile=profile)
    except InvalidSpec:
        return first_offered(project)


def first_offered(project: Project) -> Draft:
    """Return the first choices that work here; raises InvalidSpec when there are none."""
    environments = [e for e, why in catalog.available_environments(project) if why is None]
    profiles = [p for p, why in catalog.available_profiles(project) if why is None]
    if not environments or not profiles:
        field = "profile" if environments else "environment"
        raise InvalidSpec("NOTHING_OFFERED", field=field)
    return Draft(environments[0], profiles[0])


def propose(user: User, question: Mapping[str, Any]) -> Proposal:
    """Read the question whether a notebook would fit; obstacles are told, not raised."""
    project = get_project(user, _text(question, "project"))
    require(can_submit(user, project))
    obstacles = []
    environments, profiles = (
        catalog.available_environments(project), catalog.available_profiles(project),
    )  # fmt: skip
    _, why = _find(environments, _text(question, "environment"), "environment")
    if why is not None:
        obstacles.append(Obstacle(why.code, why.params, condition="image"))
    profile, why = _find(profiles, _text(question, "profile"), "profile")
    if why is not None:
        obstacles.append(Obstacle(why.code, why.params, condition="engine"))
    return Proposal(
        project=project,
        resources=profile.total_resources,
        obstacles=tuple(obstacles),
        choices=_others(profiles, profile),
        usual_start_seconds=USUAL_START_SECONDS,
    )


def _others(profiles: list[tuple[Profile, Any]], chosen: Profile) -> tuple[Choice, ...]:
    """Return the profiles that work here, nearest in size first."""
    size = chosen.total_resources

    def distance(choice: Choice) -> int:
        cpu = abs(choice.resources.cpu_millicores - size.cpu_millicores)
        return cpu + abs(choice.resources.memory_bytes - size.memory_bytes) // 2**20

    others = [
        Choice(profile.pk, profile.name, profile.total_resources)
        for profile, why in profiles
        if why is None and profile.pk != chosen.pk
    ]
    return tuple(sorted(others, key=distance))


def _text(question: Mapping[str, Any], field: str) -> str:
    value = question.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidSpec("FIELD_REQUIRED", field=field)
    return value
