"""Training jobs: submit, follow, read the log, stop, wait."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Callable
from urllib.parse import quote

from atelier_client.catalog import Environments, Profiles
from atelier_client.errors import NotFound, TimedOut, Unavailable, UsageError
from atelier_client.messages import status_word, t
from atelier_client.models import AT_REST, Job, LogPage
from atelier_client.pages import Pages
from atelier_client.projects import Projects
from atelier_client.transport import Transport

ID = re.compile(r"j[a-z0-9]{15}")
POLL_SECONDS = 1.0
LONGEST_PAGE = 2**20

Watcher = Callable[[Job], None]


def _ignore(_: Job) -> None:
    return None


class Jobs:
    """``Atelier().jobs``. Jobs are named by id or, among the caller's own, by name: the newest."""

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
        search: str | None = None,
    ) -> Pages[Job]:
        """Return jobs, newest first; ``owner="all"`` adds those of the other members."""
        wanted = self._projects.current(project) if project else None
        asked = {"project": wanted, "owner": owner, "status": status, "search": search}
        return Pages(self._transport, "/jobs", Job.from_json, asked)

    def get(self, job: str, *, project: str | None = None) -> Job:
        """Return one by id, or the caller's newest of that name. Raises NotFound."""
        if ID.fullmatch(job):
            return Job.from_json(self._transport.get(f"/jobs/{job}"))
        for found in self.list(project=project, search=job):
            if found.name == job:
                return found
        raise NotFound(t("job_unknown", name=job), t("job_unknown_do"), code="JOB_UNKNOWN")

    def submit(
        self,
        command: Sequence[str],
        *,
        profile: str | None = None,
        environment: str | None = None,
        image: str | None = None,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        project: str | None = None,
        wait: bool = False,
        timeout: float | None = None,
        watch: Watcher = _ignore,
    ) -> Job:
        """Submit a command as a job: ``submit(["python", "train.py"], profile="medium")``.

        What is not named is the first that can be used. It may wait in the queue for its turn.
        """
        if isinstance(command, str):
            raise UsageError(t("command_is_list"), t("command_is_list_do"), code="NOT_A_LIST")
        project_id = self._projects.current(project)
        body: dict[str, Any] = {
            "project": project_id,
            "command": list(command),
            "profile": self._profiles.find(profile, project=project_id).id,
        }
        if image:
            body["image"] = image
        if environment:
            body["environment"] = self._environments.find(environment, project=project_id).id
        body.update({k: v for k, v in (("env", dict(env or {})), ("name", name)) if v})
        made = self._transport.request(
            "POST", "/jobs", body=body, idempotency_key=str(uuid.uuid4())
        )
        job = Job.from_json(made)
        return self.wait(job, timeout=timeout, watch=watch) if wait else job

    def stop(self, job: str, *, project: str | None = None) -> Job:
        """Ask for the end of a job; harmless when repeated."""
        known = self.get(job, project=project)
        path = f"/jobs/{quote(known.id, safe='')}/stop"
        return Job.from_json(self._transport.request("POST", path, body={}))

    def wait(
        self,
        job: Job,
        *,
        timeout: float | None = None,
        watch: Watcher = _ignore,
        until: Callable[[Job], bool] = lambda job: job.status in AT_REST,
    ) -> Job:
        """Look again until it has ended; ``watch`` sees every look. Raises TimedOut.

        A portal that does not answer for a while does not end the wait.
        """
        give_up = None if timeout is None else time.monotonic() + timeout
        while True:
            watch(job)
            if until(job):
                return job
            if give_up is not None and time.monotonic() >= give_up:
                raise _late(job, timeout or 0)
            time.sleep(POLL_SECONDS)
            job = self._look(job)

    def _look(self, job: Job) -> Job:
        try:
            return self.get(job.id)
        except Unavailable:
            return job

    # --- what it printed ---------------------------------------------------------------------

    def read_log(self, job_id: str, *, offset: int = 0, limit: int | None = None) -> LogPage:
        """Return a page of what a job has printed, from a byte offset on."""
        asked = {"offset": offset, "limit": limit}
        path = f"/jobs/{quote(job_id, safe='')}/log"
        return LogPage.from_json(self._transport.get(path, asked))

    def log(self, job: str, *, project: str | None = None) -> str:
        """Return everything that is known now of what a job has printed."""
        pages = self.pages(self.get(job, project=project).id)
        return "".join(page.text for page in pages)

    def pages(self, job_id: str, *, offset: int = 0) -> Iterator[LogPage]:
        """Return the pages of a log up to where it is now."""
        while True:
            page = self.read_log(job_id, offset=offset, limit=LONGEST_PAGE)
            yield page
            if page.is_end or page.next_offset == offset:
                return
            offset = page.next_offset

    def follow(self, job_id: str, *, offset: int = 0) -> Iterator[LogPage]:
        """Return the pages of a log as they come, until its end.

        A portal that does not answer for a while does not end it, and nothing is lost or repeated.
        """
        while True:
            try:
                page = self.read_log(job_id, offset=offset, limit=LONGEST_PAGE)
            except Unavailable:
                time.sleep(POLL_SECONDS)
                continue
            yield page
            if page.is_end:
                return
            if page.next_offset == offset:
                time.sleep(POLL_SECONDS)
            offset = page.next_offset


def _late(job: Job, timeout: float) -> TimedOut:
    word = status_word(job.status)
    return TimedOut(
        t("waited_too_long", name=job.name, status=word, seconds=f"{timeout:g}"),
        t("job_waited_too_long_do", id=job.id),
        code="WAITED_TOO_LONG",
    )
