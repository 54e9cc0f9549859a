"""Reading what an API server says without trusting its shape: an odd object hurts no other."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from atelier.core.resources import Resources

Json = Mapping[str, Any]

_QUANTITY = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]{1,2})?)([A-Za-z]{0,2})", re.ASCII)
_FACTORS = {
    "": Decimal(1), "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"),
    "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12),
    "P": Decimal(10**15), "E": Decimal(10**18),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40),
    "Pi": Decimal(2**50), "Ei": Decimal(2**60),
}  # fmt: skip
_PLAIN = {"cpu", "memory", "ephemeral-storage", "pods"}


def mapping(raw: object, *path: str) -> Json:
    """Return the object at ``path``; an empty one for whatever else is there."""
    for step in path:
        raw = raw.get(step) if isinstance(raw, Mapping) else None
    return raw if isinstance(raw, Mapping) else {}


def text(raw: object, *path: str) -> str:
    """Return the text at ``path``, or ''."""
    *way, last = path
    value = mapping(raw, *way).get(last)
    return value if isinstance(value, str) else ""


def whole(raw: object, *path: str) -> int | None:
    """Return the whole number at ``path``, or None."""
    *way, last = path
    value = mapping(raw, *way).get(last)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def objects(raw: object, *path: str) -> Iterator[Json]:
    """Return the objects of the list at ``path``."""
    *way, last = path
    value = mapping(raw, *way).get(last)
    yield from (v for v in value if isinstance(v, Mapping)) if isinstance(value, list) else ()


def moment(raw: object, *path: str) -> datetime | None:
    """Return the time at ``path``, or None."""
    value = text(raw, *path)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def condition(raw: object, kind: str) -> Json:
    """Return the condition ``kind`` of an object's status; empty when it has none."""
    return next((c for c in objects(raw, "status", "conditions") if c.get("type") == kind), {})


def is_true(raw: object, kind: str) -> bool:
    """Tell whether the condition ``kind`` is in force."""
    return condition(raw, kind).get("status") == "True"


def uid(raw: object) -> str:
    """Return an object's UID."""
    return text(raw, "metadata", "uid")


def labels(raw: object) -> dict[str, str]:
    """Return an object's labels."""
    found = mapping(raw, "metadata", "labels")
    return {k: v for k, v in found.items() if isinstance(v, str)}


def quantity(raw: object) -> Decimal:
    """Return a Kubernetes quantity ("500m", "2Gi", 3) in plain units; 0 for what is not one."""
    match = _QUANTITY.fullmatch(str(raw))
    if match is None:
        return Decimal(0)
    try:
        return Decimal(match[1]) * _FACTORS.get(match[2], Decimal(0))
    except InvalidOperation:
        return Decimal(0)


def resources(raw: object) -> Resources:
    """Read the amounts of a ResourceList: a container's limits, or a node's allocatable."""
    found = mapping(raw)
    return Resources(
        int(quantity(found.get("cpu", 0)) * 1000),
        int(quantity(found.get("memory", 0))),
        int(quantity(found.get("ephemeral-storage", 0))),
        {
            kind: int(quantity(n))
            for kind, n in found.items()
            if isinstance(kind, str) and kind not in _PLAIN and "/" in kind
        },
    )
