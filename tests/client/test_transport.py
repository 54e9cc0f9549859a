"""Requests: what is sent, when it is sent again, what an answer becomes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from atelier_client import NotAllowed, NotFound, NotSignedIn, Refused, Unavailable, UsageError
from atelier_client.errors import AtelierError
from atelier_client.transport import ATTEMPTS, Transport
from tests.client.portal import Answer, Portal, problem

AWAY = problem(503, "UNAVAILABLE", "Not now.", {"Retry-After": "7"})


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def transport(portal: Portal, pauses: list[float]) -> Iterator[Transport]:
    made = Transport(portal.url, portal.add_token, lang="fr", sleep=pauses.append)
    yield made
    made.close()


def test_a_request_carries_token_language_and_version(portal: Portal, transport: Transport) -> None:
    transport.get("/me")

    headers = portal.asked[0].headers
    assert headers["authorization"] == "Bearer atl_alice"
    assert headers["accept-language"] == "fr"
    assert headers["user-agent"].startswith("atelier-client/")


def test_a_read_waits_as_long_as_the_portal_asks_and_tries_again(
    portal: Portal, transport: Transport, pauses: list[float]
) -> None:
    portal.next_answers = [AWAY, AWAY]

    assert transport.get("/me")["username"] == "alice"
    assert pauses == [7.0, 7.0]


def test_the_portal_cannot_make_the_client_wait_for_an_hour(
    portal: Portal, transport: Transport, pauses: list[float]
) -> None:
    portal.next_answers = [problem(503, "UNAVAILABLE", "Not now.", {"Retry-After": "3600"})]

    transport.get("/me")

    assert pauses == [10.0]


def test_a_read_gives_up_after_some_attempts(
    portal: Portal, transport: Transport, pauses: list[float]
) -> None:
    portal.next_answers = [AWAY] * 9

    with pytest.raises(Unavailable, match="Not now"):
        transport.get("/me")

    assert len(portal.asked) == ATTEMPTS


def test_a_write_without_a_key_is_sent_once(portal: Portal, transport: Transport) -> None:
    portal.next_answers = [AWAY]

    with pytest.raises(Unavailable):
        transport.request("POST", "/projects", body={"name": "x"})

    assert len(portal.asked) == 1


def test_a_start_is_repeated_with_the_same_key(portal: Portal, transport: Transport) -> None:
    portal.next_answers = [AWAY]

    transport.request("POST", "/check", body={}, idempotency_key="k1")

    assert [a.headers["idempotency-key"] for a in portal.asked] == ["k1", "k1"]


@pytest.mark.parametrize(
    ("status", "kind", "exit_code"),
    [(400, Refused, 1), (401, NotSignedIn, 3), (403, NotAllowed, 1), (404, NotFound, 4),
     (409, Refused, 1), (412, Refused, 1), (429, Refused, 1), (500, Refused, 1),
     (503, Unavailable, 5)],
)  # fmt: skip
def test_each_refusal_becomes_its_error(
    portal: Portal,
    transport: Transport,
    status: int,
    kind: type[AtelierError],
    exit_code: int,
) -> None:
    portal.next_answers = [problem(status, "SOME_CODE", "A sentence.")] * ATTEMPTS

    with pytest.raises(kind, match="A sentence") as caught:
        transport.get("/me")

    assert type(caught.value) is kind
    assert caught.value.exit_code == exit_code
    assert caught.value.code == "SOME_CODE"
    assert caught.value.action == "Do this instead."
    assert caught.value.request_id == "req-42"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>hello</html>", content_type="text/html"),
        Answer(200, b"{", content_type="application/json"),
        Answer(404, b"<html>nginx</html>", content_type="text/html"),
        Answer(400, ["a list"]),
        Answer(302, None, {"Location": "http://127.0.0.1:9/elsewhere"}),
    ],
)
def test_what_is_no_portal_is_called_that(
    portal: Portal, transport: Transport, answer: Answer
) -> None:
    portal.next_answers = [answer]

    with pytest.raises(Refused, match="pas comme un portail|not in the way") as caught:
        transport.get("/me")

    assert caught.value.code == "NOT_A_PORTAL"
    assert len(portal.asked) == 1  # above all, the redirect was not followed with the token


def test_a_proxy_without_a_portal_behind_it_is_no_answer(
    portal: Portal, transport: Transport
) -> None:
    portal.next_answers = [Answer(502, b"Bad gateway", content_type="text/html")] * ATTEMPTS

    with pytest.raises(Unavailable):
        transport.get("/me")


def test_nobody_listening_is_a_sentence_not_a_traceback(pauses: list[float]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    transport = Transport(url, lambda: "atl_x", sleep=pauses.append)

    with pytest.raises(Unavailable, match="does not answer") as caught:
        transport.get("/me")

    assert caught.value.exit_code == 5
    assert pauses == [0.5, 1.0, 2.0]
    transport.close()


def test_a_portal_that_hangs_is_left_after_the_timeout() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        transport = Transport(
            f"http://127.0.0.1:{silent.getsockname()[1]}", lambda: "atl_x", timeout=0.1
        )

        with pytest.raises(Unavailable, match="within 0.1 s") as caught:
            transport.request("POST", "/projects", body={})

        transport.close()
    assert "may have been done" in caught.value.action


def test_without_a_token_nothing_is_sent(portal: Portal) -> None:
    transport = Transport(portal.url, lambda: None)

    with pytest.raises(NotSignedIn, match="not signed in"):
        transport.get("/me")

    transport.close()
    assert portal.asked == []


@pytest.mark.parametrize("token", ["atl_a b", "atl_a\nX-Evil: 1", "atl_é"])
def test_a_token_with_odd_characters_is_refused_before_it_is_sent(
    portal: Portal, token: str
) -> None:
    transport = Transport(portal.url, lambda: token)

    with pytest.raises(UsageError):
        transport.get("/me")

    transport.close()
    assert portal.asked == []


def test_the_token_is_asked_for_again_on_every_request(portal: Portal) -> None:
    portal.add_token("atl_first")
    portal.add_token("atl_second")
    tokens = iter(["atl_first", "atl_second"])
    transport = Transport(portal.url, lambda: next(tokens))

    transport.get("/me")
    transport.get("/me")

    transport.close()
    sent = [a.headers["authorization"] for a in portal.asked]
    assert sent == ["Bearer atl_first", "Bearer atl_second"]


def test_an_error_reads_as_json_with_all_that_the_portal_said(
    portal: Portal, transport: Transport
) -> None:
    errors = [{"field": "slug", "code": "NAME_TAKEN", "detail": "taken"}]
    portal.next_answers = [problem(409, "NAME_TAKEN", "Taken.", errors=errors, field="slug")]

    with pytest.raises(Refused) as caught:
        transport.get("/me")

    shown = json.loads(json.dumps(caught.value.to_json()))
    assert shown["code"] == "NAME_TAKEN"
    assert shown["field"] == "slug"
    assert shown["errors"] == errors
    assert shown["status"] == 409
