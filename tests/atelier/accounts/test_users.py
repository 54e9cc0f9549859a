"""Accounts as admins look after them."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from atelier.accounts import services
from atelier.accounts.hooks import Cause, LiveWork, access_ended, live_work
from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.errors import Conflict, NotAllowed
from tests.conftest import Api
from tests.factories.accounts import UserFactory

LYING_NAMES = [
    "", "A", "a--b", "-a", "a-", "1a", "a_b", "a.b", "..", "a b", "a\x00b", "a" * 31, "a" * 300,
    "аlice", "alice\u200b", "\u202eecila", "ａlice", "a/b", "a\n", 7, True, None, ["a"], {"a": 1},
]  # fmt: skip


def test_a_new_user_gets_a_link_to_choose_a_password(api: Api, admin: User) -> None:
    answer = api(admin).post("/api/v1/users", {"username": "zoe", "display_name": "Zoë"})

    assert answer.status_code == 201
    assert answer.json()["reset_url"].startswith("http://localhost:8000/reset/")
    assert answer.json()["live_workloads"] == 0


def test_a_new_user_with_a_password_needs_no_link(api: Api, admin: User) -> None:
    body = {"username": "zoe", "display_name": "Zoë", "password": "correct horse battery"}

    answer = api(admin).post("/api/v1/users", body)

    assert answer.json()["reset_url"] is None


@pytest.mark.parametrize("name", LYING_NAMES)
def test_a_name_that_collides_or_lies_is_refused(api: Api, admin: User, name: Any) -> None:
    answer = api(admin).post("/api/v1/users", {"username": name, "display_name": "X"})

    assert answer.status_code == 400
    assert answer.json()["field"] == "username"


@pytest.mark.parametrize("name", ["", " ", "a\u202eb", "a\x00", "x" * 81, "a\nb", 7, None])
def test_a_display_name_has_nothing_invisible(api: Api, admin: User, name: Any) -> None:
    answer = api(admin).post("/api/v1/users", {"username": "zoe", "display_name": name})

    assert answer.status_code == 400
    assert answer.json()["field"] == "display_name"


def test_the_database_itself_refuses_a_bad_name(db: None) -> None:
    for name in ("a--b", "A", "a-", "a" * 31):
        with pytest.raises((IntegrityError, Exception)), transaction.atomic():
            UserFactory(username=name)


def test_a_taken_name_is_a_conflict(api: Api, admin: User) -> None:
    answer = api(admin).post("/api/v1/users", {"username": "ada", "display_name": "Other"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "NAME_TAKEN"
    assert answer.json()["field"] == "username"


@pytest.mark.parametrize("field", ["is_active", "id", "uid_number", "is_superuser", "created"])
def test_fields_that_are_not_ones_to_set_are_refused(api: Api, admin: User, field: str) -> None:
    body = {"username": "zoe", "display_name": "Zoë", field: True}

    answer = api(admin).post("/api/v1/users", body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "UNKNOWN_FIELD"
    assert answer.json()["field"] == field


def test_local_uids_are_never_used_twice_and_skip_nobody(admin: User) -> None:
    User.objects.update(uid_number=65532)

    made = [
        services.create_user(actor=None, username=f"u{n}", display_name="U").uid_number
        for n in range(3)
    ]

    assert made == [65533, 65536, 65537]


def test_users_are_found_by_name_address_and_state(api: Api, admin: User) -> None:
    UserFactory(username="zoe", display_name="Zoë Durand", email="z@example.org")
    UserFactory(username="old", is_active=False)

    def names(query: str) -> list[str]:
        rows = api(admin).get(f"/api/v1/users?{query}").json()["results"]
        return [row["username"] for row in rows]

    assert names("search=durand") == ["zoe"]
    assert names("search=z@ex") == ["zoe"]
    assert names("active=false") == ["old"]
    assert names("search=%25") == []


def test_users_come_in_pages(api: Api, admin: User) -> None:
    UserFactory.create_batch(5)
    client = api(admin)

    first = client.get("/api/v1/users?limit=4").json()
    second = client.get(f"/api/v1/users?limit=4&cursor={first['next']}").json()

    assert [len(first["results"]), len(second["results"])] == [4, 2]
    assert second["next"] is None
    names = [r["username"] for r in first["results"] + second["results"]]
    assert names == sorted(names)


def test_an_edit_needs_the_etag_that_was_read(api: Api, admin: User, alice: User) -> None:
    client = api(admin)
    etag = client.get("/api/v1/users/alice")["ETag"]

    without = client.patch("/api/v1/users/alice", {"email": "a@b.org"})
    first = client.patch("/api/v1/users/alice", {"email": "a@b.org"}, headers={"If-Match": etag})
    stale = client.patch("/api/v1/users/alice", {"email": "c@d.org"}, headers={"If-Match": etag})

    assert [without.status_code, first.status_code, stale.status_code] == [428, 200, 412]
    assert stale.json()["params"]["current"]["email"] == "a@b.org"


def test_s13_a_user_cannot_make_himself_an_admin(api: Api, alice: User) -> None:
    answers = [
        api(alice).patch("/api/v1/me", {"platform_role": "admin"}),
        api(alice).patch("/api/v1/users/alice", {"platform_role": "admin"}),
    ]

    assert [a.status_code for a in answers] == [400, 403]
    alice.refresh_from_db()
    assert alice.platform_role == ""


def test_s13_an_auditor_reads_and_changes_nothing(api: Api, auditor: User, alice: User) -> None:
    client = api(auditor)

    assert client.get("/api/v1/users").status_code == 200
    assert client.post("/api/v1/users/alice/deactivate").status_code == 403
    assert client.post("/api/v1/users/alice/reset-link").status_code == 403


def test_s13_services_ask_as_well(alice: User, bob: User) -> None:
    for act in (
        lambda: services.deactivate_user(actor=alice, username="bob"),
        lambda: services.issue_reset(actor=alice, user=bob),
        lambda: services.create_user(actor=alice, username="x", display_name="X"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_s13_the_last_admin_stays(api: Api, admin: User) -> None:
    UserFactory(username="gone", platform_role="admin", is_active=False)
    client = api(admin)
    etag = client.get("/api/v1/users/ada")["ETag"]

    away = client.post("/api/v1/users/ada/deactivate")
    down = client.patch("/api/v1/users/ada", {"platform_role": ""}, headers={"If-Match": etag})

    assert [away.json()["code"], down.json()["code"]] == ["LAST_ADMIN", "LAST_ADMIN"]
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.platform_role == "admin"


def test_deactivation_tells_higher_layers_within_its_transaction(
    admin: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, Cause]] = []
    monkeypatch.setattr(
        access_ended, "_joined", [lambda user, cause: told.append((user.username, cause))]
    )

    services.deactivate_user(actor=admin, username="alice")
    services.deactivate_user(actor=admin, username="alice")

    assert told == [("alice", Cause.DEACTIVATED)]


def test_a_step_that_fails_undoes_the_deactivation(
    admin: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(user: User, cause: Cause) -> None:
        raise Conflict

    monkeypatch.setattr(access_ended, "_joined", [fail])

    with pytest.raises(Conflict):
        services.deactivate_user(actor=admin, username="alice")

    alice.refresh_from_db()
    assert alice.is_active


def test_what_would_stop_is_told_before(
    api: Api, admin: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def running(ids: Any) -> Any:
        return {alice.pk: [LiveWork("notebook", "exploration", "churn")]}

    monkeypatch.setattr(live_work, "_answer", running)

    impact = api(admin).get("/api/v1/users/alice/impact").json()
    row = api(admin).get("/api/v1/users/alice").json()

    assert impact == {"live": [{"kind": "notebook", "name": "exploration", "project": "churn"}]}
    assert row["live_workloads"] == 1


def test_every_change_of_an_account_is_one_record(admin: User) -> None:
    user = services.create_user(actor=admin, username="zoe", display_name="Zoë")
    services.change_user(
        actor=admin, username="zoe", version=1, changes={"platform_role": "auditor"}
    )
    services.deactivate_user(actor=admin, username="zoe")
    services.activate_user(actor=admin, username="zoe")
    services.issue_reset(actor=admin, user=User.objects.get(username="zoe"))

    rows = Record.objects.filter(object_id=user.pk).order_by("id")
    assert list(rows.values_list("verb", flat=True)) == [
        "user.created", "user.changed", "user.deactivated", "user.activated",
        "user.reset-link-made",
    ]  # fmt: skip
    changed = rows[1]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["platform_role"], changed.after["platform_role"]) == ("", "auditor")
    assert all(row.actor_name == "ada" for row in rows)


def test_an_edit_that_changes_nothing_is_no_record(admin: User, alice: User) -> None:
    services.change_user(actor=admin, username="alice", version=1, changes={"email": alice.email})

    assert not Record.objects.exists()


# --- oneself -------------------------------------------------------------------------------------


def test_me_tells_what_the_pages_need(api: Api, alice: User) -> None:
    me = api(alice).get("/api/v1/me").json()

    assert [(p["slug"], p["role"]) for p in me["projects"]] == [("churn", "lead")]
    assert me["permissions"] == {
        "create_project": True, "platform_admin": False, "platform_audit": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"language": "de"}, "language"),
        ({"theme": "pink"}, "theme"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"email": "not an address"}, "email"),
        ({"email": "a@b.org\r\nBcc: x@y.org"}, "email"),
        ({"display_name": "\u202e"}, "display_name"),
        ({"username": "other"}, "username"),
        ({"is_active": False}, "is_active"),
    ],
)
def test_preferences_are_checked(api: Api, alice: User, body: dict[str, Any], field: str) -> None:
    answer = api(alice).patch("/api/v1/me", body)

    assert answer.status_code == 400
    assert answer.json()["field"] == field


def test_preferences_are_kept_and_recorded(api: Api, alice: User) -> None:
    body = {"language": "fr", "theme": "dark", "time_zone": "Europe/Paris", "email": ""}

    me = api(alice).patch("/api/v1/me", body).json()

    assert {name: me[name] for name in body} == body
    record = Record.objects.get(verb="user.changed")
    assert record.after == body


def test_refusals_are_in_the_users_language(api: Api, alice: User) -> None:
    client = api(alice)
    client.patch("/api/v1/me", {"language": "fr"})

    answer = client.patch("/api/v1/me", {"language": "de"})

    assert answer.json()["detail"] == "Certaines valeurs ne peuvent pas être utilisées."
    assert answer.json()["errors"][0]["detail"] == "Ce n’est pas un des choix."


def test_before_signing_in_refusals_follow_the_browsers_language(api: Api, db: None) -> None:
    answer = api(None).get("/api/v1/me", headers={"Accept-Language": "fr-CA,fr;q=0.8"})

    assert answer.json()["detail"] == "Vous n’êtes pas connecté."


# --- at the command line -------------------------------------------------------------------------


def test_a_reset_link_at_the_command_line(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reset_link", "alice")

    assert capsys.readouterr().out.startswith("http://localhost:8000/reset/")
    assert Record.objects.get().actor is None


@pytest.mark.parametrize("username", ["nobody", "old"])
def test_no_reset_link_for_whom_there_is_no_way_in(db: None, username: str) -> None:
    UserFactory(username="old", is_active=False)

    with pytest.raises(CommandError):
        call_command("reset_link", username)


def test_a_user_made_at_the_command_line(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_user", "zoe", "--display-name", "Zoë", "--role", "auditor")

    assert "/reset/" in capsys.readouterr().out
    assert User.objects.get(username="zoe").is_auditor


def test_a_bad_name_at_the_command_line_says_what_a_name_is(db: None) -> None:
    with pytest.raises(CommandError, match="begin with a letter"):
        call_command("create_user", "Zoe")
