"""Reserving, resizing, giving back; limits, their inheritance and their history."""

from typing import Any

import pytest

from atelier.accounts.models import User
from atelier.audit.models import Record
from atelier.core.errors import Conflict, PreconditionFailed, QuotaExceeded
from atelier.core.reasons import describe
from atelier.projects.models import Project
from atelier.quotas import selectors, services
from atelier.quotas.models import ANYBODY, LimitChange, Line, Reservation, Scope
from tests.atelier.quotas.conftest import Limit

pytestmark = pytest.mark.django_db
GIB = 2**30
SMALL = {"cpu": 2000, "memory": 4 * GIB, "notebooks": 1}


def take(holder: str, user: User, project: Project, claims: dict[str, int] | None = None) -> None:
    services.reserve(holder, user_id=user.pk, project_id=project.pk, claims=claims or SMALL)


def used(scope: Scope, scope_id: str, resource: str) -> int:
    return Line.objects.get(scope=scope, scope_id=scope_id, resource=resource).used


def test_a_reservation_counts_for_user_project_and_platform(alice: User, project: Project) -> None:
    take("w1", alice, project)

    assert used(Scope.USER, alice.pk, "cpu") == 2000
    assert used(Scope.PROJECT, project.pk, "memory") == 4 * GIB
    assert used(Scope.PLATFORM, "", "notebooks") == 1
    assert Reservation.objects.filter(holder="w1").count() == 9


@pytest.mark.parametrize("scope", list(Scope))
def test_each_scope_can_refuse_and_then_nothing_is_taken_anywhere(
    scope: Scope, alice: User, project: Project, limit: Limit
) -> None:
    scope_id = {"user": alice.pk, "project": project.pk, "platform": ""}[scope]
    limit(scope, scope_id, "memory", 6 * GIB)
    take("w1", alice, project)

    with pytest.raises(QuotaExceeded) as refused:
        take("w2", alice, project)

    assert refused.value.params["scope"] == scope
    assert refused.value.params["resource"] == "memory"
    assert not Reservation.objects.filter(holder="w2").exists()
    assert used(Scope.PLATFORM, "", "cpu") == 2000


def test_the_refusal_names_limit_use_and_need_in_both_languages(
    alice: User, project: Project, limit: Limit
) -> None:
    limit(Scope.PROJECT, project.pk, "memory", 6 * GIB)
    take("w1", alice, project)

    with pytest.raises(QuotaExceeded) as refused:
        take("w2", alice, project)

    params = refused.value.params
    assert (params["limit"], params["used"], params["asked"]) == (6 * GIB, 4 * GIB, 4 * GIB)
    english = describe("QUOTA_EXCEEDED", params, "en").text
    assert english == "The project Churn allows 6 GiB: 4 GiB in use, and this needs 4 GiB."
    french = describe("QUOTA_EXCEEDED", params, "fr").text
    assert french == "Le projet Churn autorise 6 Gio : 4 Gio en service, et il faut 4 Gio."


def test_accelerators_are_limited_by_kind(alice: User, project: Project, limit: Limit) -> None:
    limit(Scope.PROJECT, project.pk, "accelerator:nvidia.com/gpu", 2)
    take("w1", alice, project, {"cpu": 100, "accelerator:nvidia.com/gpu": 2})
    take("w2", alice, project, {"cpu": 100, "accelerator:amd.com/gpu": 8})

    with pytest.raises(QuotaExceeded) as refused:
        take("w3", alice, project, {"cpu": 100, "accelerator:nvidia.com/gpu": 1})

    assert refused.value.params["limit_text"]["en"] == "2 × GPU"


def test_a_holder_reserves_once(alice: User, project: Project) -> None:
    take("w1", alice, project)

    with pytest.raises(Conflict):
        take("w1", alice, project)

    assert used(Scope.USER, alice.pk, "cpu") == 2000


def test_giving_back_twice_gives_back_once(alice: User, project: Project) -> None:
    take("w1", alice, project)
    take("w2", alice, project)

    assert services.release("w1")
    assert not services.release("w1")

    assert used(Scope.USER, alice.pk, "cpu") == 2000
    assert not Reservation.objects.filter(holder="w1").exists()


def test_something_that_claims_nothing_reserves_nothing(alice: User, project: Project) -> None:
    services.reserve("w1", user_id=alice.pk, project_id=project.pk, claims={})

    assert not Reservation.objects.exists()


