"""What the cluster could give one start: looked at by the tenancy worker, read by everybody."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.utils import timezone

from atelier.catalog.capacity import this_machine
from atelier.core.errors import Unavailable
from atelier.core.resources import Resources
from atelier.engines.kubernetes import capacity
from atelier.tenancy.grounds import ground
from atelier.tenancy.models import Sighting

CLUSTER = "kubernetes"
# Older than this, nobody knows: nothing is refused for it.
TOO_OLD = timedelta(minutes=10)
READ_AGAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The cluster's machines as they were at ``at``."""

    nodes: tuple[Resources, ...]
    at: datetime


def measure() -> None:
    """Look at the nodes and publish what they have."""
    now = timezone.now()
    try:
        nodes = ground().nodes()
    except Unavailable as error:
        code = "CLUSTER_SILENT" if error.code == "ENGINE_UNREACHABLE" else error.code
        Sighting.objects.update_or_create(
            engine=CLUSTER,
            defaults={"tried_at": now, "problem_code": code, "problem_params": dict(error.params)},
        )
        return
    Sighting.objects.update_or_create(
        engine=CLUSTER,
        defaults={
            "nodes": [node.to_json() for node in nodes],
            "seen_at": now,
            "tried_at": now,
            "problem_code": "",
            "problem_params": {},
        },
    )


def last() -> Seen | None:
    """Return what was seen last, None when that is too long ago to count."""
    row = Sighting.objects.filter(engine=CLUSTER).first()
    if row is None or row.seen_at is None or timezone.now() - row.seen_at > TOO_OLD:
        return None
    return Seen(tuple(map(Resources.from_json, row.nodes)), row.seen_at)


def largest(engine: str) -> Resources | None:
    """Return the most of each resource that one machine of ``engine`` has."""
    if engine != CLUSTER:
        return this_machine(engine)
    nodes = machines(engine)
    return capacity.largest(nodes) if nodes else None


def machines(engine: str) -> list[Resources] | None:
    """Return what each machine of ``engine`` has; None while nobody knows."""
    if engine != CLUSTER:
        mine = this_machine(engine)
        return None if mine is None else [mine]
    seen = _kept.get()
    return list(seen.nodes) if seen and seen.nodes else None


class _Kept:
    """The last look, read again after some seconds: lists of profiles ask often."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until = 0.0
        self._seen: Seen | None = None

    def get(self) -> Seen | None:
        with self._lock:
            if time.monotonic() >= self._until:
                self._seen = last()
                self._until = time.monotonic() + READ_AGAIN_SECONDS
            return self._seen

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0


_kept = _Kept()
forget = _kept.forget
