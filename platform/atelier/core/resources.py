"""Amounts of compute: whole numbers of millicores and bytes, never floats."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atelier.core.errors import InvalidSpec

LARGEST = 2**53 - 1  # the largest whole number that JSON readers agree on
_DECIMAL = re.compile(r"[0-9]{1,16}", re.ASCII)
_ACCELERATOR = re.compile(r"[a-z0-9]([a-z0-9./-]{0,98}[a-z0-9])?", re.ASCII)


def parse_amount(value: object, *, name: str, least: int = 1) -> int:
    """Read a whole number from outside; anything else is an InvalidSpec naming the field."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = int(value)
    # A boolean is an int in Python; true cores are a mistake, not one core.
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        raise InvalidSpec("NOT_AN_AMOUNT", {"least": least, "most": LARGEST}, field=name)
    return value


@dataclass(frozen=True, slots=True)
class Resources:
    """What one replica may use at most.

    ``cpu_millicores`` and the accelerator counts are whole numbers, ``memory_bytes`` and
    ``storage_bytes`` bytes. Accelerators are keyed by their Kubernetes resource name.
    """

    cpu_millicores: int
    memory_bytes: int
    storage_bytes: int = 0
    accelerators: Mapping[str, int] = field(default_factory=dict)

    def plus(self, other: "Resources") -> "Resources":
        """Return both together."""
        kinds = {*self.accelerators, *other.accelerators}
        return Resources(
            self.cpu_millicores + other.cpu_millicores,
            self.memory_bytes + other.memory_bytes,
            self.storage_bytes + other.storage_bytes,
            {k: self.accelerators.get(k, 0) + other.accelerators.get(k, 0) for k in sorted(kinds)},
        )

    def times(self, replicas: int) -> "Resources":
        """Return what ``replicas`` of these need."""
        return Resources(
            self.cpu_millicores * replicas,
            self.memory_bytes * replicas,
            self.storage_bytes * replicas,
            {kind: count * replicas for kind, count in self.accelerators.items()},
        )

    def fits_in(self, room: "Resources") -> bool:
        """Tell whether these fit in ``room``."""
        return (
            self.cpu_millicores <= room.cpu_millicores
            and self.memory_bytes <= room.memory_bytes
            and self.storage_bytes <= room.storage_bytes
            and all(n <= room.accelerators.get(k, 0) for k, n in self.accelerators.items())
        )

    def as_claims(self) -> dict[str, int]:
        """Return the amounts by quota resource name (cpu, memory, accelerator:<kind>)."""
        claims = {"cpu": self.cpu_millicores, "memory": self.memory_bytes}
        claims |= {f"accelerator:{kind}": n for kind, n in self.accelerators.items() if n}
        return claims

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form used everywhere."""
        body: dict[str, Any] = {
            "cpu_millicores": self.cpu_millicores,
            "memory_bytes": self.memory_bytes,
            "accelerators": dict(self.accelerators),
        }
        if self.storage_bytes:
            body["storage_bytes"] = self.storage_bytes
        return body

    @classmethod
    def from_json(cls, body: object, *, name: str = "resources") -> "Resources":
        """Read the JSON form; raises InvalidSpec with the dotted field that is wrong."""
        if not isinstance(body, Mapping):
            raise InvalidSpec("NOT_AN_OBJECT", field=name)
        known = {"cpu_millicores", "memory_bytes", "storage_bytes", "accelerators"}
        for key in body:
            if key not in known:
                raise InvalidSpec(
                    "UNKNOWN_FIELD", {"name": str(key)[:80]}, field=f"{name}.{key}"[:120]
                )
        given = body.get("accelerators")
        accelerators = {} if given is None else given
        if not isinstance(accelerators, Mapping):
            raise InvalidSpec("NOT_AN_OBJECT", field=f"{name}.accelerators")
        return cls(
            parse_amount(body.get("cpu_millicores"), name=f"{name}.cpu_millicores"),
            parse_amount(body.get("memory_bytes"), name=f"{name}.memory_bytes"),
            parse_amount(body.get("storage_bytes", 0), name=f"{name}.storage_bytes", least=0),
            {
                _kind(kind, name): parse_amount(n, name=f"{name}.accelerators.{kind}"[:120])
                for kind, n in accelerators.items()
            },
        )


def _kind(kind: object, name: str) -> str:
    if not isinstance(kind, str) or not _ACCELERATOR.fullmatch(kind):
        raise InvalidSpec("NOT_AN_ACCELERATOR", field=f"{name}.accelerators")
    return kind
