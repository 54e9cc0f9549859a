"""The Engine protocol over a Kubernetes cluster, with rights in the projects' namespaces only."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from atelier.core.errors import EngineUnavailable, Refused
from atelier.core.resources import Resources
from atelier.engines.base import Bell, LogPiece, MemberSpec, Observation, Owned, WorkloadSpec
from atelier.engines.kubernetes import logs, manifests, objects, reading, reasons
from atelier.engines.kubernetes.client import Cluster, Json
from atelier.engines.kubernetes.errors import (
    AlreadyExists,
    ApiError,
    Forbidden,
    Missing,
    OverQuota,
)
from atelier.engines.kubernetes.looking import Looker
from atelier.engines.kubernetes.objects import RunName
from atelier.engines.kubernetes.observe import is_over
from atelier.engines.kubernetes.watch import Pace, Watcher

Namespaces = Callable[[], Iterable[str]]
Nodes = Callable[[], Sequence[Resources] | None]


def _unknown() -> None:
    return None


class KubernetesEngine:
    """Runs each workload as an indexed Job in its project's namespace. Safe to share by threads.

    ``namespaces`` tells where runs may be (an account with rights in single namespaces cannot list
    them), ``watched`` in which of them something is going on, ``nodes`` what single nodes have, or
    None while that is not known. A Job has one
    generation: what it runs is fixed, and other resources mean another run.
    """

    def __init__(
        self,
        cluster: Cluster,
        *,
        instance: str,
        namespaces: Namespaces,
        nodes: Nodes = _unknown,
        watched: Namespaces | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._cluster = cluster
        self._instance = instance
        self._namespaces = namespaces
        self._nodes = nodes
        self._looker = Looker(cluster, instance)
        self._watched = watched or namespaces
        self._pace = pace
        self._watchers: set[Watcher] = set()

    # --- the protocol -----------------------------------------------------------------------

    def apply(self, spec: WorkloadSpec, *, generation: int) -> None:
        """Create the run's Service and Job, unless they are there.

        The Service comes first: a Job that is seen is a run that is complete. Raises Refused with
        FOREIGN_OBJECT when something that is not this run has its name.
        """
        job = manifests.job(spec, instance=self._instance, generation=generation)
        service = manifests.service(spec, instance=self._instance)
        identity = objects.run_identity(spec, self._instance)
        if service is not None:
            self._create("services", service, identity)
        self._create("jobs", job, identity)

    def observe(self, names: Iterable[str]) -> Mapping[str, Observation]:
        """Look at all ``names`` with a few lists; one that could not be seen now is left out."""
        return self._looker.look((RunName.parse(name) for name in names), self._nodes())

    def stop(self, name: str, *, grace: timedelta) -> None:
        """Let the cluster end the run's pods; what has ended already stays to be looked at.

        The pods' own grace period counts: the account may not touch pods.
        """
        run = RunName.parse(name)
        job = self._own("jobs", run)
        if job is None or is_over(job) or _is_leaving(job):
            return
        # In the foreground: the Job stays until the last pod is gone, so that the end is seen.
        self._delete("jobs", run, job, "Foreground")

    def forget(self, name: str) -> None:
        """Remove what a finished run left; one that still runs is left alone."""
        run = RunName.parse(name)
        job = self._own("jobs", run)
        if job is not None and not is_over(job) and not _is_leaving(job):
            return
        if (service := self._own("services", run)) is not None:
            self._delete("services", run, service)
        if job is not None and not _is_leaving(job):
            self._delete("jobs", run, job, "Background")

    def inventory(self) -> Iterable[Owned]:
        """Return every run of this installation, by the Jobs and Services that bear its label."""
        found: dict[str, Owned] = {}
        failure: ApiError | None = None
        namespaces = list(self._namespaces())
        for namespace in namespaces:
            try:
                found |= {owned.name: owned for owned in self._held_in(namespace)}
            except ApiError as error:
                failure = error  # no rights there (yet)
        if failure is not None and len(namespaces) == 1:
            raise EngineUnavailable("NAMESPACE_PENDING") from failure
        return list(found.values())

    def why_not(self, members: Iterable[MemberSpec]) -> tuple[str, Mapping[str, Any]] | None:
        """Return why no node could ever hold one of these, or None."""
        nodes = self._nodes()
        if nodes is None:
            return None
        for member in members:
            if why := reasons.never_fits(member.resources, nodes):
                return why.code, why.params
        return None

    def read_log(self, name: str, *, role: str, index: int, offset: int, limit: int) -> LogPiece:
        """Return at most ``limit`` bytes of a member's output from ``offset`` on."""
        run = RunName.parse(name)
        return logs.read(
            self._cluster, self._instance, run, role=role, index=index, offset=offset, limit=limit
        )

    def watch(self, bell: Bell) -> None:
        """Ring for what happens in the watched namespaces, until ``close``."""
        watcher = Watcher(
            lambda: self._cluster.access,
            instance=self._instance,
            namespaces=self._watched,
            bell=bell,
            pace=self._pace,
        )
        self._watchers.add(watcher)
        try:
            watcher.run()
        finally:
            self._watchers.discard(watcher)

    def close(self) -> None:
        """End the watches and close the kept connections."""
        for watcher in list(self._watchers):
            watcher.stop()
        self._cluster.close()

    # --- inside -----------------------------------------------------------------------------

    def _create(self, plural: str, body: Json, identity: Mapping[str, str]) -> None:
        namespace, name = body["metadata"]["namespace"], body["metadata"]["name"]
        try:
            self._cluster.create(plural, namespace, body)
        except AlreadyExists:
            self._require_own(plural, namespace, name, identity)
        except (Missing, Forbidden) as error:
            # Nothing of the project is there yet, or not our rights; or it is just going away.
            raise EngineUnavailable("NAMESPACE_PENDING") from error
        except OverQuota as error:
            raise EngineUnavailable("CLUSTER_QUOTA", {"detail": error.message}) from error
        except ApiError as error:
            raise Refused("ADMISSION_DENIED", {"detail": error.message[:300]}) from error

    def _require_own(
        self, plural: str, namespace: str, name: str, identity: Mapping[str, str]
    ) -> None:
        """Somebody has the name: us, when an earlier answer was lost or a retry met its twin."""
        try:
            found = self._cluster.get(plural, namespace, name)
        except ApiError as error:
            # It has just gone, or cannot be read: another try decides.
            raise EngineUnavailable(params={"detail": f"HTTP {error.status}"}) from error
        if not objects.is_of(reading.labels(found), identity):
            raise Refused("FOREIGN_OBJECT", {"name": f"{namespace}/{name}"})

    def _own(self, plural: str, run: RunName) -> Json | None:
        """Return the object of that name if it is this run's."""
        try:
            found = self._cluster.get(plural, run.namespace, run.run)
        except Missing:
            return None
        except ApiError as error:
            raise EngineUnavailable("NAMESPACE_PENDING") from error
        mine = {objects.INSTANCE: objects.label_value(self._instance), objects.RUN: run.run}
        return found if objects.is_of(reading.labels(found), mine) else None

    def _delete(self, plural: str, run: RunName, found: Json, propagation: str = "") -> None:
        try:
            self._cluster.delete(
                plural, run.namespace, run.run, uid=reading.uid(found), propagation=propagation
            )
        except ApiError as error:
            raise EngineUnavailable("NAMESPACE_PENDING") from error

    def _held_in(self, namespace: str) -> Iterator[Owned]:
        selector = objects.runs_of(self._instance)
        for plural in ("services", "jobs"):
            for thing in self._cluster.list(plural, namespace, labels=selector, metadata_only=True):
                found = reading.labels(thing)
                yield Owned(
                    str(RunName(namespace, reading.text(thing, "metadata", "name"))),
                    found.get(objects.WORKLOAD, ""),
                    reading.moment(thing, "metadata", "creationTimestamp"),
                )


def _is_leaving(thing: Json) -> bool:
    return bool(reading.text(thing, "metadata", "deletionTimestamp"))
