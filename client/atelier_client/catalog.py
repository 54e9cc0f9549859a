"""Environments and profiles: what can be started, found by id, slug or name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable, TypeVar

from atelier_client.errors import NotFound
from atelier_client.messages import t
from atelier_client.models import Environment, Profile
from atelier_client.pages import Pages
from atelier_client.projects import Projects
from atelier_client.transport import Transport

Entry = TypeVar("Entry", Environment, Profile)


class Environments:
    """``Atelier().environments``."""

    def __init__(self, transport: Transport, projects: Projects) -> None:
        self._transport = transport
        self._projects = projects

    def list(self, *, project: str | None = None) -> Pages[Environment]:
        """Return those a project may use; all that are visible when none is named or chosen."""
        asked = {"project": _project_id(self._projects, project)}
        return Pages(self._transport, "/environments", Environment.from_json, asked)

    def find(self, name: str | None, *, project: str) -> Environment:
        """Return the one named, or the first that can be used. Raises NotFound."""
        return _find(self.list(project=project), name, "environment")


class Profiles:
    """``Atelier().profiles``."""

    def __init__(self, transport: Transport, projects: Projects) -> None:
        self._transport = transport
        self._projects = projects

    def list(self, *, project: str | None = None) -> Pages[Profile]:
        """Return those a project may use; all that are visible when none is named or chosen."""
        asked = {"project": _project_id(self._projects, project)}
        return Pages(self._transport, "/profiles", Profile.from_json, asked)

    def find(self, name: str | None, *, project: str) -> Profile:
        """Return the one named, or the first that can be used. Raises NotFound."""
        return _find(self.list(project=project), name, "profile")


def _project_id(projects: Projects, project: str | None) -> str | None:
    return projects.current(project) if project or projects.has_default else None


def _find(entries: Iterable[Entry], name: str | None, kind: str) -> Entry:
    usable = [e for e in entries if e.enabled]
    if name is None:
        usable = [e for e in usable if e.unavailable_reason is None]
        if not usable:
            raise NotFound(t(f"{kind}_none"), t("ask_admin_do"), code=f"{kind.upper()}_NONE")
        return usable[0]
    exact: tuple[Callable[[Entry], bool], ...] = (
        lambda e: name in (e.id, e.slug),
        lambda e: e.name.casefold() == name.casefold(),
    )
    for matches in exact:
        found = [e for e in usable if matches(e)]
        if found:
            return found[0]
    known = ", ".join(e.slug for e in usable) or "–"
    raise NotFound(
        t(f"{kind}_unknown", name=name, known=known),
        t(f"{kind}_unknown_do"),
        code=f"{kind.upper()}_UNKNOWN",
    )
