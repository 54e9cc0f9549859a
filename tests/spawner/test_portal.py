"""Asking the portal: a plan, a refusal, or "unreachable" within the deadline."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest

from atelier_spawner.plan import SpawnPlan
from atelier_spawner.portal import PlanRefused, Portal, PortalUnreachable, Question, refusal
from tests.spawner.fake_portal import SPAWNER_TOKEN, FakePortal, plan_for, running_portal

QUESTION = Question("alice", "n1", "s" + "0" * 15, {"workload_id": "w1"})
BELL = {"hub_user": "alice", "server": "n1", "event": "started"}


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with running_portal() as running:
        yield running


def ask(url: str, *, token: str = SPAWNER_TOKEN, plan_timeout: float = 2) -> SpawnPlan:
    return asyncio.run(Portal(url, token, plan_timeout=plan_timeout).spawn_plan(QUESTION))


def ring(url: str) -> bool:
    return asyncio.run(Portal(url, SPAWNER_TOKEN).ring(BELL))


def test_a_plan_is_asked_for_and_read(portal: FakePortal) -> None:
    plan = ask(portal.url)

    assert plan.workload_id == "w1"
    assert portal.questions == [QUESTION.to_json()]


def test_a_refusal_carries_the_portals_sentence(portal: FakePortal) -> None:
    portal.plan = lambda _: (
        409,
        {"code": "QUOTA_EXCEEDED", "detail": "No memory is left.", "action": "Stop a server."},
    )

    with pytest.raises(PlanRefused) as refused:
        ask(portal.url)

    assert refused.value.status == 409
    assert refused.value.code == "QUOTA_EXCEEDED"
    assert refused.value.detail == "No memory is left."
    assert refused.value.action == "Stop a server."


def test_a_refusal_without_a_sentence_gets_one() -> None:
    refused = refusal(403, "<html>")

    assert refused.code == "HTTP_403"
    assert refused.detail


@pytest.mark.parametrize("status", [200, 201, 302, 500, 503])
def test_an_answer_that_is_no_plan_is_no_answer(portal: FakePortal, status: int) -> None:
    portal.plan = lambda _: (status, {"hello": "world"})

    with pytest.raises(PortalUnreachable):
        ask(portal.url)


def test_a_plan_for_somebody_else_is_no_answer(portal: FakePortal) -> None:
    portal.plan = lambda question: (200, plan_for({**question, "hub_user": "mallory"}))

    with pytest.raises(PortalUnreachable, match="another server"):
        ask(portal.url)


def test_a_wrong_token_is_a_refusal(portal: FakePortal) -> None:
    with pytest.raises(PlanRefused):
        ask(portal.url, token="wrong-wrong-wrong")


def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(PortalUnreachable):
            ask(f"http://127.0.0.1:{closed.getsockname()[1]}")


def test_a_portal_that_says_nothing_is_given_up_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(PortalUnreachable):
            ask(f"http://127.0.0.1:{silent.getsockname()[1]}", plan_timeout=0.3)

    assert time.monotonic() - began < 2


def test_a_doorbell_rings(portal: FakePortal) -> None:
    assert ring(portal.url)
    assert portal.bells == [BELL]


def test_a_lost_doorbell_harms_nobody(portal: FakePortal) -> None:
    portal.down = True

    assert not ring(portal.url)
    assert not ring("http://127.0.0.1:1")
