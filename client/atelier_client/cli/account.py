"""atelier quota, tokens."""

from __future__ import annotations

from collections.abc import Iterable

import click

from atelier_client.cli import formats, output
from atelier_client.cli.app import App, common, pass_app, with_project
from atelier_client.cli.session import days_option, read_password, scope_option
from atelier_client.cli.words import w
from atelier_client.errors import UsageError
from atelier_client.models import QuotaLine
from atelier_client.sdk import Atelier


@click.command("quota", help=w("help_quota"))
@with_project
@common
@pass_app
def quota(app: App) -> None:
    """Show what may be used and what is held."""
    client = app.client()
    mine = client.quota.me()
    theirs = _of_project(client, app.project)
    if app.json:
        shown = None if theirs is None else [line.raw for line in theirs]
        output.print_json({"me": [line.raw for line in mine], "project": shown})
        return
    rows = [*_rows(w("you"), mine), *_rows(w("the_project"), theirs or ())]
    output.table([w("whose"), w("resource"), w("used"), w("reserved"), w("limit")], rows)


def _of_project(client: Atelier, named: str | None) -> list[QuotaLine] | None:
    """One's own limits are worth showing without a project."""
    try:
        return client.quota.project(named)
    except UsageError:
        return None


def _rows(whose: str, lines: Iterable[QuotaLine]) -> list[list[str]]:
    return [
        [
            whose,
            formats.resource_word(line.resource),
            formats.quota_amount(line, line.in_use),
            formats.quota_amount(line, line.reserved),
            formats.quota_amount(line, line.limit),
        ]
        for line in lines
    ]


@click.group("tokens", help=w("help_tokens"))
def tokens() -> None:
    """Hold the commands."""


@tokens.command("list", help=w("help_tokens_list"))
@common
@pass_app
def list_tokens(app: App) -> None:
    """Show the caller's tokens without their secrets."""
    found = list(app.client().tokens.list())
    if app.json:
        output.print_json([t.raw for t in found])
        return
    if not found:
        output.note(w("no_tokens"))
        return
    output.table(
        [w("id"), w("name"), w("token"), w("scopes"), w("expires"), w("last_used")],
        [
            [
                t.id,
                t.name,
                f"{t.prefix}…",
                ", ".join(t.scopes),
                formats.relative(t.expires),
                formats.relative(t.last_used) if t.last_used else w("never"),
            ]
            for t in found
        ],
    )


@tokens.command("create", help=w("help_tokens_create"))
@click.argument("name")
@scope_option("read")
@days_option(30)
@click.option("--username", metavar="NAME", help=w("help_username"))
@click.option("--password-stdin", is_flag=True, help=w("help_password_stdin"))
@common
@pass_app
def create_token(
    app: App,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    username: str | None,
    password_stdin: bool,
) -> None:
    """Make a token; standard output is the token alone, so that it can be piped."""
    client = app.client()
    owner = username or client.me().username
    made = client.tokens.create(
        name,
        username=owner,
        password=read_password(app, from_stdin=password_stdin),
        scopes=scopes,
        expires_in_days=days,
    )
    if app.json:
        output.print_json(made.raw)
        return
    output.note(w("token_once"))
    output.say(made.token or "")


@tokens.command("revoke", help=w("help_tokens_revoke"))
@click.argument("token_id", metavar="ID")
@common
@pass_app
def revoke_token(app: App, token_id: str) -> None:
    """End a token."""
    app.client().tokens.revoke(token_id)
    if app.json:
        output.print_json({"id": token_id, "revoked": True})
    else:
        output.say(w("token_revoked", id=token_id))
