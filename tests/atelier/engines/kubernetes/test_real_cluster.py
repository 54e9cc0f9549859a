"""What a real cluster says, told by the platform's reasons: each cause made to happen once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.engines.base import OVER, MemberSpec, Observation, Phase, WorkloadSpec
from atelier.engines.kubernetes import KubernetesEngine, manifests
from atelier.engines.kubernetes.client import path_of
from tests.atelier.engines.kubernetes.place import Place, place
from tests.atelier.engines.kubernetes.specs import specs
from tests.atelier.engines.rigs import Rig, Task

pytestmark = pytest.mark.cluster
MIB = 2**20


@pytest.fixture(scope="module")
def there() -> Iterator[Place]:
    with place() as made:
        yield made


@pytest.fixture
def engine(there: Place) -> KubernetesEngine:
    return there.engine()


def script(there: Place, run: str, text: str, **more: Any) -> WorkloadSpec:
    return replace(there.spec(run, Task(), **more), command=("/bin/sh", "-c", text))


def with_resources(spec: WorkloadSpec, resources: Resources, count: int = 1) -> WorkloadSpec:
    return replace(spec, members=(MemberSpec("main", count, resources),))


def until_reason(engine: KubernetesEngine, spec: WorkloadSpec, code: str) -> Observation:
    engine.apply(spec, generation=0)
    seen: Observation = Rig.wait_for(
        lambda: engine.observe([spec.name])[spec.name], lambda seen: seen.reason == code
    )
    return seen


def until_phase(engine: KubernetesEngine, spec: WorkloadSpec, *phases: str) -> Observation:
    seen: Observation = Rig.wait_for(
        lambda: engine.observe([spec.name])[spec.name], lambda seen: seen.phase in phases
    )
    return seen


def pods_of(there: Place, spec: WorkloadSpec) -> list[dict[str, Any]]:
    return there.cluster.list(
        "pods", there.namespace, labels=f"atelier.dev/workload={spec.workload_id}"
    )


# --- waiting ------------------------------------------------------------------------------------


def test_an_image_that_is_not_there(there: Place, engine: KubernetesEngine) -> None:
    spec = replace(there.spec("wimage-1", Task()), image="localhost/no/such:1")

    seen = until_reason(engine, spec, "IMAGE_NOT_FOUND")

    assert seen.phase == Phase.STARTING
    assert seen.reason_params == {"image": "localhost/no/such:1"}
    engine.stop(spec.name, grace=timedelta())
    until_phase(engine, spec, Phase.GONE)


def test_an_image_whose_registry_does_not_answer(there: Place, engine: KubernetesEngine) -> None:
    spec = replace(there.spec("wregistry-1", Task()), image="10.99.0.1:9/no/such:1")

    assert until_reason(engine, spec, "IMAGE_UNREACHABLE").phase == Phase.STARTING
    engine.stop(spec.name, grace=timedelta())


def test_an_accelerator_that_no_node_has(there: Place, engine: KubernetesEngine) -> None:
    spec = there.spec("wgpu-1", Task())
    spec = with_resources(spec, Resources(10, MIB, 0, {"example.com/unheard-of": 1}))

    seen = until_reason(engine, spec, "ACCELERATOR_MISSING")

    assert seen.phase == Phase.PENDING
    assert seen.reason_params == {"kind": "example.com/unheard-of"}
    knowing = there.engine(nodes=lambda: [Resources(10**6, 2**60)])
    assert knowing.observe([spec.name])[spec.name].reason == "ACCELERATOR_MISSING"
    engine.stop(spec.name, grace=timedelta())


def test_more_than_any_node_has_never_fits_and_what_one_has_waits(
    there: Place, engine: KubernetesEngine
) -> None:
    spec = with_resources(there.spec("wlarge-1", Task()), Resources(9_000_000, MIB))

    seen = until_reason(engine, spec, "NO_NODE_FITS")

    assert seen.phase == Phase.PENDING
    # With a node that has it (and is busy): the same pod waits.
    knowing = there.engine(nodes=lambda: [Resources(10_000_000, 2**40)])
    assert knowing.observe([spec.name])[spec.name].reason == "WAITING_FOR_CAPACITY"
    engine.stop(spec.name, grace=timedelta())


def test_the_namespaces_quota(there: Place, engine: KubernetesEngine) -> None:
    spec = there.spec("wquota-1", Task())
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "small"},
        "spec": {"hard": {"requests.memory": "1Mi"}},
    }
    there.cluster.create("resourcequotas", there.namespace, quota)
    # A quota holds from when its controller has counted for the first time.
    Rig.wait_for(
        lambda: there.cluster.get("resourcequotas", there.namespace, "small").get("status"),
        lambda status: bool(status and status.get("hard") and status.get("used")),
    )
    try:
        seen = until_reason(engine, spec, "CLUSTER_QUOTA")

        assert seen.phase == Phase.PENDING
        assert seen.reason_params["quota"] == "small"
        assert seen.reason_params["requested"] == "requests.memory=33554432"
        assert "requests.memory" in seen.reason_params["detail"]
    finally:
        there.cluster.delete("resourcequotas", there.namespace, "small")
    engine.stop(spec.name, grace=timedelta())


def test_a_namespace_that_is_not_there_yet(there: Place, engine: KubernetesEngine) -> None:
    spec = replace(there.spec("w1-1", Task()), name="engine-nowhere/w1-1")

    with pytest.raises(EngineUnavailable) as away:
        engine.apply(spec, generation=0)

    assert away.value.code == "NAMESPACE_PENDING"


# --- ended --------------------------------------------------------------------------------------


def test_out_of_memory(there: Place, engine: KubernetesEngine) -> None:
    fill = "x=0123456789abcdef; while true; do x=$x$x; done"
    spec = script(there, "wmemory-1", fill)
    spec = with_resources(spec, Resources(100, 16 * MIB))

    seen = until_reason(engine, spec, "OUT_OF_MEMORY")

    assert seen.phase == Phase.FAILED
    assert seen.reason_params["limit"]["en"] == "16 MiB"
    assert [m.exit_code for m in seen.members] == [137]


def test_a_program_that_the_image_has_not(there: Place, engine: KubernetesEngine) -> None:
    spec = replace(there.spec("wcommand-1", Task()), command=("no-such-program", "x"))

    seen = until_reason(engine, spec, "COMMAND_NOT_FOUND")

    assert seen.phase == Phase.FAILED
    assert seen.reason_params == {"command": "no-such-program"}


def test_a_deadline_leaves_the_log(there: Place, engine: KubernetesEngine) -> None:
    spec = script(there, "wdeadline-1", "echo begun; sleep 600", lifetime=timedelta(seconds=2))

    seen = until_reason(engine, spec, "DEADLINE_PASSED")

    assert seen.phase == Phase.FAILED
    assert seen.reason_params == {"seconds": 2}
    piece = engine.read_log(spec.name, role="main", index=0, offset=0, limit=100)
    assert piece.data == b"begun\n"


def test_dollars_reach_the_program_as_they_are(there: Place, engine: KubernetesEngine) -> None:
    spec = script(there, "wdollar-1", "printf %s '$(HOME) $$ $'; printf %s \"$PRICE\"")
    spec = replace(spec, env={"PRICE": "$$5 $(HOME)"})
    engine.apply(spec, generation=0)
    until_phase(engine, spec, Phase.SUCCEEDED)

    piece = engine.read_log(spec.name, role="main", index=0, offset=0, limit=100)

    assert piece.data == b"$(HOME) $$ $$$5 $(HOME)"
    assert piece.is_end


def test_home_and_tmp_can_be_written_to_and_nothing_else(
    there: Place, engine: KubernetesEngine
) -> None:
    spec = script(there, "wwrite-1", 'touch a "$TMPDIR/b" && pwd && id -u && ! touch /c')
    engine.apply(spec, generation=0)

    assert until_phase(engine, spec, *OVER).phase == Phase.SUCCEEDED
    piece = engine.read_log(spec.name, role="main", index=0, offset=0, limit=1000)
    assert piece.data.startswith(b"/home/atelier\n1000\n")


def test_a_member_that_fails_ends_the_others(there: Place, engine: KubernetesEngine) -> None:
    text = '[ "$JOB_COMPLETION_INDEX" = 0 ] || { sleep 2; exit 4; }; exec sleep 600'
    spec = with_resources(script(there, "wmembers-1", text), Resources(50, 32 * MIB), 2)

    seen = until_reason(engine, spec, "EXIT_NONZERO")

    assert seen.phase == Phase.FAILED
    assert seen.reason_params == {"exit_code": 4}


def test_members_find_each_other_by_name(there: Place, engine: KubernetesEngine) -> None:
    text = (
        'me=$JOB_COMPLETION_INDEX; other=$((1 - me)); grep -c "wnames-1-$me" /etc/hosts;'
        " for i in $(seq 60); do"
        " nslookup wnames-1-$other.wnames-1.NAMESPACE.svc.cluster.local | grep -A1 ^Name && exit 0;"
        " sleep 1; done; exit 1"
    ).replace("NAMESPACE", there.namespace)
    spec = with_resources(script(there, "wnames-1", text), Resources(50, 32 * MIB), 2)
    engine.apply(spec, generation=0)

    assert until_phase(engine, spec, *OVER).phase == Phase.SUCCEEDED


# --- taken away ---------------------------------------------------------------------------------


def test_a_pod_deleted_by_hand(there: Place, engine: KubernetesEngine) -> None:
    spec = there.spec("wbyhand-1", Task())
    engine.apply(spec, generation=0)
    until_phase(engine, spec, Phase.RUNNING)

    pod = pods_of(there, spec)[0]["metadata"]["name"]
    there.cluster.delete("pods", there.namespace, pod)
    seen = Rig.wait_for(
        lambda: engine.observe([spec.name])[spec.name],
        lambda seen: seen.reason == "STOPPED_OUTSIDE",
    )
    assert seen.phase in {Phase.STOPPING, Phase.FAILED}

    # However late somebody looks, it is told the same.
    seen = until_phase(engine, spec, Phase.FAILED)
    assert seen.reason == "STOPPED_OUTSIDE"


def test_a_job_deleted_by_hand(there: Place, engine: KubernetesEngine) -> None:
    spec = there.spec("wjobgone-1", Task())
    engine.apply(spec, generation=0)
    until_phase(engine, spec, Phase.RUNNING)

    there.cluster.delete("jobs", there.namespace, "wjobgone-1", propagation="Background")

    assert until_phase(engine, spec, Phase.GONE).reason == "STOPPED_OUTSIDE"


def test_r09_an_evicted_member_starts_again_and_has_not_failed(
    there: Place, engine: KubernetesEngine
) -> None:
    spec = there.spec("wevicted-1", Task())
    engine.apply(spec, generation=0)
    first = until_phase(engine, spec, Phase.RUNNING).members[0].uid

    name = pods_of(there, spec)[0]["metadata"]["name"]
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": there.namespace},
    }
    there.cluster._json("POST", path_of("pods", there.namespace, name, "eviction"), body=eviction)
    phases = set()

    def again() -> bool:
        seen = engine.observe([spec.name])[spec.name]
        phases.add(seen.phase)
        return seen.phase == Phase.RUNNING and seen.members[-1].uid != first

    Rig.wait_for(again, bool)
    assert not phases & OVER
    engine.stop(spec.name, grace=timedelta())


# --- admission ----------------------------------------------------------------------------------


def test_s12_the_cluster_admits_what_any_spec_makes(there: Place) -> None:
    """A namespace that enforces the restricted profile takes every pod (nothing is kept)."""

    @given(spec=specs(), image=st.just("localhost/x:1"))
    @settings(
        max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    def admitted(spec: WorkloadSpec, image: str) -> None:
        spec = replace(spec, name=f"{there.namespace}/{spec.workload_id}-1", image=image)
        job = manifests.job(spec, instance=there.instance, generation=0)
        template = job["spec"]["template"]
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"generateName": "x-", "labels": template["metadata"]["labels"]},
            "spec": template["spec"],
        }
        path = path_of("pods", there.namespace)
        there.cluster._json("POST", path, query={"dryRun": "All"}, body=pod)
        path = path_of("jobs", there.namespace)
        there.cluster._json("POST", path, query={"dryRun": "All"}, body=job)
        if (service := manifests.service(spec, instance=there.instance)) is not None:
            path = path_of("services", there.namespace)
            there.cluster._json("POST", path, query={"dryRun": "All"}, body=service)

    admitted()
