"""Reading limits and what is used of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from atelier.accounts.models import User
from atelier.catalog import capacity
from atelier.core.amounts import amount_text, limit_text
from atelier.core.errors import InvalidSpec, NotFound
from atelier.projects.models import Project
from atelier.quotas.defaults import DEFAULT_LIMITS
from atelier.quotas.hooks import waiting_for
from atelier.quotas.models import ANYBODY, LimitChange, Line, Scope
from atelier.quotas.sentences import excess
from atelier.quotas.services import Key, keys_of

Verdict = Literal["ok", "waits", "never"]
RESOURCE_ORDER = ("cpu", "memory", "notebooks")
_FIELDS = ("id", "scope", "scope_id", "resource", "limit", "inherits", "used", "version", "in_use")


class Room(NamedTuple):
    """How a claim stands to the lines of one scope; ``params`` are those of QUOTA_EXCEEDED."""

    scope: Scope
    verdict: Verdict
    params: Mapping[str, Any]


class Lines:
    """The lines that count for a user in a project, read once and asked often."""

    def __init__(self, user_id: str, project_id: str) -> None:
        self._ids = (user_id, project_id)
        self._lines = _effective_lines(user_id, project_id)

    def headroom(self) -> dict[str, int]:
        """Return what is left of every limited resource; 0 where more is used than allowed."""
        left: dict[str, int] = {}
        for line in self._lines.values():
            if line.limit is not None:
                room = max(0, line.limit - line.used)
                left[line.resource] = min(left.get(line.resource, room), room)
        return left

    def rooms(self, claims: Mapping[str, int]) -> list[Room]:
        """Tell for project, user and platform whether ``claims`` fit now, later or never."""
        worst = {scope: Room(scope, "ok", {}) for scope in _AS_SHOWN}
        for key in keys_of(*self._ids, claims):
            room = _room(key.scope, self._lines.get(key), claims[key.resource])
            if _BADNESS[room.verdict] > _BADNESS[worst[key.scope].verdict]:
                worst[key.scope] = room
        return list(worst.values())

    def fit(self, claims: Mapping[str, int]) -> bool:
        """Tell whether ``claims`` fit now."""
        left = self.headroom()
        return all(not n or n <= left.get(resource, n) for resource, n in claims.items())


def headroom(user_id: str, project_id: str) -> dict[str, int]:
    """Return what is left of every limited resource for this user in this project."""
    return Lines(user_id, project_id).headroom()


def free_for(user_id: str, project_id: str) -> dict[str, int]:
    """Return the most that one start of this user in this project could get now, by resource.

    What limits leave, and never more than the engine could give a single start.
    """
    free = headroom(user_id, project_id)
    largest = capacity.largest(settings.ATELIER_ENGINE)
    most = {} if largest is None else largest.as_claims()
    return {r: min(free.get(r, n), most.get(r, n)) for r, n in {**most, **free}.items()}


_AS_SHOWN = (Scope.PROJECT, Scope.USER, Scope.PLATFORM)
_BADNESS: Mapping[Verdict, int] = {"ok": 0, "waits": 1, "never": 2}


def _room(scope: Scope, line: Line | None, asked: int) -> Room:
    if line is None or line.limit is None or asked == 0 or line.used + asked <= line.limit:
        return Room(scope, "ok", {})
    verdict: Verdict = "never" if asked > line.limit else "waits"
    return Room(scope, verdict, excess(line, asked))


def _effective_lines(user_id: str, project_id: str) -> dict[Key, Line]:
    """Return the lines by key, unsaved where not yet made."""
    wanted = Q(scope_id__in=(user_id, project_id, "", ANYBODY))
    found = list(Line.objects.filter(wanted))
    own = {Key(Scope(x.scope), x.scope_id, x.resource): x for x in found if not x.is_default}
    defaults = {(s, r): limit for (s, scope_id, r), limit in DEFAULT_LIMITS.items() if scope_id}
    defaults |= {(Scope(x.scope), x.resource): x.limit for x in found if x.is_default}
    for (scope, resource), limit in defaults.items():
        key = Key(scope, user_id if scope == Scope.USER else project_id, resource)
        values = {"scope": scope, "scope_id": key.scope_id, "resource": resource, "limit": limit}
        own.setdefault(key, Line(**values))
    return own


def project_limits(project_ids: Iterable[str]) -> dict[str, dict[str, int | None]]:
    """Return the limits of these projects by resource: their own, or those they inherit."""
    ids = list(project_ids)
    wanted = Line.objects.filter(scope=Scope.PROJECT, scope_id__in=[*ids, ANYBODY])
    own: dict[str, dict[str, int | None]] = {pk: {} for pk in ids}
    defaults = {r: limit for (s, i, r), limit in DEFAULT_LIMITS.items() if (s, i) == _ANY_PROJECT}
    for line in wanted:
        (defaults if line.is_default else own[line.scope_id])[line.resource] = line.limit
    return {pk: defaults | lines for pk, lines in own.items()}


_ANY_PROJECT = (Scope.PROJECT, ANYBODY)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a limit would do: how many that wait would start, whether more is used than allowed.

    ``promised`` is the sum of the limits of all of its scope, None when one of them has none.
    """

    would_start: int
    over: bool
    promised: int | None
    code: str
    params: Mapping[str, Any]


