"""Hearing of changes as they happen: a watch for each namespace in which something runs.

It only rings. Whatever a watch says, or fails to say, a look decides; so doubled, reordered, cut or
missing events cost a look too many or some seconds, and never correctness. One thread holds all
watches. A watch goes on from the last version it heard of; it begins anew when that is too old.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx
import orjson

from atelier.engines.base import Bell
from atelier.engines.kubernetes import objects, reading
from atelier.engines.kubernetes.access import Access
from atelier.engines.kubernetes.client import path_of

logger = logging.getLogger(__name__)

METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
RESOURCES = ("jobs", "pods")


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a watch is, in seconds; tests are less so.

    The server sends a bookmark every minute, so a connection silent for longer than ``silence`` is
    dead. Nobody waits longer than ``longest_pause``: that bounds the recovery after an outage.
    """

    connect: float = 3.0
    silence: float = 90.0
    lasts: int = 300
    first_pause: float = 0.5
    longest_pause: float = 15.0
    gather: float = 0.05
    namespaces: float = 2.0


@dataclass(slots=True)
class _Spot:
    """What is watched, and up to where it was heard."""

    namespace: str
    plural: str
    version: str = ""
    failures: int = 0
    listed_before: bool = False


@dataclass(slots=True)
class _News:
    """What was heard and not yet rung for; ``anything``: there was a gap, so it could be anyone."""

    names: set[str] = field(default_factory=set)
    anything: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, name: str) -> None:
        self.names.add(name)
        self.arrived.set()

    def add_anything(self) -> None:
        self.anything = True
        self.arrived.set()

    def take(self) -> set[str]:
        """Return the names, none for "anything", and begin to gather anew."""
        names = set() if self.anything else self.names
        self.names, self.anything = set(), False
        self.arrived.clear()
        return names


class _TooOld(Exception):
    """The version from which to go on is not kept any more."""


class _NotNow(Exception):
    """There is nothing to be watched there (yet): no namespace, or no rights in it."""


