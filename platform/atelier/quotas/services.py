"""Reserving, giving back and changing limits.

Every change of ``Line.used`` and the reservations it stands for are one statement, which locks its
lines in the order of their ids: so sums are exact at every instant and nobody waits in a circle.
The hot path, ``reserve``, is that one statement. Callers call it late in their transaction, since
the platform's lines are everybody's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import IntegrityError, connection, transaction

from atelier.accounts.models import User
from atelier.audit import services as audit
from atelier.core.errors import Conflict, PreconditionFailed, QuotaExceeded
from atelier.quotas import hooks
from atelier.quotas.defaults import DEFAULT_LIMITS
from atelier.quotas.models import ANYBODY, LimitChange, Line, Reservation, Scope
from atelier.quotas.sentences import excess
from atelier.toolkit import events

ATTEMPTS = 5

# One statement: lock the lines in the order of their ids, add where the limit allows it, and write
# a reservation for each line that was added to. Fewer rows than asked for: something did not fit.
_RESERVE = """
WITH wanted(scope, scope_id, resource, amount) AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
), taken AS (
    UPDATE quotas_line AS line SET used = line.used + locked.amount
    FROM (
        SELECT l.id, wanted.amount FROM quotas_line AS l
        JOIN wanted USING (scope, scope_id, resource)
        ORDER BY l.id FOR NO KEY UPDATE OF l
    ) AS locked
    WHERE line.id = locked.id
      AND (line."limit" IS NULL OR line.used + locked.amount <= line."limit" OR locked.amount = 0)
    RETURNING line.id, locked.amount
)
INSERT INTO quotas_reservation (holder, line_id, amount, in_use)
SELECT %s, id, amount, false FROM taken
"""

_RELEASE = """
WITH freed AS (
    DELETE FROM quotas_reservation WHERE holder = %s RETURNING line_id, amount
), locked AS (
    SELECT l.id, freed.amount FROM quotas_line AS l JOIN freed ON freed.line_id = l.id
    ORDER BY l.id FOR NO KEY UPDATE OF l
)
UPDATE quotas_line AS line SET used = line.used - locked.amount
FROM locked WHERE line.id = locked.id RETURNING line.scope, line.scope_id
"""

_RESIZE = """
WITH wanted(id, amount, delta) AS (
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[])
), taken AS (
    UPDATE quotas_line AS line SET used = line.used + locked.delta
    FROM (
        SELECT l.id, wanted.amount, wanted.delta FROM quotas_line AS l JOIN wanted USING (id)
        ORDER BY l.id FOR NO KEY UPDATE OF l
    ) AS locked
    WHERE line.id = locked.id
      AND (line."limit" IS NULL OR line.used + locked.delta <= line."limit" OR locked.delta <= 0)
    RETURNING line.id, locked.amount
)
INSERT INTO quotas_reservation (holder, line_id, amount, in_use)
SELECT %s, id, amount, %s FROM taken
ON CONFLICT (holder, line_id) DO UPDATE SET amount = excluded.amount
"""

# Lines that inherit follow their default; locked in the order of their ids like everywhere.
_INHERIT = """
UPDATE quotas_line AS line SET "limit" = %s, version = line.version + 1
FROM (
    SELECT id FROM quotas_line
    WHERE scope = %s AND resource = %s AND inherits AND scope_id <> %s
    ORDER BY id FOR NO KEY UPDATE
) AS heirs
WHERE line.id = heirs.id AND line."limit" IS DISTINCT FROM %s
"""


@dataclass(frozen=True, slots=True)
class Key:
    """Which line."""

    scope: Scope
    scope_id: str
    resource: str


def keys_of(user_id: str, project_id: str, resources: Iterable[str]) -> list[Key]:
    """Return the lines that something of this user in this project counts against."""
    owners = ((Scope.USER, user_id), (Scope.PROJECT, project_id), (Scope.PLATFORM, ""))
    return [Key(scope, scope_id, r) for scope, scope_id in owners for r in sorted(resources)]


def reserve(holder: str, *, user_id: str, project_id: str, claims: Mapping[str, int]) -> None:
    """Take ``claims`` from the user's, the project's and the platform's lines: all or nothing.

    Raises QuotaExceeded naming the line in the way, its limit, what is used and what was asked;
    Conflict when the holder has a reservation already (``resize`` changes one).
    """
    keys = keys_of(user_id, project_id, claims)
    for _ in range(ATTEMPTS):
        if not keys or _try_reserve(holder, keys, claims):
            _announce(keys)
            return
        _create_missing(keys)
        _refuse_excess({key: claims[key.resource] for key in keys})
    # What stood in the way was given back between the attempt and each look at it.
    raise Conflict("TRY_AGAIN")


def resize(holder: str, *, user_id: str, project_id: str, claims: Mapping[str, int]) -> None:
    """Change what ``holder`` has to ``claims``, all or nothing; less always succeeds.

    Raises QuotaExceeded like ``reserve``. A holder without a reservation gets one.
    """
    keys = keys_of(user_id, project_id, claims)
    for _ in range(ATTEMPTS):
        deltas = _try_resize(holder, keys, claims)
        if deltas is None:
            _announce(keys)
            return
        _create_missing(keys)
        _refuse_excess({key: delta for key, delta in deltas.items() if delta > 0})
    raise Conflict("TRY_AGAIN")


def mark_in_use(holder: str) -> None:
    """Count the reservation as used and no longer only as held."""
    Reservation.objects.filter(holder=holder, in_use=False).update(in_use=True)


def release(holder: str) -> bool:
    """Give back everything ``holder`` has; tell whether there was anything. May be repeated."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [holder])
        topics = {_topic(scope, scope_id) for scope, scope_id in cursor.fetchall()}
    if topics:
        events.publish(topics, "quota.changed")
    return bool(topics)


