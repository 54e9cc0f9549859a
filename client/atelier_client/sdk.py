"""The entry to the SDK."""

from __future__ import annotations

from itertools import islice
from types import TracebackType
from urllib.parse import quote

from atelier_client.account import Quota, Tokens
from atelier_client.catalog import Environments, Profiles
from atelier_client.jobs import Jobs
from atelier_client.models import CheckResult, Event, Me, Workload
from atelier_client.notebooks import Notebooks
from atelier_client.pages import Pages
from atelier_client.projects import Projects
from atelier_client.settings import Settings
from atelier_client.transport import TIMEOUT_SECONDS, Transport


class Atelier:
    """A signed-in client of one platform.

    Address, token and project come from the arguments, else from ``ATELIER_URL``,
    ``ATELIER_TOKEN`` or ``ATELIER_TOKEN_FILE`` (read again for every request) and
    ``ATELIER_PROJECT``, else from what ``atelier login`` saved.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        project: str | None = None,
        *,
        language: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        settings = Settings.resolve(url=url, token=token, project=project)
        self.url = settings.url
        self._transport = Transport(settings.url, settings.token, lang=language, timeout=timeout)
        self.projects = Projects(self._transport, settings.project)
        self.environments = Environments(self._transport, self.projects)
        self.profiles = Profiles(self._transport, self.projects)
        self.notebooks = Notebooks(self._transport, self.projects, self.environments, self.profiles)
        self.jobs = Jobs(self._transport, self.projects, self.environments, self.profiles)
        self.quota = Quota(self._transport, self.projects)
        self.tokens = Tokens(self._transport)

    def me(self) -> Me:
        """Return who the token belongs to."""
        return Me.from_json(self._transport.get("/me"))

    def check(
        self,
        *,
        environment: str | None = None,
        profile: str | None = None,
        project: str | None = None,
        kind: str = "notebook",
    ) -> CheckResult:
        """Ask whether a start would fit now, without starting anything."""
        project_id = self.projects.current(project)
        body = {
            "kind": kind,
            "project": project_id,
            "environment": self.environments.find(environment, project=project_id).id,
            "profile": self.profiles.find(profile, project=project_id).id,
        }
        return CheckResult.from_json(self._transport.request("POST", "/check", body=body))

    def workload(self, workload_id: str) -> Workload:
        """Return one run of something, by its id. Raises NotFound."""
        found = self._transport.get(f"/workloads/{quote(workload_id, safe='')}")
        return Workload.of(found)

    def events(self, workload_id: str, *, most: int = 50) -> list[Event]:
        """Return what was said about a run, newest first."""
        path = f"/workloads/{quote(workload_id, safe='')}/events"
        return list(islice(Pages(self._transport, path, Event.from_json), most))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Atelier:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
