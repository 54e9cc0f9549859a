"""Quota tests count with made-up holders; nothing here knows workloads.

- ``limit``: ``limit(scope, scope_id, resource, amount)`` sets a limit directly.
"""

from collections.abc import Callable

import pytest

from atelier.quotas.models import Line, Scope

Limit = Callable[[Scope, str, str, int | None], Line]


@pytest.fixture
def limit(db: None) -> Limit:
    def set_it(scope: Scope, scope_id: str, resource: str, amount: int | None) -> Line:
        line, _ = Line.objects.update_or_create(
            scope=scope,
            scope_id=scope_id,
            resource=resource,
            defaults={"limit": amount, "inherits": False},
        )
        return line

    return set_it
