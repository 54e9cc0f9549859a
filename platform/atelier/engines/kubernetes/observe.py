"""From a Job, its pods and what was said about them to an Observation. Pure: no HTTP, no clock.

A failed look never comes here, so absence means absence. Whatever is odd about one object stays
with that one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from atelier.core.resources import Resources
from atelier.engines.base import EngineEvent, MemberObservation, Observation, Phase
from atelier.engines.kubernetes import objects as names
from atelier.engines.kubernetes import reading, reasons
from atelier.engines.kubernetes.objects import RunName
from atelier.engines.kubernetes.reading import Json, is_true, moment, objects, text
from atelier.engines.kubernetes.reasons import Why

MOST_EVENTS = 30
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_ENDED = {Phase.SUCCEEDED, Phase.FAILED}
# Said by the Job when it has decided how it ends and still takes its pods away.
_DECIDED = ("FailureTarget", "SuccessCriteriaMet")
_TAKES_PODS_AWAY = (*_DECIDED, "Suspended")


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything of one run that a look found. ``events`` are warnings about these objects only."""

    job: Json | None
    pods: Sequence[Json] = ()
    events: Sequence[Json] = ()

    @property
    def needs_events(self) -> bool:
        """Tell whether events could say why it does not get on."""
        if self.job is None or is_over(self.job) or text(self.job, "metadata", "deletionTimestamp"):
            return False
        if len(newest(self.pods)) < _wanted(self.job):
            return True
        return any(member_phase(p) == Phase.STARTING for p in newest(self.pods).values())


def observe(name: RunName, sight: Sight, nodes: Sequence[Resources] | None = None) -> Observation:
    """Return what ``sight`` shows of the run; ``nodes`` are what single nodes have, if known."""
    job = sight.job
    if job is None:
        return _without_job(name, sight)
    phase, why = _phase(job, sight, nodes)
    return Observation(
        str(name),
        phase,
        generation=_generation(job),
        members=_members(sight.pods),
        reason=why.code if why else None,
        reason_params=why.params if why else {},
        events=_events(sight),
    )


def is_over(job: Json) -> bool:
    """Tell whether a Job has ended."""
    return is_true(job, "Complete") or is_true(job, "Failed")


def _without_job(name: RunName, sight: Sight) -> Observation:
    """The Job is not there: its last pods may still be on their way out."""
    leaving = [p for p in sight.pods if member_phase(p) not in _ENDED and _is_owned(p)]
    if leaving:
        return Observation(str(name), Phase.STOPPING, members=_members(sight.pods))
    # Runs that we stop are asked about in STOPPING, where this reason does not count.
    return Observation(str(name), Phase.GONE, reason="STOPPED_OUTSIDE")


def _phase(job: Json, sight: Sight, nodes: Sequence[Resources] | None) -> tuple[Phase, Why | None]:
    if text(job, "metadata", "deletionTimestamp"):
        return Phase.STOPPING, None
    if is_true(job, "Complete"):
        return Phase.SUCCEEDED, None
    if is_true(job, "Failed"):
        return Phase.FAILED, _why_failed(job, sight.pods)
    if _is_taken_away(job, sight.pods):
        return Phase.STOPPING, Why("STOPPED_OUTSIDE")
    return _alive(job, sight, nodes)


def _alive(job: Json, sight: Sight, nodes: Sequence[Resources] | None) -> tuple[Phase, Why | None]:
    pods = newest(sight.pods)
    phases = {index: member_phase(pod) for index, pod in pods.items()}
    again = _interruption(sight.pods, pods)
    if len(pods) < _wanted(job) and not any(is_true(job, kind) for kind in _DECIDED):
        return Phase.PENDING, reasons.of_missing_pods(_about(sight.events, job)) or again
    waiting = [pod for index, pod in pods.items() if phases[index] == Phase.PENDING]
    if waiting:
        return Phase.PENDING, _first(reasons.of_unplaced(p, nodes) for p in waiting) or again
    starting = [pod for index, pod in pods.items() if phases[index] == Phase.STARTING]
    if starting:
        held_up = (reasons.of_starting(p, list(_about(sight.events, p))) for p in starting)
        return Phase.STARTING, _first(held_up) or again
    return Phase.RUNNING, None


