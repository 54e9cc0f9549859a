"""API tokens: shown once, hashed, scoped, expiring, never in an address (S25)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from atelier.accounts import services
from atelier.accounts.models import ApiToken, User
from atelier.projects.models import Project
from tests.browser import Browser, Script
from tests.factories.projects import MembershipFactory, ProjectFactory


def script(user: User, *scopes: str) -> Script:
    _, secret = services.issue_token(
        user=user, name="ci", scopes=list(scopes), lifetime=timedelta(days=1)
    )
    return Script(secret)


def test_a_token_is_shown_once_and_kept_hashed(alice: User) -> None:
    browser = Browser().sign_in(alice)

    made = browser.post("me/tokens", {"name": "CI", "scopes": ["read"]}).json()
    listed = browser.get("me/tokens").json()["results"]

    assert made["token"].startswith("atl_")
    assert made["prefix"] == made["token"][:10]
    assert "token" not in listed[0]
    assert made["token"] not in str(ApiToken.objects.values().get())
    assert Script(made["token"]).get("me").json()["username"] == "alice"


def test_last_use_is_shown_and_written_at_most_once_a_minute(alice: User) -> None:
    caller = script(alice, "read")
    caller.get("me")
    first = ApiToken.objects.get().last_used
    caller.get("me")

    assert first is not None
    assert ApiToken.objects.get().last_used == first


def test_an_expired_or_revoked_token_opens_nothing(alice: User) -> None:
    caller = script(alice, "read")
    ApiToken.objects.update(expires=timezone.now())
    assert caller.get("me").status_code == 401

    other = script(alice, "read")
    browser = Browser().sign_in(alice)
    newest = browser.get("me/tokens").json()["results"][0]["id"]
    assert browser.send("DELETE", f"me/tokens/{newest}").status_code == 204
    assert other.get("me").status_code == 401


def test_nobody_revokes_somebody_elses_token(alice: User, bob: User) -> None:
    script(bob, "read")

    answer = Browser().sign_in(alice).send("DELETE", f"me/tokens/{ApiToken.objects.get().pk}")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [(["read"], 200, 403), (["write"], 200, 201), (["admin"], 200, 201)],
)
def test_a_scope_includes_the_smaller_ones(
    admin: User, scopes: list[str], read: int, write: int
) -> None:
    caller = script(admin, *scopes)

    assert caller.get("projects").status_code == read
    assert caller.post("projects", {"name": "X"}).status_code == write


def test_an_admins_write_token_does_not_administer(admin: User) -> None:
    body = {"username": "new", "display_name": "New"}

    assert script(admin, "read", "write").post("users", body).json()["code"] == "SCOPE_MISSING"
    assert script(admin, "admin").post("users", body).status_code == 201


def test_s13_nobody_gives_a_token_rights_he_lacks(alice: User) -> None:
    browser = Browser().sign_in(alice)

    answer = browser.post("me/tokens", {"name": "CI", "scopes": ["admin"]})

    assert answer.status_code == 400
    assert answer.json()["code"] == "SCOPE_NOT_YOURS"


def test_s13_an_admin_token_is_worth_nothing_after_a_demotion(admin: User) -> None:
    caller = script(admin, "admin")
    User.objects.filter(pk=admin.pk).update(platform_role="")

    assert caller.get("users").status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "me/tokens", {"name": "more", "scopes": ["read"]}),
        ("POST", "me/password", {"current_password": "x", "new_password": "y"}),
        ("DELETE", "me/browsers/b1", None),
        ("POST", "session", {"username": "x", "password": "y"}),
    ],
)
def test_s13_a_token_cannot_make_another_way_in(
    alice: User, method: str, path: str, body: object
) -> None:
    answer = script(alice, "write").send(method, path, body)

    assert answer.status_code == 403
    assert answer.json()["code"] == "SESSION_NEEDED"


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "TOKEN", "anything"])
def test_s25_a_token_in_an_address_is_refused(alice: User, name: str) -> None:
    _, secret = services.issue_token(
        user=alice, name="ci", scopes=["read"], lifetime=timedelta(days=1)
    )

    alone = Browser().get(f"me?{name}={secret}")
    beside_a_session = Browser().sign_in(alice).get(f"me?{name}={secret}")

    assert (alone.status_code, beside_a_session.status_code) == (401, 401)
    assert alone.json()["code"] == "TOKEN_IN_ADDRESS"


def test_there_is_an_end_to_how_many_tokens_one_may_have(alice: User) -> None:
    for _ in range(services.MOST_TOKENS):
        script(alice, "read")

    answer = Browser().sign_in(alice).post("me/tokens", {"name": "more", "scopes": ["read"]})

    assert answer.status_code == 409
    assert answer.json()["code"] == "TOO_MANY_TOKENS"


@pytest.mark.parametrize("days", [0, -1, 366, "x", 2**63, 1.5])
def test_a_token_lives_between_a_day_and_a_year(alice: User, days: object) -> None:
    body = {"name": "CI", "scopes": ["read"], "expires_in_days": days}

    answer = Browser().sign_in(alice).post("me/tokens", body)

    assert answer.status_code == 400
    assert answer.json()["field"] == "expires_in_days"


def test_an_admins_token_without_the_scope_is_no_admin(admin: User, project: Project) -> None:
    less, more = script(admin, "read", "write"), script(admin, "read", "write", "admin")
    body = {"username": admin.username, "role": "lead"}

    assert less.post("projects/churn/members", body).status_code == 403
    assert less.post("projects/churn/archive").status_code == 403
    assert not less.get("me").json()["permissions"]["platform_admin"]
    assert less.get("users").status_code == 200
    assert more.post("projects/churn/members", body).status_code == 201


@pytest.fixture
def in_server(bob: User, project: Project) -> Script:
    """What runs inside a server of bob in the project; bob leads another one."""
    MembershipFactory(project=ProjectFactory(slug="other"), user=bob, role="lead")
    _, secret = services.issue_workload_token(
        user=bob, project_id=project.pk, workload_id="w1", lifetime=timedelta(hours=1)
    )
    return Script(secret)


def test_a_servers_token_sees_its_project_only(in_server: Script) -> None:
    me = in_server.get("me").json()
    projects = in_server.get("projects").json()["results"]

    assert [p["slug"] for p in me["projects"]] == ["churn"]
    assert [p["slug"] for p in projects] == ["churn"]
    assert in_server.get("projects/other").status_code == 404


def test_a_servers_token_cannot_found_lead_or_join_projects(
    in_server: Script, project: Project, alice: User
) -> None:
    from atelier.projects import services as projects
    from atelier.projects.models import Role

    _, url = projects.invite(actor=alice, project=project, role=Role.LEAD)

    assert in_server.post("projects", {"name": "X"}).status_code == 403
    assert in_server.send("DELETE", "projects/churn/members/bob").status_code == 403
    accepted = in_server.post(f"invitations/{url.rpartition('/')[2]}/accept")
    assert accepted.status_code == 403


def test_a_servers_token_has_no_say_over_the_person(in_server: Script, bob: User) -> None:
    script(bob, "read")
    other = ApiToken.objects.get(name="ci")

    assert in_server.send("PATCH", "me", {"display_name": "Mallory"}).status_code == 403
    assert in_server.send("DELETE", f"me/tokens/{other.pk}").status_code == 403


def test_a_servers_token_of_an_admin_is_no_admin(admin: User, project: Project) -> None:
    MembershipFactory(project=project, user=admin)
    ProjectFactory(slug="other")
    _, secret = services.issue_workload_token(
        user=admin, project_id=project.pk, workload_id="w1", lifetime=timedelta(hours=1)
    )

    assert Script(secret).get("users").status_code == 403
    assert Script(secret).get("projects/other").status_code == 404


def test_a_servers_token_dies_with_it_and_is_not_listed(in_server: Script, bob: User) -> None:
    assert Browser().sign_in(bob).get("me/tokens").json()["results"] == []

    services.revoke_workload_tokens("w1")
    services.revoke_workload_tokens("w1")

    assert in_server.get("me").status_code == 401


def test_a_member_who_was_removed_has_a_token_that_sees_nothing(
    in_server: Script, bob: User, project: Project
) -> None:
    bob.memberships.filter(project=project).delete()

    assert in_server.get("projects/churn").status_code == 404
