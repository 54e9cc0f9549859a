"""Every operation of the API, read from the OpenAPI document made from the code."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    id: str
    document: dict[str, Any] = field(repr=False, compare=False, hash=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v1')}"

    @property
    def names(self) -> list[str]:
        """The path's parameters, in order."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    def path_with(self, value: Callable[[str], str]) -> str:
        """The path with ``value(name)`` for every parameter."""
        path = self.path
        for name in self.names:
            path = path.replace(f"{{{name}}}", value(name))
        return path


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


@lru_cache(maxsize=1)
def operations() -> tuple[Operation, ...]:
    return tuple(
        Operation(method.upper(), path, operation["operationId"], operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    )