def _why_failed(job: Json, pods: Sequence[Json]) -> Why | None:
    """Return what made the Job fail: the first pod that failed by itself explains it."""
    failed = [p for p in pods if member_phase(p) == Phase.FAILED and not _is_disrupted(p)]
    by_itself = [p for p in failed if not _ended_when_told(p)]
    for pod in sorted(by_itself, key=_finished):
        if why := reasons.of_failure(pod):
            return why
    said = text(reading.condition(job, "Failed"), "reason")
    if said == "DeadlineExceeded":
        seconds = reading.whole(job, "spec", "activeDeadlineSeconds")
        return Why("DEADLINE_PASSED", {} if seconds is None else {"seconds": seconds})
    if by_itself:
        return None
    if failed:
        return Why("STOPPED_OUTSIDE")
    if disrupted := [p for p in pods if _is_disrupted(p)]:
        return reasons.of_interruption(disrupted[-1])
    # Failed pods stay until their Job goes; one that is not there was taken away by somebody.
    return Why("STOPPED_OUTSIDE")


def _ended_when_told(pod: Json) -> bool:
    """Tell whether a pod ended because it was deleted: its exit code is the signal's then."""
    at = moment(pod, "metadata", "deletionTimestamp")
    if at is None:
        return False
    grace = reading.whole(pod, "metadata", "deletionGracePeriodSeconds") or 0
    return _finished(pod) >= at - timedelta(seconds=grace)


def _is_taken_away(job: Json, pods: Sequence[Json]) -> bool:
    """Tell whether somebody deleted a pod by hand; the Job does so too, once it has decided."""
    leaving = [p for p in newest(pods).values() if text(p, "metadata", "deletionTimestamp")]
    return (
        any(member_phase(p) == Phase.STOPPING and not _is_disrupted(p) for p in leaving)
        and not any(is_true(job, kind) for kind in _TAKES_PODS_AWAY)
        and not any(member_phase(p) == Phase.FAILED and not _is_disrupted(p) for p in pods)
    )


def _interruption(pods: Iterable[Json], present: dict[int, Json]) -> Why | None:
    """Return why members start again, when earlier ones of theirs were taken away."""
    earlier = [p for p in pods if _is_disrupted(p)]
    if not earlier:
        return None
    why = reasons.of_interruption(max(earlier, key=_created))
    if why is None or why.code != "PREEMPTED":
        return why
    return Why("PREEMPTED", {"attempt": len(earlier)})


# --- members ------------------------------------------------------------------------------------


def newest(pods: Iterable[Json]) -> dict[int, Json]:
    """Return the present pod of each index: the one made last."""
    present: dict[int, Json] = {}
    for pod in sorted(pods, key=lambda p: (_created(p), text(p, "metadata", "name"))):
        if _is_disrupted(pod) and member_phase(pod) in _ENDED:
            continue
        present[index_of(pod)] = pod
    return present


def index_of(pod: Json) -> int:
    """Return a pod's place among its like; what has no index is taken for the first."""
    said = reading.labels(pod).get(names.COMPLETION_INDEX) or text(
        pod, "metadata", "annotations", names.COMPLETION_INDEX
    )
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0


def member_phase(pod: Json) -> Phase:
    """Return where one pod is in its life."""
    said = text(pod, "status", "phase")
    if said == "Succeeded":
        return Phase.SUCCEEDED
    if said == "Failed":
        return Phase.FAILED
    if text(pod, "metadata", "deletionTimestamp"):
        return Phase.STOPPING
    if not text(pod, "spec", "nodeName"):
        return Phase.PENDING
    began = any(_state(s).get("startedAt") for s in objects(pod, "status", "containerStatuses"))
    # "Unknown" is a node that does not report: what ran there is not known to have ended.
    return Phase.RUNNING if began or said in {"Running", "Unknown"} else Phase.STARTING


