"""Signing in: throttled before anything is hashed, and silent about who exists (S22)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connections
from django.utils import timezone

from atelier.accounts import login
from atelier.accounts.models import LoginCounter, User
from atelier.core.errors import Throttled
from tests.browser import Browser
from tests.factories.accounts import UserFactory


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was hashed."""
    done: list[str] = []
    hasher = hashers.get_hasher()
    encode = type(hasher).encode

    def counted(self: Any, password: str, *args: Any, **kwargs: Any) -> str:
        done.append(password)
        return encode(self, password, *args, **kwargs)

    monkeypatch.setattr(type(hasher), "encode", counted)
    return done


def test_the_right_password_signs_in_and_says_who(alice: User) -> None:
    answer = Browser().try_to_sign_in("alice")

    assert answer.status_code == 200
    assert answer.json()["user"]["username"] == "alice"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(alice: User) -> None:
    wrong = Browser().try_to_sign_in("alice", "not the password")
    unknown = Browser().try_to_sign_in("nobody", "not the password")

    assert wrong.status_code == unknown.status_code == 401
    bodies = [{**a.json(), "request_id": ""} for a in (wrong, unknown)]
    assert bodies[0] == bodies[1]
    assert bodies[0]["detail"] == "That name and password do not match."


def test_an_unknown_name_costs_one_hash_like_a_known_one(alice: User, hashes: list[str]) -> None:
    Browser().try_to_sign_in("alice", "wrong one")
    known = len(hashes)
    Browser().try_to_sign_in("nobody", "wrong two")

    assert known == 1
    assert len(hashes) == 2


def test_a_user_without_a_password_is_like_an_unknown_one(db: None, hashes: list[str]) -> None:
    UserFactory(username="new", password=None)

    answer = Browser().try_to_sign_in("new", "")

    assert answer.status_code in {400, 401}
    assert Browser().try_to_sign_in("new", "something").json()["code"] == "BAD_CREDENTIALS"


def test_a_deactivated_user_cannot_sign_in(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert Browser().try_to_sign_in("alice").json()["code"] == "BAD_CREDENTIALS"


def test_the_sixth_guess_is_refused_with_the_time_to_wait(alice: User, hashes: list[str]) -> None:
    for _ in range(5):
        Browser().try_to_sign_in("alice", "guess")

    sixth = Browser().try_to_sign_in("alice")

    assert sixth.status_code == 429
    assert sixth.json()["code"] == "TOO_MANY_ATTEMPTS"
    assert 1 <= int(sixth["Retry-After"]) <= 300
    assert len(hashes) == 5


def test_the_lock_ends_with_its_window(alice: User) -> None:
    for _ in range(6):
        Browser().try_to_sign_in("alice", "guess")
    LoginCounter.objects.update(resets_at=timezone.now() - timedelta(seconds=1))

    assert Browser().try_to_sign_in("alice").status_code == 200


def test_a_success_forgets_earlier_slips(alice: User) -> None:
    for _ in range(3):
        for _ in range(4):
            Browser().try_to_sign_in("alice", "slip")
        assert Browser().try_to_sign_in("alice").status_code == 200


def test_a_browser_that_signed_in_before_is_not_locked_out_by_strangers(alice: User) -> None:
    known = Browser().sign_in(alice)
    known.send("DELETE", "session")
    for _ in range(8):
        Browser().try_to_sign_in("alice", "guess")

    assert Browser().try_to_sign_in("alice").status_code == 429
    assert known.try_to_sign_in("alice").status_code == 200


def test_a_known_browser_cannot_guess_for_ever_either(alice: User, hashes: list[str]) -> None:
    known = Browser().sign_in(alice)
    known.send("DELETE", "session")
    hashes.clear()

    answers = [known.try_to_sign_in("alice", "guess").status_code for _ in range(8)]

    assert answers == [401] * 5 + [429] * 3
    assert len(hashes) == 5


def test_a_device_cookie_of_somebody_else_helps_nobody(alice: User, bob: User) -> None:
    mine = Browser().sign_in(bob)
    mine.send("DELETE", "session")
    for _ in range(6):
        Browser().try_to_sign_in("alice", "guess")

    assert mine.try_to_sign_in("alice").status_code == 429


def test_a_forged_device_cookie_helps_nobody(alice: User) -> None:
    browser = Browser()
    for _ in range(6):
        browser.client.cookies["atelier_device"] = "forged:1:2"
        answer = browser.try_to_sign_in("alice", "guess")

    assert answer.status_code == 429


def test_a_forged_forwarded_address_does_not_help(alice: User) -> None:
    for n in range(6):
        browser = Browser()
        browser.get("session")
        answer = browser.post(
            "session",
            {"username": "alice", "password": "guess"},
            X_Forwarded_For=f"203.0.113.{n}",
        )

    assert answer.status_code == 429


def test_a_network_shares_one_counter_and_another_network_has_its_own(alice: User) -> None:
    for n in range(6):
        near = Browser(address=f"192.0.2.{n}").try_to_sign_in("alice", "guess")
    far = Browser(address="198.51.100.1").try_to_sign_in("alice", "guess")

    assert near.status_code == 429
    assert far.status_code == 401


def test_one_address_cannot_try_every_name(db: None, hashes: list[str]) -> None:
    answers = [
        Browser().try_to_sign_in(f"name{n}", "guess").status_code
        for n in range(login.PER_ADDRESS + 5)
    ]

    assert answers[-1] == 429
    assert len(hashes) == login.PER_ADDRESS


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_the_network_of_an_address(address: str, prefix: str) -> None:
    assert login.address_prefix(address) == prefix


@pytest.mark.django_db(transaction=True)
def test_s22_of_fifty_parallel_guesses_at_most_five_are_hashed(hashes: list[str]) -> None:
    UserFactory(username="alice")
    hashes.clear()
    start = threading.Barrier(50)

    def guess(n: int) -> int:
        browser = Browser()
        start.wait(timeout=30)
        try:
            return int(browser.try_to_sign_in("alice", f"guess {n}").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(guess, range(50)))

    assert len(hashes) <= 5
    assert answers.count(429) >= 45
    assert set(answers) <= {401, 429}


def test_hashing_is_bounded_and_the_rest_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login, "_queue", threading.BoundedSemaphore(1))

    with login.hashing(), pytest.raises(Throttled), login.hashing():
        pass

    with login.hashing():  # and the place is free again
        pass


def test_a_name_of_a_megabyte_is_refused_before_anything_looks_at_it(db: None) -> None:
    answer = Browser().try_to_sign_in("a" * 900_000, "x")

    assert answer.status_code == 400
    assert answer.json()["field"] == "username"
