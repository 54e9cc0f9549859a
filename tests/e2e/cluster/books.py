"""Invariant I3, watched while everything else happens: what stands in the cluster is in the books.

No object of ours without a row, and no run that is said to go on without an object, for more than
a minute. A moment in which nobody could look begins the minute anew: unseen is not gone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from contextlib import closing
from types import TracebackType
from typing import Any

import psycopg2
from kubernetes import client
from urllib3.exceptions import HTTPError

from atelier.operate.home import Home
from tests.cluster.cluster import Cluster
from tests.e2e.running import Platform

LONGEST = 60.0
# What has ended is kept until its log was copied; then it goes.
LONGEST_LEFT = 150.0
PAUSE = 3.0
WORKLOAD, PROJECT, INSTANCE = (
    f"atelier.dev/{word}" for word in ("workload", "project", "instance")
)
IN_CLUSTER = ("STARTING", "RUNNING", "STOPPING")
LIVE = ("QUEUED", "ADMITTED", "SUBMITTING", *IN_CLUSTER)

Finding = tuple[str, str]


class Watch:
    """Looks every few seconds, in a thread of its own."""

    def __init__(self, platform: Platform, cluster: Cluster) -> None:
        self._platform, self._cluster = platform, cluster
        self.instance = Home(platform.home).instance
        self._since: dict[Finding, float] = {}
        self.looks = 0
        self.longest = 0.0
        self.kept_too_long: set[Finding] = set()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._end.wait(PAUSE):
            self.note(self.look())

    def note(self, found: set[Finding] | None) -> None:
        """Remember since when each finding stands; None means that nobody could look."""
        if found is None:
            self._since.clear()
            return
        now = time.monotonic()
        self.looks += 1
        self._since = {finding: self._since.get(finding, now) for finding in found}
        for finding, since in self._since.items():
            limit = LONGEST_LEFT if finding[0] == "left over" else LONGEST
            if finding[0] != "left over":
                self.longest = max(self.longest, now - since)
            if now - since > limit:
                self.kept_too_long.add(finding)

    def look(self) -> set[Finding] | None:
        """Compare the cluster with the books once."""
        try:
            before = self._rows()
            objects = list(self._objects())
            after = self._rows()
        except (psycopg2.Error, client.ApiException, HTTPError, OSError):
            return None
        return set(_compare(before, objects, after))

    def _rows(self) -> dict[str, str]:
        home = Home(self._platform.home)
        with (
            closing(
                psycopg2.connect(
                    host="127.0.0.1",
                    port=self._platform.port + 7,
                    user="portal",
                    dbname="portal",
                    password=home.secret("portal_database_password"),
                    connect_timeout=5,
                )
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT id, status FROM workloads_workload")
            rows = dict(cursor.fetchall())
            cursor.execute("SELECT id FROM projects_project")
            return rows | {project: "PROJECT" for (project,) in cursor.fetchall()}

    def _objects(self) -> Iterable[tuple[str, str, dict[str, str]]]:
        """Kind, name and labels of everything that bears our label."""
        ours = {"label_selector": f"{INSTANCE}={self.instance}", "_request_timeout": 10}
        core: Any = self._cluster.core
        for kind, listed in (
            ("pod", core.list_pod_for_all_namespaces(**ours)),
            ("job", self._cluster.batch.list_job_for_all_namespaces(**ours)),
            ("service", core.list_service_for_all_namespaces(**ours)),
            ("secret", core.list_secret_for_all_namespaces(**ours)),
            ("namespace", core.list_namespace(**ours)),
        ):
            for item in listed.items:
                name = f"{item.metadata.namespace or ''}/{item.metadata.name}"
                yield kind, name, item.metadata.labels or {}


def _compare(
    before: dict[str, str], objects: list[tuple[str, str, dict[str, str]]], after: dict[str, str]
) -> Iterable[Finding]:
    held = {labels.get(WORKLOAD) for _, _, labels in objects}
    for kind, name, labels in objects:
        key = labels.get(WORKLOAD) or (labels.get(PROJECT) if kind == "namespace" else "")
        if key and key not in after:
            yield "without a row", f"{kind} {name}"
        elif labels.get(WORKLOAD) and before.get(key or "") not in {*LIVE, None}:
            yield "left over", f"{kind} {name}"
    for row, status in before.items():
        if status in IN_CLUSTER and after.get(row) in IN_CLUSTER and row not in held:
            yield "without an object", f"workload {row}"
