"""What a member printed, as long as the cluster keeps it.

The kubelet knows no offsets: a piece is read by passing over what came before. When it has rotated
a log, only the newest file can be read: one that is shorter than what was read of it before has
lost something, and is not found any more. So this is the incomplete source that it is called.
"""

from collections.abc import Mapping
from http import HTTPStatus

from urllib3.exceptions import HTTPError

from atelier.core.errors import EngineUnavailable, NotFound
from atelier.engines.base import LogPiece
from atelier.engines.kubernetes import manifests, objects, reading
from atelier.engines.kubernetes.client import Cluster, Json, path_of
from atelier.engines.kubernetes.errors import ApiError, Missing
from atelier.engines.kubernetes.objects import RunName
from atelier.engines.kubernetes.observe import index_of, newest

_PIECE = 64 * 1024


def read(
    cluster: Cluster,
    instance: str,
    name: RunName,
    *,
    role: str,
    index: int,
    offset: int,
    limit: int,
) -> LogPiece:
    """Return at most ``limit`` bytes of a member's output.

    Raises NotFound when it has no pod, or its log does not go as far as ``offset`` any more.
    """
    pod = _pod(cluster, instance, name, role, index)
    if pod is None:
        raise NotFound
    # Asked before reading: what ended before the last byte was read prints nothing more.
    ended, began = _has_ended(pod), _has_begun(pod)
    if not began:
        return LogPiece(offset, b"", ended)
    path = path_of("pods", name.namespace, reading.text(pod, "metadata", "name"), "log")
    query = {"container": manifests.CONTAINER, "limitBytes": str(offset + limit)}
    try:
        data = _read_after(cluster, path, query, offset, limit)
    except Missing:
        raise NotFound from None
    except ApiError as error:
        if error.status == HTTPStatus.BAD_REQUEST:  # the container is only just being made
            return LogPiece(offset, b"", False)
        raise EngineUnavailable(params={"detail": f"HTTP {error.status}"}) from error
    return LogPiece(offset, data, ended and len(data) < limit)


def _pod(cluster: Cluster, instance: str, name: RunName, role: str, index: int) -> Json | None:
    try:
        found = cluster.list("pods", name.namespace, labels=objects.runs_of(instance, (name.run,)))
    except ApiError as error:
        raise EngineUnavailable("NAMESPACE_PENDING") from error
    mine = [
        p
        for p in found
        if reading.labels(p).get(objects.ROLE, role) == role and index_of(p) == index
    ]
    present = newest(mine).get(index)
    return dict(present) if present else (mine[-1] if mine else None)


def _read_after(
    cluster: Cluster, path: str, query: Mapping[str, str], offset: int, limit: int
) -> bytes:
    data = bytearray()
    before = offset
    try:
        with cluster.stream(path, query) as response:
            while len(data) < limit and (piece := response.read(_PIECE)):
                data += piece[before:]
                before = max(0, before - len(piece))
    except (HTTPError, OSError) as error:
        raise EngineUnavailable(params={"detail": type(error).__name__}) from error
    if before:
        raise NotFound
    return bytes(data[:limit])


def _has_begun(pod: Json) -> bool:
    states = (
        reading.mapping(s, "state") for s in reading.objects(pod, "status", "containerStatuses")
    )
    return any("running" in state or "terminated" in state for state in states)


def _has_ended(pod: Json) -> bool:
    if reading.text(pod, "status", "phase") in {"Succeeded", "Failed"}:
        return True
    states = (
        reading.mapping(s, "state") for s in reading.objects(pod, "status", "containerStatuses")
    )
    return any("terminated" in state for state in states)
