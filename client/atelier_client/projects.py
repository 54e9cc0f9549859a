"""Projects: list, find, create, and which one is meant when none is named."""

from __future__ import annotations

from urllib.parse import quote

from atelier_client.errors import UsageError
from atelier_client.messages import t
from atelier_client.models import Project
from atelier_client.pages import Pages
from atelier_client.transport import Transport


class Projects:
    """``Atelier().projects``."""

    def __init__(self, transport: Transport, default: str | None) -> None:
        self._transport = transport
        self._default = default
        self._ids: dict[str, str] = {}

    def list(self, *, search: str | None = None, archived: bool | None = None) -> Pages[Project]:
        """Return the projects the caller is a member of."""
        asked = {"search": search, "archived": _flag(archived)}
        return Pages(self._transport, "/projects", Project.from_json, asked)

    def get(self, project: str) -> Project:
        """Return the project with this id or slug."""
        return Project.from_json(self._transport.get(f"/projects/{quote(project, safe='')}"))

    def create(self, name: str, *, slug: str | None = None, description: str = "") -> Project:
        """Create a project; the caller becomes its lead."""
        body = {"name": name, "description": description}
        if slug:
            body["slug"] = slug
        return Project.from_json(self._transport.request("POST", "/projects", body=body))

    def current(self, project: str | None = None) -> str:
        """Return the id of the project meant: the one named, the default, or the only one.

        Raises UsageError when that leaves several, or none.
        """
        named = project or self._default
        if named:
            if named not in self._ids:
                self._ids[named] = self.get(named).id
            return self._ids[named]
        mine = list(self.list())
        if not mine:
            raise UsageError(t("no_project_yet"), t("no_project_yet_do"), code="PROJECT_NEEDED")
        if len(mine) > 1:
            raise UsageError(t("project_needed"), t("project_needed_do"), code="PROJECT_NEEDED")
        return mine[0].id

    @property
    def has_default(self) -> bool:
        """Whether a project was chosen before."""
        return self._default is not None


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()
