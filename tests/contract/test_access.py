"""Who may do what: every operation of the OpenAPI document, tried as everybody (S3, S5).

The answers are compared with ``access.tsv``. When a route was added or a rule changed on purpose:

    ATELIER_WRITE_ACCESS_TABLE=1 python -m pytest tests/contract/test_access.py

then read the difference with ``git diff`` line by line: each cell is a right.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from atelier.audit.models import Record
from atelier.projects.models import Project
from tests.atelier.routes import METHODS, Operation, document, operations
from tests.contract.world import (
    ACTORS,
    NOT_OF_A_PROJECT,
    PARAMETERS,
    World,
    body_of,
    make_world,
    path_of,
)

TABLE = Path(__file__).parent / "access.tsv"
# Open to everybody; each is a way in, or tells whether one is in.
PUBLIC = frozenset(
    {"get_session", "sign_in", "sign_out", "get_password_reset", "use_password_reset"}
)
UNDOCUMENTED = frozenset({"api/v1/schema"})
# These prove themselves by what is in the body, which is tested beside them.
OWN_PROOF = frozenset({"internal/server-tokens"})
SAFE = frozenset({"GET", "HEAD"})

Row = dict[str, int]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def read_table() -> dict[str, Row]:
    lines = TABLE.read_text().splitlines() if TABLE.exists() else ["operation"]
    actors = lines[0].split("\t")[1:]
    rows = (line.split("\t") for line in lines[1:])
    return {name: dict(zip(actors, map(int, cells), strict=True)) for name, *cells in rows}


def write_table(rows: dict[str, Row]) -> None:
    lines = ["\t".join(("operation", *ACTORS))]
    lines += ["\t".join((name, *(str(row[a]) for a in ACTORS))) for name, row in rows.items()]
    TABLE.write_text("\n".join(lines) + "\n")


class _Undo(Exception):
    """Ends the block so that the next actor finds the same world."""


def answer(operation: Operation, world: World, actor: str) -> int:
    """Return the status that ``actor`` gets; whatever it did is undone."""
    status = 0
    try:
        with transaction.atomic():
            status = _ask(operation, world, actor)
            raise _Undo
    except _Undo:
        return status


def _ask(operation: Operation, world: World, actor: str) -> int:
    client, path, body = world.client(actor), path_of(operation, world), body_of(operation, world)
    before = Record.objects.count()
    response = client.generic(
        operation.method,
        path,
        "" if body is None else json.dumps(body),
        "application/json",
        headers={"If-Match": "*"},
    )
    if response.status_code >= 400:
        assert Record.objects.count() == before, f"{operation} as {actor} was refused but did it"
    assert response.status_code < 500, f"{operation} as {actor}: {response.content!r}"
    return int(response.status_code)


# --- the table -----------------------------------------------------------------------------------


def test_s05_everybody_gets_what_the_table_says(world: World) -> None:
    found = {
        str(operation): {actor: answer(operation, world, actor) for actor in ACTORS}
        for operation in sorted(operations(), key=lambda o: (o.path, o.method))
    }
    if os.environ.get("ATELIER_WRITE_ACCESS_TABLE"):
        write_table(found)

    expected = read_table()
    differences = [
        f"{name}: {actor} gets {row[actor]}, the table says {expected.get(name, {}).get(actor)}"
        for name, row in found.items()
        for actor in ACTORS
        if expected.get(name, {}).get(actor) != row[actor]
    ]
    gone = [
        f"{name}: in the table, but there is no such route"
        for name in expected
        if name not in found
    ]
    assert not differences + gone, "\n".join([*differences, *gone, __doc__ or ""])


def rows() -> Iterator[tuple[Operation, Row]]:
    table = read_table()
    return ((o, table[str(o)]) for o in operations() if str(o) in table)


def test_every_path_parameter_is_known() -> None:
    unknown = {n for o in operations() for n in o.names} - set(PARAMETERS)
    assert not unknown, f"add {unknown} to PARAMETERS in tests/contract/world.py"


def test_s03_nobody_gets_in_without_signing_in_but_where_that_is_the_point() -> None:
    let_in = {o.id for o, row in rows() if row["anonymous"] != 401}
    assert let_in | {"sign_in"} == PUBLIC  # its 401 is about the password


def test_s05_a_stranger_gets_404_for_every_object_of_another_project() -> None:
    seen = {
        str(o): row["stranger"]
        for o, row in rows()
        if set(o.names) - NOT_OF_A_PROJECT and row["stranger"] != 404
    }
    assert seen == {}


def test_s05_a_suspended_user_is_nobody() -> None:
    let_in = {str(o) for o, row in rows() if row["suspended"] not in {401, 404, 403}}
    assert let_in == {str(o) for o, _ in rows() if o.id in {"get_session", "sign_out"}}


def test_s05_viewers_and_auditors_change_nothing_of_a_project() -> None:
    let_in = {
        str(o)
        for o, row in rows()
        if o.method not in SAFE
        and set(o.names) - NOT_OF_A_PROJECT
        and (row["viewer"] < 400 or row["auditor"] < 400)
    }
    assert let_in == set()


SMALLER_AND_GREATER = (
    ("stranger", "viewer"), ("viewer", "member"), ("member", "owner"), ("member", "lead"),
)  # fmt: skip


def test_s05_roles_only_ever_add_rights() -> None:
    """Whatever a smaller role may do, a greater one may do as well."""
    lost = [
        f"{o}: {small} may, {great} may not"
        for o, row in rows()
        for small, great in SMALLER_AND_GREATER
        if row[small] < 300 <= row[great] and row[great] in {401, 403, 404}
    ]
    assert lost == []


# --- the routes ----------------------------------------------------------------------------------


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        place = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, place)
        elif isinstance(entry, URLPattern):
            yield place


def _shape(path: str) -> str:
    """A path with every parameter as {}."""
    parts = path.strip("/").split("/")
    return "/".join("{}" if part[:1] in {"<", "{"} else part for part in parts)


def test_s03_every_api_route_is_in_the_openapi_document() -> None:
    documented = {_shape(path) for path in document()["paths"]}
    served = {_shape(r) for r in _routes(get_resolver()) if r.startswith("api/v1/")}
    assert served - documented == UNDOCUMENTED


def test_s03_a_method_that_is_not_documented_is_refused(world: World) -> None:
    client = world.client("admin")
    for path, methods in document()["paths"].items():
        some = next(o for o in operations() if o.path == path)
        for method in set(METHODS) - set(methods):
            response = client.generic(
                method.upper(), path_of(some, world), "{}", "application/json"
            )
            assert response.status_code == 405, f"{method} {path}"


def test_s03_internal_routes_know_no_session(world: World) -> None:
    routes = {r for r in _routes(get_resolver()) if r.startswith("internal/")} - OWN_PROOF
    for route in routes:
        for client in (Client(), world.client("admin")):
            for method in ("GET", "POST"):
                response = client.generic(method, f"/{route}", "{}", "application/json")
                assert response.status_code in {401, 403, 404, 405}, f"{method} {route}"


def test_an_archived_project_is_as_invisible_to_strangers(world: World) -> None:
    Project.objects.filter(pk=world.project.pk).update(archived_at="2026-01-01T00:00Z")

    answers = {
        answer(o, world, "stranger") for o in operations() if set(o.names) - NOT_OF_A_PROJECT
    }

    assert answers == {404}