@transaction.atomic
def set_limit(
    *, actor: User | None, line: Line, limit: int | None | Literal["inherit"], expected_version: int
) -> Line:
    """Set, lift (None) or inherit the limit of ``line``; its history and the audit log keep it.

    A limit below what is in use stops nothing. Raises PreconditionFailed when the line is no
    longer at ``expected_version``, Conflict when a default or platform line should inherit.
    """
    if limit == "inherit" and (line.is_default or line.scope == Scope.PLATFORM):
        raise Conflict("NOTHING_TO_INHERIT", field="limit")
    now = Line.objects.select_for_update().get(pk=line.pk)
    if now.version != expected_version:
        raise PreconditionFailed(params={"current": {"limit": now.limit, "version": now.version}})
    before = {"limit": now.limit, "inherits": now.inherits}
    inherits = limit == "inherit"
    now.limit = _default_limit(now) if limit == "inherit" else limit
    now.inherits, now.version = inherits, now.version + 1
    now.save(update_fields=("limit", "inherits", "version"))
    if now.is_default:
        _pass_on(now)
    _record_change(actor, now, before)
    return now


def line_of(key: Key) -> Line:
    """Return the line, or an unsaved one with what it would inherit."""
    known = _lines([key]).get(key)
    if known is not None:
        return known
    line = Line(scope=key.scope, scope_id=key.scope_id, resource=key.resource)
    line.limit = default_of(line)
    return line


def default_of(line: Line) -> int | None:
    """Return the limit that ``line`` would inherit; reads only."""
    default = Line.objects.filter(scope=line.scope, scope_id=ANYBODY, resource=line.resource)
    found = default.values_list("limit", flat=True).first()
    if found is None and not default.exists():
        return DEFAULT_LIMITS.get((Scope(line.scope), ANYBODY, line.resource))
    return found


@transaction.atomic
def create_line(
    *, actor: User | None, scope: Scope, scope_id: str, resource: str, limit: int | None
) -> Line:
    """Give somebody a limit of his own where he has none yet.

    A line that only inherits, made by a first reservation, takes it on; one with a limit of its
    own is a Conflict, to be edited by its version.
    """
    made = Line(scope=scope, scope_id=scope_id, resource=resource, limit=limit, inherits=False)
    existing = {"scope": scope, "scope_id": scope_id, "resource": resource}
    known = Line.objects.filter(**existing).first()
    if known is not None and known.inherits:
        return set_limit(actor=actor, line=known, limit=limit, expected_version=known.version)
    if known is not None or not _insert(made):
        raise Conflict("LINE_EXISTS", {"resource": resource}, field="resource")
    if made.is_default:
        # Lines that were made before anybody thought of a default had no limit to inherit.
        _pass_on(made)
    _record_change(actor, made, {"limit": None, "inherits": True})
    return made


def _insert(line: Line) -> bool:
    Line.objects.bulk_create([line], ignore_conflicts=True)
    return Line.objects.filter(pk=line.pk).exists()


def _pass_on(default: Line) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _INHERIT, [default.limit, default.scope, default.resource, ANYBODY, default.limit]
        )


def _record_change(actor: User | None, line: Line, before: Mapping[str, Any]) -> None:
    LimitChange.objects.create(
        line=line, by=actor, before=before["limit"], after=line.limit, inherits=line.inherits
    )
    after = {"limit": line.limit, "inherits": line.inherits}
    project_id = line.scope_id if line.scope == Scope.PROJECT and not line.is_default else ""
    audit.record(actor, "quota.limit_set", line, before=dict(before), after=after,
                 project_id=project_id)  # fmt: skip
    topic = "platform" if line.is_default else _topic(line.scope, line.scope_id)
    events.publish(["platform", topic], "quota.changed", id=line.pk)
    hooks.limit_set(line)


