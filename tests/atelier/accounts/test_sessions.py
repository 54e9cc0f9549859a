"""Browsers: their sessions, cookies, listing and end (S15)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from atelier.accounts import services
from atelier.accounts.models import ApiToken, BrowserSession, PasswordReset, User
from atelier.audit.models import Record
from tests.browser import Browser, Script
from tests.factories.accounts import PASSWORD

NEW = "a much newer password"


@pytest.fixture
def script(alice: User) -> Script:
    _, secret = services.issue_token(
        user=alice, name="ci", scopes=["read", "write"], lifetime=timedelta(days=1)
    )
    return Script(secret)


def test_nobody_is_signed_in_at_first(db: None) -> None:
    body = Browser().get("session").json()

    assert body["authenticated"] is False
    assert body["user"] is None
    assert body["config"]["content_url"] == "http://127.0.0.1:8001"


def test_the_session_cookie_is_out_of_reach_for_scripts(alice: User) -> None:
    cookie = Browser().sign_in(alice).client.cookies["atelier_session"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""


def test_the_database_holds_no_session_key(alice: User) -> None:
    browser = Browser().sign_in(alice)
    key = browser.client.cookies["atelier_session"].value

    row = BrowserSession.objects.get()

    assert key not in {row.pk, row.key_hash}
    assert key not in row.data


def test_signing_in_changes_the_session_key(alice: User) -> None:
    browser = Browser().sign_in(alice)
    first = browser.client.cookies["atelier_session"].value

    browser.sign_in(alice)

    assert browser.client.cookies["atelier_session"].value != first
    assert BrowserSession.objects.count() == 1


def test_a_session_that_expired_signs_nobody_in(alice: User) -> None:
    browser = Browser().sign_in(alice)
    BrowserSession.objects.update(expires=timezone.now() - timedelta(seconds=1))

    assert browser.get("me").status_code == 401


def test_browsers_are_listed_with_where_they_are(alice: User) -> None:
    Browser(address="192.0.2.1", agent="Safari").sign_in(alice)
    here = Browser(address="192.0.2.2", agent="Firefox").sign_in(alice)

    rows = here.get("me/browsers").json()["results"]

    assert [(r["user_agent"], r["address"], r["current"]) for r in rows] == [
        ("Firefox", "192.0.2.2", True),
        ("Safari", "192.0.2.1", False),
    ]


def test_a_browser_can_be_signed_out_from_another(alice: User) -> None:
    lost, here = Browser().sign_in(alice), Browser().sign_in(alice)
    other = next(b for b in here.get("me/browsers").json()["results"] if not b["current"])

    answer = here.send("DELETE", f"me/browsers/{other['id']}")

    assert answer.status_code == 204
    assert lost.get("me").status_code == 401
    assert here.get("me").status_code == 200


def test_nobody_signs_out_another_users_browser(alice: User, bob: User) -> None:
    Browser().sign_in(bob)
    theirs = BrowserSession.objects.get(user=bob)

    answer = Browser().sign_in(alice).send("DELETE", f"me/browsers/{theirs.pk}")

    assert answer.status_code == 404
    assert BrowserSession.objects.filter(pk=theirs.pk).exists()


def test_signing_out_ends_this_browser_and_says_where_the_hub_is(alice: User) -> None:
    here, there = Browser().sign_in(alice), Browser().sign_in(alice)

    answer = here.send("DELETE", "session")

    assert answer.json() == {"hub_logout_url": "http://127.0.0.1:8001/hub/logout"}
    assert here.get("me").status_code == 401
    assert there.get("me").status_code == 200


def test_signing_out_twice_is_harmless(alice: User) -> None:
    here = Browser().sign_in(alice)
    here.send("DELETE", "session")
    here.get("session")

    answer = here.send("DELETE", "session")

    assert answer.status_code == 200
    assert answer.json() == {"hub_logout_url": None}


def test_s15_a_new_password_signs_all_other_browsers_out(alice: User, script: Script) -> None:
    here, there = Browser().sign_in(alice), Browser().sign_in(alice)

    answer = here.post("me/password", {"current_password": PASSWORD, "new_password": NEW})

    assert answer.status_code == 204, answer.content
    assert here.get("me").status_code == 200
    assert there.get("me").status_code == 401
    assert script.get("me").status_code == 200
    assert here.post("projects", {"name": "Still mine"}).status_code == 201


def test_s15_a_new_password_ends_tokens_on_request(alice: User, script: Script) -> None:
    here = Browser().sign_in(alice)

    here.post(
        "me/password",
        {"current_password": PASSWORD, "new_password": NEW, "end_tokens": True},
    )

    assert script.get("me").status_code == 401


def test_the_present_password_is_asked_for_and_counted(alice: User) -> None:
    here = Browser().sign_in(alice)
    body = {"current_password": "wrong", "new_password": NEW}

    answers = [here.post("me/password", body) for _ in range(6)]

    assert [a.status_code for a in answers] == [400] * 5 + [429]
    assert answers[0].json()["code"] == "WRONG_PASSWORD"
    assert answers[0].json()["field"] == "current_password"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "PASSWORD_TOO_SHORT"),
        ("password123", "PASSWORD_TOO_COMMON"),
        ("alice@example.org", "PASSWORD_TOO_SIMILAR"),
    ],
)
def test_a_poor_password_is_refused_with_its_rule(alice: User, password: str, code: str) -> None:
    here = Browser().sign_in(alice)

    answer = here.post("me/password", {"current_password": PASSWORD, "new_password": password})

    assert answer.status_code == 400
    assert answer.json()["code"] == code


def test_s15_deactivation_ends_every_way_in(alice: User, admin: User, script: Script) -> None:
    one, two = Browser().sign_in(alice), Browser().sign_in(alice)
    reset, url = services.issue_reset(actor=admin, user=alice)

    Browser().sign_in(admin).post("users/alice/deactivate")

    assert [b.get("me").status_code for b in (one, two)] == [401, 401]
    assert script.get("me").status_code == 401
    assert Browser().get(f"password-resets/{url.rpartition('/')[2]}").status_code == 404
    assert Browser().try_to_sign_in("alice").status_code == 401


def test_s15_activation_brings_no_old_session_back(
    alice: User, admin: User, script: Script
) -> None:
    old, boss = Browser().sign_in(alice), Browser().sign_in(admin)
    boss.post("users/alice/deactivate")
    boss.post("users/alice/activate")

    assert old.get("me").status_code == 401
    assert script.get("me").status_code == 401
    assert Browser().try_to_sign_in("alice").status_code == 200


def test_s15_another_platform_role_signs_the_user_out(alice: User, admin: User) -> None:
    theirs, boss = Browser().sign_in(alice), Browser().sign_in(admin)
    etag = boss.get("users/alice")["ETag"]

    answer = boss.send("PATCH", "users/alice", {"platform_role": "auditor"}, If_Match=etag)

    assert answer.status_code == 200
    assert theirs.get("me").status_code == 401


def test_a_reset_link_sets_the_password_once_and_ends_everything(
    alice: User, admin: User, script: Script
) -> None:
    theirs = Browser().sign_in(alice)
    url = Browser().sign_in(admin).post("users/alice/reset-link").json()["url"]
    token = url.removeprefix("http://localhost:8000/reset/")
    guest = Browser()
    guest.get("session")

    who = guest.get(f"password-resets/{token}")
    first = guest.post(f"password-resets/{token}", {"new_password": NEW})
    second = guest.post(f"password-resets/{token}", {"new_password": NEW + "!"})

    assert who.json() == {"username": "alice"}
    assert (first.status_code, second.status_code) == (204, 404)
    assert theirs.get("me").status_code == 401
    assert script.get("me").status_code == 401
    assert Browser().try_to_sign_in("alice", NEW).status_code == 200


def test_a_reset_link_expires_and_a_newer_one_replaces_it(alice: User, admin: User) -> None:
    _, old = services.issue_reset(actor=admin, user=alice)
    _, new = services.issue_reset(actor=admin, user=alice)
    guest = Browser()

    assert guest.get(f"password-resets/{old.rpartition('/')[2]}").status_code == 404
    assert guest.get(f"password-resets/{new.rpartition('/')[2]}").status_code == 200

    PasswordReset.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert guest.get(f"password-resets/{new.rpartition('/')[2]}").status_code == 404


def test_seen_is_written_at_most_once_a_minute(alice: User) -> None:
    browser = Browser().sign_in(alice)
    BrowserSession.objects.update(last_seen=timezone.now() - timedelta(minutes=2))
    browser.get("me")
    after_first = BrowserSession.objects.get().last_seen
    browser.get("me")

    assert BrowserSession.objects.get().last_seen == after_first
    assert timezone.now() - after_first < timedelta(minutes=1)


def test_signing_in_and_out_is_on_record(alice: User) -> None:
    browser = Browser(address="192.0.2.9").sign_in(alice)
    browser.send("DELETE", "session")

    verbs = Record.objects.order_by("id").values_list("verb", "actor_name", "address")
    assert list(verbs) == [
        ("session.started", "alice", "192.0.2.9"),
        ("session.ended", "alice", "192.0.2.9"),
    ]


def test_expired_sessions_are_forgotten(alice: User) -> None:
    Browser().sign_in(alice)
    BrowserSession.objects.update(expires=timezone.now() - timedelta(days=1))

    services.forget_expired()

    assert not BrowserSession.objects.exists()
    assert not ApiToken.objects.exists()
