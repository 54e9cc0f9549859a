"""Lists that are fetched page by page, while they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Callable, Generic, TypeVar

from atelier_client.transport import Transport

T = TypeVar("T")


class Pages(Generic[T]):
    """All rows of a list; iterating again asks again."""

    def __init__(
        self,
        transport: Transport,
        path: str,
        parse: Callable[[Mapping[str, Any]], T],
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self._transport = transport
        self._path = path
        self._parse = parse
        self._params = dict(params or {})

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[T]]:
        """Yield the rows of one answer at a time."""
        cursor: str | None = None
        while True:
            data = self._transport.get(self._path, {**self._params, "cursor": cursor})
            # A few short lists of the API are not paged.
            rows = data if isinstance(data, list) else data["results"]
            yield [self._parse(row) for row in rows]
            cursor = None if isinstance(data, list) else data.get("next")
            if cursor is None:
                return
