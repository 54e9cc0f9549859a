"""A hub that misbehaves: the engine says that it cannot see, never that something is gone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from atelier.core.errors import EngineUnavailable, HubUnreachable
from atelier.engines.base import Phase
from atelier.engines.jupyterhub import Hub, HubEngine, client
from atelier.engines.jupyterhub.engine import MOST_SINGLE_LOOKS
from tests.atelier.engines.jupyterhub.conftest import spec
from tests.atelier.engines.jupyterhub.test_observe import model

Handler = Callable[[httpx.Request], httpx.Response]
API = "http://hub.test/hub/api"
GRACE = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_PAUSE_SECONDS", 0)


def engine_over(handler: Handler) -> HubEngine:
    return HubEngine(Hub(API, "secret", transport=httpx.MockTransport(handler)))


def page(*users: dict[str, Any], following: int | None = None) -> httpx.Response:
    after = None if following is None else {"offset": following, "limit": 200, "url": "…"}
    return httpx.Response(200, json={"items": list(users), "_pagination": {"next": after}})


def user(name: str, **servers: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "servers": {n: {**s, "name": n} for n, s in servers.items()}}


def raises(error: Exception) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


FAULTS: dict[str, Handler] = {
    "refused": raises(httpx.ConnectError("refused")),
    "hangs": raises(httpx.ReadTimeout("hangs")),
    "reset": raises(httpx.ReadError("reset")),
    "cut off": raises(httpx.RemoteProtocolError("peer closed connection")),
    "500": lambda _: httpx.Response(500, json={"status": 500}),
    "502": lambda _: httpx.Response(502, text="<html>bad gateway</html>"),
    "429": lambda _: httpx.Response(429, json={}, headers={"Retry-After": "30"}),
    "token refused": lambda _: httpx.Response(403, json={}),
    "half a body": lambda _: httpx.Response(200, content=b'{"items": [{"name": "ali'),
    "a page": lambda _: httpx.Response(200, text="<html>maintenance</html>"),
    "another shape": lambda _: httpx.Response(200, json=[]),
    "no page marks": lambda _: httpx.Response(200, json={"items": []}),
    "null": lambda _: httpx.Response(200, json=None),
    "redirect": lambda _: httpx.Response(302, headers={"Location": "/hub/login"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_r08_a_failed_look_never_says_gone(fault: str) -> None:
    engine = engine_over(FAULTS[fault])

    with pytest.raises(HubUnreachable):
        engine.observe(["alice/n1/w1"])
    with pytest.raises(EngineUnavailable):
        list(engine.inventory())


@pytest.mark.parametrize("fault", FAULTS)
def test_r08_a_failed_start_or_stop_is_tried_again_later(fault: str) -> None:
    engine = engine_over(FAULTS[fault])

    with pytest.raises(HubUnreachable):
        engine.apply(spec("alice/n1/w1"), generation=1)
    with pytest.raises(HubUnreachable):
        engine.stop("alice/n1/w1", grace=GRACE)


def test_r08_the_single_look_that_fails_fails_the_whole_look() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return page() if request.url.path.endswith("/users") else httpx.Response(500)

    with pytest.raises(HubUnreachable):
        engine_over(handler).observe(["alice/n1/w1"])


def test_a_read_is_repeated_once_after_a_broken_connection() -> None:
    calls: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request.method)
        if len(calls) == 1:
            raise httpx.RemoteProtocolError("the hub restarted")
        return page(user("alice", n1=model()))

    seen = engine_over(handler).observe(["alice/n1/w1"])

    assert seen["alice/n1/w1"].phase is Phase.RUNNING
    assert calls == ["GET", "GET"]


def test_a_start_is_never_repeated_by_the_client_itself() -> None:
    calls: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request.method)
        raise httpx.ReadTimeout("slow")

    with pytest.raises(HubUnreachable):
        engine_over(handler).apply(spec("alice/n1/w1"), generation=1)

    assert calls == ["POST"]


def test_a_server_that_slips_between_two_pages_is_not_called_gone() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/users"):
            return httpx.Response(200, json=model())
        if request.url.params["offset"] == "0":
            return page(user("zoe", n7=model()), following=200)
        return page()

    seen = engine_over(handler).observe(["alice/n1/w1"])

    assert seen["alice/n1/w1"].phase is Phase.RUNNING


def test_reordered_and_doubled_users_change_nothing() -> None:
    alice, bob = user("alice", n1=model()), user("bob", n2=model(state={"workload_id": "w2"}))

    engine = engine_over(lambda _: page(bob, alice, bob))
    seen = engine.observe(["alice/n1/w1", "bob/n2/w2"])

    assert {o.phase for o in seen.values()} == {Phase.RUNNING}


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_PAGES", 3)

    with pytest.raises(HubUnreachable):
        engine_over(lambda _: page(following=1)).observe(["alice/n1/w1"])


def test_a_hub_that_is_still_checking_says_nothing_about_that_server_only() -> None:
    checking = model(pending="check", ready=False)

    engine = engine_over(lambda _: page(user("alice", n1=checking, n2=model())))
    seen = engine.observe(["alice/n1/w1", "alice/n2/w1"])

    assert set(seen) == {"alice/n2/w1"}


def test_many_missing_servers_are_looked_for_some_at_a_time() -> None:
    singles: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/users"):
            return page()
        singles.append(request.url.path)
        return httpx.Response(404, json={"status": 404})

    seen = engine_over(handler).observe([f"alice/n{i}/w{i}" for i in range(200)])

    assert len(seen) == len(singles) == MOST_SINGLE_LOOKS
    assert {o.phase for o in seen.values()} == {Phase.GONE}


def test_an_unknown_user_is_made_known_and_the_start_repeated() -> None:
    calls: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(f"{request.method} {request.url.path.removeprefix('/hub/api/')}")
        if request.url.path.endswith("/users/alice"):
            return httpx.Response(201, json={})
        return httpx.Response(201 if len(calls) == 3 else 404, json={})

    engine_over(handler).apply(spec("alice/n1/w1"), generation=1)

    assert calls == [
        "POST users/alice/servers/n1",
        "POST users/alice",
        "POST users/alice/servers/n1",
    ]


def test_a_place_still_being_left_is_tried_again() -> None:
    leaving = model(pending="stop", ready=False, state={"workload_id": "w0"})

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(400, json={"message": "is pending stop"})
        return httpx.Response(200, json=leaving)

    with pytest.raises(EngineUnavailable):
        engine_over(handler).apply(spec("alice/n1/w1"), generation=1)


def test_s18_the_token_travels_in_a_header_and_in_no_error() -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(500, text="secret")

    with pytest.raises(HubUnreachable) as raised:
        engine_over(handler).observe(["alice/n1/w1"])

    assert "secret" not in str(raised.value)
    assert {r.headers["Authorization"] for r in requests} == {"token secret"}
    assert all("secret" not in str(r.url) for r in requests)


def test_names_are_quoted_in_addresses() -> None:
    paths: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path.decode())
        return httpx.Response(404, json={})

    Hub(API, "secret", transport=httpx.MockTransport(handler)).stop("../admin", "a b")

    assert paths == ["/hub/api/users/..%2Fadmin/servers/a%20b"]
