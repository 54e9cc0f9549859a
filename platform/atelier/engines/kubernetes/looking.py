"""Looking at many runs at once with rights in single namespaces: a few lists, side by side.

Runs are picked out by their label, so that a look costs what was asked about and not what there
is. Jobs are listed before their pods: when a Job says that it ended, its pods say how. Each list
becomes observations at once, for what a server tells of a pod is a hundred times their size.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Lock

from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.engines.base import Observation
from atelier.engines.kubernetes import objects, reading
from atelier.engines.kubernetes.client import Cluster, Json
from atelier.engines.kubernetes.errors import ApiError
from atelier.engines.kubernetes.objects import RunName
from atelier.engines.kubernetes.observe import Sight, observe

logger = logging.getLogger(__name__)

AT_ONCE = 250  # names in one selector: about 5 kB of address, which every proxy passes
ABREAST = 4
EVENTS_LAST_SECONDS = 1.0
MOST_EVENTS_OF_ONE = 50


class Looker:
    """Looks at the runs of one installation."""

    def __init__(self, cluster: Cluster, instance: str) -> None:
        self._cluster = cluster
        self._instance = instance
        self._events: dict[str, tuple[float, Mapping[str, list[Json]]]] = {}
        self._lock = Lock()

    def look(
        self, names: Iterable[RunName], nodes: Sequence[Resources] | None
    ) -> dict[str, Observation]:
        """Return what is seen of each; one that could not be looked at is left out.

        Raises EngineUnavailable when none could.
        """
        parts = list(_parts(names))
        if not parts:
            return {}
        with ThreadPoolExecutor(min(ABREAST, len(parts))) as pool:
            looks = list(pool.map(partial(self._look_or_fail, nodes), parts))
        seen = {name: o for look in looks if isinstance(look, dict) for name, o in look.items()}
        failures = [look for look in looks if isinstance(look, EngineUnavailable)]
        if failures and not seen:
            raise failures[0]
        return seen

    def _look_or_fail(
        self, nodes: Sequence[Resources] | None, part: tuple[str, list[RunName]]
    ) -> dict[str, Observation] | EngineUnavailable:
        try:
            seen = self._look(*part)
            return {str(name): observe(name, sight, nodes) for name, sight in seen.items()}
        except EngineUnavailable as error:
            return error
        except ApiError as error:
            # No rights there (yet), or not what was expected: nothing was seen.
            logger.info("namespace not seen", extra={"namespace": part[0], "error": str(error)})
            return EngineUnavailable("NAMESPACE_PENDING")

    def _look(self, namespace: str, names: list[RunName]) -> dict[RunName, Sight]:
        selector = objects.runs_of(self._instance, (n.run for n in names))
        jobs = {
            _run(j): j for j in self._cluster.list("jobs", namespace, labels=selector) if _is_own(j)
        }
        pods: dict[str, list[Json]] = defaultdict(list)
        for pod in self._cluster.list("pods", namespace, labels=selector):
            pods[_run(pod)].append(pod)
        seen = {n: Sight(jobs.get(n.run), tuple(pods[n.run])) for n in names}
        puzzling = [n for n, sight in seen.items() if sight.needs_events]
        if puzzling:
            said = self._said_in(namespace)
            seen |= {n: replace(seen[n], events=_about(seen[n], said)) for n in puzzling}
        return seen

    def _said_in(self, namespace: str) -> Mapping[str, list[Json]]:
        """Return the warnings in a namespace by what they are about.

        Events only explain, so one that is a moment late does no harm, nor one that cannot be read.
        """
        now = time.monotonic()
        with self._lock:
            read_at, said = self._events.get(namespace, (float("-inf"), {}))
        if now - read_at < EVENTS_LAST_SECONDS:
            return said
        found: dict[str, list[Json]] = defaultdict(list)
        try:
            for event in self._cluster.list("events", namespace, fields="type=Warning"):
                found[reading.text(event, "involvedObject", "uid")].append(event)
        except (ApiError, EngineUnavailable) as error:
            logger.info("events not read", extra={"namespace": namespace, "error": str(error)})
        with self._lock:
            self._events[namespace] = (now, found)
        return found


def _parts(names: Iterable[RunName]) -> Iterator[tuple[str, list[RunName]]]:
    by_namespace: dict[str, list[RunName]] = defaultdict(list)
    for name in names:
        by_namespace[name.namespace].append(name)
    for namespace, there in by_namespace.items():
        for start in range(0, len(there), AT_ONCE):
            yield namespace, there[start : start + AT_ONCE]


def _run(thing: Json) -> str:
    return reading.labels(thing).get(objects.RUN, "")


def _is_own(job: Json) -> bool:
    """Tell whether a Job bears the name that its label says: a copy of ours does not."""
    return reading.text(job, "metadata", "name") == _run(job)


def _about(sight: Sight, said: Mapping[str, list[Json]]) -> Sequence[Json]:
    uids = (reading.uid(thing) for thing in (sight.job, *sight.pods) if thing)
    return [event for uid in uids if uid for event in said.get(uid, ())[-MOST_EVENTS_OF_ONE:]]
