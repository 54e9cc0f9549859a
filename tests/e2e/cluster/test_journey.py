"""The journey with pods: from signing in to the file that is still there, and a job to its end."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.cluster.cluster import Cluster
from tests.e2e import pages
from tests.e2e.cluster.team import Team
from tests.e2e.running import Person, Platform


def test_from_signing_in_to_the_file_that_is_still_there(
    page: Page, platform: Platform, cluster: Cluster, alice: Person
) -> None:
    page.goto("/")
    pages.sign_in(page, alice)
    project = pages.create_project(page, "Churn model")
    shown = pages.start_notebook(page, project, "exploration")
    pages.until_running(shown)
    assert pods_of(cluster, alice) != []

    lab = pages.open_jupyter(page, shown)
    assert lab.url.startswith(platform.content_url)
    pages.new_lab_notebook(lab)
    expect(pages.run_cell(lab, "print(6*7)")).to_have_text("42", timeout=pages.START)
    pages.save_lab_notebook(lab, "answer.ipynb")
    lab.close()

    pages.stop(page, "exploration")
    assert pods_of(cluster, alice) == []
    page.get_by_role("button", name="Start exploration").click()
    again = pages.card(page, "exploration")
    pages.until_running(again)

    lab = pages.open_jupyter(page, again)
    lab.locator(".jp-DirListing-itemText", has_text="answer.ipynb").dblclick()
    expect(lab.locator(".jp-OutputArea-output").first).to_have_text("42", timeout=pages.START)
    pages.stop(page, "exploration")


def pods_of(cluster: Cluster, person: Person) -> list[str]:
    return cluster.run_kubectl(
        "get", "pods", "-A", "-l", f"atelier.dev/owner={person.username}", "-o", "name"
    ).split()


def test_a_job_runs_to_its_end_and_its_exit_code_and_log_are_shown(page: Page, team: Team) -> None:
    job = team.job("python", "-c", "print('fitted'); import sys; sys.exit(3)", name="fit")
    ended = team.until(job, "failed")
    assert ended["exit_code"] == 3
    assert ended["reason"]["code"] == "EXIT_NONZERO"
    assert team.log_of(job) == "fitted\n"

    pages.signed_in(page, team.person)
    page.goto(f"/p/{team.slug}/jobs/{job['id']}")
    expect(
        page.get_by_text(re.compile(r"exit code:? 3|code 3", re.IGNORECASE)).first
    ).to_be_visible()
    expect(page.get_by_text("fitted").first).to_be_visible(timeout=pages.START)


def test_two_projects_are_two_namespaces(
    team: Team, platform: Platform, cluster: Cluster, person: object
) -> None:
    second = Team(platform, cluster, platform.add_person(f"{team.person.username}-b"))
    jobs = [(each, each.job("sleep", "600")) for each in (team, second)]

    for each, job in jobs:
        each.until(job, "running")
        pod = each.pod_of(job)
        assert pod["metadata"]["namespace"] == each.namespace

    assert team.namespace != second.namespace
    second.close()
