"""From the hub's models to observations. Pure: no HTTP, no clock.

Everything the hub says is read defensively: one odd model must not blind us to the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from atelier.core.reasons import REASONS
from atelier.engines.base import MemberObservation, Observation, Phase, gone
from atelier.engines.jupyterhub.slots import Slot


@dataclass(frozen=True, slots=True)
class PodState:
    """What the spawner wrote down of a server that is a pod."""

    placed_at: datetime | None = None
    code: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    node: str = ""


@dataclass(frozen=True, slots=True)
class HubServer:
    """One server as the hub tells it.

    ``bound_to`` is the workload the spawner wrote down when it got its plan, ``asked_for`` the one
    named in the start request. The hub reuses old options for a start from its own page, so
    ``asked_for`` may be out of date; ``bound_to`` never is.
    """

    user: str
    name: str
    pending: str | None
    ready: bool
    stopped: bool
    started: datetime | None = None
    last_activity: datetime | None = None
    bound_to: str = ""
    asked_for: str = ""
    pod: PodState | None = None

    @property
    def workload_id(self) -> str:
        """Return the workload this server runs for, as far as the hub knows."""
        return self.bound_to or self.asked_for

    def is_of(self, workload_id: str) -> bool:
        """Tell whether this server may be the run of ``workload_id``."""
        if self.bound_to:
            return self.bound_to == workload_id
        # Between the start request and the plan nothing is bound and the options may be old ones.
        return self.pending == "spawn" or self.asked_for in {"", workload_id}


def parse_users(body: object) -> Iterator[HubServer]:
    """Read the servers of a list of user models; models that make no sense are left out."""
    for user in body if isinstance(body, list) else ():
        if not isinstance(user, Mapping) or not isinstance(user.get("name"), str):
            continue
        servers = user.get("servers")
        for raw in servers.values() if isinstance(servers, Mapping) else ():
            server = parse_server(user["name"], raw)
            if server is not None:
                yield server


def parse_server(user: str, raw: object) -> HubServer | None:
    """Read one server model; None for something that is not one."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
        return None
    state = _mapping(raw.get("state"))
    pending = raw.get("pending")
    return HubServer(
        user=user,
        name=raw["name"],
        pending=pending if isinstance(pending, str) and pending else None,
        ready=raw.get("ready") is True,
        stopped=raw.get("stopped") is True,
        started=parse_time(raw.get("started")),
        last_activity=parse_time(raw.get("last_activity")),
        bound_to=_text(state.get("workload_id")),
        asked_for=_text(_mapping(raw.get("user_options")).get("workload_id")),
        pod=parse_pod(state),
    )


def parse_pod(state: Mapping[str, Any]) -> PodState | None:
    """Read what a start as a pod waits for; None for a server that is a process."""
    if "pod_uid" not in state:
        return None
    waiting = _mapping(state.get("waiting"))
    code = waiting.get("code")
    return PodState(
        placed_at=parse_time(state.get("placed_at")),
        code=code if isinstance(code, str) and code in REASONS else None,
        params=_mapping(waiting.get("params")),
        node=_text(state.get("node")),
    )


def parse_time(raw: object) -> datetime | None:
    """Read one of the hub's times (ISO 8601, UTC)."""
    if not isinstance(raw, str):
        return None
    try:
        time = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def observe(slot: Slot, server: HubServer | None) -> Observation | None:
    """Return what is seen of ``slot`` when the hub has ``server`` in its place.

    None means that the hub itself does not know yet (it is still looking after a restart).
    """
    if server is None or not server.is_of(slot.workload_id):
        return gone(str(slot))
    phase = _phase(server)
    if phase is None:
        return None
    if phase is Phase.GONE:
        # Also when its entry names this very run: a hub that died early in a start leaves such an
        # entry as well, and then the start is to be asked for again.
        return gone(str(slot))
    return Observation(
        str(slot),
        phase,
        members=(_member(slot, server, phase),),
        reason=server.pod.code if server.pod is not None else None,
        reason_params=server.pod.params if server.pod is not None else {},
        last_activity=server.last_activity,
    )


def _phase(server: HubServer) -> Phase | None:
    if server.pending == "spawn" or (server.pending == "check" and _is_known_to_start(server)):
        waits = server.pod is not None and server.pod.placed_at is None
        return Phase.PENDING if waits else Phase.STARTING
    if server.pending in {"check", "rename"}:
        return None
    if server.pending == "stop":
        return Phase.STOPPING
    if server.ready:
        return Phase.RUNNING
    return Phase.GONE if server.stopped else None


def _is_known_to_start(server: HubServer) -> bool:
    """Tell whether a hub that came back while a pod was starting says where that stands."""
    return server.pod is not None and (server.pod.placed_at is None or server.pod.code is not None)


def _member(slot: Slot, server: HubServer, phase: Phase) -> MemberObservation:
    return MemberObservation(
        "server",
        0,
        # One run is one process, and the ledger counts members by uid: it must never change.
        uid=slot.workload_id,
        phase=phase,
        node=server.pod.node if server.pod is not None else "",
        # A pod costs from when it has a place on a node, not from when it was asked for.
        scheduled_at=server.started if server.pod is None else server.pod.placed_at,
        started_at=server.started if phase is Phase.RUNNING else None,
    )


def is_servers_own(token: object) -> bool:
    """Tell whether a token model is that of a running server rather than of a person's browser.

    The hub makes one at each start, for its own client; browsers get theirs by OAuth, from the
    server's client.
    """
    model = _mapping(token)
    return model.get("oauth_client") == "JupyterHub" and _text(model.get("note")).startswith(
        "Server at "
    )


def _mapping(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _text(raw: object) -> str:
    return raw[:64] if isinstance(raw, str) else ""
