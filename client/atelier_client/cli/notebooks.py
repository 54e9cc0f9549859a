"""atelier notebooks …"""

from __future__ import annotations

import webbrowser
from typing import Any, Callable, TypeVar

import click
from rich.text import Text

from atelier_client.cli import formats, output
from atelier_client.cli.app import (
    App,
    common,
    environment_names,
    notebook_names,
    pass_app,
    profile_names,
    with_project,
)
from atelier_client.cli.progress import Progress, step_line
from atelier_client.cli.words import w
from atelier_client.errors import Refused
from atelier_client.messages import STATUS, status_word
from atelier_client.models import Notebook
from atelier_client.notebooks import START_SECONDS

Command = TypeVar("Command", bound=Callable[..., Any])

name_argument = click.argument("name", metavar="NAME", shell_complete=notebook_names)
environment_option = click.option(
    "--environment", metavar="NAME", shell_complete=environment_names, help=w("help_environment")
)
profile_option = click.option(
    "--profile", metavar="NAME", shell_complete=profile_names, help=w("help_profile")
)


def waiting(command: Command) -> Command:
    """Add --wait and --timeout."""
    command = click.option("--wait", is_flag=True, help=w("help_wait"))(command)
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        default=START_SECONDS,
        show_default=True,
        metavar="SECONDS",
        help=w("help_timeout"),
    )(command)


@click.group("notebooks", help=w("help_notebooks"))
def notebooks() -> None:
    """Hold the commands."""


@notebooks.command("list", help=w("help_notebooks_list"))
@click.option("--all", "everybody", is_flag=True, help=w("help_all"))
@click.option("--status", type=click.Choice(sorted(STATUS)), help=w("help_status"))
@with_project
@common
@pass_app
def list_notebooks(app: App, everybody: bool, status: str | None) -> None:
    """Show servers, the caller's own by default."""
    found = list(
        app.client().notebooks.list(
            project=app.project, owner="all" if everybody else "me", status=status
        )
    )
    if app.json:
        output.print_json([n.raw for n in found])
    elif not found:
        output.note(w("no_match") if app.project or status else w("no_notebooks"))
    else:
        _print_list(found, owners=everybody)


def _print_list(found: list[Notebook], *, owners: bool) -> None:
    headings = [w("name"), w("status"), w("project"), w("profile"), w("resources"),
                w("activity"), w("id")]  # fmt: skip
    rows: list[list[str | Text]] = [
        [
            n.name,
            output.status_badge(n.status),
            n.project.slug or n.project.name,
            n.profile.name,
            formats.resources(n.resources),
            formats.relative(n.last_activity),
            n.id,
        ]
        for n in found
    ]
    if owners:
        headings.append(w("owner"))
        rows = [[*row, n.owner] for row, n in zip(rows, found)]
    if any(n.reason for n in found):
        headings.append(w("reason"))
        rows = [[*row, n.reason.text if n.reason else ""] for row, n in zip(rows, found)]
    output.table(headings, rows)


@notebooks.command("show", help=w("help_notebooks_show"))
@name_argument
@with_project
@common
@pass_app
def show(app: App, name: str) -> None:
    """Show one server and why it is as it is."""
    notebook = app.client().notebooks.get(name, project=app.project)
    if app.json:
        output.print_json(notebook.raw)
        return
    output.facts(_facts(notebook))
    for step in notebook.workload.progress if notebook.workload else ():
        output.say(f"  {step_line(step)}")


def _facts(notebook: Notebook) -> list[tuple[str, str | Text]]:
    pairs: list[tuple[str, str | Text]] = [
        (w("name"), notebook.name),
        (w("status"), _status_text(notebook)),
    ]
    if notebook.reason:
        pairs.append((w("reason"), f"{notebook.reason.text} {notebook.reason.action}".strip()))
    pairs += [
        (w("project"), notebook.project.name),
        (w("owner"), notebook.owner),
        (w("environment"), notebook.environment.name),
        (w("profile"), notebook.profile.name),
        (w("resources"), formats.resources(notebook.resources)),
        (w("started"), formats.relative(notebook.started)),
        (w("activity"), formats.relative(notebook.last_activity)),
    ]
    if notebook.idle_stop_at:
        pairs.append((w("idle_stop"), formats.relative(notebook.idle_stop_at)))
    if notebook.open_url:
        pairs.append((w("address"), notebook.open_url))
    return [*pairs, (w("id"), notebook.id)]


def _status_text(notebook: Notebook) -> Text:
    badge = output.status_badge(notebook.status)
    stale = notebook.workload.stale_since if notebook.workload else None
    if stale:
        # Not a status: the last one stays, with since when nobody could look.
        badge.append(f"  ({w('stale', time=stale.astimezone().strftime('%H:%M'))})", style="dim")
    return badge


