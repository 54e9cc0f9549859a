"""login, logout, whoami."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import replace
from typing import Any, Callable, TypeVar

import click

from atelier_client.account import token_from_password
from atelier_client.cli import output
from atelier_client.cli.app import App, common, pass_app
from atelier_client.cli.words import WORDS, w
from atelier_client.errors import AtelierError, UsageError
from atelier_client.sdk import Atelier
from atelier_client.settings import Settings, Site, config_path, load, save
from atelier_client.transport import uses_environment

SCOPES = ("read", "write", "admin")
LONGEST_DAYS = 365

Command = TypeVar("Command", bound=Callable[..., Any])


def days_option(default: int) -> Callable[[Command], Command]:
    """Add --days, the life of a token."""
    return click.option(
        "--days",
        type=click.IntRange(1, LONGEST_DAYS),
        default=default,
        show_default=True,
        help=w("help_days"),
    )


def scope_option(*default: str) -> Callable[[Command], Command]:
    """Add --scope, to be given several times."""
    return click.option(
        "--scope",
        "scopes",
        multiple=True,
        type=click.Choice(SCOPES),
        default=default,
        show_default=True,
        help=w("help_scope"),
    )


@click.command("login", help=w("help_login"))
@click.option("--username", metavar="NAME", help=w("help_username"))
@click.option("--password-stdin", is_flag=True, help=w("help_password_stdin"))
@click.option("--token-stdin", is_flag=True, help=w("help_token_stdin"))
@days_option(90)
@scope_option("read", "write")
@common
@pass_app
def login(
    app: App,
    username: str | None,
    password_stdin: bool,
    token_stdin: bool,
    days: int,
    scopes: tuple[str, ...],
) -> None:
    """Take a token or make one, try it, then keep it."""
    url = Settings.resolve(url=app.url).url
    if url.startswith("http://") and uses_environment(url):  # plain text, and not this machine
        output.note(w("plain_http", url=url))
    token = _given_token(app, username, password_stdin, token_stdin)
    site = Site(token=token)
    if token is None:
        site = _site_by_password(app, url, username, password_stdin, days, scopes)
    with Atelier(url=url, token=site.token) as client:
        me = client.me()
        _keep(client, url, replace(site, username=me.username))
    _tell_what_wins()
    if app.json:
        output.print_json(me.raw)
    else:
        output.say(w("signed_in", url=url, username=me.username))


def _given_token(
    app: App, username: str | None, password_stdin: bool, token_stdin: bool
) -> str | None:
    if token_stdin and password_stdin:
        raise UsageError(w("login_both"), w("login_needs_more_do"), code="LOGIN_BOTH")
    if token_stdin:
        token = sys.stdin.read().strip()
        if not token:
            raise UsageError(w("login_needs_more"), w("login_needs_more_do"), code="LOGIN_EMPTY")
        return token
    if username:
        return None
    if not app.may_ask():
        raise UsageError(w("login_needs_more"), w("login_needs_more_do"), code="LOGIN_EMPTY")
    pasted = click.prompt(w("ask_token"), hide_input=True, default="", show_default=False, err=True)
    return str(pasted).strip() or None


def _site_by_password(
    app: App,
    url: str,
    username: str | None,
    password_stdin: bool,
    days: int,
    scopes: tuple[str, ...],
) -> Site:
    name = username or str(click.prompt(w("ask_username"), err=True))
    password = read_password(app, from_stdin=password_stdin)
    made = token_from_password(
        url,
        name,
        password,
        name=w("token_name", host=platform.node() or "?")[:80],
        scopes=scopes,
        expires_in_days=days,
    )
    return Site(token=made.token, token_id=made.id)


def read_password(app: App, *, from_stdin: bool) -> str:
    """Return the password from standard input or from whoever sits there."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if app.may_ask():
        return str(click.prompt(w("ask_password"), hide_input=True, err=True))
    raise UsageError(w("password_needed"), w("password_needed_do"), code="PASSWORD_NEEDED")


def _keep(client: Atelier, url: str, site: Site) -> None:
    path = config_path()
    saved = load(path)
    old = saved.site(url)
    if old.username == site.username:
        site = replace(site, project=old.project)
        _revoke_replaced(client, old, site)
    save(path, saved.with_site(url, site))


def _revoke_replaced(client: Atelier, old: Site, new: Site) -> None:
    """End the token an earlier login made, so that they do not pile up."""
    if old.token_id and old.token_id != new.token_id:
        try:
            client.tokens.revoke(old.token_id)
        except AtelierError as error:
            output.note(w("token_not_revoked", detail=error.detail))


def _tell_what_wins() -> None:
    for name in ("ATELIER_TOKEN", "ATELIER_TOKEN_FILE"):
        if os.environ.get(name):
            output.note(w("environment_wins", name=name))
            return


@click.command("logout", help=w("help_logout"))
@common
@pass_app
def logout(app: App) -> None:
    """Revoke what login made; forget it even when the portal does not answer."""
    path = config_path()
    saved = load(path)
    url = Settings.resolve(url=app.url).url
    site = saved.site(url)
    if site.token is not None:
        _revoke_saved(url, site)
        save(path, saved.with_site(url, Site(project=site.project, username=site.username)))
    if app.json:
        output.print_json({"url": url, "signed_in": False})
    else:
        output.say(w("signed_out" if site.token else "was_signed_out", url=url))


def _revoke_saved(url: str, site: Site) -> None:
    if site.token_id is None:
        output.note(w("token_left"))
        return
    try:
        with Atelier(url=url, token=site.token) as client:
            client.tokens.revoke(site.token_id)
    except AtelierError as error:
        output.note(w("token_not_revoked", detail=error.detail))


@click.command("whoami", help=w("help_whoami"))
@common
@pass_app
def whoami(app: App) -> None:
    """Show the owner of the token."""
    client = app.client()
    me = client.me()
    if app.json:
        output.print_json(me.raw)
        return
    pairs: list[tuple[str, str]] = [
        (w("name"), f"{me.display_name} ({me.username})"),
        (w("email"), me.email or "–"),
        (w("platform"), client.url),
    ]
    if me.platform_role:
        pairs.append((w("role"), role_word(me.platform_role)))
    projects = ", ".join(f"{p.slug} ({role_word(p.role)})" for p in me.projects)
    pairs.append((w("projects"), projects or "–"))
    output.facts(pairs)


def role_word(role: str | None) -> str:
    """Return the word for a role."""
    return w(role) if role in WORDS else role or "–"
