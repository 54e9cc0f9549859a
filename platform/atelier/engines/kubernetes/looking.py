"""Looking at many runs at once with rights in single namespaces: a few lists, side by side.

A few runs are picked out by their label, so that a look costs what was asked about and not what
there is; for many in one namespace its list is read whole. Jobs are listed before their pods: when
a Job says that it ended, its pods say how. Of each page only the essence stays, as text: what a
server tells of a Job is a dozen times that size, and once it is parsed a hundred times.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Lock

import orjson

from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.engines.base import Observation
from atelier.engines.kubernetes import essence, objects, reading
from atelier.engines.kubernetes.client import Cluster, Json
from atelier.engines.kubernetes.errors import ApiError
from atelier.engines.kubernetes.objects import RunName
from atelier.engines.kubernetes.observe import Sight, observe

logger = logging.getLogger(__name__)

AT_ONCE = 250  # names in one selector: about 5 kB of address, which every proxy passes
# For every selector a server goes through all that the namespace holds, so from the third one on
# a whole list is cheaper: what ended is soon forgotten, and most of what is there was asked about.
MOST_BY_NAME = 2 * AT_ONCE
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
            return self._look(nodes, *part)
        except EngineUnavailable as error:
            return error
        except ApiError as error:
            # No rights there (yet), or not what was expected: nothing was seen.
            logger.info("namespace not seen", extra={"namespace": part[0], "error": str(error)})
            return EngineUnavailable("NAMESPACE_PENDING")

    def _look(
        self, nodes: Sequence[Resources] | None, namespace: str, names: list[RunName]
    ) -> dict[str, Observation]:
        jobs = self._jobs(namespace, names)
        unseen = [name for name in names if name.run not in jobs]
        if unseen and len(names) > AT_ONCE:
            # A list of many pages is no proof that something is gone: it gets a second look.
            jobs |= self._jobs(namespace, unseen)
        pods = self._pods(namespace, names)
        said: Mapping[str, list[Json]] | None = None
        seen = {}
        for name in names:
            sight = _sight(jobs.get(name.run), pods.get(name.run, ()))
            if sight.needs_events:
                said = self._said_in(namespace) if said is None else said
                sight = replace(sight, events=_about(sight, said))
            seen[str(name)] = observe(name, sight, nodes)
        return seen

    def _jobs(self, namespace: str, names: list[RunName]) -> dict[str, bytes]:
        """Return the Jobs there are of ``names``, by run."""
        asked = {name.run for name in names}

        def take(job: Json) -> tuple[str, bytes] | None:
            run = _run(job)
            is_asked = run in asked and _is_own(job)
            return (run, orjson.dumps(essence.of_job(job))) if is_asked else None

        selector = self._selector(names)
        return dict(self._cluster.gather("jobs", namespace, take, labels=selector))

    def _pods(self, namespace: str, names: list[RunName]) -> Mapping[str, list[bytes]]:
        """Return the pods of ``names``, by run."""
        asked = {name.run for name in names}

        def take(pod: Json) -> tuple[str, bytes] | None:
            run = _run(pod)
            return (run, orjson.dumps(essence.of_pod(pod))) if run in asked else None

        pods: dict[str, list[bytes]] = defaultdict(list)
        selector = self._selector(names)
        for run, pod in self._cluster.gather("pods", namespace, take, labels=selector):
            pods[run].append(pod)
        return pods

    def _selector(self, names: list[RunName]) -> str:
        by_name = (name.run for name in names) if len(names) <= AT_ONCE else ()
        return objects.runs_of(self._instance, by_name)

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
            for event in self._cluster.gather(
                "events", namespace, essence.of_event, fields="type=Warning"
            ):
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
        size = AT_ONCE if len(there) <= MOST_BY_NAME else len(there)
        for start in range(0, len(there), size):
            yield namespace, there[start : start + size]


def _sight(job: bytes | None, pods: Iterable[bytes]) -> Sight:
    return Sight(None if job is None else orjson.loads(job), tuple(map(orjson.loads, pods)))


def _run(thing: Json) -> str:
    return reading.labels(thing).get(objects.RUN, "")


def _is_own(job: Json) -> bool:
    """Tell whether a Job bears the name that its label says: a copy of ours does not."""
    return reading.text(job, "metadata", "name") == _run(job)


def _about(sight: Sight, said: Mapping[str, list[Json]]) -> Sequence[Json]:
    uids = (reading.uid(thing) for thing in (sight.job, *sight.pods) if thing)
    return [event for uid in uids if uid for event in said.get(uid, ())[-MOST_EVENTS_OF_ONE:]]
