"""Server-sent events: one subscription to the broker, fanned out to the browsers that listen.

A plain ASGI application without tables of its own: who listens and to what is asked of a function
that it is given, and asked again while the stream lasts, so that an ended session ends the stream.
Messages are thin (what changed, never its content); a listener that cannot keep up is let go and
reads the present state when it comes back.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
import redis.asyncio
from redis.exceptions import RedisError

from atelier.core.reasons import describe
from atelier.toolkit.events import CHANNEL

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/api/v1/events"
RESYNC = b"event: resync\ndata: {}\n\n"
REVOKED = b"event: session.revoked\ndata: {}\n\n"
HEARTBEAT = b": alive\n\n"
# A message of these kinds may change what its readers may listen to.
SENSITIVE = frozenset({"membership.changed", "session.revoked", "project.changed"})


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who may listen: who he is and to which topics."""

    user_id: str
    topics: frozenset[str]


# (cookies, bearer token) -> the listener, or None for nobody. Runs in a thread and may read the
# database; raises whatever the database raises.
Identify = Callable[[Mapping[str, str], str | None], Listener | None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process puts up with, and how often it looks."""

    clients: int = 2000
    clients_of_a_user: int = 10
    queue: int = 200
    heartbeat_seconds: float = 15.0
    recheck_seconds: float = 25.0
    # S15: access ends within 60 s even when the database cannot be asked.
    unchecked_seconds: float = 55.0
    lookups_at_once: int = 4
    reconnect_seconds: float = 5.0


@dataclass(eq=False, slots=True)
class Client:
    """One open stream."""

    listener: Listener
    queue: asyncio.Queue[bytes]
    recheck: asyncio.Event = field(default_factory=asyncio.Event)
    overrun: bool = False

    def offer(self, message: bytes) -> None:
        """Queue ``message``, or mark the client as too slow."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.overrun = True


class Switchboard:
    """The open streams of this process, and the one subscription that feeds them."""

    def __init__(self, broker_url: str, limits: Limits) -> None:
        self._url = broker_url
        self._limits = limits
        self.clients: set[Client] = set()
        self.is_connected = False

    def has_room(self, user_id: str) -> bool:
        """Tell whether one more stream of ``user_id`` is within the limits."""
        own = Counter(client.listener.user_id for client in self.clients)[user_id]
        return len(self.clients) < self._limits.clients and own < self._limits.clients_of_a_user

    async def run(self) -> None:
        """Listen to the broker for ever; an outage is waited out."""
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                logger.warning("event broker lost", extra={"error": type(error).__name__})
            self.is_connected = False
            # Jitter: all processes lose the broker at the same moment.
            await asyncio.sleep(random.uniform(0.1, 1.0) * self._limits.reconnect_seconds)  # noqa: S311

    async def _listen(self) -> None:
        broker = redis.asyncio.Redis.from_url(
            self._url, socket_connect_timeout=2, health_check_interval=10
        )
        async with broker, broker.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            self.is_connected = True
            # Whatever was said while nobody listened is lost: everyone looks again.
            self._all(RESYNC)
            while True:
                # The time-out makes the client send its health check, so that a broker that went
                # without closing is noticed.
                message = await subscription.get_message(
                    ignore_subscribe_messages=True, timeout=self._limits.heartbeat_seconds
                )
                if message is not None:
                    self.deliver(message["data"])

    def _all(self, frame: bytes) -> None:
        for client in self.clients:
            client.offer(frame)

    def deliver(self, raw: bytes) -> None:
        """Hand one message of the broker to those whose topics it names."""
        parsed = parse(raw)
        if parsed is None:
            logger.warning("event message not understood")
            return
        topics, kind, frame = parsed
        for client in self.clients:
            if not client.listener.topics.isdisjoint(topics):
                client.offer(frame)
                if kind in SENSITIVE:
                    client.recheck.set()


def parse(raw: bytes) -> tuple[frozenset[str], str, bytes] | None:
    """Read a message of ``toolkit.events``; return its topics, kind and frame for the browser."""
    try:
        message = orjson.loads(raw)
        topics, kind, data = message["topics"], message["type"], message["data"]
    except (ValueError, KeyError, TypeError):
        return None
    # A line break in the kind would let it forge other fields of the frame.
    if not isinstance(topics, list) or not isinstance(kind, str) or not kind.isprintable():
        return None
    frame = b"event: " + kind.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"
    return frozenset(t for t in topics if isinstance(t, str)), kind, frame


class EventStream:
    """The ASGI application that serves ``/api/v1/events``."""

    def __init__(
        self, *, identify: Identify, broker_url: str, origin: str, limits: Limits | None = None
    ) -> None:
        self._identify = identify
        self._origin = origin
        self._limits = limits or Limits()
        self._switchboard = Switchboard(broker_url, self._limits)
        self._lookups = asyncio.Semaphore(self._limits.lookups_at_once)
        self._feed: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the server's own start and end."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # a websocket: nothing of ours
            await send({"type": "websocket.close", "code": 1008})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._feed = asyncio.create_task(self._switchboard.run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._feed.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path, headers = scope["method"], scope["path"], _headers(scope)
        if path in {"/livez", "/readyz"}:
            await _answer(send, 200, {"broker": self._switchboard.is_connected})
            return
        if path != PATH:
            await _answer(send, 404, _problem(404, "NOT_FOUND"))
            return
        if not self._may_ask(headers):
            await _answer(send, 403, _problem(403, "NOT_ALLOWED"))
            return
        cors = self._cors(headers)
        if method == "OPTIONS":
            await _answer(send, 204, None, cors)
        elif method != "GET":
            await _answer(send, 405, _problem(405, "METHOD_NOT_ALLOWED"), cors)
        else:
            await self._stream(headers, receive, send, cors)

    def _may_ask(self, headers: Mapping[str, str]) -> bool:
        """Only the portal's own pages may listen (S23); programs send no Origin."""
        origin = headers.get("origin")
        if origin is None:
            # A page of a sibling host can leave Origin out, but not this.
            return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
        return origin == self._origin

    def _cors(self, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        cors = [(b"vary", b"Origin")]
        if headers.get("origin") == self._origin:
            cors += [
                (b"access-control-allow-origin", self._origin.encode()),
                (b"access-control-allow-credentials", b"true"),
                (b"access-control-allow-headers", b"authorization, last-event-id"),
                (b"access-control-allow-methods", b"GET"),
            ]
        return cors

    async def _stream(
        self,
        headers: Mapping[str, str],
        receive: Receive,
        send: Send,
        cors: list[tuple[bytes, bytes]],
    ) -> None:
        who = _credentials(headers)
        try:
            listener = await self._look_up(*who)
        except Exception:  # the database is away; which errors that raises is not ours to know
            logger.warning("listener not identified", exc_info=True)
            await _answer(send, 503, _problem(503, "UNAVAILABLE"), [*cors, (b"retry-after", b"5")])
            return
        if listener is None:
            await _answer(send, 401, _problem(401, "NOT_SIGNED_IN"), cors)
            return
        if not self._switchboard.has_room(listener.user_id):
            body = _problem(429, "TOO_MANY_ATTEMPTS")
            await _answer(send, 429, body, [*cors, (b"retry-after", b"10")])
            return
        await self._serve(
            Client(listener, asyncio.Queue(self._limits.queue)), who, receive, send, cors
        )

    async def _serve(
        self,
        client: Client,
        who: tuple[Mapping[str, str], str | None],
        receive: Receive,
        send: Send,
        cors: list[tuple[bytes, bytes]],
    ) -> None:
        self._switchboard.clients.add(client)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*_SSE, *cors]})
            retry = f"retry: {random.randint(1000, 3000)}\n\n"  # noqa: S311  # spreads a herd
            await send(_part(retry.encode() + RESYNC))
            await _first_of(
                self._pump(client, send), self._guard(client, who), _until_closed(receive)
            )
            await send(_part(self._last_word(client), more=False))
        except OSError:
            pass  # the browser went without a word
        finally:
            self._switchboard.clients.discard(client)

    @staticmethod
    def _last_word(client: Client) -> bytes:
        return REVOKED if not client.listener.topics else b""

    async def _pump(self, client: Client, send: Send) -> None:
        """Write what comes in, and a sign of life when nothing does; ends for a slow client."""
        while not client.overrun:
            try:
                frame = await asyncio.wait_for(client.queue.get(), self._limits.heartbeat_seconds)
            except TimeoutError:
                frame = HEARTBEAT
            await send(_part(frame))

    async def _guard(self, client: Client, who: tuple[Mapping[str, str], str | None]) -> None:
        """Look again who listens, every while and when told to; ends when nobody does."""
        checked = time.monotonic()
        while True:
            # Spread out, so that the streams of a herd do not ask the database all at once.
            pause = self._limits.recheck_seconds * random.uniform(0.6, 1)  # noqa: S311
            with suppress(TimeoutError):
                await asyncio.wait_for(client.recheck.wait(), pause)
            client.recheck.clear()
            try:
                listener = await self._look_up(*who)
            except Exception:  # as above: unknown for a while is tolerated, for long it is not
                if time.monotonic() - checked > self._limits.unchecked_seconds:
                    return
                continue
            checked = time.monotonic()
            if listener is None or listener.user_id != client.listener.user_id:
                client.listener = Listener(client.listener.user_id, frozenset())
                return
            if listener.topics != client.listener.topics:
                client.listener = listener
                client.offer(RESYNC)

    async def _look_up(self, cookies: Mapping[str, str], token: str | None) -> Listener | None:
        async with self._lookups:
            return await asyncio.to_thread(self._identify, cookies, token)


# --- small parts ------------------------------------------------------------------------------

_SSE = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def _headers(scope: Scope) -> dict[str, str]:
    # Of a header sent twice the last one counts; only Cookie may be, and browsers send one.
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}


def _credentials(headers: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """Return the cookies, or the bearer token: never both (S2)."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return {}, token.strip()
    pairs = (part.partition("=") for part in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}, None


def _part(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


def _problem(status: int, code: str) -> dict[str, Any]:
    # Scripts read this, no person does: the portal has told the same in the reader's language.
    sentence = describe(code, {"retry_after": 10})
    return {
        "type": "about:blank",
        "title": sentence.text,
        "status": status,
        "code": code,
        "detail": sentence.text,
    }


async def _answer(
    send: Send, status: int, body: Any, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    kind = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *headers]})
    await send(_part(b"" if body is None else orjson.dumps(body), more=False))


async def _until_closed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first_of(*jobs: Awaitable[None]) -> None:
    """Run all until the first one ends; the others are cancelled, its error is raised."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
