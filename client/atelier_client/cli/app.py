"""What every command shares: the options, the client, asking, and how errors end the program."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from typing import Any, Callable, TypeVar

import click

from atelier_client.cli import output
from atelier_client.cli.words import w
from atelier_client.errors import AtelierError, UsageError
from atelier_client.sdk import Atelier

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class App:
    """The options given anywhere on the command line."""

    url: str | None = None
    project: str | None = None
    json: bool = False
    no_input: bool = False

    def client(self) -> Atelier:
        """Return a client; closed when the command ends."""
        client = Atelier(url=self.url, project=self.project)
        click.get_current_context().call_on_close(client.close)
        return client

    def may_ask(self) -> bool:
        """Whether somebody is there to answer."""
        return not self.no_input and sys.stdin.isatty()

    def confirm(self, question: str) -> None:
        """Ask before something is lost. Raises UsageError when nobody can be asked."""
        if not self.may_ask():
            raise UsageError(w("yes_needed"), w("yes_needed_do"), code="CONFIRMATION_NEEDED")
        if not click.confirm(output.plain(question), err=True):
            output.note(w("not_deleted"))
            raise click.exceptions.Exit(1)


class Root(click.Group):
    """The outermost group: every error of the SDK ends here."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn an error into its sentence and exit code."""
        app = ctx.ensure_object(App)
        try:
            return super().invoke(ctx)
        except AtelierError as error:
            output.print_error(error, as_json=app.json)
            raise click.exceptions.Exit(error.exit_code) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None


def common(command: Command) -> Command:
    """Add the options that every command takes, before or after its name."""
    for option in (
        _set("--no-input", "no_input", is_flag=True),
        _set("--url", "url", metavar="URL"),
        _set("--json", "json", is_flag=True),
    ):
        command = option(command)
    return command


def with_project(command: Command) -> Command:
    """Add --project."""
    return _set("--project", "project", metavar="PROJECT", shell_complete=project_names)(command)


def _set(flag: str, name: str, **how: Any) -> Callable[[Command], Command]:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value:
            setattr(ctx.ensure_object(App), name, value)

    return click.option(
        flag, f"_{name}", expose_value=False, callback=keep, help=w(f"help_{name}"), **how
    )


pass_app = click.make_pass_decorator(App, ensure=True)

# --- completion: a shell that waits for an answer gets none rather than an error ----------------


def _complete(ctx: click.Context, names: Callable[[Atelier], list[str]], start: str) -> list[str]:
    app = ctx.find_object(App) or App()
    try:
        with Atelier(url=app.url, project=app.project, timeout=2) as client:
            return [name for name in names(client) if name.startswith(start)]
    except AtelierError:
        return []


def project_names(ctx: click.Context, _: click.Parameter, start: str) -> list[str]:
    """Complete project slugs."""
    return _complete(ctx, lambda a: [p.slug for p in a.projects.list()], start)


def notebook_names(ctx: click.Context, _: click.Parameter, start: str) -> list[str]:
    """Complete the names of the caller's notebook servers."""
    return _complete(ctx, lambda a: [n.name for n in a.notebooks.list()], start)


def job_names(ctx: click.Context, _: click.Parameter, start: str) -> list[str]:
    """Complete the names of the caller's newest jobs."""
    return _complete(ctx, lambda a: sorted({j.name for j in islice(a.jobs.list(), 50)}), start)


def environment_names(ctx: click.Context, _: click.Parameter, start: str) -> list[str]:
    """Complete environment slugs."""
    return _complete(ctx, lambda a: [e.slug for e in a.environments.list()], start)


def profile_names(ctx: click.Context, _: click.Parameter, start: str) -> list[str]:
    """Complete profile slugs."""
    return _complete(ctx, lambda a: [p.slug for p in a.profiles.list()], start)