def _topic(scope: str, scope_id: str) -> str:
    return f"{scope}:{scope_id}" if scope_id else "platform"


def _announce(keys: Iterable[Key]) -> None:
    topics = {_topic(key.scope.value, key.scope_id) for key in keys}
    events.publish(topics, "quota.changed")


def _try_reserve(holder: str, keys: list[Key], claims: Mapping[str, int]) -> bool:
    columns: list[list[Any]] = [
        [key.scope.value for key in keys],
        [key.scope_id for key in keys],
        [key.resource for key in keys],
        [claims[key.resource] for key in keys],
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RESERVE, [*columns, holder])
            if cursor.rowcount == len(keys):
                return True
            transaction.set_rollback(True)
    except IntegrityError as error:  # the holder has some of these lines already
        raise Conflict("ALREADY_RESERVED") from error
    return False


@transaction.atomic
def _try_resize(holder: str, keys: list[Key], claims: Mapping[str, int]) -> dict[Key, int] | None:
    """Return None when done, else what each line would have had to give more."""
    lines = _lines(keys)
    held = {
        line_id: amount
        for line_id, amount in Reservation.objects.select_for_update()
        .filter(holder=holder)
        .order_by("line_id")
        .values_list("line_id", "amount")
    }
    in_use = Reservation.objects.filter(holder=holder, in_use=True).exists()
    wanted = {lines[key].pk: claims[key.resource] for key in keys if key in lines}
    # What is no longer claimed at all goes back too.
    amounts = {line_id: wanted.get(line_id, 0) for line_id in {*held, *wanted}}
    ids = sorted(amounts)
    deltas = [amounts[i] - held.get(i, 0) for i in ids]
    with connection.cursor() as cursor:
        cursor.execute(_RESIZE, [ids, [amounts[i] for i in ids], deltas, holder, in_use])
        if cursor.rowcount == len(ids) and len(lines) == len(keys):
            return None
    transaction.set_rollback(True)
    return {k: claims[k.resource] - (held.get(lines[k].pk, 0) if k in lines else 0) for k in keys}


def _lines(keys: Iterable[Key]) -> dict[Key, Line]:
    wanted = list(keys)
    found = Line.objects.filter(
        scope_id__in={k.scope_id for k in wanted}, resource__in={k.resource for k in wanted}
    )
    by_key = {Key(Scope(line.scope), line.scope_id, line.resource): line for line in found}
    return {key: by_key[key] for key in wanted if key in by_key}


@transaction.atomic
def _create_missing(keys: list[Key]) -> None:
    """Make the lines of ``keys`` that do not exist, with the limit of their default line.

    The default is read under a share lock: an admin who changes it meanwhile waits for this
    transaction and then reaches the new lines too (``_pass_on``), or this one waits and reads his.
    """
    known = _lines(keys)
    # In one order everywhere: two who make the same lines wait for each other's inserts.
    missing = sorted(
        (k for k in keys if k not in known), key=lambda k: (k.scope, k.resource, k.scope_id)
    )
    if not missing:
        return
    lines = [_line_like_default(key) for key in missing]
    Line.objects.bulk_create(lines, ignore_conflicts=True)


def _line_like_default(key: Key) -> Line:
    values = {"scope": key.scope, "scope_id": key.scope_id, "resource": key.resource}
    if key.scope == Scope.PLATFORM:
        limit = DEFAULT_LIMITS.get((key.scope, "", key.resource))
        return Line(**values, limit=limit, inherits=False)
    return Line(**values, limit=_default_limit(Line(**values)), inherits=True)


def _default_limit(line: Line) -> int | None:
    default = {"scope": line.scope, "scope_id": ANYBODY, "resource": line.resource}
    Line.objects.bulk_create(
        [Line(**default, inherits=False,
              limit=DEFAULT_LIMITS.get((Scope(line.scope), ANYBODY, line.resource)))],
        ignore_conflicts=True,
    )  # fmt: skip
    with connection.cursor() as cursor:
        # Not select_for_update: it knows no FOR SHARE, and an exclusive lock would queue everybody.
        cursor.execute(
            'SELECT "limit" FROM quotas_line WHERE scope = %s AND scope_id = %s AND resource = %s '
            "FOR SHARE",
            [line.scope, ANYBODY, line.resource],
        )
        found: int | None = cursor.fetchone()[0]
    return found


def _refuse_excess(asked: Mapping[Key, int]) -> None:
    lines = _lines(asked)
    for key, amount in asked.items():
        line = lines.get(key)
        if line is None or line.limit is None or amount == 0:
            continue
        if line.used + amount > line.limit:
            raise QuotaExceeded(params=excess(line, amount))
