"""The same Idempotency-Key and body is the same request, however often it is sent."""

import threading
import time
from typing import Any

import pytest
from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from atelier.accounts.models import User
from atelier.core.errors import Conflict
from atelier.toolkit.idempotency import idempotent
from tests.factories.accounts import UserFactory

factory = APIRequestFactory()


class Starter(APIView):
    """Starts things and counts them."""

    started = 0
    refuses = False

    @idempotent
    def post(self, request: Request) -> Response:
        if Starter.refuses:
            raise Conflict("SERVER_BUSY")
        time.sleep(0.02)
        Starter.started += 1
        return Response({"number": Starter.started}, status=201)


@pytest.fixture(autouse=True)
def fresh() -> None:
    Starter.started = 0
    Starter.refuses = False


def send(user: User, key: str | None, body: dict[str, Any]) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    request = factory.post("/start", body, format="json", headers=headers)
    force_authenticate(request, user)
    response = Starter.as_view()(request)
    assert isinstance(response, Response)
    return response


@pytest.mark.django_db
def test_a_repeated_request_gets_the_first_answer(alice: User) -> None:
    first = send(alice, "k1", {"name": "a"})
    again = send(alice, "k1", {"name": "a"})

    assert (
        (first.status_code, first.data) == (again.status_code, again.data) == (201, {"number": 1})
    )
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_the_key_with_another_body_is_refused(alice: User) -> None:
    send(alice, "k1", {"name": "a"})

    answer = send(alice, "k1", {"name": "b"})

    assert answer.status_code == 409
    assert answer.data["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert Starter.started == 1


@pytest.mark.django_db
def test_two_people_may_choose_the_same_key(alice: User, bob: User) -> None:
    send(alice, "k1", {})
    send(bob, "k1", {})

    assert Starter.started == 2


@pytest.mark.django_db
def test_a_refusal_is_not_kept_so_the_request_may_be_sent_again(alice: User) -> None:
    Starter.refuses = True
    refused = send(alice, "k1", {})
    Starter.refuses = False

    again = send(alice, "k1", {})

    assert refused.status_code == 409
    assert again.status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 129, "a\x07b"])
def test_a_strange_key_is_refused_by_name(alice: User, key: str) -> None:
    answer = send(alice, key, {})

    assert answer.status_code == 400
    assert answer.data["field"] == "Idempotency-Key"


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_start_one_thing() -> None:
    user = UserFactory.create()
    answers: list[Any] = []

    def attempt() -> None:
        try:
            answers.append(send(user, "k1", {"name": "a"}).data)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert answers == [{"number": 1}] * 10
    assert Starter.started == 1
