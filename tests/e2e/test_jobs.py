"""A command that runs without anybody: from the form to its exit code, and what if it fails."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e import pages
from tests.e2e.running import Person, Platform

STEPS = 6
SLOW = f"""
import time
for step in range({STEPS}):
    print('step', step, flush=True); time.sleep(1)
"""


def project_of(page: Page, person: Person, name: str) -> str:
    """Sign in and make a project; returns its slug."""
    page.goto("/")
    pages.sign_in(page, person)
    return pages.create_project(page, name)


def submit(page: Page, project: str, name: str, command: str) -> None:
    """Fill in the form and send it; the job's page opens."""
    page.goto(f"/p/{project}/jobs/new")
    page.get_by_role("textbox", name="Command").fill(command)
    page.get_by_label("Job name").fill(name)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    page.wait_for_url(re.compile(rf"/p/{project}/jobs/j[a-z0-9]+$"))


def status(page: Page, word: str) -> Locator:
    """The badge beside the job's name."""
    heading = page.get_by_role("heading", level=1).locator("..")
    return heading.get_by_text(word, exact=True)


def fact(page: Page, name: str) -> Locator:
    """What stands beside a name in the card about the job."""
    about = page.get_by_role("region", name="About")
    return about.locator("dt", has_text=re.compile(f"^{name}$")).locator("+ dd")


def test_a_command_runs_from_the_form_to_its_exit_code(page: Page, alice: Person) -> None:
    project = project_of(page, alice, "Jobs end to end")
    submit(page, project, "steps", f'python -c "{SLOW}"')
    expect(status(page, "Running")).to_be_visible(timeout=pages.START)
    log = page.get_by_role("log", name="Log of steps")

    expect(log.get_by_text("step 1", exact=True)).to_be_visible(timeout=pages.START)
    expect(status(page, "Running")).to_be_visible()  # the line came while it ran

    expect(status(page, "Succeeded")).to_be_visible(timeout=pages.START)
    expect(log.get_by_text(f"step {STEPS - 1}", exact=True)).to_be_visible(timeout=pages.START)
    expect(page.get_by_text(f"Ended, {STEPS} lines")).to_be_visible(timeout=pages.START)
    expect(fact(page, "Exit code")).to_have_text("0")
    with page.expect_download() as loaded:
        page.get_by_role("link", name="Download the whole log").click()
    assert loaded.value.path().read_text() == "".join(f"step {n}\n" for n in range(STEPS))


def test_a_failure_says_why_and_is_run_again_from_the_filled_form(
    page: Page, alice: Person
) -> None:
    project = project_of(page, alice, "Jobs that fail")
    submit(page, project, "failing", "sh -c 'echo no such column; exit 3'")

    expect(status(page, "Failed")).to_be_visible(timeout=pages.START)
    why = page.get_by_role("region", name="Why it failed")
    expect(why).to_contain_text("exit code 3")
    expect(page.get_by_role("log").get_by_text("no such column")).to_be_visible()
    expect(fact(page, "Exit code")).to_have_text("3")
    page.get_by_role("link", name="Events").click()
    expect(page.get_by_role("region", name="Events")).to_contain_text("exit code 3")

    page.get_by_role("link", name="Run again").click()
    command = page.get_by_role("textbox", name="Command")
    expect(command).to_have_value("sh -c 'echo no such column; exit 3'")
    command.fill("sh -c 'echo mended'")
    page.get_by_role("button", name=re.compile("^Submit")).click()

    expect(status(page, "Succeeded")).to_be_visible(timeout=pages.START)
    page.goto(f"/p/{project}/jobs?status=failed")
    expect(
        page.get_by_role("row", name=re.compile("^failing Failed .*exit code 3"))
    ).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)  # the head and the one that failed


def test_stopping_asks_and_keeps_the_log(page: Page, alice: Person) -> None:
    project = project_of(page, alice, "Jobs that stop")
    submit(page, project, "endless", "sh -c 'echo begun; exec sleep 600'")
    expect(page.get_by_role("log").get_by_text("begun")).to_be_visible(timeout=pages.START)

    page.get_by_role("button", name="Stop endless").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Stop endless").click()

    expect(status(page, "Stopped")).to_be_visible(timeout=pages.START)
    expect(page.get_by_role("log").get_by_text("begun")).to_be_visible()
    page.reload()
    expect(page.get_by_role("log").get_by_text("begun")).to_be_visible(timeout=pages.START)


def test_what_can_never_run_is_refused_before_it_is_asked_for(page: Page, alice: Person) -> None:
    project = project_of(page, alice, "Jobs that never fit")
    page.goto(f"/p/{project}/jobs/new?command=true&profile=gpu")

    expect(page.get_by_role("status").get_by_text("Never fits")).to_be_visible()
    button = page.get_by_role("button", name="Submit")
    expect(button).to_have_attribute("aria-disabled", "true")
    pages.choose(page.get_by_role("radio", name=re.compile(r"^Small\b")))
    expect(page.get_by_text("Fits now").first).to_be_visible()
    expect(button).not_to_have_attribute("aria-disabled", "true")


def test_a_long_log_is_searched_linked_to_and_followed(
    page: Page, platform: Platform, alice: Person
) -> None:
    project = project_of(page, alice, "Jobs that talk")
    submit(page, project, "talk", "sh -c 'seq -f \"line %.0f\" 20000'")
    expect(page.get_by_text("Ended, 20,000 lines")).to_be_visible(timeout=pages.START)
    log = page.get_by_role("log", name="Log of talk")
    assert log.get_by_role("link").count() < 200  # only what is in view is on the page

    search = page.get_by_role("searchbox", name="Search the log")
    search.fill("line 1777")
    expect(page.get_by_text("11 lines")).to_be_visible()
    search.press("Enter")
    expect(log.get_by_text("line 1777", exact=True)).to_be_in_viewport()
    search.press("Enter")
    expect(page.get_by_text("2 of 11")).to_be_visible()
    expect(log.get_by_text("line 17770", exact=True)).to_be_in_viewport()

    page.goto(re.sub(r"\?.*", "", page.url) + "?line=12345")
    expect(log.get_by_text("line 12345", exact=True)).to_be_in_viewport(timeout=pages.START)
