"""How the cluster and the worker of its namespaces do, as that worker published it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from atelier.core.amounts import amount_text
from atelier.core.reasons import LANGUAGES, describe
from atelier.core.resources import Resources
from atelier.engines.kubernetes import capacity
from atelier.health.findings import Bounds, Finding, State
from atelier.tenancy import selectors
from atelier.tenancy.capacity import CLUSTER
from atelier.tenancy.models import Sighting
from atelier.tenancy.tasks import EVERY_SECONDS

# It looks every half minute; three missed looks are worth a word.
TENANCY = Bounds(slow=3 * EVERY_SECONDS, dead=9 * EVERY_SECONDS)


def look(now: datetime) -> list[Finding]:
    """Return how the cluster does, and the worker that alone may make namespaces there."""
    last = Sighting.objects.filter(engine=CLUSTER).first()
    if last is None:
        unknown = Finding("cluster", State.DEGRADED, "HEALTH_NOT_LOOKED")
        return [unknown, Finding("tenancy", State.DOWN, "HEALTH_NEVER_SEEN")]
    silent_for = (now - last.tried_at).total_seconds()
    return [_cluster(last, silent_for, now), _tenancy(last, silent_for)]


def _cluster(last: Sighting, silent_for: float, now: datetime) -> Finding:
    if TENANCY.judge(silent_for) is State.DOWN or (last.seen_at is None and not last.problem_code):
        return Finding("cluster", State.DEGRADED, "HEALTH_NOT_LOOKED")
    if last.problem_code:
        return Finding("cluster", State.DOWN, last.problem_code, last.problem_params)
    nodes = [Resources.from_json(node) for node in last.nodes]
    seconds = round((now - last.seen_at).total_seconds()) if last.seen_at else 0
    state = State.OK if nodes else State.DOWN
    params = {"nodes": len(nodes), "whole": _whole(nodes), "seconds": max(0, seconds)}
    return Finding("cluster", state, "HEALTH_CLUSTER", params)


def _whole(nodes: list[Resources]) -> dict[str, str]:
    """Return what all nodes have together in words, by language."""
    parts = [amount_text(name, n) for name, n in capacity.total(nodes).as_claims().items()]
    return {lang: ", ".join(part[lang] for part in parts) for lang in LANGUAGES}


def _tenancy(last: Sighting, silent_for: float) -> Finding:
    state = TENANCY.judge(silent_for)
    count, troubled = selectors.troubled()
    if state is State.OK and last.strays and not troubled:
        names = {"count": len(last.strays), "names": ", ".join(last.strays[:5])}
        return Finding("tenancy", State.DEGRADED, "HEALTH_STRAYS", names)
    if state is not State.OK or not troubled:
        return Finding("tenancy", state, "HEALTH_SEEN", {"seconds": round(silent_for)})
    first = troubled[0]
    params = {
        "count": len(troubled),
        "all": count,
        "problem": _sentence(first.problem_code, first.problem_params),
    }
    return Finding("tenancy", State.DEGRADED, "HEALTH_PLACES", params)


def _sentence(code: str, params: Mapping[str, Any]) -> dict[str, str]:
    return {lang: describe(code, params, lang).text for lang in LANGUAGES}
