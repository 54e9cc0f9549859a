"""atelier environments, profiles, check."""

from __future__ import annotations

import click

from atelier_client.cli import formats, output
from atelier_client.cli.app import (
    App,
    common,
    environment_names,
    pass_app,
    profile_names,
    with_project,
)
from atelier_client.cli.words import w
from atelier_client.models import CheckResult, Environment, Reason

CHECK_EXIT = {"fits": 0, "waits": 6, "never": 1}
CHECK_WORD = {"fits": ("fits", "green"), "waits": ("waits", "yellow"),
              "never": ("never_fits", "magenta")}  # fmt: skip
CONDITION = {"ok": "✓", "waits": "⧖", "never": "⊘"}


def _available(reason: Reason | None) -> str:
    return w("yes") if reason is None else reason.text


@click.command("environments", help=w("help_environments"))
@click.option("--packages", is_flag=True, help=w("help_packages"))
@with_project
@common
@pass_app
def environments(app: App, packages: bool) -> None:
    """Show what can be started."""
    found = list(app.client().environments.list())
    if app.json:
        output.print_json([e.raw for e in found])
        return
    headings = [w("slug"), w("name"), w("description"), w("available")]
    rows = [[e.slug, e.name, e.description, _available(e.unavailable_reason)] for e in found]
    if packages:
        headings.append(w("packages"))
        rows = [[*row, _packages(e)] for row, e in zip(rows, found)]
    output.table(headings, rows)


def _packages(environment: Environment) -> str:
    return ", ".join(f"{name} {version}".strip() for name, version in environment.packages.items())


@click.command("profiles", help=w("help_profiles"))
@with_project
@common
@pass_app
def profiles(app: App) -> None:
    """Show the hardware that can be asked for."""
    found = list(app.client().profiles.list())
    if app.json:
        output.print_json([p.raw for p in found])
        return
    output.table(
        [w("slug"), w("name"), w("kind"), w("resources"), w("available")],
        [
            [
                p.slug,
                p.name,
                p.kind_label.upper(),
                formats.resources(p.resources),
                _available(p.unavailable_reason),
            ]
            for p in found
        ],
    )


@click.command("check", help=w("help_check"))
@click.option(
    "--environment", metavar="NAME", shell_complete=environment_names, help=w("help_environment")
)
@click.option("--profile", metavar="NAME", shell_complete=profile_names, help=w("help_profile"))
@with_project
@common
@pass_app
def check(app: App, environment: str | None, profile: str | None) -> None:
    """Ask before starting; the exit code is the answer."""
    result = app.client().check(environment=environment, profile=profile)
    if app.json:
        output.print_json(result.raw)
    else:
        _print_check(result)
    raise click.exceptions.Exit(CHECK_EXIT.get(result.verdict, 1))


def _headline(result: CheckResult, word: str) -> str:
    """The verdict's word once, whether or not the portal's sentence begins with it."""
    sentence = result.headline
    if not sentence and result.starts_in_seconds is not None:
        sentence = w("starts_in", duration=formats.duration(result.starts_in_seconds))
    return sentence if sentence.startswith(word) else f"{word}: {sentence}".rstrip(": ")


def _print_check(result: CheckResult) -> None:
    word, style = CHECK_WORD.get(result.verdict, ("never_fits", ""))
    output.out().print(output.plain(_headline(result, w(word))), style=style)
    for condition in result.conditions:
        output.say(f"  {CONDITION.get(condition.state, '·')} {condition.text}")
    if result.reason and result.reason.action:
        output.say(w("what_to_do", action=result.reason.action))
    if result.choices:
        output.say(w("would_fit"))
    for choice in result.choices:
        output.say(f"  {choice.profile.name}: {choice.text}".rstrip(": "))