@notebooks.command("start", help=w("help_notebooks_start"))
@name_argument
@environment_option
@profile_option
@click.option("--rescue", is_flag=True, help=w("help_rescue"))
@click.option("--open", "open_it", is_flag=True, help=w("help_open_after"))
@waiting
@with_project
@common
@pass_app
def start(
    app: App,
    name: str,
    environment: str | None,
    profile: str | None,
    rescue: bool,
    open_it: bool,
    wait: bool,
    timeout: float,
) -> None:
    """Start a server, with what is named."""
    with Progress(quiet=app.json) as progress:
        notebook = _patiently(
            lambda: app.client().notebooks.start(
                name,
                environment=environment,
                profile=profile,
                project=app.project,
                rescue=rescue,
                wait=wait or open_it,
                timeout=timeout,
                watch=progress.watch,
            )
        )
    _tell(app, notebook)
    if open_it:
        _open(notebook)


@notebooks.command("restart", help=w("help_notebooks_restart"))
@name_argument
@environment_option
@profile_option
@waiting
@with_project
@common
@pass_app
def restart(
    app: App,
    name: str,
    environment: str | None,
    profile: str | None,
    wait: bool,
    timeout: float,
) -> None:
    """Stop and start again."""
    with Progress(quiet=app.json) as progress:
        notebook = _patiently(
            lambda: app.client().notebooks.restart(
                name,
                environment=environment,
                profile=profile,
                project=app.project,
                wait=wait,
                timeout=timeout,
                watch=progress.watch,
            )
        )
    _tell(app, notebook)


@notebooks.command("stop", help=w("help_notebooks_stop"))
@name_argument
@waiting
@with_project
@common
@pass_app
def stop(app: App, name: str, wait: bool, timeout: float) -> None:
    """Stop a server."""
    with Progress(quiet=app.json) as progress:
        notebook = _patiently(
            lambda: app.client().notebooks.stop(
                name, project=app.project, wait=wait, timeout=timeout, watch=progress.watch
            )
        )
    if app.json:
        output.print_json(notebook.raw)
    else:
        output.say(w("is_now", name=notebook.name, status=status_word(notebook.status)))


def _patiently(work: Callable[[], Notebook]) -> Notebook:
    try:
        return work()
    except KeyboardInterrupt:
        output.note(w("wait_left"))
        raise


def _tell(app: App, notebook: Notebook) -> None:
    if app.json:
        output.print_json(notebook.raw)
        return
    output.say(w("is_now", name=notebook.name, status=status_word(notebook.status)))
    if notebook.open_url and notebook.status == "running":
        output.say(notebook.open_url)
    else:
        output.note(w("open_hint", name=notebook.name))


@notebooks.command("open", help=w("help_notebooks_open"))
@name_argument
@click.option("--print", "only_print", is_flag=True, help=w("help_print"))
@with_project
@common
@pass_app
def open_notebook(app: App, name: str, only_print: bool) -> None:
    """Go to a running server."""
    notebook = app.client().notebooks.get(name, project=app.project)
    if notebook.status != "running" or not notebook.open_url:
        raise Refused(
            w("not_running", name=notebook.name, status=status_word(notebook.status)),
            w("not_running_do", name=notebook.name),
            code="NOT_RUNNING",
        )
    if app.json:
        output.print_json({"url": notebook.open_url})
        return
    output.say(notebook.open_url)
    if not only_print and app.may_ask():
        _open(notebook)


def _open(notebook: Notebook) -> None:
    url = notebook.open_url or ""
    # The platform names the address; a browser must not be made to run anything else.
    if url.startswith(("http://", "https://")):
        webbrowser.open(url)


@notebooks.command("rename", help=w("help_notebooks_rename"))
@name_argument
@click.argument("new_name", metavar="NEW-NAME")
@with_project
@common
@pass_app
def rename(app: App, name: str, new_name: str) -> None:
    """Change the name people see."""
    notebook = app.client().notebooks.rename(name, new_name, project=app.project)
    if app.json:
        output.print_json(notebook.raw)
    else:
        output.say(w("renamed", name=notebook.name))


@notebooks.command("keep-running", help=w("help_notebooks_keep"))
@name_argument
@with_project
@common
@pass_app
def keep_running(app: App, name: str) -> None:
    """Say that it is still needed."""
    notebook = app.client().notebooks.keep_running(name, project=app.project)
    if app.json:
        output.print_json(notebook.raw)
    else:
        output.say(w("kept", name=notebook.name))


@notebooks.command("delete", help=w("help_notebooks_delete"))
@name_argument
@click.option("--yes", is_flag=True, help=w("help_yes"))
@with_project
@common
@pass_app
def delete(app: App, name: str, yes: bool) -> None:
    """Delete a stopped server after asking."""
    client = app.client()
    notebook = client.notebooks.get(name, project=app.project)
    if not yes:
        app.confirm(w("ask_delete", name=notebook.name))
    client.notebooks.delete(notebook.id)
    if app.json:
        output.print_json({"id": notebook.id, "deleted": True})
    else:
        output.say(w("deleted", name=notebook.name))
