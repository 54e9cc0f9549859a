"""One person with a project on the cluster, and what stands in its namespace."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import httpx

from tests.cluster.cluster import Cluster
from tests.e2e.jupyter import Jupyter, sign_in
from tests.e2e.running import Person, Platform

# A pod starts in a few seconds on a free machine; this one is shared.
PATIENCE = 240.0
POLL = 0.2
# Four of these fit on the two cores of the smallest machine that runs these tests.
LIGHT = "light"
LIGHT_NEEDS = {"cpu_millicores": 400, "memory_bytes": 1024 * 2**20}
OVER = {"stopped", "succeeded", "failed", "refused"}


def eventually(check: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until ``check`` gives something and return that."""
    give_up = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < give_up, f"{what}: did not come about in {seconds:.0f} s"
        time.sleep(POLL)
    return found


class Team:
    """A project, its lead, and the lead's notebooks and jobs."""

    def __init__(self, platform: Platform, cluster: Cluster, person: Person) -> None:
        self.platform, self.cluster, self.person = platform, cluster, person
        self.api = platform.api(person)
        made = self.api.post("/projects", json={"name": f"Team {person.username}"})
        assert made.status_code == 201, made.text
        self.project: str = made.json()["id"]
        self.slug: str = made.json()["slug"]
        self._open = ExitStack()

    @property
    def namespace(self) -> str:
        return f"atelier-{self.project}"

    # --- notebooks and jobs -------------------------------------------------------------------

    def environment(self) -> str:
        offered = self.api.get("/environments", params={"project": self.project}).json()
        return next(e["id"] for e in offered["results"] if e["unavailable_reason"] is None)

    def ask_notebook(self, name: str, profile: str = LIGHT) -> httpx.Response:
        body = {
            "project": self.project,
            "name": name,
            "environment": self.environment(),
            "profile": profile,
        }
        return self.api.post("/notebooks", json=body)

    def notebook(self, name: str, profile: str = LIGHT) -> dict[str, Any]:
        made = self.ask_notebook(name, profile)
        assert made.status_code == 201, made.text
        return dict(made.json()) | {"at": f"/notebooks/{made.json()['id']}"}

    def ask_job(self, *command: str, profile: str = LIGHT, **more: Any) -> httpx.Response:
        body = {"project": self.project, "command": list(command), "profile": profile, **more}
        return self.api.post("/jobs", json=body)

    def job(self, *command: str, **more: Any) -> dict[str, Any]:
        made = self.ask_job(*command, **more)
        assert made.status_code == 201, made.text
        return dict(made.json()) | {"at": f"/jobs/{made.json()['id']}"}

    def get(self, thing: dict[str, Any]) -> dict[str, Any]:
        found = self.api.get(thing["at"])
        found.raise_for_status()
        return dict(found.json())

    def stop(self, thing: dict[str, Any]) -> None:
        asked = self.api.post(f"{thing['at']}/stop")
        assert asked.status_code in {202, 409}, asked.text

    def until(self, thing: dict[str, Any], *statuses: str) -> dict[str, Any]:
        """Wait for one of ``statuses``; another end is a failure at once."""

        def shown() -> dict[str, Any] | None:
            now = self.get(thing)
            if now["status"] in statuses:
                return now
            assert now["status"] not in OVER, now
            return None

        return dict(eventually(shown, f"{thing['at']} {' or '.join(statuses)}"))

    def until_reason(self, thing: dict[str, Any], code: str) -> dict[str, Any]:
        """Wait until ``code`` is the reason shown; returns the reason."""

        def shown() -> Any:
            reason = self.get(thing)["reason"]
            return reason if reason and reason["code"] == code else None

        try:
            return dict(eventually(shown, f"{thing['at']} showing {code}"))
        except AssertionError as missed:
            raise AssertionError(f"{missed}; it shows {self.get(thing)}") from None

    def log_of(self, job: dict[str, Any]) -> str:
        """The whole log, as soon as it is whole."""

        def whole() -> str | None:
            pieces, offset = [], 0
            while True:
                page = self.api.get(f"{job['at']}/log", params={"offset": offset}).json()
                pieces.append(page["text"])
                if page["is_end"]:
                    return "".join(pieces) or " "
                if page["next_offset"] == offset:
                    return None
                offset = page["next_offset"]

        return str(eventually(whole, f"the log of {job['at']}"))

    def open(self, notebook: dict[str, Any]) -> Jupyter:
        lab = Jupyter(notebook["open_url"], sign_in(self.platform, self.person))
        return self._open.enter_context(lab)

    # --- in the cluster -----------------------------------------------------------------------

    def objects(self, kind: str, thing: dict[str, Any]) -> list[dict[str, Any]]:
        """What of this kind carries the label of a thing's present workload."""
        workload = self.get(thing)["workload"]["id"]
        listed = self.cluster.run_kubectl(
            "get", kind, "-n", self.namespace, "-l", f"atelier.dev/workload={workload}",
            "-o", "json",
        )  # fmt: skip
        return list(json.loads(listed)["items"])

    def pod_of(self, thing: dict[str, Any]) -> dict[str, Any]:
        return dict(eventually(lambda: self.objects("pods", thing), f"a pod of {thing['at']}")[0])

    def until_ready(self) -> None:
        """Wait until the project's namespace stands."""
        eventually(
            lambda: self.api.get(f"/projects/{self.project}").json()["place"]["state"] == "ready",
            f"namespace {self.namespace}",
        )

    def close(self) -> None:
        """Stop what runs and close every connection."""
        self._open.close()
        for kind in ("notebooks", "jobs"):
            rows = self.api.get(f"/{kind}", params={"project": self.project}).json()["results"]
            for row in rows:
                if row["status"] not in OVER:
                    self.api.post(f"/{kind}/{row['id']}/stop")
        self.api.close()