class Watcher:
    """Holds the watches of one engine; ``run`` returns after ``stop``."""

    def __init__(
        self,
        access: Callable[[], Access],
        *,
        instance: str,
        namespaces: Callable[[], Iterable[str]],
        bell: Bell,
        pace: Pace | None = None,
    ) -> None:
        self._access = access
        self._selector = objects.runs_of(instance)
        self._namespaces = namespaces
        self._bell = bell
        self._pace = pace or Pace()
        self._news = _News()
        self._stopping: Callable[[], object] | None = None

    def run(self) -> None:
        """Watch until told to stop."""
        try:
            asyncio.run(self._run())
        except asyncio.CancelledError:
            return

    def stop(self) -> None:
        """Let ``run`` return; may be called from any thread."""
        if self._stopping is not None:
            self._stopping()

    async def _run(self) -> None:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None  # noqa: S101  # asyncio.run made one
        self._stopping = lambda: loop.call_soon_threadsafe(task.cancel)
        access = self._access()
        # The database is asked and rung for in a thread of its own: it knows no event loop.
        with ThreadPoolExecutor(1, "watch-db") as beside:
            async with (
                httpx.AsyncClient(
                    base_url=access.url,
                    verify=_tls(access),
                    timeout=httpx.Timeout(self._pace.connect, read=self._pace.silence, pool=None),
                    limits=httpx.Limits(max_connections=None, max_keepalive_connections=4),
                    trust_env=False,
                ) as http,
                asyncio.TaskGroup() as group,
            ):
                group.create_task(self._ring(beside))
                group.create_task(self._keep(http, access, group, beside))

    async def _keep(
        self, http: httpx.AsyncClient, access: Access, group: asyncio.TaskGroup, beside: Executor
    ) -> None:
        """Keep a watch for each resource of each namespace in which something runs."""
        held: dict[str, list[asyncio.Task[None]]] = {}
        while True:
            wanted = await self._wanted(beside)
            if wanted is not None:
                for gone in held.keys() - wanted:
                    for task in held.pop(gone):
                        task.cancel()
                for new in wanted - held.keys():
                    spots = (_Spot(new, plural) for plural in RESOURCES)
                    held[new] = [group.create_task(self._follow(http, access, s)) for s in spots]
            await asyncio.sleep(self._pace.namespaces)

    async def _wanted(self, beside: Executor) -> set[str] | None:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(beside, lambda: set(self._namespaces()))
        except Exception:  # whatever the database's trouble is, the watches go on
            logger.warning("namespaces to watch not known", exc_info=True)
            return None

    async def _ring(self, beside: Executor) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._news.arrived.wait()
            await asyncio.sleep(self._pace.gather)  # a start is a dozen events within a moment
            names = self._news.take()
            try:
                await loop.run_in_executor(beside, self._bell, names)
            except Exception:  # a ring that is lost costs seconds, the thread would cost them all
                logger.warning("bell not rung", exc_info=True)

    async def _follow(self, http: httpx.AsyncClient, access: Access, spot: _Spot) -> None:
        """Watch one spot for ever, whatever happens to the connection."""
        while True:
            try:
                if not spot.version:
                    await self._begin(http, access, spot)
                await self._listen(http, access, spot)
                spot.failures = 0
            except _TooOld:
                spot.version = ""
                # Every watch meets this at the same moment: they do not all list at once.
                await asyncio.sleep(random.uniform(0, 4 * self._pace.first_pause))  # noqa: S311
            except _NotNow:
                spot.version = ""
                await asyncio.sleep(self._pace.longest_pause * random.uniform(0.5, 1))  # noqa: S311
            except (httpx.HTTPError, httpx.StreamError, OSError, ValueError) as error:
                spot.failures += 1
                logger.info(
                    "watch broken",
                    extra={"namespace": spot.namespace, "error": type(error).__name__},
                )
                await asyncio.sleep(self._pause(spot.failures))

    def _pause(self, failures: int) -> float:
        doubled: float = self._pace.first_pause * 2 ** min(failures - 1, 16)
        return min(self._pace.longest_pause, doubled) * random.uniform(0.5, 1)  # noqa: S311

    async def _begin(self, http: httpx.AsyncClient, access: Access, spot: _Spot) -> None:
        """Find the version to watch from. After a gap anything may have happened."""
        response = await http.get(
            path_of(spot.plural, spot.namespace),
            params={"labelSelector": self._selector, "limit": "1"},
            headers=_headers(access, "application/json"),
            extensions=_extensions(access),
        )
        _require_ok(response.status_code)
        spot.version = reading.text(orjson.loads(response.content), "metadata", "resourceVersion")
        if not spot.version:
            raise ValueError("a list without a version")
        if spot.listed_before:
            self._news.add_anything()
        spot.listed_before = True

    async def _listen(self, http: httpx.AsyncClient, access: Access, spot: _Spot) -> None:
        """Hear one connection out; it ends by itself after some minutes."""
        query = {
            "watch": "1",
            "labelSelector": self._selector,
            "resourceVersion": spot.version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(int(self._pace.lasts * random.uniform(0.8, 1.2))),  # noqa: S311
        }
        async with http.stream(
            "GET",
            path_of(spot.plural, spot.namespace),
            params=query,
            headers=_headers(access, METADATA),
            extensions=_extensions(access),
        ) as response:
            _require_ok(response.status_code)
            if spot.failures:
                self._news.add_anything()  # something may have ended while nobody listened
            async for line in response.aiter_lines():
                if line.strip():
                    self._hear(spot, orjson.loads(line))
                    spot.failures = 0

    def _hear(self, spot: _Spot, event: Any) -> None:
        kind, thing = reading.text(event, "type"), reading.mapping(event, "object")
        if kind == "ERROR":
            if reading.whole(thing, "code") == HTTPStatus.GONE:
                raise _TooOld
            raise ValueError(f"the watch ends with {reading.text(thing, 'reason')!r}")
        # Versions have no order that we may know: the last one heard is where to go on.
        spot.version = reading.text(thing, "metadata", "resourceVersion") or spot.version
        run = reading.labels(thing).get(objects.RUN)
        if kind != "BOOKMARK" and run:
            self._news.add(f"{spot.namespace}/{run}")


def _require_ok(status: int) -> None:
    if status == HTTPStatus.GONE:
        raise _TooOld
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        raise _NotNow
    if status != HTTPStatus.OK:
        raise ValueError(f"HTTP {status}")


def _headers(access: Access, accept: str) -> dict[str, str]:
    authorization = access.authorization()
    return {"Accept": accept, **({"Authorization": authorization} if authorization else {})}


def _extensions(access: Access) -> dict[str, Any]:
    return {"sni_hostname": access.server_name} if access.server_name else {}


def _tls(access: Access) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=access.ca_file)
    if access.cert_file:
        context.load_cert_chain(access.cert_file, access.key_file)
    return context
