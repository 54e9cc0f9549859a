"""Whatever is sent, the portal does not break: requests made from the OpenAPI document.

As an administrator, so that every route is reached, and with the path parameters of real objects
half of the time, so that more than "not found" is seen. `ATELIER_FUZZ_EXAMPLES=200` looks longer.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from atelier.accounts import services
from tests.atelier.routes import document, operations
from tests.contract.world import PARAMETERS, World, make_world

EXAMPLES = int(os.environ.get("ATELIER_FUZZ_EXAMPLES", "10"))
FAMILIES = sorted({o.path.split("/")[3] for o in operations()})

schema = schemathesis.openapi.from_dict(document())
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A real WSGI request would close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_request_breaks_the_portal(world: World, family: str) -> None:
    _, secret = services.issue_token(
        user=world.users["admin"], name="fuzz", scopes=["admin"], lifetime=timedelta(hours=1)
    )
    headers = {"Authorization": f"Bearer {secret}", "If-Match": "*"}

    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # our own document is valid
        if operation.path.split("/")[3] == family:
            _try(operation, world, headers)


def _try(operation: Any, world: World, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy(), real=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES == 10,  # the same ones in every check; others when asked for more
        suppress_health_check=list(HealthCheck),
    )
    def one(case: Any, real: bool) -> None:
        if real:
            known = {n: PARAMETERS[n](world) for n in case.path_parameters or {}}
            case.path_parameters = known
        mark = transaction.savepoint()
        response = case.call(headers=headers)
        transaction.savepoint_rollback(mark)
        case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

    one()
