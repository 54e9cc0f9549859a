"""An imitated API server behind a fault proxy, and an engine before it.

- ``api``: the objects, as the server holds them; ``faulty``: the way there, for making trouble.
- ``engine``: an engine of the namespace ``atelier-p1`` that goes that way.
- ``bell``: what a watch rang for; ``watching`` runs the watch of an engine beside the test.
"""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from atelier.engines.base import WorkloadSpec
from atelier.engines.kubernetes import KubernetesEngine
from atelier.engines.kubernetes.watch import Pace
from tests.atelier.engines.kubernetes.faults import FakeApi, Faulty
from tests.atelier.engines.rigs import Rig, Task, spec_of

NAMESPACE = "atelier-p1"
BRISK = Pace(
    connect=1, silence=3, lasts=4, first_pause=0.05, longest_pause=0.5, gather=0.01, namespaces=0.2
)


@pytest.fixture
def api() -> FakeApi:
    return FakeApi(NAMESPACE, "atelier-p2")


@pytest.fixture
def faulty(api: FakeApi) -> Iterator[Faulty]:
    made = Faulty(api)
    yield made
    made.down()


@pytest.fixture
def engine(faulty: Faulty) -> Iterator[KubernetesEngine]:
    made = engine_at(faulty)
    yield made
    made.close()


def engine_at(faulty: Faulty, *namespaces: str, **more: Any) -> KubernetesEngine:
    return KubernetesEngine(
        faulty.cluster(),
        instance="a1",
        namespaces=lambda: list(namespaces or (NAMESPACE,)),
        pace=BRISK,
        **more,
    )


def spec(run: str = "w1-1", namespace: str = NAMESPACE, task: Task | None = None) -> WorkloadSpec:
    made = spec_of(run, task or Task(), namespace=namespace, image="localhost/x:1")
    return replace(made, name=f"{namespace}/{run}")


def spec_named(spec: WorkloadSpec, **labels: str) -> dict[str, Any]:
    """Return a Job under a run's name with other labels."""
    name = spec.name.partition("/")[2]
    return {"metadata": {"name": name, "labels": labels}, "spec": {"completions": 1}}


def begin(api: FakeApi, spec: WorkloadSpec, **status: Any) -> None:
    """Let a run's pod begin, as kubelet and controllers would."""
    job = api.objects["jobs", spec.namespace, spec.name.partition("/")[2]]
    pod = {
        "metadata": {
            "name": f"{job['metadata']['name']}-0-x",
            "labels": job["spec"]["template"]["metadata"]["labels"],
            "ownerReferences": [{"controller": True, "uid": job["metadata"]["uid"]}],
        },
        "spec": {"nodeName": "node1", **job["spec"]["template"]["spec"]},
        "status": {
            "phase": "Running",
            "containerStatuses": [{"state": {"running": {"startedAt": "2026-11-24T12:00:03Z"}}}],
            **status,
        },
    }
    api.put("pods", spec.namespace, pod)


@dataclass
class Rung:
    """What was rung for; ``anything`` counts rings without names."""

    names: list[str] = field(default_factory=list)
    anything: int = 0

    def __call__(self, names: Collection[str] = ()) -> None:
        self.names += names
        self.anything += not names

    def hears(self, name: str) -> None:
        """Wait until ``name`` was rung for from now on."""
        self.names.clear()
        Rig.wait_for(lambda: list(self.names), lambda names: name in names)


@contextmanager
def watching(engine: KubernetesEngine) -> Iterator[Rung]:
    """Run the engine's watch beside the block."""
    bell = Rung()
    thread = threading.Thread(target=engine.watch, args=(bell,), daemon=True)
    thread.start()
    try:
        yield bell
    finally:
        engine.close()
        thread.join(20)
        assert not thread.is_alive()