def _members(pods: Iterable[Json]) -> tuple[MemberObservation, ...]:
    found = [_member(pod) for pod in pods if reading.uid(pod)]
    return tuple(sorted(found, key=lambda m: (m.role, m.index, m.uid)))


def _member(pod: Json) -> MemberObservation:
    state = next((_state(s) for s in objects(pod, "status", "containerStatuses")), {})
    phase = member_phase(pod)
    placed = reading.condition(pod, "PodScheduled")
    return MemberObservation(
        role=reading.labels(pod).get(names.ROLE, "main"),
        index=index_of(pod),
        uid=reading.uid(pod),
        phase=phase,
        node=text(pod, "spec", "nodeName"),
        scheduled_at=(
            moment(placed, "lastTransitionTime") if placed.get("status") == "True" else None
        ),
        started_at=moment(state, "startedAt"),
        finished_at=_finished_at(pod, state) if phase in _ENDED else None,
        exit_code=reading.whole(state, "exitCode") if phase in _ENDED else None,
    )


def _state(status: Json) -> Json:
    """Return the running or terminated state of a container."""
    state = reading.mapping(status, "state")
    return reading.mapping(state, "terminated") or reading.mapping(state, "running")


def _finished_at(pod: Json, state: Json) -> datetime | None:
    if (told := moment(state, "finishedAt")) and told.year > 1970:
        return told
    # A pod that was evicted or lost its node tells no end of its container.
    changes = (moment(c, "lastTransitionTime") for c in objects(pod, "status", "conditions"))
    return max((c for c in changes if c), default=None)


def _finished(pod: Json) -> datetime:
    state = next((_state(s) for s in objects(pod, "status", "containerStatuses")), {})
    return _finished_at(pod, state) or _LONG_AGO


def _created(pod: Json) -> datetime:
    return moment(pod, "metadata", "creationTimestamp") or _LONG_AGO


def _is_disrupted(pod: Json) -> bool:
    return is_true(pod, reasons.DISRUPTED)


def _is_owned(pod: Json) -> bool:
    return any(
        owner.get("controller") is True for owner in objects(pod, "metadata", "ownerReferences")
    )


def _wanted(job: Json) -> int:
    wanted = reading.whole(job, "spec", "completions")
    return 1 if wanted is None else wanted


def _generation(job: Json) -> int:
    said = text(job, "metadata", "annotations", names.GENERATION)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


# --- what was said ------------------------------------------------------------------------------


def _events(sight: Sight) -> tuple[EngineEvent, ...]:
    placed = (e for pod in sight.pods if (e := _placed(pod)))
    warned = (_warning(e) for e in sight.events if reading.uid(e))
    found = sorted((*placed, *warned), key=lambda e: (e.at, e.key))
    return tuple(found[-MOST_EVENTS:])


def _placed(pod: Json) -> EngineEvent | None:
    said, node = reading.condition(pod, "PodScheduled"), text(pod, "spec", "nodeName")
    at = moment(said, "lastTransitionTime")
    if said.get("status") != "True" or at is None or not node:
        return None
    return EngineEvent(f"{reading.uid(pod)}/placed", at, "PLACED", f"Placed on {node}")


def _warning(event: Json) -> EngineEvent:
    at = max(reasons.happened_at(event), _LONG_AGO + timedelta(days=1))
    return EngineEvent(reading.uid(event), at, text(event, "reason"), text(event, "message"))


def _about(events: Iterable[Json], thing: Json) -> Iterator[Json]:
    uid = reading.uid(thing)
    return (e for e in events if uid and text(e, "involvedObject", "uid") == uid)


def _first(found: Iterable[Why | None]) -> Why | None:
    return next((why for why in found if why), None)
