"""The event stream as a real server with a real broker; only the database is a function."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import Any

import httpx
import orjson
import pytest
import redis
import uvicorn
from django.conf import settings

from atelier.operate.ports import free_port
from atelier.toolkit.events import CHANNEL
from atelier.toolkit.stream import Client, EventStream, Limits, Listener, Switchboard, parse

PORTAL = "http://localhost:8000"
# Databases of a broker do not separate its channels: workers of one session hear each other.
MINE = f"{os.getpid()}:"
QUICK = Limits(
    heartbeat_seconds=0.2,
    recheck_seconds=0.4,
    unchecked_seconds=1.0,
    reconnect_seconds=0.3,
    clients_of_a_user=3,
    queue=50,
)


def listener(user_id: str, *topics: str) -> Listener:
    return Listener(user_id, frozenset(MINE + topic for topic in topics))


@dataclass
class People:
    """Who is signed in: cookie value or token to listener. ``is_away`` breaks every question."""

    known: dict[str, Listener] = field(default_factory=dict)
    is_away: bool = False

    def identify(self, cookies: Mapping[str, str], token: str | None) -> Listener | None:
        if self.is_away:
            raise ConnectionError("database away")
        return self.known.get(token if token is not None else cookies.get("atelier_session", ""))


@dataclass
class Running:
    """The server under test and the people it knows."""

    url: str
    people: People
    broker: redis.Redis

    def publish(self, topic: str, kind: str = "workload.changed", **data: Any) -> None:
        self.broker.publish(
            CHANNEL, orjson.dumps({"topics": [MINE + topic], "type": kind, "data": data})
        )


@contextmanager
def serving(broker_url: str, limits: Limits) -> Iterator[Running]:
    people = People({
        "alice": listener("u1", "user:u1", "project:p1"),
        "bob": listener("u2", "user:u2"),
    })  # fmt: skip
    app = EventStream(identify=people.identify, broker_url=broker_url, origin=PORTAL, limits=limits)
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    broker = redis.Redis.from_url(broker_url)
    try:
        eventually(lambda: server.started)
        eventually(lambda: httpx.get(f"{url}/readyz").json()["broker"])
        yield Running(url, people, broker)
    finally:
        server.should_exit = True
        thread.join(10)
        broker.close()


@pytest.fixture
def running() -> Iterator[Running]:
    with serving(settings.ATELIER_BROKER_URL, QUICK) as made:
        yield made


@dataclass
class Reader:
    """A browser: collects the events of one stream."""

    status: int
    headers: httpx.Headers
    events: "Queue[tuple[str, Any]]" = field(default_factory=Queue)
    beats: int = 0
    is_over: bool = False

    def next(self, seconds: float = 5) -> tuple[str, Any]:
        return self.events.get(timeout=seconds)

    def is_quiet(self, seconds: float = 0.3) -> bool:
        try:
            self.events.get(timeout=seconds)
        except Empty:
            return True
        return False


@contextmanager
def listening(running: Running, cookie: str = "alice", **headers: str) -> Iterator[Reader]:
    sent = {"Origin": PORTAL, "Cookie": f"atelier_session={cookie}", **headers}
    with (
        httpx.Client(timeout=10) as client,
        client.stream(
            "GET", f"{running.url}/api/v1/events", headers={k: v for k, v in sent.items() if v}
        ) as response,
    ):
        reader = Reader(response.status_code, response.headers)
        thread = threading.Thread(target=_read, args=(response, reader))
        thread.start()
        if response.status_code == 200:
            assert reader.next() == ("resync", {})
        yield reader
        response.close()
        thread.join(5)


def _read(response: httpx.Response, reader: Reader) -> None:
    kind = ""
    try:
        for line in response.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                reader.events.put((kind, orjson.loads(line.removeprefix("data: "))))
            elif line.startswith(":"):
                reader.beats += 1
    except (httpx.HTTPError, httpx.StreamError):
        pass
    reader.is_over = True


def eventually(check: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "did not come about in time"
        time.sleep(0.02)


def test_a_member_hears_of_his_project_and_a_stranger_does_not(running: Running) -> None:
    with listening(running) as alice, listening(running, "bob") as bob:
        running.publish("project:p1", id="w1", project="p1")

        assert alice.next() == ("workload.changed", {"id": "w1", "project": "p1"})
        assert bob.is_quiet()


def test_s23_without_a_session_or_with_a_foreign_origin_nobody_listens(running: Running) -> None:
    with listening(running, "nobody") as unknown:
        assert unknown.status == 401
    with listening(running, Cookie="") as anonymous:
        assert anonymous.status == 401
    for origin in ("http://127.0.0.1:8001", "null", f"{PORTAL}.evil.example", "http://localhost"):
        with listening(running, Origin=origin) as foreign:
            assert foreign.status == 403
            assert "access-control-allow-origin" not in foreign.headers
    for place in ("cross-site", "same-site"):
        with listening(running, **{"Origin": "", "Sec-Fetch-Site": place}) as crossing:
            assert crossing.status == 403


def test_the_portal_may_read_the_answer_with_its_cookie(running: Running) -> None:
    with listening(running) as alice:
        assert alice.headers["content-type"] == "text/event-stream"
        assert alice.headers["access-control-allow-origin"] == PORTAL
        assert alice.headers["access-control-allow-credentials"] == "true"
        assert alice.headers["vary"] == "Origin"
        assert alice.headers["cache-control"] == "no-store"


def test_a_program_listens_with_its_token_and_a_cookie_beside_it_counts_for_nothing(
    running: Running,
) -> None:
    running.people.known["atl_x"] = listener("u3", "user:u3")

    with listening(running, **{"Origin": "", "Authorization": "Bearer atl_x"}) as program:
        running.publish("user:u3", id="w3")
        running.publish("user:u1", id="w1")
        assert program.next() == ("workload.changed", {"id": "w3"})
        assert program.is_quiet()
    with listening(running, Authorization="Bearer wrong") as refused:
        assert refused.status == 401


def test_a_quiet_stream_shows_signs_of_life(running: Running) -> None:
    with listening(running) as alice:
        eventually(lambda: alice.beats >= 2)


def test_s15_an_ended_session_ends_the_stream_within_the_recheck(running: Running) -> None:
    with listening(running) as alice:
        del running.people.known["alice"]

        assert alice.next() == ("session.revoked", {})
        eventually(lambda: alice.is_over)


def test_s15_a_message_about_the_session_makes_it_looked_at_now() -> None:
    slow = Limits(recheck_seconds=60)
    with serving(settings.ATELIER_BROKER_URL, slow) as running, listening(running) as alice:
        del running.people.known["alice"]
        running.publish("user:u1", "session.revoked")

        assert alice.next()[0] == "session.revoked"
        assert alice.next(3)[0] == "session.revoked"
        eventually(lambda: alice.is_over, 3)


def test_who_leaves_a_project_stops_hearing_of_it(running: Running) -> None:
    with listening(running) as alice:
        running.people.known["alice"] = listener("u1", "user:u1")
        running.publish("user:u1", "membership.changed")

        assert alice.next() == ("membership.changed", {})
        assert alice.next() == ("resync", {})
        running.publish("project:p1", id="w1")
        assert alice.is_quiet()


def test_who_joins_a_project_begins_to_hear_of_it(running: Running) -> None:
    with listening(running, "bob") as bob:
        running.people.known["bob"] = listener("u2", "user:u2", "project:p1")

        assert bob.next() == ("resync", {})
        running.publish("project:p1", id="w1")
        assert bob.next() == ("workload.changed", {"id": "w1"})


def test_s15_a_database_outage_is_tolerated_for_a_while_only(running: Running) -> None:
    with listening(running) as alice:
        running.people.is_away = True
        running.publish("user:u1", id="w1")
        assert alice.next() == ("workload.changed", {"id": "w1"})
        with listening(running) as late:
            assert late.status == 503
            assert late.headers["retry-after"]

        eventually(lambda: alice.is_over, 5)


def test_streams_of_one_user_are_limited_and_come_free_again(running: Running) -> None:
    with listening(running), listening(running):
        with listening(running):
            with listening(running) as fourth:
                assert fourth.status == 429
            with listening(running, "bob") as other:
                assert other.status == 200
        eventually(lambda: _status(running) == 200)


def _status(running: Running) -> int:
    with listening(running) as reader:
        return reader.status


def test_other_methods_and_addresses_are_refused(running: Running) -> None:
    headers = {"Origin": PORTAL}
    url = f"{running.url}/api/v1/events"

    assert httpx.post(url, headers=headers).status_code == 405
    assert httpx.options(url, headers=headers).status_code == 204
    assert httpx.get(f"{running.url}/api/v1/projects", headers=headers).status_code == 404


def test_r05_a_broker_that_went_and_came_back_is_listened_to_again(
    valkey_of_my_own: "OwnValkey",
) -> None:
    with serving(valkey_of_my_own.url, QUICK) as running, listening(running) as alice:
        valkey_of_my_own.stop()
        eventually(lambda: not httpx.get(f"{running.url}/readyz").json()["broker"])
        beats = alice.beats
        eventually(lambda: alice.beats > beats)
        valkey_of_my_own.start()

        assert alice.next(15) == ("resync", {})
        running.publish("user:u1", id="w1")
        assert alice.next() == ("workload.changed", {"id": "w1"})


class OwnValkey:
    """A broker this test may stop."""

    def __init__(self, folder: Any) -> None:
        from atelier.operate import valkey
        from atelier.operate.unix_user import server_user

        self._folder, self._valkey = folder, valkey
        folder.chmod(0o711)
        run_as = server_user()
        self._server = valkey.Valkey(folder / "data", free_port(), run_as, durable=False)
        self._executable = valkey.reachable_binary(folder, run_as=run_as)
        self.url = self._server.url("secret")
        self.start()

    def start(self) -> None:
        self._process = self._server.start(
            "secret",
            log=self._folder / "valkey.log",
            executable=self._executable,
            dies_with_parent=True,
        )

    def stop(self) -> None:
        self._valkey.stop(self._process)


@pytest.fixture
def valkey_of_my_own() -> Iterator[OwnValkey]:
    import tempfile
    from pathlib import Path

    # Not below pytest's own folder: that one is closed to the broker's user.
    with tempfile.TemporaryDirectory(prefix="atelier-stream-") as folder:
        made = OwnValkey(Path(folder))
        yield made
        made.stop()


def test_a_listener_that_cannot_keep_up_is_let_go() -> None:
    import asyncio

    async def scenario() -> tuple[bool, bool]:
        board = Switchboard("redis://unused", Limits())
        slow = Client(Listener("u1", frozenset({"user:u1"})), asyncio.Queue(2))
        quick = Client(Listener("u2", frozenset({"user:u2"})), asyncio.Queue(2))
        board.clients |= {slow, quick}
        for _ in range(3):
            board.deliver(b'{"topics": ["user:u1"], "type": "workload.changed", "data": {}}')
        return slow.overrun, quick.overrun

    assert asyncio.run(scenario()) == (True, False)


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b"{}", b"\xff", b'{"topics": "user:u1", "type": "x", "data": 1}',
     b'{"topics": [], "type": 1, "data": 1}', b'{"topics": [], "type": "x\\ndata: y", "data": 1}'],
)  # fmt: skip
def test_a_message_that_is_none_is_passed_over(raw: bytes) -> None:
    assert parse(raw) is None


def test_line_breaks_in_data_cannot_forge_an_event() -> None:
    parsed = parse(b'{"topics": ["a"], "type": "x", "data": {"name": "a\\n\\nevent: y"}}')

    assert parsed is not None
    assert parsed[2] == b'event: x\ndata: {"name":"a\\n\\nevent: y"}\n\n'
