"""Reading workloads: one query a list, rows as dictionaries, words in the reader's language."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from atelier.accounts.hooks import LiveWork
from atelier.accounts.models import User
from atelier.core.amounts import amount_text
from atelier.core.errors import InvalidSpec, NotFound
from atelier.core.reasons import REASONS, describe
from atelier.quotas.models import Line, Scope
from atelier.toolkit.pages import NEWEST, page_around, page_of_newest, size_of
from atelier.toolkit.prepared import Mark, Prepared
from atelier.workloads import kinds
from atelier.workloads.models import Workload, WorkloadEvent
from atelier.workloads.status import LIVE, SHOWN, TERMINAL, WAITING_REASONS, Status, shown_word

FIELDS = (
    "id", "kind", "name", "durable_id", "project_id", "project__slug", "project__name",
    "owner__username", "status", "reason_code", "created", "started_at", "finished_at",
    "stale_since",
)  # fmt: skip
# As text, for orjson to read: Django's own way costs a fifth of a page's time.
JSON_FIELDS = {
    f"{name}_text": Cast(name, TextField()) for name in ("reason_params", "resources", "steps")
}
FILTERS = ("project", "kind", "live", "owner", "status")

Row = dict[str, Any]


def get_workload(user: User, workload_id: str) -> Workload:
    """Return the visible workload; raises NotFound for strangers alike."""
    visible = Workload.objects.visible_to(user).select_related("project", "owner")
    found = visible.filter(pk=workload_id).first()
    if found is None:
        raise NotFound
    return found


def search(
    user: User,
    *,
    project: str | None = None,
    kind: str | None = None,
    live: bool | None = None,
    owner: str | None = None,
    status: str | None = None,
) -> "QuerySet[Workload, Workload]":
    """Return the visible workloads that match; ``project`` is an id or slug, ``owner`` a name."""
    found = Workload.objects.visible_to(user)
    if project is not None:
        found = found.filter(Q(project_id=project) | Q(project__slug=project))
    if kind is not None:
        found = found.filter(kind=kind)
    if live is not None:
        found = found.filter(status__in=LIVE if live else TERMINAL)
    if owner is not None:
        found = found.filter(owner__username=owner)
    if status is not None:
        found = found.filter(shown_as(status))
    return found


Page = tuple[list[Row], dict[str, str | None]]
_prepared = Prepared()


def page(
    user: User, filters: Mapping[str, Any], *, cursor: str | None = None, limit: str | None = None
) -> Page:
    """Return one page of what ``search`` finds, as rows for ``shown``, and its neighbours' cursors.

    The first page, which everybody's dashboard asks for, comes from a prepared statement.
    """
    if cursor:
        return page_of_newest(read(search(user, **filters)), cursor=cursor, limit=limit)
    size = size_of(limit)
    values = {name: value for name, value in filters.items() if value is not None}
    marked: dict[str, Any] = {n: Mark(n) if n in _BY_VALUE else v for n, v in values.items()}
    who = User(pk=Mark("user"), platform_role=user.platform_role, is_active=user.is_active)
    who.bound_project_id = Mark("bound") if user.bound_project_id else ""
    shape = (who.is_active, who.is_auditor, bool(who.bound_project_id), size, *marked.items())
    found = _prepared.rows(
        shape,
        lambda: read(search(who, **marked)).order_by(*NEWEST)[: size + 1],
        values | {"user": user.pk, "bound": user.bound_project_id},
    )
    return page_around(found, size)


# These filters compare with whatever was asked; the others choose among a few conditions.
_BY_VALUE = frozenset({"project", "kind", "owner"})


def shown_as(word: str) -> Q:
    """Return the condition for ``word`` being shown, drawn from ``shown_word`` itself."""
    if word not in SHOWN:
        known = {"name": word[:40], "known": ", ".join(SHOWN)}
        raise InvalidSpec("UNKNOWN_STATUS", known, field="status")
    waiting = Q(reason_code__in=WAITING_REASONS)
    condition = Q(pk__in=[])
    for status in Status:
        plainly = shown_word(status, "") == word
        while_waiting = shown_word(status, "QUOTA_EXCEEDED") == word
        if plainly and while_waiting:
            condition |= Q(status=status)
        elif plainly or while_waiting:
            condition |= Q(status=status) & (~waiting if plainly else waiting)
    return condition


def read(found: "QuerySet[Workload, Any]") -> "QuerySet[Workload, Any]":
    """Return workloads as the rows that ``shown`` takes."""
    asked: QuerySet[Workload, Any] = found.values(*FIELDS, **JSON_FIELDS)
    return asked


def rows(found: "QuerySet[Workload, Any]", lang: str) -> list[Row]:
    """Return workloads as they are shown."""
    return [shown(row, lang) for row in read(found)]


def by_id(ids: Collection[str], lang: str) -> dict[str, Row]:
    """Return workloads as they are shown, by id, in one query; for lists of what they run for."""
    return {row["id"]: row for row in rows(Workload.objects.filter(pk__in=ids), lang)}


def one(workload: Workload, lang: str) -> Row:
    """Return one workload as it is shown, read anew."""
    return rows(Workload.objects.filter(pk=workload.pk), lang)[0]


def shown(row: Mapping[str, Any], lang: str) -> Row:
    """Return a row of ``read`` as the API tells it."""
    code = row["reason_code"]
    steps = orjson.loads(row["steps_text"])
    return {
        "id": row["id"],
        "kind": row["kind"],
        "name": row["name"],
        "durable_id": row["durable_id"],
        "project": {
            "id": row["project_id"],
            "slug": row["project__slug"],
            "name": row["project__name"],
        },
        "owner": row["owner__username"],
        "status": shown_word(row["status"], code),
        "phase": row["status"],
        "reason": reason(code, orjson.loads(row["reason_params_text"]), lang) if code else None,
        "resources": orjson.loads(row["resources_text"]),
        "created": row["created"],
        "started": row["started_at"],
        "finished": row["finished_at"],
        "stale_since": row["stale_since"],
        "progress": progress(row["kind"], row["status"], row["created"], steps),
        "links": links(row),
    }


def reason(code: str, params: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Return a reason as a person reads it; an engine's own code stands for itself."""
    if code not in REASONS:
        return {"code": code, "text": code, "action": ""}
    sentence = describe(code, params, lang)
    return {"code": code, "text": sentence.text, "action": sentence.action}


