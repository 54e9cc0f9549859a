"""P7: every list route of the OpenAPI document costs the same few statements at any length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.atelier.routes import Operation, document, operations
from tests.contract.crowd import ASKING, FILL, READERS
from tests.contract.world import World, make_world, path_of

pytestmark = pytest.mark.django_db
MOST = 4
# Who asks is one statement with a token and two with a session; both are in the count.
ROWS = (1, 50, 200)


def is_list(operation: Operation) -> bool:
    answer = operation.document["responses"].get("200", {}).get("content", {})
    schema = answer.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    component = document()["components"]["schemas"].get(name, schema)
    return operation.method == "GET" and "results" in component.get("properties", {})


LISTS = [operation for operation in operations() if is_list(operation)]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def cost(client: APIClient, path: str, limit: str) -> tuple[int, int, list[str]]:
    """Return rows shown, statements, and the statements themselves."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path + limit)
    assert answer.status_code == 200, answer.content[:500]
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    return len(answer.json()["results"]), len(statements), statements


def test_p07_every_list_route_is_covered() -> None:
    assert LISTS
    assert {operation.id for operation in LISTS} <= set(FILL), "add a line to contract/crowd.py"


def costs(operation: Operation, world: World) -> list[int]:
    """Return the statements at each number of rows; fails on too few rows, too many statements."""
    client = world.client(READERS.get(operation.id, "member"))
    path = path_of(operation, world).partition("?")[0] + ASKING.get(operation.id, "")
    pages = any(p["name"] == "limit" for p in operation.document.get("parameters", ()))
    limit = ("&" if "?" in path else "?") + "limit=200" if pages else ""
    client.get(path)  # the first request of a session notes that it was seen
    found = []
    for rows in ROWS:
        FILL[operation.id](world, rows)
        shown, statements, said = cost(client, path, limit)
        assert shown >= rows
        assert statements <= MOST, "\n".join(said)
        found.append(statements)
    return found


@pytest.mark.parametrize("operation", [pytest.param(o, id=o.id) for o in LISTS if o.id in FILL])
def test_p07_a_list_costs_the_same_few_statements_however_long_it_is(
    operation: Operation, world: World
) -> None:
    assert len(set(costs(operation, world))) == 1
