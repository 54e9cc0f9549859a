"""What is known of the notebook pods of a namespace, kept up to date by one watch each.

A watch never gives up and never takes the hub along: while the API server is away, what was seen
last stays, marked as not confirmed. Only a list or an event ever removes a pod, and whoever acts
on an absence reads the pod itself first.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping

from .cluster import Cluster, ClusterAway, ClusterRefused, Raw

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
WATCH_SECONDS = (240, 300)
SHORTEST_WATCH_SECONDS = 1.0
# Nobody asked for so long: the namespace has no server that runs or starts.
UNUSED_SECONDS = 600.0

logger = logging.getLogger(__name__)

Listener = Callable[[], None]


class PodWatch:
    """The pods of one namespace that carry our labels."""

    def __init__(self, cluster: Cluster, namespace: str, labels: str) -> None:
        self.namespace = namespace
        self.pods: dict[str, Raw] = {}
        self.is_current = False
        self._cluster = cluster
        self._labels = labels
        self._loaded = asyncio.Event()
        self._listeners: dict[str, set[Listener]] = {}
        self._task: asyncio.Task[None] | None = None
        self._asked = time.monotonic()

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._run())

    @property
    def is_unused(self) -> bool:
        return not self._listeners and time.monotonic() - self._asked > UNUSED_SECONDS

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def touch(self) -> None:
        """Note that somebody still wants to know."""
        self._asked = time.monotonic()

    async def loaded(self, seconds: float) -> bool:
        """Wait for the first list; whether it came."""
        try:
            async with asyncio.timeout(seconds):
                await self._loaded.wait()
        except TimeoutError:
            return False
        return True

    def listen(self, name: str, listener: Listener) -> Callable[[], None]:
        """Call back whenever something about a pod may have changed; returns how to end that."""
        self._listeners.setdefault(name, set()).add(listener)

        def end() -> None:
            listeners = self._listeners.get(name, set())
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(name, None)

        return end

    async def _run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            began = time.monotonic()
            try:
                await self._list_and_watch()
            except (ClusterAway, ClusterRefused) as error:
                self.is_current = False
                logger.warning("pods of %s not seen: %s", self.namespace, error)
            except Exception:
                # One odd event must not end the watch: the next list starts afresh.
                self.is_current = False
                logger.exception("watch of pods of %s failed", self.namespace)
            if time.monotonic() - began > LONGEST_PAUSE_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  # jitter
            pause = min(LONGEST_PAUSE_SECONDS, pause * 2)

    async def _list_and_watch(self) -> None:
        """List, then follow; returns when what is known has to be read anew."""
        await self._require_access()
        items, version = await self._cluster.list("pods", self.namespace, labels=self._labels)
        self._replace({name: item for item in items if (name := _name(item))})
        while True:
            began = time.monotonic()
            seconds = random.randint(*WATCH_SECONDS)  # noqa: S311  # spread, not secret
            events = self._cluster.watch(
                "pods", self.namespace, labels=self._labels, version=version, seconds=seconds
            )
            async for event in events:
                if event.get("type") == "ERROR":
                    # Mostly 410: the version is too old by now. A new list tells either way.
                    logger.info("watch of %s starts anew", self.namespace)
                    return
                version = self._take(event) or version
            if time.monotonic() - began < SHORTEST_WATCH_SECONDS:
                return  # a server that is going ends every watch at once

    async def _require_access(self) -> None:
        if not self._loaded.is_set() and not await self._cluster.may(
            "list", "pods", self.namespace
        ):
            raise ClusterRefused(403, "Forbidden", "no right to see pods there yet")

    def _replace(self, pods: Mapping[str, Raw]) -> None:
        changed = {
            name
            for name in self.pods.keys() | pods.keys()
            if _version(self.pods.get(name)) != _version(pods.get(name))
        }
        self.pods = dict(pods)
        self.is_current = True
        self._loaded.set()
        for name in changed:
            self._tell(name)

    def _take(self, event: Raw) -> str:
        item = event["object"]
        version = _version(item)
        name = _name(item)
        self.is_current = True
        if event.get("type") == "BOOKMARK" or not name:
            return version
        if event.get("type") == "DELETED":
            self.pods.pop(name, None)
        else:
            self.pods[name] = item
        self._tell(name)
        return version

    def _tell(self, name: str) -> None:
        for listener in tuple(self._listeners.get(name, ())):
            listener()


class Watches:
    """One watch per namespace, begun when it is first asked for."""

    def __init__(self, cluster: Cluster, labels: str) -> None:
        self._cluster = cluster
        self._labels = labels
        self._by_namespace: dict[str, PodWatch] = {}

    def of(self, namespace: str) -> PodWatch:
        """Return the namespace's watch, begun if it was not."""
        self._close_unused()
        watch = self._by_namespace.get(namespace)
        if watch is None:
            watch = self._by_namespace[namespace] = PodWatch(self._cluster, namespace, self._labels)
            watch.start()
        watch.touch()
        return watch

    def namespaces(self) -> frozenset[str]:
        return frozenset(self._by_namespace)

    def _close_unused(self) -> None:
        for namespace in [n for n, watch in self._by_namespace.items() if watch.is_unused]:
            self._by_namespace.pop(namespace).close()


def _name(item: Raw) -> str:
    name = (item.get("metadata") or {}).get("name")
    return name if isinstance(name, str) else ""


def _version(item: Raw | None) -> str:
    return str(((item or {}).get("metadata") or {}).get("resourceVersion", ""))
