"""The same troubles with a true API server behind them, and the API server itself away."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from atelier.core.errors import EngineUnavailable
from atelier.engines.base import OVER, Phase
from atelier.engines.kubernetes import KubernetesEngine
from atelier.engines.kubernetes.client import path_of
from tests.atelier.engines.kubernetes.conftest import BRISK, Rung, watching
from tests.atelier.engines.kubernetes.faults import Faulty, RealApi, loses_reply, says
from tests.atelier.engines.kubernetes.place import Place, foreign_job, place
from tests.atelier.engines.rigs import Rig, Task

if TYPE_CHECKING:
    from tests.cluster.cluster import Cluster

GRACE = timedelta(seconds=1)


@pytest.fixture(scope="module")
def there() -> Iterator[Place]:
    with place() as made:
        yield made


@pytest.fixture
def faulty(there: Place) -> Iterator[Faulty]:
    made = Faulty(RealApi(there.worker))
    yield made
    made.down()


@pytest.fixture
def engine(there: Place, faulty: Faulty) -> KubernetesEngine:
    return there.engine(faulty.cluster(read_seconds=10.0), pace=BRISK)


def phase_of(engine: KubernetesEngine, name: str) -> Phase:
    return engine.observe([name])[name].phase


def until_running(engine: KubernetesEngine, name: str) -> None:
    Rig.wait_for(lambda: phase_of(engine, name), lambda phase: phase == Phase.RUNNING)


@pytest.mark.cluster
def test_r02_the_servers_own_conflict_tells_ours_from_foreign(
    there: Place, engine: KubernetesEngine
) -> None:
    spec = there.spec("wtwice-1", Task())
    engine.apply(spec, generation=0)
    uid = there.cluster.get("jobs", there.namespace, "wtwice-1")["metadata"]["uid"]

    engine.apply(spec, generation=0)

    assert there.cluster.get("jobs", there.namespace, "wtwice-1")["metadata"]["uid"] == uid
    engine.stop(spec.name, grace=GRACE)


@pytest.mark.cluster
def test_r02_a_deletion_meets_only_the_object_that_was_looked_at(
    there: Place, engine: KubernetesEngine
) -> None:
    there.cluster.create("jobs", there.namespace, foreign_job("wother-1"))

    there.worker.delete("jobs", there.namespace, "wother-1", uid="that-of-another")

    there.cluster.get("jobs", there.namespace, "wother-1")


@pytest.mark.cluster
def test_r03_a_reply_lost_after_the_commit_makes_one_job(
    there: Place, faulty: Faulty, engine: KubernetesEngine
) -> None:
    spec = there.spec("wlost-1", Task(members=2))
    for plural in ("/services", "/jobs"):
        with faulty.fault(loses_reply, method="POST", path=plural):
            pytest.raises(EngineUnavailable, engine.apply, spec, generation=0)
    engine.apply(spec, generation=0)

    until_running(engine, spec.name)
    assert len([o for o in engine.inventory() if o.name == spec.name]) == 1
    assert len(engine.observe([spec.name])[spec.name].members) == 2
    engine.stop(spec.name, grace=GRACE)


@pytest.mark.cluster
def test_r08_watches_go_on_from_their_version_through_broken_connections(
    there: Place, faulty: Faulty, engine: KubernetesEngine
) -> None:
    spec = there.spec("wwatch-1", Task(exit_code=0, prints="x"))
    with watching(engine) as bell:
        Rig.wait_for(lambda: [r for r in faulty.requests if r.is_watch], lambda w: len(w) >= 2)
        for _ in range(3):
            faulty.break_connections()
            time.sleep(0.3)
        with faulty.fault(says(410, "Expired"), watch=True, times=2):
            faulty.break_connections()
            Rig.wait_for(lambda: bell.anything, bool)
        engine.apply(spec, generation=0)

        Rig.wait_for(lambda: phase_of(engine, spec.name), lambda p: p == Phase.SUCCEEDED)
        Rig.wait_for(lambda: list(bell.names), lambda names: spec.name in names)


@pytest.mark.cluster
def test_r08_a_version_the_server_does_not_keep_begins_anew(
    there: Place, engine: KubernetesEngine
) -> None:
    """What a true server answers to a version of long ago, or of another cluster."""
    for version in ("1", "999999999999"):
        query = {"watch": "1", "resourceVersion": version, "timeoutSeconds": "1"}
        with there.worker.stream(path_of("jobs", there.namespace), query) as response:
            said = response.read(2000)
        if said:  # an old one may still be kept on a young cluster
            assert b'"code":410' in said or b'"type"' in said or b"Timeout" in said


@pytest.mark.cluster_fault
def test_r08_the_api_server_away_and_back(cluster: "Cluster") -> None:
    """No run is called gone, everything is seen again, and the watch rings, all by themselves."""
    with place() as there:
        engine = there.engine(pace=BRISK)
        spec, short = there.spec("waway-1", Task()), there.spec("wshort-1", Task(exit_code=3))
        engine.apply(spec, generation=0)
        until_running(engine, spec.name)
        with watching(engine) as bell:
            with cluster.without_api():
                for ask in (
                    lambda: engine.observe([spec.name]),
                    lambda: engine.apply(short, generation=0),
                    lambda: engine.stop(spec.name, grace=GRACE),
                    lambda: list(engine.inventory()),
                ):
                    with pytest.raises(EngineUnavailable):
                        ask()
            rings_again(bell, engine, there)

            assert phase_of(engine, spec.name) == Phase.RUNNING
            engine.apply(short, generation=0)
            Rig.wait_for(lambda: phase_of(engine, short.name), lambda p: p == Phase.FAILED)


@pytest.mark.cluster_fault
def test_r08_the_store_away_and_back(cluster: "Cluster") -> None:
    """An API server without its store answers with errors or not at all: nothing is gone."""
    with place() as there:
        engine = there.engine()
        spec = there.spec("wetcd-1", Task())
        engine.apply(spec, generation=0)
        until_running(engine, spec.name)

        with cluster.without("etcd", hard=True):
            give_up = time.monotonic() + 20
            while time.monotonic() < give_up:
                try:
                    assert phase_of(engine, spec.name) == Phase.RUNNING
                except EngineUnavailable:
                    break

        def seen_again() -> Phase | None:
            try:
                return phase_of(engine, spec.name)
            except EngineUnavailable:
                return None

        assert Rig.wait_for(seen_again, lambda phase: phase is not None) == Phase.RUNNING


@pytest.mark.cluster
def test_r09_a_member_whose_node_is_lost_starts_again(
    there: Place, engine: KubernetesEngine
) -> None:
    """The mark that the cluster sets when a node goes, then the deletion: as it happens there."""
    spec = there.spec("wnode-1", Task())
    engine.apply(spec, generation=0)
    until_running(engine, spec.name)
    first = engine.observe([spec.name])[spec.name].members[0].uid

    pod = there.cluster.list("pods", there.namespace, labels="atelier.dev/run=wnode-1")[0]
    path = path_of("pods", there.namespace, pod["metadata"]["name"], "status")
    lost = {"type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager"}
    there.cluster._json(
        "PATCH",
        path,
        body={"status": {"conditions": [lost]}},
        how="application/strategic-merge-patch+json",
    )
    there.cluster.delete("pods", there.namespace, pod["metadata"]["name"])
    seen = []

    def again() -> bool:
        seen.append(engine.observe([spec.name])[spec.name])
        return seen[-1].phase == Phase.RUNNING and seen[-1].members[-1].uid != first

    Rig.wait_for(again, bool)
    assert not {o.phase for o in seen} & OVER
    assert Phase.STOPPING not in {o.phase for o in seen}
    engine.stop(spec.name, grace=GRACE)


def rings_again(bell: Rung, engine: KubernetesEngine, there: Place) -> None:
    run = f"wring{threading.get_ident() % 1000}"
    count = 0

    def rung() -> bool:
        nonlocal count
        count += 1
        spec = there.spec(f"{run}x{count}-1", Task(exit_code=0))
        try:
            engine.apply(spec, generation=0)
        except EngineUnavailable:
            return False
        time.sleep(1)
        return spec.name in bell.names

    Rig.wait_for(rung, bool)
