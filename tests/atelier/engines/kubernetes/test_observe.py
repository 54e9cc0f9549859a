"""What is seen of a run, from objects as an API server gives them; and from odd ones."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atelier.core.resources import Resources
from atelier.engines.base import EngineEvent, MemberObservation, Observation, Phase
from atelier.engines.kubernetes import essence
from atelier.engines.kubernetes.objects import RunName
from atelier.engines.kubernetes.observe import Sight, observe

Json = dict[str, Any]
NAME = RunName("atelier-p1", "w1-1")
SCHEDULED = "2026-11-24T12:00:01Z"
STARTED = "2026-11-24T12:00:03Z"
FINISHED = "2026-11-24T12:00:09Z"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def job(*conditions: str, count: int = 1, reason: str = "", **metadata: Any) -> Json:
    return {
        "metadata": {
            "name": "w1-1",
            "uid": "job-uid",
            "annotations": {"atelier.dev/generation": "2"},
            **metadata,
        },
        "spec": {"completions": count},
        "status": {
            "conditions": [{"type": c, "status": "True", "reason": reason} for c in conditions]
        },
    }


def pod(
    uid: str = "u1",
    *,
    index: int = 0,
    phase: str = "Pending",
    node: str = "node1",
    state: Json | None = None,
    status: Json | None = None,
    conditions: tuple[Json, ...] = (),
    **metadata: Any,
) -> Json:
    placed = {"type": "PodScheduled", "status": "True", "lastTransitionTime": SCHEDULED}
    statuses = [{"name": "main", "image": "img:1", "state": state}] if state else []
    return {
        "metadata": {
            "name": f"w1-1-{index}-{uid}",
            "uid": uid,
            "labels": {
                "batch.kubernetes.io/job-completion-index": str(index),
                "atelier.dev/role": "main",
            },
            "creationTimestamp": "2026-11-24T12:00:00Z",
            "ownerReferences": [{"controller": True, "uid": "job-uid"}],
            **metadata,
        },
        "spec": {
            "nodeName": node,
            "activeDeadlineSeconds": 60,
            "containers": [
                {
                    "name": "main",
                    "image": "img:1",
                    "command": ["train"],
                    "resources": {
                        "requests": {
                            "cpu": "500m",
                            "memory": "1073741824",
                            "ephemeral-storage": "2Gi",
                        }
                    },
                }
            ],
        },
        "status": {
            "phase": phase,
            "conditions": [*([placed] if node else []), *conditions],
            "containerStatuses": statuses,
            **(status or {}),
        },
    }


def unplaced(message: str, **more: Any) -> Json:
    condition = {"type": "PodScheduled", "status": "False", "message": message}
    return pod(node="", conditions=(condition,), **more)


def running(uid: str = "u1", **more: Any) -> Json:
    return pod(uid, phase="Running", state={"running": {"startedAt": STARTED}}, **more)


def ended(code: int, uid: str = "u1", *, why: str = "Error", **more: Any) -> Json:
    state = {
        "terminated": {
            "exitCode": code,
            "reason": why,
            "startedAt": STARTED,
            "finishedAt": FINISHED,
        }
    }
    return pod(uid, phase="Failed" if code else "Succeeded", state=state, **more)


def disrupted(reason: str, uid: str = "u0", **more: Any) -> Json:
    return ended(
        143,
        uid,
        conditions=({"type": "DisruptionTarget", "status": "True", "reason": reason},),
        **more,
    )


def waiting(reason: str, message: str = "") -> Json:
    return pod(state={"waiting": {"reason": reason, "message": message}})


def event(reason: str, message: str, about: str = "u1", uid: str = "e1") -> Json:
    return {
        "metadata": {"uid": uid},
        "reason": reason,
        "message": message,
        "involvedObject": {"uid": about},
        "lastTimestamp": FINISHED,
    }


def look(
    found: Json | None, *pods: Json, events: tuple[Json, ...] = (), nodes: Any = None
) -> Observation:
    return observe(NAME, Sight(found, pods, events), nodes)


def told(seen: Observation) -> tuple[str, str | None]:
    return seen.phase, seen.reason


# --- whole values -------------------------------------------------------------------------------


def test_a_run_that_runs() -> None:
    assert look(job(), running()) == Observation(
        "atelier-p1/w1-1",
        Phase.RUNNING,
        generation=2,
        members=(
            MemberObservation(
                "main",
                0,
                "u1",
                Phase.RUNNING,
                node="node1",
                scheduled_at=at(SCHEDULED),
                started_at=at(STARTED),
            ),
        ),
        events=(EngineEvent("u1/placed", at(SCHEDULED), "PLACED", "Placed on node1"),),
    )


def test_a_run_that_failed() -> None:
    assert look(job("Failed"), ended(3)) == Observation(
        "atelier-p1/w1-1",
        Phase.FAILED,
        generation=2,
        members=(
            MemberObservation(
                "main",
                0,
                "u1",
                Phase.FAILED,
                node="node1",
                scheduled_at=at(SCHEDULED),
                started_at=at(STARTED),
                finished_at=at(FINISHED),
                exit_code=3,
            ),
        ),
        reason="EXIT_NONZERO",
        reason_params={"exit_code": 3},
        events=(EngineEvent("u1/placed", at(SCHEDULED), "PLACED", "Placed on node1"),),
    )


def test_a_run_that_is_not_there() -> None:
    assert look(None) == Observation("atelier-p1/w1-1", Phase.GONE, reason="STOPPED_OUTSIDE")


# --- phases -------------------------------------------------------------------------------------

LEAVING: Json = {"deletionTimestamp": FINISHED}
PHASES: dict[str, tuple[Observation, str, str | None]] = {
    "no pod yet": (look(job()), Phase.PENDING, None),
    "a pod nobody has looked at": (look(job(), pod(node="")), Phase.PENDING, None),
    "a pod on its node": (look(job(), pod()), Phase.STARTING, None),
    "making its container": (look(job(), waiting("ContainerCreating")), Phase.STARTING, None),
    "running": (look(job(), running()), Phase.RUNNING, None),
    "ended, and the job has not said so": (look(job(), ended(0)), Phase.RUNNING, None),
    "failed, and the job has not said so": (look(job(), ended(1)), Phase.RUNNING, None),
    "about to fail": (look(job("FailureTarget"), running(**LEAVING)), Phase.RUNNING, None),
    "held back by somebody": (look(job("Suspended")), Phase.PENDING, None),
    "held back, and its pod leaves": (
        look(job("Suspended"), running(**LEAVING)),
        Phase.RUNNING,
        None,
    ),
    "one of two": (look(job(count=2), running()), Phase.PENDING, None),
    "one of two starts": (look(job(count=2), running(), pod("u2", index=1)), Phase.STARTING, None),
    "two of two": (
        look(job(count=2), running(), running("u2", index=1)),
        Phase.RUNNING,
        None,
    ),
    "one has ended, one runs": (
        look(job(count=2), ended(0), running("u2", index=1)),
        Phase.RUNNING,
        None,
    ),
    "succeeded": (look(job("SuccessCriteriaMet", "Complete"), ended(0)), Phase.SUCCEEDED, None),
    "being stopped": (look(job(**LEAVING), running(**LEAVING)), Phase.STOPPING, None),
    "its last pods leave": (look(None, running(**LEAVING)), Phase.STOPPING, None),
    "its pods are left over": (look(None, ended(0)), Phase.GONE, "STOPPED_OUTSIDE"),
    "a node does not report": (
        look(job(), pod(phase="Unknown")),
        Phase.RUNNING,
        None,
    ),
    "a phase nobody knows": (look(job(), pod(phase="Dancing")), Phase.STARTING, None),
    "a pod deleted by hand": (look(job(), running(**LEAVING)), Phase.STOPPING, "STOPPED_OUTSIDE"),
    "a pod taken as another failed": (
        look(job(count=2), ended(1), running("u2", index=1, **LEAVING)),
        Phase.RUNNING,
        None,
    ),
    "a deleted pod that has ended, as told": (
        look(
            job("Failed", reason="BackoffLimitExceeded"),
            ended(143, deletionTimestamp=FINISHED, deletionGracePeriodSeconds=30),
        ),
        Phase.FAILED,
        "STOPPED_OUTSIDE",
    ),
    "a pod that failed, and another that was told to end for it": (
        look(
            job("Failed", reason="BackoffLimitExceeded", count=2),
            ended(143, deletionTimestamp=FINISHED, deletionGracePeriodSeconds=30),
            ended(3, "u2", index=1),
        ),
        Phase.FAILED,
        "EXIT_NONZERO",
    ),
    "a deleted pod, later": (
        look(job("Failed", reason="BackoffLimitExceeded")),
        Phase.FAILED,
        "STOPPED_OUTSIDE",
    ),
    "past the job's own deadline": (
        look(job("Failed", reason="DeadlineExceeded")),
        Phase.FAILED,
        "DEADLINE_PASSED",
    ),
}


@pytest.mark.parametrize("case", PHASES)
def test_phases(case: str) -> None:
    seen, phase, reason = PHASES[case]

    assert told(seen) == (phase, reason)


# --- why it waits -------------------------------------------------------------------------------

BUSY = (
    "0/2 nodes are available: 2 Insufficient memory. preemption: 0/2 nodes are available: "
    "2 No preemption victims found for incoming pod."
)
NEVER = (
    "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: "
    "2 Preemption is not helpful for scheduling."
)
SICK = (
    "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. "
    "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
)
SMALL, LARGE = Resources(100, 2**40), Resources(64000, 2**40)


@pytest.mark.parametrize(
    ("message", "nodes", "code"),
    [
        (BUSY, None, "WAITING_FOR_CAPACITY"),
        (NEVER, None, "NO_NODE_FITS"),
        (SICK, None, "WAITING_FOR_CAPACITY"),
        ("who knows", None, "WAITING_FOR_CAPACITY"),
        (NEVER, [SMALL, LARGE], "WAITING_FOR_CAPACITY"),
        (BUSY, [SMALL], "NO_NODE_FITS"),
        (BUSY, [], "WAITING_FOR_CAPACITY"),
        ("0/1 nodes: pod has unbound immediate PersistentVolumeClaims.", [SMALL], "VOLUME_PENDING"),
        ('0/1 nodes: persistentvolumeclaim "home-alice" not found.', None, "VOLUME_PENDING"),
    ],
)
def test_why_a_pod_has_no_place(message: str, nodes: list[Resources] | None, code: str) -> None:
    assert told(look(job(), unplaced(message), nodes=nodes)) == (Phase.PENDING, code)


def test_what_it_waits_for_is_told_in_both_languages() -> None:
    seen = look(job(), unplaced(BUSY), nodes=[SMALL])

    assert seen.reason_params["needs"] == {"en": "0.5 cores, 1 GiB", "fr": "0,5 cœur, 1 Gio"}
    assert seen.reason_params["largest"]["en"] == "0.1 cores, 1024 GiB"


@pytest.mark.parametrize(
    ("reason", "message", "code"),
    [
        ("ErrImagePull", "failed to resolve reference: img:1: not found", "IMAGE_NOT_FOUND"),
        ("ImagePullBackOff", "Back-off: manifest unknown", "IMAGE_NOT_FOUND"),
        ("InvalidImageName", "couldn't parse", "IMAGE_NOT_FOUND"),
        ("ErrImageNeverPull", "", "IMAGE_NOT_FOUND"),
        ("ErrImagePull", "pull access denied, may require authorization", "IMAGE_PULL_DENIED"),
        ("ErrImagePull", "401 Unauthorized", "IMAGE_PULL_DENIED"),
        ("ImagePullBackOff", "dial tcp: i/o timeout", "IMAGE_UNREACHABLE"),
        ("ContainerCreating", "", None),
    ],
)
def test_why_an_image_does_not_come(reason: str, message: str, code: str | None) -> None:
    seen = look(job(), waiting(reason, message))

    assert told(seen) == (Phase.STARTING, code)
    assert seen.reason_params == ({"image": "img:1"} if code else {})


def test_an_image_whose_cause_stands_in_an_event_only() -> None:
    said = event("Failed", 'Failed to pull image "img:1": unauthorized')

    seen = look(
        job(), waiting("ImagePullBackOff", 'Back-off pulling image "img:1"'), events=(said,)
    )

    assert seen.reason == "IMAGE_PULL_DENIED"


@pytest.mark.parametrize(
    ("reason", "message", "code"),
    [
        ("FailedAttachVolume", "Multi-Attach error for volume", "VOLUME_BUSY"),
        ("FailedMount", "MountVolume.SetUp failed", "VOLUME_PENDING"),
        ("FailedScheduling", "0/1 nodes", None),
    ],
)
def test_why_a_volume_is_not_there(reason: str, message: str, code: str | None) -> None:
    seen = look(job(), waiting("ContainerCreating"), events=(event(reason, message),))

    assert told(seen) == (Phase.STARTING, code)


QUOTA = (
    'Error creating: pods "w1-1-0-x" is forbidden: exceeded quota: project, requested: '
    "limits.cpu=8,requests.cpu=8, used: limits.cpu=2,requests.cpu=2, limited: "
    "limits.cpu=4,requests.cpu=4"
)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (QUOTA, "CLUSTER_QUOTA"),
        ('pods "x" is forbidden: violates PodSecurity "restricted:latest": …', "ADMISSION_DENIED"),
        ('admission webhook "x" denied the request: no', "ADMISSION_DENIED"),
        ("is forbidden: maximum cpu usage per Container is 2, but limit is 4", "ADMISSION_DENIED"),
        (
            'error looking up service account a/run: serviceaccount "run" not found',
            "NAMESPACE_PENDING",
        ),
        ("the server is on holiday", None),
    ],
)
def test_why_a_job_makes_no_pods(message: str, code: str | None) -> None:
    seen = look(job(), events=(event("FailedCreate", message, "job-uid"),))

    assert told(seen) == (Phase.PENDING, code)


def test_a_quota_is_told_in_figures() -> None:
    seen = look(job(), events=(event("FailedCreate", QUOTA, "job-uid"),))

    assert seen.reason_params == {
        "quota": "project",
        "requested": "limits.cpu=8,requests.cpu=8",
        "used": "limits.cpu=2,requests.cpu=2",
        "limited": "limits.cpu=4,requests.cpu=4",
        "detail": "limits.cpu=8,requests.cpu=8 (used limits.cpu=2,requests.cpu=2 of "
        "limits.cpu=4,requests.cpu=4)",
    }


def test_a_refusal_that_was_overcome_is_not_told_any_more() -> None:
    assert look(job(), running(), events=(event("FailedCreate", QUOTA, "job-uid"),)).reason is None


def test_events_of_others_explain_nothing() -> None:
    said = event("FailedCreate", QUOTA, about="another-job")

    assert look(job(), events=(said,)).reason is None


# --- why it ended -------------------------------------------------------------------------------

STORAGE = "Pod ephemeral local storage usage exceeds the total limit of containers 2Gi."


@pytest.mark.parametrize(
    ("found", "code", "params"),
    [
        (ended(3), "EXIT_NONZERO", {"exit_code": 3}),
        (ended(137, why="OOMKilled"), "OUT_OF_MEMORY", {"limit": {"en": "1 GiB", "fr": "1 Gio"}}),
        (ended(137, why="ContainerStatusUnknown"), "NODE_LOST", {}),
        (
            pod(phase="Failed", status={"reason": "DeadlineExceeded"}),
            "DEADLINE_PASSED",
            {"seconds": 60},
        ),
        (pod(phase="Failed", status={"reason": "NodeLost"}), "NODE_LOST", {}),
        (pod(phase="Failed", status={"reason": "OutOfcpu"}), "NODE_LOST", {}),
        (
            pod(phase="Failed", status={"reason": "Evicted", "message": STORAGE}),
            "DISK_FULL",
            {"limit": {"en": "2 GiB", "fr": "2 Gio"}},
        ),
        (
            pod(
                phase="Failed",
                state={
                    "terminated": {
                        "exitCode": 128,
                        "reason": "StartError",
                        "message": 'exec: "train": executable file not found in $PATH',
                    }
                },
            ),
            "COMMAND_NOT_FOUND",
            {"command": "train"},
        ),
        (pod(phase="Failed"), None, {}),
    ],
)
def test_why_a_run_failed(found: Json, code: str | None, params: Mapping[str, Any]) -> None:
    seen = look(job("Failed", reason="BackoffLimitExceeded"), found)

    assert told(seen) == (Phase.FAILED, code)
    assert seen.reason_params == params


def test_the_first_member_to_fail_explains_it() -> None:
    late = ended(143, "u2", index=1)
    late["status"]["containerStatuses"][0]["state"]["terminated"]["finishedAt"] = (
        "2026-11-24T12:00:20Z"
    )

    seen = look(job("Failed", count=2), late, ended(7))

    assert seen.reason_params == {"exit_code": 7}


# --- R9: disruption is not failure ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("PreemptionByScheduler", "PREEMPTED"),
        ("EvictionByEvictionAPI", "PREEMPTED"),
        ("TerminationByKubelet", "PREEMPTED"),
        ("DeletionByTaintManager", "NODE_LOST"),
        ("DeletionByPodGC", "NODE_LOST"),
    ],
)
def test_r09_what_was_interrupted_waits_for_its_next_start(reason: str, code: str) -> None:
    assert told(look(job(), disrupted(reason))) == (Phase.PENDING, code)
    assert told(look(job(), disrupted(reason), pod("u1"))) == (Phase.STARTING, code)


def test_r09_it_runs_again_and_tells_both_members() -> None:
    seen = look(job(), disrupted("PreemptionByScheduler"), running("u1"))

    assert told(seen) == (Phase.RUNNING, None)
    assert [(m.uid, m.phase) for m in seen.members] == [
        ("u0", Phase.FAILED),
        ("u1", Phase.RUNNING),
    ]


def test_r09_one_that_is_being_interrupted_was_not_stopped_outside() -> None:
    leaving = running(
        conditions=({"type": "DisruptionTarget", "status": "True"},), deletionTimestamp=FINISHED
    )

    assert look(job(), leaving).phase == Phase.RUNNING


def test_r09_how_often_is_told() -> None:
    twice = (disrupted("PreemptionByScheduler"), disrupted("PreemptionByScheduler", "ux"))

    assert look(job(), *twice).reason_params == {"attempt": 2}


# --- when events are asked for ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sight", "needed"),
    [
        (Sight(None), False),
        (Sight(job()), True),
        (Sight(job(), (pod(),)), True),
        (Sight(job(), (unplaced(BUSY),)), False),
        (Sight(job(), (running(),)), False),
        (Sight(job("Complete"), ()), False),
        (Sight(job(deletionTimestamp=FINISHED), ()), False),
    ],
)
def test_events_are_asked_for_only_when_they_could_explain(sight: Sight, needed: bool) -> None:
    assert sight.needs_events is needed


# --- S10: odd objects -----------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn, good: Json) -> Json:
    """Return ``good`` with anything at all in one or two places."""

    def spoil(value: Any, depth: int) -> Any:
        if not isinstance(value, dict | list) or not value or depth == 0 or draw(st.booleans()):
            return draw(anything)
        if isinstance(value, list):
            place = draw(st.integers(0, len(value) - 1))
            return [spoil(v, depth - 1) if i == place else v for i, v in enumerate(value)]
        key = draw(st.sampled_from(sorted(value)))
        return value | {key: spoil(value[key], depth - 1)}

    found = spoil(good, 7)
    return found if isinstance(found, dict) else {}


CAUSES = (
    running(),
    ended(3),
    waiting("ErrImagePull", "denied"),
    unplaced(BUSY),
    disrupted("PreemptionByScheduler"),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    spoiled(job("Failed", count=2)),
    st.lists(st.sampled_from(CAUSES).flatmap(spoiled), max_size=3),
    spoiled(event("FailedCreate", QUOTA, "job-uid")),
)
def test_s10_no_object_is_too_odd_to_look_at(found: Json, pods: list[Json], said: Json) -> None:
    sight = Sight(found, tuple(pods), (said,))

    seen = observe(NAME, sight, [SMALL])

    assert seen.name == str(NAME)
    assert seen.phase in set(Phase)
    assert sight.needs_events in {True, False}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([job(), job("Failed", count=2)]).flatmap(spoiled),
    st.lists(st.sampled_from(CAUSES).flatmap(spoiled), max_size=3),
    st.sampled_from([event("FailedCreate", QUOTA, "job-uid"), event("FailedMount", "x", "u1")]),
)
def test_the_essence_shows_what_the_whole_shows(found: Json, pods: list[Json], said: Json) -> None:
    whole = Sight(found, tuple(pods), (said,))

    kept = Sight(essence.of_job(found), tuple(map(essence.of_pod, pods)), (essence.of_event(said),))

    assert observe(NAME, kept, [SMALL]) == observe(NAME, whole, [SMALL])
    assert kept.needs_events == whole.needs_events


def test_the_essence_leaves_out_what_is_long() -> None:
    long = {"managedFields": [{"manager": "x"}], "labels": {"a": "b"}}
    spec = {"completions": 1, "template": {"spec": {"containers": []}}}
    container = {"name": "main", "env": [{"name": "A", "value": "B"}], "image": "img:1"}

    assert essence.of_job({"metadata": long, "spec": spec}) == {
        "metadata": {"labels": {"a": "b"}},
        "spec": {"completions": 1},
        "status": {},
    }
    assert essence.of_pod(
        {"metadata": long, "spec": {"volumes": [], "containers": [container]}}
    ) == {
        "metadata": {"labels": {"a": "b"}},
        "spec": {"containers": [{"name": "main", "image": "img:1"}]},
        "status": {},
    }


def test_s10_an_object_without_anything_is_pending() -> None:
    for empty in ({}, {"status": None, "metadata": None, "spec": None}):
        assert look(empty).phase == Phase.PENDING
        assert look(job(), empty).phase == Phase.PENDING
