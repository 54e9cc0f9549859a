"""atelier run, jobs, logs, why, stop."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.text import Text

from atelier_client.cli import formats, output
from atelier_client.cli.app import (
    App,
    common,
    environment_names,
    job_names,
    pass_app,
    profile_names,
    with_project,
)
from atelier_client.cli.progress import Progress, step_line
from atelier_client.cli.words import w
from atelier_client.errors import NotFound, UsageError
from atelier_client.messages import STATUS, status_word
from atelier_client.models import AT_REST, LIVE, Event, Job, LogPage, Notebook, Workload
from atelier_client.sdk import Atelier

COMMAND_FIRST = {"allow_interspersed_args": False}
FAILED = 1
MOST_EVENTS = 10

job_argument = click.argument("job", metavar="JOB", shell_complete=job_names)


# --- run ------------------------------------------------------------------------------------------


@click.command("run", help=w("help_run"), context_settings=COMMAND_FIRST)
@click.option("--profile", metavar="NAME", shell_complete=profile_names, help=w("help_profile"))
@click.option(
    "--environment", metavar="NAME", shell_complete=environment_names, help=w("help_environment")
)
@click.option("--image", metavar="IMAGE", help=w("help_image"))
@click.option("--env", "variables", metavar="NAME=VALUE", multiple=True, help=w("help_env"))
@click.option("--name", metavar="NAME", help=w("help_job_name"))
@click.option("--wait", is_flag=True, help=w("help_job_wait"))
@click.option("--follow", "-f", is_flag=True, help=w("help_job_follow"))
@click.argument("command", nargs=-1, required=True, metavar="-- COMMAND…")
@with_project
@common
@pass_app
def run(
    app: App,
    profile: str | None,
    environment: str | None,
    image: str | None,
    variables: tuple[str, ...],
    name: str | None,
    wait: bool,
    follow: bool,
    command: tuple[str, ...],
) -> None:
    """Submit a job, and end as it ends where that is asked for."""
    client = app.client()
    job = client.jobs.submit(
        command,
        profile=profile,
        environment=environment,
        image=image,
        env=dict(_pair(v) for v in variables),
        name=name,
        project=app.project,
    )
    if not wait and not follow:
        _tell(app, job)
        return
    with _leaving(job):
        if follow:
            _print_log(app, client, job)
        ended = _until_the_end(client, job, quiet=app.json or follow)
    _end(app, ended)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(w("env_needs_value", text=text), w("env_needs_value_do"), code="BAD_ENV")
    return name, value


def _tell(app: App, job: Job) -> None:
    if app.json:
        output.print_json(job.raw)
        return
    output.say(w("job_is_now", name=job.name, status=status_word(job.status), id=job.id))
    output.note(w("follow_hint", id=job.id))


@contextmanager
def _leaving(job: Job) -> Iterator[None]:
    """Say, when the wait is broken off, that the job is not."""
    try:
        yield
    except KeyboardInterrupt:
        output.note(w("job_left", id=job.id))
        raise


def _until_the_end(client: Atelier, job: Job, *, quiet: bool) -> Job:
    with Progress(quiet=quiet) as progress:
        return client.jobs.wait(job, watch=progress.watch)


def _end(app: App, job: Job) -> None:
    """Say how it ended, and end the same way."""
    if app.json:
        output.print_json(job.raw)
    else:
        output.note(w("job_is_now", name=job.name, status=status_word(job.status), id=job.id))
        if job.reason and job.status != "succeeded":
            output.note(f"{job.reason.text} {job.reason.action}".strip())
    raise click.exceptions.Exit(exit_code(job))


def exit_code(job: Job) -> int:
    """Return the job's own exit code; 1 where it ended badly and has none."""
    if job.status == "succeeded":
        return 0
    return (job.exit_code or 0) & 0xFF or FAILED


# --- jobs -----------------------------------------------------------------------------------------


@click.command("jobs", help=w("help_jobs"))
@click.option("--all", "everybody", is_flag=True, help=w("help_jobs_all"))
@click.option("--status", type=click.Choice(sorted(STATUS)), help=w("help_status"))
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True,
              help=w("help_limit"))  # fmt: skip
@with_project
@common
@pass_app
def jobs(app: App, everybody: bool, status: str | None, limit: int) -> None:
    """Show jobs, the newest first."""
    pages = app.client().jobs.list(
        project=app.project, owner="all" if everybody else "me", status=status
    )
    found = [job for job, _ in zip(pages, range(limit))]
    if app.json:
        output.print_json([job.raw for job in found])
    elif not found:
        output.note(w("no_match") if app.project or status else w("no_jobs"))
    else:
        _print_jobs(found, owners=everybody)


def _print_jobs(found: list[Job], *, owners: bool) -> None:
    headings = [w("name"), w("status"), w("project"), w("profile"), w("created"), w("exit_code"),
                w("id")]  # fmt: skip
    rows: list[list[str | Text]] = [
        [
            job.name,
            output.status_badge(job.status),
            job.project.slug or job.project.name,
            job.profile.name,
            formats.relative(job.created),
            formats.NOTHING if job.exit_code is None else str(job.exit_code),
            job.id,
        ]
        for job in found
    ]
    if owners:
        headings.append(w("owner"))
        rows = [[*row, job.owner] for row, job in zip(rows, found)]
    if any(job.reason for job in found):
        headings.append(w("reason"))
        rows = [[*row, job.reason.text if job.reason else ""] for row, job in zip(rows, found)]
    output.table(headings, rows)


# --- logs -----------------------------------------------------------------------------------------


