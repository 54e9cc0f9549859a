"""Reading limits and what is used of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from atelier.accounts.models import User
from atelier.projects.models import Project
from atelier.quotas.defaults import DEFAULT_LIMITS
from atelier.quotas.models import ANYBODY, Line, Scope
from atelier.quotas.sentences import excess
from atelier.quotas.services import Key, keys_of

Verdict = Literal["ok", "waits", "never"]
RESOURCE_ORDER = ("cpu", "memory", "notebooks")
_FIELDS = ("id", "scope", "scope_id", "resource", "limit", "inherits", "used", "version", "in_use")


@dataclass(frozen=True, slots=True)
class Room:
    """How a claim stands to the lines of one scope; ``params`` are those of QUOTA_EXCEEDED."""

    scope: Scope
    verdict: Verdict
    params: Mapping[str, Any]


def headroom(user_id: str, project_id: str) -> dict[str, int]:
    """Return what is left of every limited resource for this user in this project.

    A resource without any limit is left out; what is over its limit has 0 left.
    """
    limits = {
        (line.scope, line.resource): (line.limit, line.used)
        for line in _effective_lines(user_id, project_id)
    }
    left: dict[str, int] = {}
    for (_, resource), (limit, used) in limits.items():
        if limit is not None:
            left[resource] = min(left.get(resource, limit), max(0, limit - used))
    return left


def room_for(user_id: str, project_id: str, claims: Mapping[str, int]) -> list[Room]:
    """Tell for project, user and platform whether ``claims`` fit now, later or never."""
    lines = {
        Key(Scope(line.scope), line.scope_id, line.resource): line
        for line in _effective_lines(user_id, project_id)
    }
    worst: dict[Scope, Room] = {}
    for key in keys_of(user_id, project_id, claims):
        line = lines.get(key)
        room = _room(key.scope, line, claims[key.resource])
        known = worst.get(key.scope)
        if known is None or _BADNESS[room.verdict] > _BADNESS[known.verdict]:
            worst[key.scope] = room
    order = (Scope.PROJECT, Scope.USER, Scope.PLATFORM)
    return [worst.get(scope, Room(scope, "ok", {})) for scope in order]


_BADNESS: Mapping[Verdict, int] = {"ok": 0, "waits": 1, "never": 2}


def _room(scope: Scope, line: Line | None, asked: int) -> Room:
    if line is None or line.limit is None or asked == 0 or line.used + asked <= line.limit:
        return Room(scope, "ok", {})
    verdict: Verdict = "never" if asked > line.limit else "waits"
    return Room(scope, verdict, excess(line, asked))


def _effective_lines(user_id: str, project_id: str) -> list[Line]:
    """Return the lines that count for this user in this project, unsaved where not yet made."""
    wanted = Q(scope_id__in=(user_id, project_id, "", ANYBODY))
    found = list(Line.objects.filter(wanted))
    own = {Key(Scope(x.scope), x.scope_id, x.resource): x for x in found if not x.is_default}
    defaults = {(s, r): limit for (s, scope_id, r), limit in DEFAULT_LIMITS.items() if scope_id}
    defaults |= {(Scope(x.scope), x.resource): x.limit for x in found if x.is_default}
    for (scope, resource), limit in defaults.items():
        scope_id = user_id if scope == Scope.USER else project_id
        key = Key(scope, scope_id, resource)
        own.setdefault(key, Line(scope=scope, scope_id=scope_id, resource=resource, limit=limit))
    return list(own.values())


def usage_of(scope: Scope, scope_id: str) -> list[dict[str, Any]]:
    """Return the lines of one scope as members see them: limit, used, reserved, in use."""
    rows = _rows(Q(scope=scope, scope_id__in=(scope_id, ANYBODY)))
    own = {row["resource"]: row for row in rows if row["scope_id"] != ANYBODY}
    for row in rows:
        if row["scope_id"] == ANYBODY:
            own.setdefault(row["resource"], row)
    return [
        {name: row[name] for name in ("resource", "limit", "used", "reserved", "in_use")}
        for row in _sorted(own.values())
    ]


def table(scope: Scope, scope_id: str | None = None) -> list[dict[str, Any]]:
    """Return the admin's quota table: the defaults first, then everybody with a name.

    Projects and users without a line of their own are there too, with what they inherit, so that
    a limit can be given to them.
    """
    where = Q(scope=scope) if scope_id is None else Q(scope=scope, scope_id__in=(scope_id, ANYBODY))
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(where):
        lines.setdefault(row["scope_id"], []).append(row)
    defaults = lines.pop(ANYBODY, [])
    tables = [] if scope == Scope.PLATFORM else [_entry(scope, ANYBODY, "", defaults, [])]
    names = _names(scope, scope_id)
    tables += [_entry(scope, i, name, lines.get(i, []), defaults) for i, name in names.items()]
    return tables


def _entry(
    scope: Scope,
    scope_id: str,
    name: str,
    lines: list[dict[str, Any]],
    defaults: list[dict[str, Any]],
) -> dict[str, Any]:
    own = {line["resource"] for line in lines}
    inherited = [
        {**line, "id": None, "inherits": True, "version": 0, "used": 0, "reserved": 0, "in_use": 0}
        for line in defaults
        if line["resource"] not in own
    ]
    shown = ("id", "resource", "limit", "inherits", "used", "reserved", "in_use", "version")
    return {
        "scope": scope.value,
        "scope_id": scope_id,
        "name": name,
        "defaults": scope_id == ANYBODY,
        "lines": [{n: line[n] for n in shown} for line in _sorted([*lines, *inherited])],
    }


def _names(scope: Scope, scope_id: str | None) -> dict[str, str]:
    if scope == Scope.PLATFORM:
        return {"": ""}
    if scope == Scope.PROJECT:
        named = Project.objects.live().order_by("name", "id").values_list("id", "name")
    else:
        users = User.objects.filter(is_active=True)
        named = users.order_by("username").values_list("id", "username")
    if scope_id is not None:
        named = named.filter(pk=scope_id)
    return dict(named)


def _rows(where: Q) -> list[dict[str, Any]]:
    in_use = Coalesce(Sum("reservations__amount", filter=Q(reservations__in_use=True)), 0)
    rows = list(Line.objects.filter(where).annotate(in_use=in_use).values(*_FIELDS))
    for row in rows:
        row["in_use"] = int(row["in_use"])  # SUM of bigint is numeric
        row["reserved"] = row["used"] - row["in_use"]
    return rows


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    def place(row: dict[str, Any]) -> tuple[int, str]:
        known = row["resource"] in RESOURCE_ORDER
        return (RESOURCE_ORDER.index(row["resource"]) if known else 9, row["resource"])

    return sorted(rows, key=place)
