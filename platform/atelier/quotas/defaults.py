"""The limits of a fresh install; an admin changes them like any other line."""

from typing import Any

from atelier.quotas.models import ANYBODY, Line, Scope

GIB = 2**30

# None: no limit. A resource that is not here has none until an admin sets one.
DEFAULT_LIMITS: dict[tuple[Scope, str, str], int | None] = {
    (Scope.USER, ANYBODY, "notebooks"): 10,
    (Scope.USER, ANYBODY, "cpu"): 32_000,
    (Scope.USER, ANYBODY, "memory"): 128 * GIB,
    (Scope.PROJECT, ANYBODY, "notebooks"): 100,
    (Scope.PROJECT, ANYBODY, "cpu"): 128_000,
    (Scope.PROJECT, ANYBODY, "memory"): 512 * GIB,
    (Scope.PLATFORM, "", "notebooks"): None,
    (Scope.PLATFORM, "", "cpu"): None,
    (Scope.PLATFORM, "", "memory"): None,
}


def ensure_default_lines(**_: Any) -> None:
    """Write the lines of DEFAULT_LIMITS that are missing; existing ones keep what was set."""
    Line.objects.bulk_create(
        [
            Line(scope=scope, scope_id=scope_id, resource=resource, limit=limit, inherits=False)
            for (scope, scope_id, resource), limit in DEFAULT_LIMITS.items()
        ],
        ignore_conflicts=True,
    )