@click.command("logs", help=w("help_logs"))
@job_argument
@click.option("--follow", "-f", is_flag=True, help=w("help_logs_follow"))
@with_project
@common
@pass_app
def logs(app: App, job: str, follow: bool) -> None:
    """Print what a job has printed."""
    client = app.client()
    found = client.jobs.get(job, project=app.project)
    if app.json:
        _print_log_as_json(client, found, follow=follow)
        return
    if not follow:
        _print_pages(client.jobs.pages(found.id))
        return
    with _leaving(found):
        _print_log(app, client, found)
        ended = _until_the_end(client, client.jobs.get(found.id), quiet=True)
    _end(app, ended)


def _print_log(app: App, client: Atelier, job: Job) -> None:
    """Print a log as it comes; what the job waits for first is shown beside it."""
    with Progress(quiet=app.json) as progress:
        begun = AT_REST | {"running", "stopping"}
        client.jobs.wait(job, watch=progress.watch, until=lambda j: j.status in begun)
    pages = client.jobs.follow(job.id)
    if app.json:
        for _ in pages:  # the job is what is printed
            pass
    else:
        _print_pages(pages)


def _print_log_as_json(client: Atelier, job: Job, *, follow: bool) -> None:
    with _leaving(job):
        pages = list(client.jobs.follow(job.id) if follow else client.jobs.pages(job.id))
    last = pages[-1]
    output.print_json(
        {
            "job": job.id,
            "text": "".join(page.text for page in pages),
            "next_offset": last.next_offset,
            "is_end": last.is_end,
            "notice": last.raw.get("notice"),
        }
    )
    if follow:
        raise click.exceptions.Exit(exit_code(client.jobs.get(job.id)))


def _print_pages(pages: Iterator[LogPage]) -> None:
    is_terminal = sys.stdout.isatty()
    kept = ""
    for page in pages:
        text, kept = _whole(kept + page.text) if is_terminal else (page.text, "")
        sys.stdout.write(harmless(text) if is_terminal else text)
        sys.stdout.flush()
        if page.notice:
            output.note(page.notice.text)


_COLOUR = r"\x1b\[[0-9;]*m"
_SIGNS = re.compile(rf"({_COLOUR})|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BEGUN = re.compile(r"\x1b(?:\[[0-9;]{0,20})?$")


def harmless(text: str) -> str:
    """Return a log's text with its colours, and without what else steers a terminal."""
    return _SIGNS.sub(lambda found: found.group(1) or "\N{REPLACEMENT CHARACTER}", text)


def _whole(text: str) -> tuple[str, str]:
    """Return the text up to a colour that has only begun, and that beginning."""
    begun = _BEGUN.search(text)
    return (text, "") if begun is None else (text[: begun.start()], begun.group())


# --- stop -----------------------------------------------------------------------------------------


@click.command("stop", help=w("help_stop"))
@job_argument
@click.option("--wait", is_flag=True, help=w("help_wait"))
@with_project
@common
@pass_app
def stop(app: App, job: str, wait: bool) -> None:
    """Ask for the end of a job."""
    client = app.client()
    stopped = client.jobs.stop(job, project=app.project)
    if wait:
        stopped = _until_the_end(client, stopped, quiet=app.json)
    if app.json:
        output.print_json(stopped.raw)
    else:
        output.say(
            w("job_is_now", name=stopped.name, status=status_word(stopped.status), id=stopped.id)
        )


# --- why ------------------------------------------------------------------------------------------


@click.command("why", help=w("help_why"))
@click.argument("thing", metavar="THING", shell_complete=job_names)
@with_project
@common
@pass_app
def why(app: App, thing: str) -> None:
    """Say why something waits, failed or stopped, and what can be done."""
    client = app.client()
    found = _find(client, thing, app.project)
    run_of_it = found if isinstance(found, Workload) else found.workload
    said = list(client.events(run_of_it.id, most=MOST_EVENTS)) if run_of_it else []
    if app.json:
        output.print_json({"thing": found.raw, "events": [e.raw for e in said]})
        return
    output.facts(_explanation(found))
    if run_of_it:
        for step in run_of_it.progress:
            output.say(f"  {step_line(step, run_of_it.kind)}")
    _print_events(said)


def _find(client: Atelier, thing: str, project: str | None) -> Job | Notebook | Workload:
    """Return the run, the job or the notebook server that ``thing`` names."""
    if re.fullmatch(r"w[a-z0-9]{15}", thing):
        return client.workload(thing)
    try:
        return client.jobs.get(thing, project=project)
    except NotFound as not_a_job:
        try:
            return client.notebooks.get(thing, project=project)
        except NotFound:
            raise not_a_job from None


def _explanation(found: Job | Notebook | Workload) -> list[tuple[str, str | Text]]:
    pairs: list[tuple[str, str | Text]] = [
        (w("name"), found.name),
        (w("status"), output.status_badge(found.status)),
    ]
    if isinstance(found, Job) and found.exit_code is not None:
        pairs.append((w("exit_code"), str(found.exit_code)))
    reason = found.reason
    if reason or found.status in LIVE:
        pairs.append((w("reason"), reason.text if reason else w("no_reason")))
    if reason and reason.action:
        pairs.append((w("do"), reason.action))
    return [*pairs, (w("id"), found.id)]


def _print_events(said: list[Event]) -> None:
    """Print what was said about it, oldest first."""
    for event in reversed(said):
        at = event.at.astimezone().strftime("%H:%M:%S") if event.at else formats.NOTHING
        output.say(f"  {at}  {event.text}")
