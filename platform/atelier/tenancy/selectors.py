"""Reads of places."""

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings

from atelier.projects.hooks import PlaceWord
from atelier.projects.models import Project
from atelier.quotas.selectors import project_limits
from atelier.tenancy.models import STANDING, Place, State
from atelier.workloads.models import Workload
from atelier.workloads.status import IN_ENGINE, Status

# The members of these talk to each other, or are about to.
_TALKING = sorted({*IN_ENGINE, Status.ADMITTED})


def words(project_ids: Collection[str]) -> dict[str, PlaceWord]:
    """Return how the places of these projects do; none where all work runs on this machine.

    A project whose place was never looked after has one that is being prepared.
    """
    if settings.ATELIER_ENGINE != "kubernetes" or not project_ids:
        return {}
    places = Place.objects.filter(pk__in=list(project_ids))
    found = {place.pk: word(place) for place in places}
    return {pk: found.get(pk, _PREPARING) for pk in project_ids}


_PREPARING = PlaceWord(State.PENDING.value, "NAMESPACE_PENDING")


def word(place: Place) -> PlaceWord:
    """Return how one place does."""
    state = State(place.state)
    if state is State.DRAINING:
        return PlaceWord(state.value, place.problem_code or "PLACE_DRAINING", place.problem_params)
    if state is State.READY:
        return PlaceWord(state.value)
    if state is State.GONE or place.problem_code:
        return PlaceWord(state.value, place.problem_code, place.problem_params)
    return PlaceWord(state.value, "NAMESPACE_PENDING")


def troubled() -> tuple[int, list[Place]]:
    """Return how many places there should be, and those that are not as they should be."""
    standing = Place.objects.filter(state__in=sorted(STANDING)).count()
    bad = Place.objects.exclude(problem_code="").exclude(state=State.GONE)
    return standing, list(bad.order_by("problem_since")[:20])


def limits(project_ids: Iterable[str]) -> dict[str, dict[str, int | None]]:
    """Return the limits of these projects by resource."""
    return project_limits(project_ids)


def talking(project_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the live workloads of several members, by project."""
    found: dict[str, list[str]] = {}
    rows = Workload.objects.filter(
        project__in=list(project_ids), replicas__gt=1, status__in=_TALKING
    )
    for project_id, pk in rows.order_by("pk").values_list("project_id", "pk"):
        found.setdefault(project_id, []).append(pk)
    return found


def unplaced() -> list[Project]:
    """Return the projects that have no place yet."""
    missing: Any = Project.objects.filter(place=None, gone_at=None)
    return list(missing)
