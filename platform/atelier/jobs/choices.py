"""What a job may be run with, and the question whether it would fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from atelier.accounts.models import User
from atelier.catalog import selectors as catalog
from atelier.catalog.availability import Unavailable
from atelier.catalog.choosing import Offers, chosen, find, first_usable
from atelier.catalog.models import Environment, Profile
from atelier.core.errors import InvalidSpec
from atelier.jobs.drafts import Draft
from atelier.projects.models import Project
from atelier.projects.policies import require_submit
from atelier.projects.selectors import get_project
from atelier.workloads.kinds import Obstacle, Proposal
from atelier.workloads.proposals import others, text

USUAL_START_SECONDS = 3
KUBERNETES = "kubernetes"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a draft comes to: an environment or an image, and a profile."""

    environment: Environment | None
    image: str
    profile: Profile


def pick(project: Project, draft: Draft) -> Chosen:
    """Return what ``draft`` names; raises InvalidSpec naming the field.

    Without environment and image, the first environment that works here is taken.
    """
    profile = chosen(profiles(project), draft.profile, "profile")
    if draft.image:
        refuse_image(draft)
        return Chosen(None, draft.image, profile)
    offers = environments(project)
    if draft.environment:
        return Chosen(chosen(offers, draft.environment, "environment"), "", profile)
    return Chosen(first_usable(offers, "environment"), "", profile)


def refuse_image(draft: Draft) -> None:
    """Raise InvalidSpec where an image cannot be named beside or instead of an environment."""
    if draft.environment:
        raise InvalidSpec("ENVIRONMENT_OR_IMAGE", field="image")
    if settings.ATELIER_ENGINE != KUBERNETES:
        raise InvalidSpec("IMAGE_NEEDS_KUBERNETES", field="image")


def environments(project: Project) -> Offers[Environment]:
    """Return the environments ``project`` may choose, each with why a job cannot run in it."""
    return [(e, why or _without_image(e)) for e, why in catalog.available_environments(project)]


def _without_image(environment: Environment) -> Unavailable | None:
    if settings.ATELIER_ENGINE == KUBERNETES and not environment.image:
        return Unavailable("ENVIRONMENT_WITHOUT_IMAGE", {})
    return None


def profiles(project: Project) -> Offers[Profile]:
    """Return the profiles ``project`` may choose, each with why a job cannot have it."""
    return [(p, why or _with_executors(p)) for p, why in catalog.available_profiles(project)]


def _with_executors(profile: Profile) -> Unavailable | None:
    return Unavailable("NO_SPARK_IN_JOBS", {}) if profile.spark_executors else None


def propose(user: User, question: Mapping[str, Any]) -> Proposal:
    """Read the question whether a job would fit; obstacles are told, not raised."""
    project = get_project(user, text(question, "project"))
    require_submit(user, project)
    obstacles = list(_of_software(project, question))
    offers = profiles(project)
    profile, why = find(offers, text(question, "profile"), "profile")
    if why is not None:
        obstacles.append(Obstacle(why.code, why.params, condition="engine"))
    return Proposal(
        project=project,
        resources=profile.as_resources,
        obstacles=tuple(obstacles),
        choices=others(offers, profile),
        usual_start_seconds=USUAL_START_SECONDS,
    )


def _of_software(project: Project, question: Mapping[str, Any]) -> list[Obstacle]:
    image, environment = question.get("image", ""), question.get("environment", "")
    if image:
        refuse_image(Draft((), "", image=image, environment=environment))
        return []
    offers = environments(project)
    if not environment:
        first_usable(offers, "environment")
        return []
    _, why = find(offers, environment, "environment")
    return [] if why is None else [Obstacle(why.code, why.params, condition="image")]