def test_a_claim_of_zero_passes_a_line_that_is_over(
    alice: User, project: Project, limit: Limit
) -> None:
    line = limit(Scope.USER, alice.pk, "memory", 1)
    Line.objects.filter(pk=line.pk).update(used=5)

    take("w1", alice, project, {"cpu": 100, "memory": 0})

    assert used(Scope.USER, alice.pk, "cpu") == 100


class TestResize:
    def test_growing_takes_more_and_shrinking_gives_back(
        self, alice: User, project: Project
    ) -> None:
        take("w1", alice, project)

        for cpu in (6000, 1000):
            claims = SMALL | {"cpu": cpu}
            services.resize("w1", user_id=alice.pk, project_id=project.pk, claims=claims)
            assert used(Scope.PROJECT, project.pk, "cpu") == cpu

        services.release("w1")
        assert not Line.objects.exclude(used=0).exists()

    def test_growing_past_a_limit_changes_nothing(
        self, alice: User, project: Project, limit: Limit
    ) -> None:
        limit(Scope.PROJECT, project.pk, "cpu", 3000)
        take("w1", alice, project)

        claims = {"cpu": 4000, "memory": 8 * GIB, "notebooks": 1}
        with pytest.raises(QuotaExceeded) as refused:
            services.resize("w1", user_id=alice.pk, project_id=project.pk, claims=claims)

        assert refused.value.params["asked"] == 2000
        assert used(Scope.PROJECT, project.pk, "memory") == 4 * GIB

    def test_shrinking_succeeds_while_over_the_limit(
        self, alice: User, project: Project, limit: Limit
    ) -> None:
        take("w1", alice, project)
        limit(Scope.PROJECT, project.pk, "cpu", 500)

        claims = SMALL | {"cpu": 1000}
        services.resize("w1", user_id=alice.pk, project_id=project.pk, claims=claims)

        assert used(Scope.PROJECT, project.pk, "cpu") == 1000

    def test_what_is_no_longer_claimed_goes_back_and_new_resources_are_taken(
        self, alice: User, project: Project
    ) -> None:
        take("w1", alice, project)
        services.mark_in_use("w1")

        claims = {"cpu": 2000, "accelerator:nvidia.com/gpu": 1}
        services.resize("w1", user_id=alice.pk, project_id=project.pk, claims=claims)

        assert used(Scope.USER, alice.pk, "memory") == 0
        assert used(Scope.USER, alice.pk, "accelerator:nvidia.com/gpu") == 1
        assert not Reservation.objects.filter(holder="w1", in_use=False).exists()


