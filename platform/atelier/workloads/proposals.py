"""What the kinds' readings of ``POST /check`` share."""

from collections.abc import Mapping
from typing import Any

from atelier.catalog.availability import Unavailable
from atelier.catalog.models import Profile
from atelier.core.errors import InvalidSpec
from atelier.workloads.kinds import Choice


def text(question: Mapping[str, Any], field: str) -> str:
    """Return a field that the question must have; raises InvalidSpec naming it."""
    value = question.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidSpec("FIELD_REQUIRED", field=field)
    return value


def others(
    profiles: list[tuple[Profile, Unavailable | None]], chosen: Profile
) -> tuple[Choice, ...]:
    """Return the profiles that work here beside the chosen one, nearest in size first."""
    size = chosen.total_resources

    def distance(choice: Choice) -> int:
        cpu = abs(choice.resources.cpu_millicores - size.cpu_millicores)
        return cpu + abs(choice.resources.memory_bytes - size.memory_bytes) // 2**20

    working = [
        Choice(profile.pk, profile.name, profile.total_resources)
        for profile, why in profiles
        if why is None and profile.pk != chosen.pk
    ]
    return tuple(sorted(working, key=distance))