def preview(line: Line, limit: int | None) -> Preview:
    """Return what would change if ``line`` had ``limit``; nothing is written."""
    waiting = waiting_for(line)
    used = line.used
    count = _that_fit(waiting, None if limit is None else limit - used)
    already = _that_fit(waiting, None if line.limit is None else line.limit - used)
    over = limit is not None and used > limit
    would_start = max(0, count - already)
    params = {
        "count": would_start,
        "waiting": len(waiting),
        "used_text": amount_text(line.resource, used),
        "limit_text": limit_text(line.resource, limit),
    }
    code = _preview_code(over=over, starts=would_start, waiting=len(waiting))
    return Preview(would_start, over, _promised(line, limit), code, params)


def _preview_code(*, over: bool, starts: int, waiting: int) -> str:
    if over:
        return "LIMIT_OVER"
    if starts:
        return "LIMIT_STARTS"
    return "LIMIT_STARTS_NOTHING" if waiting else "LIMIT_QUIET"


def _that_fit(needs: list[int], room: int | None) -> int:
    if room is None:
        return len(needs)
    sums = accumulate(needs)
    return sum(1 for total in sums if total <= room)


def _promised(line: Line, limit: int | None) -> int | None:
    if line.scope == Scope.PLATFORM or line.is_default:
        return limit
    others = Line.objects.filter(scope=line.scope, resource=line.resource)
    others = others.exclude(scope_id__in=(ANYBODY, line.scope_id))
    if limit is None or others.filter(limit=None).exists():
        return None
    return limit + int(others.aggregate(sum=Sum("limit"))["sum"] or 0)


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
    named: QuerySet[Any, tuple[str, str]]
    if scope == Scope.PROJECT:
        named = Project.objects.live().order_by("name", "id").values_list("id", "name")
    else:
        users = User.objects.filter(is_active=True)
        named = users.order_by("username").values_list("id", "username")
    if scope_id is not None:
        named = named.filter(pk=scope_id)
    return dict(named)


def get_line(line_id: str) -> Line:
    """Return the line; raises NotFound."""
    line = Line.objects.filter(pk=line_id).first()
    if line is None:
        raise NotFound
    return line


def line_row(line: Line) -> dict[str, Any]:
    """Return one line with whose it is."""
    return _rows(Q(pk=line.pk))[0]


def require_somebody(scope: Scope, scope_id: str) -> None:
    """Refuse an id that names nobody of ``scope``."""
    if scope == Scope.PLATFORM:
        is_known = scope_id == ""
    elif scope_id == ANYBODY:
        is_known = True
    else:
        people: Any = Project if scope == Scope.PROJECT else User
        is_known = people.objects.filter(pk=scope_id).exists()
    if not is_known:
        raise InvalidSpec("UNKNOWN_SCOPE", field="scope_id")


def history(line: Line) -> "QuerySet[LimitChange, Any]":
    """Return the changes of a line as rows."""
    changes = LimitChange.objects.filter(line=line)
    return changes.values("id", "at", "by__username", "before", "after", "inherits")


def shown_change(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one change as the API tells it."""
    names = ("at", "before", "after", "inherits")
    return {"by": row["by__username"] or "", **{name: row[name] for name in names}}


def last_change(line: Line) -> dict[str, Any] | None:
    """Return who changed the line last, and when."""
    row = history(line).order_by("-id").first()
    return shown_change(row) if row else None


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
