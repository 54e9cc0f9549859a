"""Places follow their projects: made, kept as they should be, cleared.

Hooks write what is wanted and ring; ``sync`` and ``sweep`` run in the tenancy worker, look at what
is there and repair the difference. One place that fails is noted and never stops the others.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from atelier.accounts.models import User
from atelier.accounts.policies import can_administer, require
from atelier.audit import services as audit
from atelier.core.errors import AtelierError, Refused, Unavailable
from atelier.engines.kubernetes.places import Found
from atelier.projects import services as projects
from atelier.projects.models import Project
from atelier.quotas.models import Line, Scope
from atelier.tenancy import selectors
from atelier.tenancy.grounds import Ground, Wish, ground
from atelier.tenancy.models import LEAVING, STANDING, Place, PlaceQuerySet, Sighting, State
from atelier.toolkit import events
from atelier.toolkit.orm import single_flight
from atelier.toolkit.tasks import ring, wake
from atelier.workloads import services as workloads
from atelier.workloads.models import Workload
from atelier.workloads.status import Status

logger = logging.getLogger(__name__)

SYNC = "tenancy.sync"
SWEEP = "tenancy.sweep"
SOON = 3.0  # seconds until a place that is on its way is looked at again


# --- what happens elsewhere ----------------------------------------------------------------------


def when_created(project: Project) -> None:
    """Give a new project its place."""
    place_of(project)
    ring(SYNC, project.pk)


def when_archived(project: Project, actor: User) -> None:
    """Close or open the second wall of an archived or reopened project."""
    ring(SYNC, project.pk)


def when_deleted(project: Project, actor: User) -> None:
    """Have the place cleared once nothing runs in it."""
    place_of(project)
    Place.objects.move(project.pk, from_=STANDING, to=State.DRAINING, **_NO_PROBLEM)
    ring(SYNC, project.pk)


def when_limit_set(line: Line) -> None:
    """Have the second wall follow the first."""
    if line.is_default:
        ring(SWEEP)
    elif line.scope == Scope.PROJECT:
        ring(SYNC, line.scope_id)


def when_admitted(workload: Workload) -> None:
    """Have the members of one workload reach each other."""
    if workload.replicas > 1:
        ring(SYNC, workload.project_id)


@transaction.atomic
def set_internet(*, actor: User, project: Project, allowed: bool) -> Place:
    """Let the pods of a project out to the internet, or not."""
    require_may_change(actor)
    place = place_of(project)
    if place.internet == allowed:
        return place
    place.internet = allowed
    Place.objects.filter(pk=place.pk).update(internet=allowed)
    audit.record(
        actor, "project.internet-set", project,
        before={"internet": not allowed}, after={"internet": allowed},
    )  # fmt: skip
    ring(SYNC, project.pk)
    return place


def require_may_change(actor: User) -> None:
    """Refuse everybody but administrators: what leaves the cluster is for them to say."""
    require(can_administer(actor))


def place_of(project: Project) -> Place:
    """Return the project's place, noted now if it is not yet."""
    return Place.objects.get_or_create(project=project, defaults={"namespace": project.namespace})[
        0
    ]


# --- looking after them --------------------------------------------------------------------------


def ensure(project_id: str) -> None:
    """Bring the place of one project to what it should be, or on with being cleared."""
    project = Project.objects.filter(pk=project_id, gone_at=None).first()
    if project is None:
        return
    place_of(project)
    with single_flight(f"tenancy:{project_id}") as mine:
        if not mine:  # somebody else waits to look and sees what this call would
            return
        where = ground()
        try:
            seen = where.look(project.namespace)
        except Unavailable as error:
            _note_problem([project_id], error)
            return
        _look_after(where, [project_id], seen)


def sweep() -> None:
    """Look after every place: what is missing or was changed by hand is put right."""
    for project in selectors.unplaced():
        place_of(project)
    where = ground()
    ids = list(_looked_after().values_list("pk", flat=True))
    try:
        seen = where.look()
    except Unavailable as error:
        # Unseen is not gone: every place stays what it is known to be.
        _note_problem(ids, error)
        return
    _look_after(where, ids, seen)
    _note_strays(seen)


def _note_strays(seen: Found) -> None:
    """Note the namespaces that say they are ours and belong to no project."""
    named = {name for kind, _, name in seen if kind == "Namespace"}
    known = Place.objects.filter(namespace__in=named).exclude(state=State.GONE)
    strays = sorted(named - set(known.values_list("namespace", flat=True)))
    if Sighting.objects.exclude(strays=strays).update(strays=strays) and strays:
        logger.warning("namespaces without a project", extra={"namespaces": strays})


