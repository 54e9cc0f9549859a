"""A small installation of real processes: PostgreSQL, Valkey, portal, worker and beat.

Its engine is a folder, so that what was started, and how often, can be counted afterwards.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg2

from atelier.operate import postgres, valkey
from atelier.operate.ports import free_port
from atelier.operate.unix_user import server_user
from tests.throwaway import FOLDER, FolderEngine

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "outages"
PATIENCE = 60


def wait_until(true: Callable[[], bool], *, patience: float = PATIENCE, what: str = "") -> float:
    """Wait for ``true()``; returns the seconds it took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > patience:
            raise AssertionError(f"not within {patience} s: {what}")
        time.sleep(0.1)
    return time.monotonic() - began


@dataclass
class Installation:
    """Processes by name; ``client`` speaks to the portal as alice."""

    folder: Path
    portal_port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    seeded: dict[str, str] = field(default_factory=dict)
    deaths: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise)
        run_as = server_user()
        self.folder.chmod(0o711)
        installation = postgres.reachable_installation(self.folder, run_as=run_as)
        self.database = postgres.Postgres(
            self.folder / "postgres", free_port(), installation, run_as
        )
        self.database.initialise(PASSWORD, sync=False)
        self.broker = valkey.Valkey(self.folder / "valkey", free_port(), run_as)
        self.valkey_binary = valkey.reachable_binary(self.folder, run_as=run_as)
        (self.folder / "engine").mkdir()
        self.engine = FolderEngine(self.folder / "engine")

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.outages.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "ATELIER_DATABASE_URL": self.database.url(PASSWORD, "portal"),
            "ATELIER_BROKER_URL": self.broker.url(PASSWORD),
            "ATELIER_HOME": str(self.folder),
            FOLDER: str(self.engine.folder),
        }

    # --- the servers ----------------------------------------------------------------------------

    def start_postgres(self) -> None:
        log = self.folder / "postgres.log"
        self.processes["postgres"] = self.database.start(PASSWORD, log=log, dies_with_parent=True)

    def start_valkey(self) -> None:
        self.processes["valkey"] = self.broker.start(
            PASSWORD,
            log=self.folder / "valkey.log",
            executable=self.valkey_binary,
            dies_with_parent=True,
        )

    def stop(self, name: str, how: signal.Signals) -> None:
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait(30)

    # --- the platform -----------------------------------------------------------------------------

    def start(self) -> None:
        self.start_postgres()
        self.start_valkey()
        self._create_database()
        self.seeded = json.loads(self._run("-m", "tests.outages.seed"))
        (self.folder / "run").mkdir(exist_ok=True)
        celery = ("-m", "celery", "-A", "atelier.config.celery")
        self._spawn(
            "portal", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.portal_port), "--workers", "1", "--blocking-threads", "4",
            "--no-ws", "atelier.config.wsgi:application",
        )  # fmt: skip
        self.start_worker()
        self._supervisor.start()
        self._spawn("beat", *celery, "beat", "--pidfile", "")
        wait_until(lambda: self._status() == 200, what="the portal answers")

    def start_worker(self, failpoint: str = "") -> None:
        celery = ("-m", "celery", "-A", "atelier.config.celery", "worker")
        options = ("--pool", "threads", "--concurrency", "4", "--without-gossip",
                   "--without-mingle", "--loglevel", "INFO")  # fmt: skip
        self._spawn("worker", *celery, *options, ATELIER_FAILPOINT=failpoint)

    def _create_database(self) -> None:
        connection = psycopg2.connect(self.database.url(PASSWORD, "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE portal")
        connection.close()

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip().splitlines()[-1]

    def _supervise(self) -> None:
        """Do what the supervisor of `make up` does: start again what has died.

        Celery's worker dies when the broker goes while tasks are unacknowledged (kombu closes a
        channel whose connection is gone already), so this is part of coming back.
        """
        while not self._closing.wait(0.5):
            worker = self.processes.get("worker")
            if worker is not None and worker.poll() is not None:
                self.deaths.append(worker.returncode)
                self.start_worker()

    def _spawn(self, name: str, *arguments: str, **variables: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                env=self.environment | variables, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip

    def close(self) -> None:
        self._closing.set()
        if self._supervisor.ident is not None:
            self._supervisor.join(10)
        for name in ("beat", "worker", "portal", "valkey", "postgres"):
            process = self.processes.pop(name, None)
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # --- as alice --------------------------------------------------------------------------------

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.portal_port}/api/v1",
            headers={"Authorization": f"Bearer {self.seeded['token']}"},
            timeout=30,
        )

    def _status(self) -> int:
        try:
            with self.client as client:
                return client.get("/workloads").status_code
        except httpx.HTTPError:
            return 0

    def draft(self, number: int) -> dict[str, Any]:
        names = ("project", "environment", "profile")
        return {"name": f"notebook {number}", **{name: self.seeded[name] for name in names}}

    def workloads(self) -> list[dict[str, Any]]:
        with self.client as client:
            answer = client.get("/workloads", params={"limit": 200})
        answer.raise_for_status()
        return list(answer.json()["results"])

    def words(self) -> set[str]:
        return {row["status"] for row in self.workloads()}

    def wait_for_words(self, words: set[str]) -> float:
        """Wait until exactly these statuses are shown; says what is in the way otherwise."""
        try:
            return wait_until(lambda: self.words() == words, what=f"all are {words}")
        except AssertionError as error:
            late = [(r["phase"], r["reason"]) for r in self.workloads() if r["status"] not in words]
            log = (self.folder / "worker.log").read_text()
            problems = [line[:600] for line in log.splitlines() if '"level": "info"' not in line]
            told = "\n".join(map(str, [*late[:5], *problems[-12:]]))
            raise AssertionError(f"{error}\n{told}") from None

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.database.url(PASSWORD, "portal"))
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
        connection.close()
        return rows
