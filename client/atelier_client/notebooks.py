"""Notebook servers: start (making one when needed), stop, restart, wait."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any, Callable
from urllib.parse import quote

from atelier_client.catalog import Environments, Profiles
from atelier_client.errors import NotFound, Refused, TimedOut, Unavailable, UsageError
from atelier_client.messages import status_word, t
from atelier_client.models import AT_REST, Notebook
from atelier_client.pages import Pages
from atelier_client.projects import Projects
from atelier_client.transport import Transport

ID = re.compile(r"n[a-z0-9]{15}")
START_SECONDS = 300.0
POLL_SECONDS = 0.7

Watcher = Callable[[Notebook], None]


def _ignore(_: Notebook) -> None:
    return None


class Notebooks:
    """``Atelier().notebooks``. Servers are named by id or, among the caller's own, by name."""

    def __init__(
        self,
        transport: Transport,
        projects: Projects,
        environments: Environments,
        profiles: Profiles,
    ) -> None:
        self._transport = transport
        self._projects = projects
        self._environments = environments
        self._profiles = profiles

    def list(
        self,
        *,
        project: str | None = None,
        owner: str = "me",
        status: str | None = None,
    ) -> Pages[Notebook]:
        """Return notebook servers; ``owner="all"`` adds those of the other members."""
        wanted = self._projects.current(project) if project else None
        asked = {"project": wanted, "owner": owner, "status": status}
        return Pages(self._transport, "/notebooks", Notebook.from_json, asked)

    def get(self, notebook: str, *, project: str | None = None) -> Notebook:
        """Return one by id or by name. Raises NotFound, or UsageError when several match."""
        if ID.fullmatch(notebook):
            return Notebook.from_json(self._transport.get(f"/notebooks/{notebook}"))
        found = self._named(notebook, project)
        if found is None:
            raise NotFound(
                t("notebook_unknown", name=notebook),
                t("notebook_unknown_do"),
                code="NOTEBOOK_UNKNOWN",
            )
        return found

    def start(
        self,
        notebook: str,
        *,
        environment: str | None = None,
        profile: str | None = None,
        project: str | None = None,
        rescue: bool = False,
        wait: bool = False,
        timeout: float = START_SECONDS,
        watch: Watcher = _ignore,
    ) -> Notebook:
        """Start a server, or create and start it when the caller has none of that name.

        What is not named stays as it was; for a new server it is the first that can be used.
        """
        here = project or (self._projects.current() if self._projects.has_default else None)
        known = self.get(notebook) if ID.fullmatch(notebook) else self._named(notebook, here)
        if known is None:
            started = self._create(notebook, environment, profile, project)
        else:
            choice = self._choice(known.project.id, environment, profile)
            body = {**choice, "rescue": True} if rescue else choice
            started = self._post(known.id, "start", body)
        return self.wait(started, timeout=timeout, watch=watch) if wait else started

    def _create(
        self, name: str, environment: str | None, profile: str | None, project: str | None
    ) -> Notebook:
        project_id = self._projects.current(project)
        body = {
            "project": project_id,
            "name": name,
            "environment": self._environments.find(environment, project=project_id).id,
            "profile": self._profiles.find(profile, project=project_id).id,
            "start": True,
        }
        return Notebook.from_json(
            self._transport.request("POST", "/notebooks", body=body, idempotency_key=_key())
        )

    def restart(
        self,
        notebook: str,
        *,
        environment: str | None = None,
        profile: str | None = None,
        project: str | None = None,
        wait: bool = False,
        timeout: float = START_SECONDS,
        watch: Watcher = _ignore,
    ) -> Notebook:
        """Stop and start again, with another profile or environment when named."""
        known = self.get(notebook, project=project)
        before = known.workload.id if known.workload else None
        choice = self._choice(known.project.id, environment, profile)
        started = self._post(known.id, "restart", choice)
        if not wait:
            return started
        return self.wait(started, timeout=timeout, watch=watch, not_workload=before)

    def stop(
        self,
        notebook: str,
        *,
        project: str | None = None,
        wait: bool = False,
        timeout: float = START_SECONDS,
        watch: Watcher = _ignore,
    ) -> Notebook:
        """Stop a server; its home is kept."""
        known = self.get(notebook, project=project)
        stopping = self._post(known.id, "stop", {})
        if not wait:
            return stopping
        return self.wait(stopping, until="stopped", timeout=timeout, watch=watch)

    def rename(self, notebook: str, name: str, *, project: str | None = None) -> Notebook:
        """Give it another name; its id and home stay."""
        known = self.get(notebook, project=project)
        path = f"/notebooks/{quote(known.id, safe='')}"
        return Notebook.from_json(self._transport.request("PATCH", path, body={"name": name}))

    def keep_running(self, notebook: str, *, project: str | None = None) -> Notebook:
        """Put off the stop for idleness."""
        known = self.get(notebook, project=project)
        return self._post(known.id, "keep-running", {})

    def delete(self, notebook: str, *, project: str | None = None) -> None:
        """Forget a stopped server; the home, shared by all of a project's, is kept."""
        known = self.get(notebook, project=project)
        self._transport.request("DELETE", f"/notebooks/{quote(known.id, safe='')}")

    def wait(
        self,
        notebook: Notebook,
        *,
        until: str = "running",
        timeout: float = START_SECONDS,
        watch: Watcher = _ignore,
        not_workload: str | None = None,
    ) -> Notebook:
        """Look again until it is running (or stopped); ``watch`` sees every look.

        A portal that does not answer for a while does not end the wait. ``not_workload`` is the
        run that a restart ends: its end is not the end. Raises Refused when it came to rest
        otherwise, TimedOut after ``timeout`` seconds.
        """
        give_up = time.monotonic() + timeout
        while True:
            watch(notebook)
            run = notebook.workload.id if notebook.workload else None
            if notebook.status == until and not (not_workload and run == not_workload):
                return notebook
            if _ended_otherwise(notebook, until) and not (not_workload and run == not_workload):
                raise _ended(notebook)
            if time.monotonic() >= give_up:
                raise _late(notebook, timeout)
            time.sleep(POLL_SECONDS)
            notebook = self._look(notebook, give_up)

    def _look(self, notebook: Notebook, give_up: float) -> Notebook:
        try:
            return self.get(notebook.id)
        except Unavailable:
            if time.monotonic() >= give_up:
                raise
            return notebook

    def _named(self, name: str, project: str | None) -> Notebook | None:
        matching = [n for n in self.list(project=project) if n.name == name]
        if len(matching) > 1:
            ids = ", ".join(f"{n.id} ({n.project.slug or n.project.name})" for n in matching)
            raise UsageError(
                t("notebook_ambiguous", name=name, ids=ids),
                t("notebook_ambiguous_do"),
                code="NOTEBOOK_AMBIGUOUS",
            )
        return matching[0] if matching else None

    def _choice(
        self, project_id: str, environment: str | None, profile: str | None
    ) -> dict[str, Any]:
        chosen: dict[str, Any] = {}
        if environment:
            chosen["environment"] = self._environments.find(environment, project=project_id).id
        if profile:
            chosen["profile"] = self._profiles.find(profile, project=project_id).id
        return chosen

    def _post(self, notebook_id: str, verb: str, body: dict[str, Any]) -> Notebook:
        path = f"/notebooks/{quote(notebook_id, safe='')}/{verb}"
        return Notebook.from_json(
            self._transport.request("POST", path, body=body, idempotency_key=_key())
        )


def _key() -> str:
    return str(uuid.uuid4())


def _ended_otherwise(notebook: Notebook, until: str) -> bool:
    if until == "running":
        return notebook.status in AT_REST or notebook.status == "stopping"
    return notebook.status in AT_REST


def _ended(notebook: Notebook) -> Refused:
    reason = notebook.reason or (notebook.workload.reason if notebook.workload else None)
    if reason is None:
        word = status_word(notebook.status)
        return Refused(
            t("ended_while_waiting", name=notebook.name, status=word), code="ENDED_OTHERWISE"
        )
    return Refused(
        t("restart_failed", name=notebook.name, text=reason.text), reason.action, code=reason.code
    )


def _late(notebook: Notebook, timeout: float) -> TimedOut:
    word = status_word(notebook.status)
    return TimedOut(
        t("waited_too_long", name=notebook.name, status=word, seconds=f"{timeout:g}"),
        t("waited_too_long_do"),
        code="WAITED_TOO_LONG",
    )