def _looked_after() -> PlaceQuerySet:
    return Place.objects.filter(state__in=sorted(STANDING | LEAVING))


def _look_after(where: Ground, ids: list[str], seen: Found) -> None:
    """Bring these places on. Rows are read after ``seen``: nothing newer is taken for old."""
    sound: list[str] = []
    for wish in _wishes(ids):
        try:
            if _one(where, wish, seen):
                sound.append(wish.place.pk)
        except AtelierError as error:
            _note_problem([wish.place.pk], error)
        except Exception:  # the outermost loop over places
            logger.exception("place failed", extra={"project": wish.place.pk})
            _note_problem([wish.place.pk], Unavailable("INTERNAL"))
    Place.objects.filter(pk__in=sound).update(synced_at=timezone.now())


def wish(project: Project) -> Wish:
    """Return what the place of one project is to be."""
    return _wishes([project.pk])[0]


def _wishes(ids: list[str]) -> list[Wish]:
    limits, groups = selectors.limits(ids), selectors.talking(ids)
    places = _looked_after().filter(pk__in=ids).select_related("project").order_by("created")
    return [Wish(p, p.project, limits[p.pk], tuple(groups.get(p.pk, ()))) for p in places]


def _one(where: Ground, wish: Wish, seen: Found) -> bool:
    """Bring one place on; tell whether it is as it should be."""
    if wish.place.state == State.DRAINING:
        _clear(where, wish)
        return False
    _bring(where, wish, seen)
    return True


def _bring(where: Ground, wish: Wish, seen: Found) -> None:
    place, digest = wish.place, where.digest(wish)
    brought = where.bring(wish, seen)
    as_known = (place.state, place.uid, place.digest, place.problem_code)
    if as_known == (State.READY, brought.uid, digest, "") and not brought.changed:
        return
    if place.state == State.READY and digest == place.digest and brought.changed:
        logger.warning(
            "place repaired",
            extra={
                "project": place.pk,
                "written": list(brought.written),
                "removed": list(brought.removed),
            },
        )
    moved = Place.objects.move(
        place.pk, from_=STANDING, to=State.READY,
        uid=brought.uid, digest=digest, **_NO_PROBLEM,
    )  # fmt: skip
    if moved and place.state != State.READY:
        _announce(place)
        _wake_what_waits(place)


def _wake_what_waits(place: Place) -> None:
    """Have what was handed to an engine without a place for it looked at now."""
    waiting = (Status.ADMITTED, Status.SUBMITTING)
    for workload in Workload.objects.filter(project=place.pk, status__in=waiting):
        workloads.look_now(workload)


def _clear(where: Ground, wish: Wish) -> None:
    """Remove a place once nothing runs in it, and then its project."""
    place = wish.place
    live = Workload.objects.live().filter(project=place.pk)
    if live.exists():
        # Asked again each time: one may have been on its way in when the project was closed.
        wake(SYNC, place.pk, delay=SOON)
        workloads.stop_all_of(actor=None, reason_code="PROJECT_ARCHIVED", project=wish.project)
        return
    if not where.clear(place):
        wake(SYNC, place.pk, delay=SOON)
        return
    with transaction.atomic():
        if Place.objects.move(place.pk, from_=LEAVING, to=State.GONE, **_NO_PROBLEM):
            projects.finish_deletion(wish.project)


_NO_PROBLEM: dict[str, Any] = {"problem_code": "", "problem_params": {}, "problem_since": None}


def _note_problem(ids: Iterable[str], error: AtelierError) -> None:
    """Note what stands in the way. Only a refusal or a namespace on its way out changes a state."""
    code, params = error.code, dict(error.params)
    if code == "ENGINE_UNREACHABLE":
        code = "CLUSTER_SILENT"  # nothing runs there that could have ended
    mine = Place.objects.filter(pk__in=list(ids))
    new = mine.exclude(problem_code=code)
    changed = list(new.values_list("pk", flat=True))
    new.update(problem_since=timezone.now())
    mine.update(problem_code=code, problem_params=params)
    for pk in ids:
        if isinstance(error, Refused):
            Place.objects.move(pk, from_=STANDING, to=State.FAILED)
        elif code == "NAMESPACE_PENDING":
            Place.objects.move(pk, from_=STANDING, to=State.PENDING)
            wake(SYNC, pk, delay=SOON)
    if changed:
        extra = {"code": code, "count": len(changed), "projects": changed[:5]}
        logger.warning("places have a problem", extra=extra)
    # A place that is ready reads as before.
    for place in Place.objects.filter(pk__in=changed).exclude(state=State.READY):
        _announce(place)


def _announce(place: Place) -> None:
    events.publish([f"project:{place.pk}", "platform"], "project.changed", id=place.pk)
