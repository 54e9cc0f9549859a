"""The SDK against a portal: finding things, starting, stopping, waiting."""

from __future__ import annotations

import socket
from itertools import islice

import pytest

from atelier_client import (
    Atelier,
    Notebook,
    NotFound,
    Reason,
    Refused,
    Resources,
    TimedOut,
    UsageError,
)
from atelier_client.models import when
from tests.client.portal import PASSWORD, Portal, problem


def test_everything_is_read_from_the_environment(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")

    me = atelier.me()

    assert (me.username, [p.slug for p in me.projects]) == ("alice", ["churn"])


def test_a_list_goes_over_all_pages(atelier: Atelier, portal: Portal) -> None:
    for slug in ("a", "b", "c", "d", "e"):
        portal.add_project(slug)

    assert [p.slug for p in atelier.projects.list()] == ["a", "b", "c", "d", "e"]
    assert [a.query.get("cursor") for a in portal.made("GET", "/projects")] == [None, "2", "4"]


def test_a_list_fetches_only_what_is_read(atelier: Atelier, portal: Portal) -> None:
    for slug in ("a", "b", "c"):
        portal.add_project(slug)

    assert [p.slug for p in islice(atelier.projects.list(), 2)] == ["a", "b"]
    assert len(portal.asked) == 1


def test_a_list_can_be_read_twice(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("a")
    found = atelier.projects.list()

    assert [p.slug for p in found] == [p.slug for p in found] == ["a"]


# --- projects -----------------------------------------------------------------------------------


def test_the_only_project_is_meant_when_none_is_named(atelier: Atelier, portal: Portal) -> None:
    only = portal.add_project("churn")

    assert atelier.projects.current() == only["id"]


def test_with_several_projects_one_has_to_be_named(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")
    portal.add_project("fraud")

    with pytest.raises(UsageError, match="Say which project"):
        atelier.notebooks.start("x")


def test_with_no_project_the_way_to_one_is_said(atelier: Atelier) -> None:
    with pytest.raises(UsageError, match="not a member of any project") as caught:
        atelier.notebooks.start("x")

    assert "projects create" in caught.value.action


def test_a_project_name_cannot_climb_in_the_address(atelier: Atelier, portal: Portal) -> None:
    with pytest.raises(NotFound):
        atelier.projects.get("../me/tokens")

    # Sent as one segment; a server that decodes it still sees no route above.
    assert portal.asked[0].path == "/api/v1/projects/..%2Fme%2Ftokens"


# --- starting -----------------------------------------------------------------------------------


def test_a_new_name_creates_and_starts_a_server_with_what_can_be_used_first(
    atelier: Atelier, portal: Portal
) -> None:
    project = portal.add_project("churn")

    notebook = atelier.notebooks.start("exploration")

    assert notebook.status == "starting"
    (asked,) = portal.made("POST", "/notebooks")
    assert asked.body == {
        "project": project["id"],
        "name": "exploration",
        "environment": "e1",
        "profile": "h2",  # h1 comes first but cannot be served here
        "start": True,
    }
    assert len(asked.headers["idempotency-key"]) == 36


def test_a_known_name_starts_that_server_as_it_was(atelier: Atelier, portal: Portal) -> None:
    known = portal.add_notebook("exploration", portal.add_project("churn"))

    atelier.notebooks.start("exploration")

    (asked,) = portal.made("POST", f"/notebooks/{known['id']}/start")
    assert asked.body == {}
    assert portal.made("POST", "/notebooks") == []


@pytest.mark.parametrize("name", ["h3", "medium", "Medium", "MEDIUM"])
def test_a_profile_is_found_by_id_slug_or_name(atelier: Atelier, portal: Portal, name: str) -> None:
    known = portal.add_notebook("exploration", portal.add_project("churn"))

    atelier.notebooks.start("exploration", profile=name)

    (asked,) = portal.made("POST", f"/notebooks/{known['id']}/start")
    assert asked.body == {"profile": "h3"}


def test_a_rescue_start_says_so(atelier: Atelier, portal: Portal) -> None:
    known = portal.add_notebook("exploration", portal.add_project("churn"))

    atelier.notebooks.start(known["id"], rescue=True)

    (asked,) = portal.made("POST", f"/notebooks/{known['id']}/start")
    assert asked.body == {"rescue": True}


def test_an_unknown_profile_names_those_there_are(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")

    with pytest.raises(NotFound, match="There are: huge, small, medium"):
        atelier.notebooks.start("exploration", profile="tiny")


def test_a_project_without_a_usable_profile_is_a_sentence(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")
    portal.profiles = portal.profiles[:1]

    with pytest.raises(NotFound, match="no profile that could start"):
        atelier.notebooks.start("exploration")


def test_a_name_in_two_projects_has_to_be_made_clear(atelier: Atelier, portal: Portal) -> None:
    churn, fraud = portal.add_project("churn"), portal.add_project("fraud")
    portal.add_notebook("exploration", churn)
    there = portal.add_notebook("exploration", fraud)

    with pytest.raises(UsageError, match="several notebook servers"):
        atelier.notebooks.get("exploration")

    assert atelier.notebooks.get("exploration", project="fraud").id == there["id"]


def test_starting_in_the_chosen_project_ignores_the_same_name_elsewhere(
    alice: str, portal: Portal
) -> None:
    churn, _ = portal.add_project("churn"), portal.add_project("fraud")
    portal.add_notebook("exploration", churn)

    with Atelier(project="fraud") as client:
        client.notebooks.start("exploration")

    assert len(portal.made("POST", "/notebooks")) == 1


def test_each_start_has_its_own_key(atelier: Atelier, portal: Portal) -> None:
    known = portal.add_notebook("exploration", portal.add_project("churn"))

    for _ in range(2):
        atelier.notebooks.start("exploration")

    path = f"/notebooks/{known['id']}/start"
    assert len({a.headers["idempotency-key"] for a in portal.made("POST", path)}) == 2


# --- waiting ------------------------------------------------------------------------------------


def test_waiting_ends_when_it_runs_and_shows_every_look(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")
    seen: list[Notebook] = []

    notebook = atelier.notebooks.start("exploration", wait=True, watch=seen.append)

    assert notebook.status == "running"
    assert notebook.open_url == f"http://127.0.0.1:8001/user/alice/{notebook.id}/lab"
    assert [n.status for n in seen] == ["starting", "starting", "running"]


def test_waiting_for_a_failed_start_tells_why(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")
    portal.fails_to_start = True

    with pytest.raises(Refused, match="exploration did not start: No answer in 60 s") as caught:
        atelier.notebooks.start("exploration", wait=True)

    assert (caught.value.code, caught.value.action) == ("START_TIMEOUT", "Start it again.")


def test_waiting_has_an_end(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")

    with pytest.raises(TimedOut, match="Starting after 0 s") as caught:
        atelier.notebooks.start("exploration", wait=True, timeout=0)

    assert caught.value.exit_code == 7


def test_a_portal_away_for_a_moment_does_not_end_the_wait(
    atelier: Atelier, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atelier._transport, "_sleep", lambda _: None)
    portal.add_project("churn")
    started = atelier.notebooks.start("exploration")
    portal.next_answers = [problem(503, "UNAVAILABLE", "Not now.")] * 6

    assert atelier.notebooks.wait(started).status == "running"


def test_a_restart_is_not_over_when_the_old_run_ends(atelier: Atelier, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"), "running")

    notebook = atelier.notebooks.restart("exploration", profile="medium", wait=True)

    assert notebook.status == "running"
    assert notebook.workload is not None
    assert notebook.workload.id == "w000000000000002"


def test_stopping_waits_for_the_stop(atelier: Atelier, portal: Portal) -> None:
    portal.add_notebook("exploration", portal.add_project("churn"), "running")

    assert atelier.notebooks.stop("exploration", wait=True).status == "stopped"


# --- the rest -----------------------------------------------------------------------------------


def test_rename_keep_and_delete(atelier: Atelier, portal: Portal) -> None:
    known = portal.add_notebook("exploration", portal.add_project("churn"))

    assert atelier.notebooks.rename("exploration", "eda").name == "eda"
    assert atelier.notebooks.keep_running("eda").id == known["id"]
    atelier.notebooks.delete("eda")

    assert portal.notebooks == {}


def test_check_starts_nothing(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")
    portal.verdict = "waits"

    result = atelier.check(profile="medium")

    assert (result.verdict, result.choices[0].profile.name) == ("waits", "Small")
    assert result.reason == Reason("QUOTA_EXCEEDED", "No quota.", "Stop something.")
    assert portal.notebooks == {}


def test_limits_of_me_and_of_the_project(atelier: Atelier, portal: Portal) -> None:
    portal.add_project("churn")

    assert {line.resource: line.limit for line in atelier.quota.me()} == {
        "cpu": 8000,
        "memory": None,
        "accelerator:nvidia.com/gpu": 1,
    }
    assert [line.limit for line in atelier.quota.project("churn")] == [5]


def test_a_new_token_is_not_shown_by_its_repr(atelier: Atelier) -> None:
    made = atelier.tokens.create("ci", username="alice", password=PASSWORD)

    assert made.token == "atl_made1"
    assert "atl_made1" not in repr(made)


def test_fields_a_newer_platform_adds_are_ignored_and_kept_in_raw(
    atelier: Atelier, portal: Portal
) -> None:
    portal.add_project("churn")["colour"] = "petrol"

    (project,) = atelier.projects.list()

    assert project.raw["colour"] == "petrol"


def test_values_an_older_platform_lacks_read_as_nothing() -> None:
    notebook = Notebook.from_json({"id": "n1", "name": "x", "status": "stopped"})

    assert (notebook.reason, notebook.workload, notebook.open_url) == (None, None, None)
    assert notebook.resources == Resources()
    assert not notebook.live


def test_times_carry_their_zone() -> None:
    moment = when("2026-11-24T08:00:00.5Z")

    assert moment is not None
    assert moment.isoformat() == "2026-11-24T08:00:00.500000+00:00"


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, atelier: Atelier, portal: Portal
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused.getsockname()[1]}")

    with Atelier() as client:
        assert client.me().username == "alice"
