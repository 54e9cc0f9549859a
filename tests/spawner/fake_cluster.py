"""A cluster in memory: what it holds, what it was asked, and how it fails."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from typing import Any

from atelier_spawner.cluster import ClusterAway, ClusterRefused, Kind, Raw


class FakeCluster:
    """Stands for `Cluster`: same verbs, same two kinds of trouble."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str, str], Raw] = {}
        self.calls: list[str] = []
        self.is_away = False
        self.may_see = True
        # Each watch takes one of these to its end; without any it stays open.
        self.streams: list[list[Raw]] = []
        self.watched_from: list[str] = []
        self._versions = itertools.count(1)
        self._events: asyncio.Queue[Raw] = asyncio.Queue()

    def _answer(self, call: str) -> None:
        self.calls.append(call)
        if self.is_away:
            raise ClusterAway("away")

    async def may(self, verb: str, kind: Kind, namespace: str) -> bool:
        self._answer("may")
        return self.may_see

    async def read(self, kind: Kind, namespace: str, name: str) -> Raw | None:
        self._answer(f"read {kind}")
        return self.objects.get((kind, namespace, name))

    async def list(
        self, kind: Kind, namespace: str, *, labels: str = "", fields: str = ""
    ) -> tuple[list[Raw], str]:
        self._answer(f"list {kind}")
        found = [o for (k, n, _), o in self.objects.items() if (k, n) == (kind, namespace)]
        return found, str(next(self._versions))

    async def create(self, kind: Kind, namespace: str, body: Mapping[str, Any]) -> Raw:
        self._answer(f"create {kind}")
        name = body["metadata"]["name"]
        if (kind, namespace, name) in self.objects:
            raise ClusterRefused(409, "AlreadyExists", name)
        return self.put(kind, namespace, dict(body))

    async def delete(
        self, kind: Kind, namespace: str, name: str, *, uid: str, grace: int | None = None
    ) -> None:
        self._answer(f"delete {kind}")
        found = self.objects.get((kind, namespace, name))
        if found is not None and found["metadata"]["uid"] == uid:
            del self.objects[kind, namespace, name]

    async def watch(
        self, kind: Kind, namespace: str, *, labels: str, version: str, seconds: int
    ) -> AsyncIterator[Raw]:
        self._answer(f"watch {kind}")
        self.watched_from.append(version)
        if self.streams:
            for event in self.streams.pop(0):
                yield event
            return
        while True:
            yield await self._events.get()

    # What a test does.

    def put(self, kind: str, namespace: str, body: Raw) -> Raw:
        """Have an object there, as if somebody had made it."""
        number = str(next(self._versions))
        meta = {"uid": f"uid-{number}", "resourceVersion": number, **body["metadata"]}
        found = {**body, "metadata": meta}
        self.objects[kind, namespace, meta["name"]] = found
        return found

    def happen(self, kind: str, item: Raw) -> None:
        self._events.put_nowait({"type": kind, "object": item})