def links(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses that belong to a row."""
    kind = kinds.find(row["kind"])
    return kind.links(row) if kind is not None else {}


def progress(kind_name: str, status: str, created: datetime, noted: Mapping[str, str]) -> list[Row]:
    """Return the steps of a start, each with how long it took."""
    kind = kinds.find(kind_name) or kinds.Kind
    result: list[Row] = []
    before, state_of_next = created, _state_of_next(status)
    for name in kind.steps:
        at = noted.get(name)
        if at is None:
            result.append({"step": name, "state": state_of_next, "seconds": None})
            state_of_next = "waiting"
            continue
        done = datetime.fromisoformat(at)
        seconds = (done - before).total_seconds()
        result.append({"step": name, "state": "done", "seconds": round(max(0.0, seconds), 1)})
        before = done
    return result


def _state_of_next(status: str) -> str:
    if status in TERMINAL:
        return "failed" if status in {Status.FAILED, Status.REFUSED} else "waiting"
    return "active"


# --- events ---------------------------------------------------------------------------------


def events(workload: Workload) -> "QuerySet[WorkloadEvent, Any]":
    """Return what was said about ``workload`` as rows."""
    said = WorkloadEvent.objects.filter(workload=workload)
    return said.values("id", "at", "code", "params", "text", "source")


def shown_event(row: Mapping[str, Any], lang: str) -> Row:
    """Return one event with its sentence, and the one of the reason that it names."""
    params = row["params"]
    texts = [describe(row["code"], params, lang).text] if row["code"] in REASONS else []
    if params.get("reason"):
        texts.append(reason(params["reason"], params, lang)["text"])
    if row["text"]:
        texts.append(row["text"])
    return {
        "at": row["at"],
        "code": row["code"],
        "text": " ".join(texts) or row["code"],
        "source": row["source"],
    }


# --- what the layers below ask ---------------------------------------------------------------


def live_work_of(user_ids: Collection[str]) -> Mapping[str, list[LiveWork]]:
    """Return what runs for each of these users."""
    found: dict[str, list[LiveWork]] = defaultdict(list)
    live = Workload.objects.live().filter(owner_id__in=user_ids).order_by("-created", "id")
    for user_id, *about in live.values_list("owner_id", "kind", "name", "project__name"):
        found[user_id].append(LiveWork(*about))
    return found


def waiting_for(line: Line) -> list[int]:
    """Return what each queued workload needs of ``line``, first come first."""
    queued = Workload.objects.filter(status=Status.QUEUED).order_by("created", "pk")
    if line.scope == Scope.PROJECT and not line.is_default:
        queued = queued.filter(project_id=line.scope_id)
    if line.scope == Scope.USER and not line.is_default:
        queued = queued.filter(owner_id=line.scope_id)
    needs = (_needs(w, line.resource) for w in queued.iterator(chunk_size=500))
    return [need for need in needs if need]


def _needs(workload: Workload, resource: str) -> int:
    kind = kinds.find(workload.kind)
    if kind is None:
        return 0
    return kind.claims(workload.as_resources, workload.replicas).get(resource, 0)


def resources_text(claims: Mapping[str, int]) -> dict[str, str]:
    """Return claims in words, by language: "2 cores, 8 GiB"."""
    parts = [amount_text(r, n) for r, n in claims.items() if r in {"cpu", "memory"} or ":" in r]
    return {lang: ", ".join(part[lang] for part in parts) for lang in ("en", "fr")}
