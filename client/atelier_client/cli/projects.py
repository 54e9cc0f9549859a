"""atelier projects …"""

from __future__ import annotations

from dataclasses import replace

import click

from atelier_client.cli import output
from atelier_client.cli.app import App, common, pass_app, project_names
from atelier_client.cli.session import role_word
from atelier_client.cli.words import w
from atelier_client.models import Project
from atelier_client.settings import config_path, load, save


@click.group("projects", help=w("help_projects"))
def projects() -> None:
    """Hold the commands."""


@projects.command("list", help=w("help_projects_list"))
@click.option("--search", metavar="TEXT", help=w("help_search"))
@click.option("--archived", is_flag=True, help=w("help_archived"))
@common
@pass_app
def list_projects(app: App, search: str | None, archived: bool) -> None:
    """Show the caller's projects."""
    client = app.client()
    found = list(client.projects.list(search=search, archived=archived or None))
    if app.json:
        output.print_json([p.raw for p in found])
        return
    if not found:
        output.note(w("no_match") if search or archived else w("no_projects"))
        return
    chosen = load(config_path()).site(client.url).project
    output.table(
        [w("slug"), w("name"), w("role"), w("members"), w("id"), ""],
        [
            [p.slug, p.name, role_word(p.role), str(p.members_count), p.id, _note(p, chosen)]
            for p in found
        ],
    )


def _note(project: Project, chosen: str | None) -> str:
    if project.archived_at:
        return w("archived")
    return w("current") if chosen in {project.slug, project.id} else ""


@projects.command("create", help=w("help_projects_create"))
@click.argument("name")
@click.option("--slug", metavar="SLUG", help=w("help_slug"))
@click.option("--description", default="", metavar="TEXT", help=w("help_description"))
@click.option("--use", is_flag=True, help=w("help_create_use"))
@common
@pass_app
def create(app: App, name: str, slug: str | None, description: str, use: bool) -> None:
    """Create a project."""
    client = app.client()
    made = client.projects.create(name, slug=slug, description=description)
    if use:
        _remember(client.url, made)
    if app.json:
        output.print_json(made.raw)
    else:
        output.say(w("project_created", name=made.name, slug=made.slug))


@projects.command("use", help=w("help_projects_use"))
@click.argument("project", shell_complete=project_names)
@common
@pass_app
def use_project(app: App, project: str) -> None:
    """Remember a project that exists."""
    client = app.client()
    found = client.projects.get(project)
    _remember(client.url, found)
    if app.json:
        output.print_json(found.raw)
    else:
        output.say(w("project_used", slug=found.slug))


def _remember(url: str, project: Project) -> None:
    path = config_path()
    saved = load(path)
    save(path, saved.with_site(url, replace(saved.site(url), project=project.slug)))
