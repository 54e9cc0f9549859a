"""The command tree and its entry point."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from atelier_client.cli.account import quota, tokens
from atelier_client.cli.app import Root, common
from atelier_client.cli.catalog import check, environments, profiles
from atelier_client.cli.jobs import jobs, logs, stop, why
from atelier_client.cli.jobs import run as run_job
from atelier_client.cli.notebooks import notebooks
from atelier_client.cli.projects import projects
from atelier_client.cli.session import login, logout, whoami
from atelier_client.cli.words import w
from atelier_client.version import __version__


@click.group("atelier", cls=Root, help=w("help"), context_settings={"max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s", help=w("help_version"))
@common
def cli() -> None:
    """Hold the commands."""


@cli.command("completion", help=w("help_completion"))
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print what the shell has to read."""
    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(cli, {}, "atelier", "_ATELIER_COMPLETE").source())


for _command in (
    login,
    logout,
    whoami,
    projects,
    notebooks,
    run_job,
    jobs,
    logs,
    why,
    stop,
    check,
    environments,
    profiles,
    quota,
    tokens,
):
    cli.add_command(_command)


def run() -> None:
    """Run the command line of this process."""
    cli.main(prog_name="atelier")