class TestLimits:
    def test_a_first_reservation_makes_lines_that_inherit(
        self, alice: User, project: Project, limit: Limit
    ) -> None:
        limit(Scope.USER, ANYBODY, "cpu", 7000)

        take("w1", alice, project)

        line = Line.objects.get(scope=Scope.USER, scope_id=alice.pk, resource="cpu")
        assert (line.limit, line.inherits) == (7000, True)

    def test_a_changed_default_reaches_those_who_inherit_and_nobody_else(
        self, alice: User, bob: User, project: Project, admin: User, limit: Limit
    ) -> None:
        limit(Scope.USER, bob.pk, "cpu", 9000)
        take("w1", alice, project)
        default = Line.objects.get(scope=Scope.USER, scope_id=ANYBODY, resource="cpu")

        services.set_limit(actor=admin, line=default, limit=1000, expected_version=default.version)

        lines = Line.objects.filter(scope=Scope.USER, resource="cpu")
        assert {x.scope_id: x.limit for x in lines} == {ANYBODY: 1000, bob.pk: 9000, alice.pk: 1000}

    def test_a_limit_below_use_stops_nothing_and_starts_nothing_more(
        self, alice: User, project: Project, admin: User
    ) -> None:
        take("w1", alice, project)
        line = Line.objects.get(scope=Scope.PROJECT, scope_id=project.pk, resource="cpu")

        services.set_limit(actor=admin, line=line, limit=1000, expected_version=line.version)

        assert used(Scope.PROJECT, project.pk, "cpu") == 2000
        with pytest.raises(QuotaExceeded):
            take("w2", alice, project)

    def test_history_and_audit_keep_who_before_and_after(
        self, alice: User, project: Project, admin: User, limit: Limit
    ) -> None:
        line = limit(Scope.PROJECT, project.pk, "cpu", 5000)

        line = services.set_limit(actor=admin, line=line, limit=8000, expected_version=line.version)
        services.set_limit(actor=admin, line=line, limit=None, expected_version=line.version)

        changes = LimitChange.objects.order_by("id").values_list("by", "before", "after")
        assert list(changes) == [(admin.pk, 5000, 8000), (admin.pk, 8000, None)]
        record = Record.objects.filter(verb="quota.limit_set").first()
        assert record is not None
        assert (record.actor_id, record.project_id) == (admin.pk, project.pk)

    def test_an_edit_of_an_old_version_is_refused_with_the_present_state(
        self, project: Project, admin: User, limit: Limit
    ) -> None:
        line = limit(Scope.PROJECT, project.pk, "cpu", 5000)
        services.set_limit(actor=admin, line=line, limit=6000, expected_version=line.version)

        with pytest.raises(PreconditionFailed) as refused:
            services.set_limit(actor=admin, line=line, limit=7000, expected_version=line.version)

        assert refused.value.params["current"]["limit"] == 6000

    def test_a_line_can_go_back_to_inheriting(
        self, project: Project, admin: User, limit: Limit
    ) -> None:
        limit(Scope.PROJECT, ANYBODY, "cpu", 3000)
        line = limit(Scope.PROJECT, project.pk, "cpu", 5000)

        line = services.set_limit(
            actor=admin, line=line, limit="inherit", expected_version=line.version
        )

        assert (line.limit, line.inherits) == (3000, True)

    def test_a_default_line_inherits_from_nothing(self, admin: User, limit: Limit) -> None:
        line = limit(Scope.PROJECT, ANYBODY, "cpu", 3000)

        with pytest.raises(Conflict):
            services.set_limit(actor=admin, line=line, limit="inherit", expected_version=1)

    def test_a_second_line_for_the_same_is_refused(self, admin: User, project: Project) -> None:
        gpu = "accelerator:nvidia.com/gpu"
        wanted: dict[str, Any] = {
            "scope": Scope.PROJECT,
            "scope_id": project.pk,
            "resource": gpu,
            "limit": 2,
        }
        services.create_line(actor=admin, **wanted)

        with pytest.raises(Conflict):
            services.create_line(actor=admin, **wanted)


class TestReading:
    def test_headroom_is_the_least_of_all_lines(
        self, alice: User, project: Project, limit: Limit
    ) -> None:
        limit(Scope.USER, alice.pk, "cpu", 8000)
        limit(Scope.PROJECT, project.pk, "cpu", 5000)
        take("w1", alice, project)

        left = selectors.headroom(alice.pk, project.pk)

        assert left["cpu"] == 3000

    def test_room_says_now_later_or_never_for_each_scope(
        self, alice: User, project: Project, limit: Limit
    ) -> None:
        limit(Scope.USER, alice.pk, "cpu", 3000)
        limit(Scope.PROJECT, project.pk, "memory", 2 * GIB)
        take("w1", alice, project, {"cpu": 2000})

        rooms = selectors.Lines(alice.pk, project.pk).rooms(SMALL)

        verdicts = {room.scope: room.verdict for room in rooms}
        assert verdicts == {Scope.PROJECT: "never", Scope.USER: "waits", Scope.PLATFORM: "ok"}

    def test_the_table_splits_use_into_running_and_held(
        self, alice: User, project: Project
    ) -> None:
        take("w1", alice, project)
        take("w2", alice, project)
        services.mark_in_use("w1")

        rows = selectors.usage_of(Scope.PROJECT, project.pk)

        cpu = next(row for row in rows if row["resource"] == "cpu")
        assert (cpu["used"], cpu["in_use"], cpu["reserved"]) == (4000, 2000, 2000)

    def test_somebody_without_lines_is_shown_with_what_he_inherits(self, alice: User) -> None:
        tables = selectors.table(Scope.USER, alice.pk)

        assert [t["defaults"] for t in tables] == [True, False]
        cpu = next(line for line in tables[1]["lines"] if line["resource"] == "cpu")
        assert (cpu["id"], cpu["inherits"], cpu["limit"]) == (None, True, 32_000)
