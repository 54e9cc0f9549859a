"""Members and invitations: nobody grants what he lacks, and a project keeps a lead (S13)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from atelier.accounts import services as accounts
from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.errors import AtelierError, Conflict, NotAllowed, NotFound
from atelier.projects import hooks, policies, services
from atelier.projects.models import Invitation, Membership, Project, Role
from tests.conftest import Api
from tests.factories.accounts import UserFactory
from tests.factories.projects import MembershipFactory, ProjectFactory


def secret_of(url: str) -> str:
    return url.removeprefix("http://localhost:8000/invitations/")


def test_members_are_listed_with_their_roles(api: Api, alice: User, bob: User, vera: User) -> None:
    rows = api(bob).get("/api/v1/projects/churn/members").json()["results"]

    assert [(r["username"], r["role"]) for r in rows] == [
        ("alice", "lead"), ("bob", "member"), ("vera", "viewer"),
    ]  # fmt: skip


def test_a_lead_adds_a_member(api: Api, alice: User, carol: User) -> None:
    answer = api(alice).post(
        "/api/v1/projects/churn/members", {"username": "carol", "role": "member"}
    )

    assert answer.status_code == 201
    assert api(carol).get("/api/v1/projects/churn").json()["role"] == "member"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"username": "nobody", "role": "member"}, 400, "UNKNOWN_USER"),
        ({"username": "gone", "role": "member"}, 409, "USER_INACTIVE"),
        ({"username": "bob", "role": "lead"}, 409, "ALREADY_MEMBER"),
        ({"username": "carol", "role": "owner"}, 400, "VALIDATION_FAILED"),
        ({"username": "carol"}, 400, "VALIDATION_FAILED"),
        ({"username": "carol", "role": "member", "is_admin": True}, 400, "UNKNOWN_FIELD"),
    ],
)
@pytest.mark.usefixtures("bob", "carol")
def test_who_cannot_be_added(
    api: Api, alice: User, body: dict[str, Any], status: int, code: str
) -> None:
    UserFactory(username="gone", is_active=False)

    answer = api(alice).post("/api/v1/projects/churn/members", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_last_lead_neither_leaves_nor_steps_down(api: Api, alice: User, bob: User) -> None:
    client = api(alice)

    left = client.delete("/api/v1/projects/churn/members/alice")
    down = client.patch("/api/v1/projects/churn/members/alice", {"role": "viewer"})

    assert [left.json()["code"], down.json()["code"]] == ["LAST_LEAD", "LAST_LEAD"]
    assert Membership.objects.get(user=alice).role == Role.LEAD


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_demote_each_other_at_once_leave_one() -> None:
    project = ProjectFactory()
    one, two = (
        MembershipFactory(project=project, role=Role.LEAD).user,
        MembershipFactory(project=project, role=Role.LEAD).user,
    )

    def demote(pair: tuple[User, User]) -> bool:
        try:
            services.change_role(
                actor=pair[0], project=project, username=pair[1].username, role=Role.VIEWER
            )
        except (Conflict, NotAllowed):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, [(one, two), (two, one)]))

    assert sorted(done) == [False, True]
    assert Membership.objects.filter(project=project, role=Role.LEAD).count() == 1


def test_a_member_may_leave(api: Api, bob: User, alice: User) -> None:
    answer = api(bob).delete("/api/v1/projects/churn/members/bob")

    assert answer.status_code == 204
    assert api(bob).get("/api/v1/projects/churn").status_code == 404


def test_a_member_may_not_remove_another(api: Api, bob: User, vera: User) -> None:
    assert api(bob).delete("/api/v1/projects/churn/members/vera").status_code == 403


@pytest.mark.parametrize("step", ["remove", "viewer"])
def test_whoever_may_not_run_things_any_more_is_announced(
    alice: User, bob: User, project: Project, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str, str]] = []
    monkeypatch.setattr(
        hooks.member_left,
        "_joined",
        [lambda p, user, actor: told.append((p.slug, user.username, actor.username))],
    )

    if step == "remove":
        services.remove_member(actor=alice, project=project, username="bob")
    else:
        services.change_role(actor=alice, project=project, username="bob", role=Role.VIEWER)

    assert told == [("churn", "bob", "alice")]


def test_an_admin_looks_after_a_project_without_being_in_it(
    api: Api, admin: User, bob: User, alice: User
) -> None:
    answer = api(admin).patch("/api/v1/projects/churn/members/bob", {"role": "lead"})

    assert answer.json()["role"] == "lead"
    record = Record.objects.get(verb="member.role-changed")
    assert (record.actor_name, record.object_name) == ("ada", "bob")
    assert (record.before, record.after) == ({"role": "member"}, {"role": "lead"})


# --- invitations ---------------------------------------------------------------------------------


def test_an_invitation_is_shown_once_and_works_once(
    api: Api, alice: User, carol: User, admin: User
) -> None:
    made = api(alice).post("/api/v1/projects/churn/invitations", {"role": "member"}).json()
    token = secret_of(made["url"])
    listed = api(alice).get("/api/v1/projects/churn/invitations").json()["results"]

    shown = api(carol).get(f"/api/v1/invitations/{token}").json()
    joined = api(carol).post(f"/api/v1/invitations/{token}/accept")
    again = api(admin).post(f"/api/v1/invitations/{token}/accept")

    assert "url" not in listed[0]
    assert token not in str(Invitation.objects.values().get())
    assert (shown["project_name"], shown["role"], shown["invited_by"]) == (
        "Churn",
        "member",
        "Alice",
    )
    assert joined.json()["role"] == "member"
    assert again.status_code == 404
    assert api(alice).get("/api/v1/projects/churn/invitations").json()["results"] == []


@pytest.fixture
def invitation(alice: User, project: Project) -> tuple[Invitation, str]:
    made, url = services.invite(actor=alice, project=project, role=Role.MEMBER)
    return made, secret_of(url)


def test_a_revoked_or_expired_invitation_is_worth_nothing(
    api: Api, alice: User, carol: User, invitation: tuple[Invitation, str], project: Project
) -> None:
    made, token = invitation
    assert api(alice).delete(f"/api/v1/projects/churn/invitations/{made.pk}").status_code == 204
    assert api(carol).get(f"/api/v1/invitations/{token}").status_code == 404

    _, url = services.invite(actor=alice, project=project, role=Role.MEMBER)
    Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert api(carol).post(f"/api/v1/invitations/{secret_of(url)}/accept").status_code == 404


def test_an_invitation_of_another_project_cannot_be_revoked(
    alice: User, invitation: tuple[Invitation, str]
) -> None:
    other = ProjectFactory()
    MembershipFactory(project=other, user=alice, role=Role.LEAD)

    with pytest.raises(NotFound):
        services.revoke_invitation(actor=alice, project=other, invitation_id=invitation[0].pk)


def test_s13_an_invitation_is_as_good_as_its_maker(
    carol: User, alice: User, bob: User, project: Project, invitation: tuple[Invitation, str]
) -> None:
    services.change_role(actor=alice, project=project, username="bob", role=Role.LEAD)
    services.change_role(actor=bob, project=project, username="alice", role=Role.MEMBER)

    with pytest.raises(NotFound):
        services.accept_invitation(user=carol, secret=invitation[1])


def test_an_invitation_ends_with_the_account_of_its_maker(
    carol: User, alice: User, admin: User, invitation: tuple[Invitation, str]
) -> None:
    accounts.deactivate_user(actor=admin, username="alice")

    with pytest.raises(NotFound):
        services.accept_invitation(user=carol, secret=invitation[1])


@pytest.mark.parametrize(("has", "keeps"), [("viewer", "member"), ("lead", "lead")])
def test_a_member_who_accepts_keeps_the_higher_role(
    carol: User, project: Project, invitation: tuple[Invitation, str], has: str, keeps: str
) -> None:
    MembershipFactory(project=project, user=carol, role=has)

    services.accept_invitation(user=carol, secret=invitation[1])

    assert Membership.objects.get(project=project, user=carol).role == keeps


@pytest.mark.django_db(transaction=True)
def test_of_many_who_open_one_link_at_once_one_joins() -> None:
    lead = MembershipFactory(role=Role.LEAD)
    _, url = services.invite(actor=lead.user, project=lead.project, role=Role.MEMBER)

    def accept(user: User) -> bool:
        try:
            services.accept_invitation(user=user, secret=secret_of(url))
        except NotFound:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(accept, UserFactory.create_batch(8)))

    assert joined.count(True) == 1
    assert Membership.objects.filter(project=lead.project).count() == 2


# --- whatever people do (S13) --------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.integers(0, 4),  # who acts
        st.sampled_from(["add", "role", "remove", "invite"]),
        st.integers(0, 4),  # on whom
        st.sampled_from(list(Role)),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_s13_no_order_of_steps_gives_more_than_its_actor_had_or_takes_the_last_lead(
    db: None, steps: list[tuple[int, str, int, Role]]
) -> None:
    people = UserFactory.create_batch(5)
    project = services.create_project(actor=people[0], name="X")

    for who, step, whom, role in steps:
        actor, other = people[who], people[whom]
        could = policies.can_lead(actor, project)
        before = _roles(project)
        try:
            _take(step, actor, other, project, role)
        except AtelierError:
            assert _roles(project) == before
        gained = {u for u, r in _roles(project).items() if before.get(u) != r}
        assert could or not gained
        assert Role.LEAD in _roles(project).values()


def _take(step: str, actor: User, other: User, project: Project, role: Role) -> None:
    if step == "add":
        services.add_member(actor=actor, project=project, username=other.username, role=role)
    elif step == "role":
        services.change_role(actor=actor, project=project, username=other.username, role=role)
    elif step == "remove":
        services.remove_member(actor=actor, project=project, username=other.username)
    else:
        _, url = services.invite(actor=actor, project=project, role=role)
        services.accept_invitation(user=other, secret=secret_of(url))


def _roles(project: Project) -> dict[str, str]:
    return dict(project.memberships.values_list("user_id", "role"))
