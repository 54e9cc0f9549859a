"""R4, R5, R13: PostgreSQL, Valkey or the worker go away under load; nothing is lost or doubled.

One installation of real processes for the whole module; each test starts notebooks through the
API all the while something is away, and counts afterwards.
"""

import itertools
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.outages.installation import Installation, wait_until

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    # Not pytest's own folder: only root may enter that, and PostgreSQL runs as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="atelier-outages-"))
    made = Installation(folder)
    try:
        made.start()
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Load:
    """Somebody who asks for one notebook after another, each until he has it, and reads lists."""

    installation: Installation
    answers: "Counter[int]" = field(default_factory=Counter)
    without_retry_after: int = 0
    asked: int = 0
    last_good: float = 0.0

    def __enter__(self) -> "Load":
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        while not self._over.is_set():
            number = next(_numbers)
            self.asked += 1
            with self.installation.client as client:
                self._ask_until_there(client, number)

    def _ask_until_there(self, client: httpx.Client, number: int) -> None:
        key = {"Idempotency-Key": f"notebook-{number}"}
        while True:
            answer = client.post("/notebooks", json=self.installation.draft(number), headers=key)
            listed = client.get("/workloads")
            for each in (answer, listed):
                self.answers[each.status_code] += 1
                self.without_retry_after += each.status_code == 503 and (
                    "retry-after" not in each.headers
                )
            if answer.status_code in {200, 201}:
                self.last_good = time.monotonic()
                time.sleep(0.05)
                return
            assert answer.status_code == 503, answer.text[:500]
            time.sleep(0.2)


def assert_all_run_and_each_was_made_once(installation: Installation) -> None:
    installation.wait_for_words({"running"})
    rows = installation.query("SELECT count(*) FROM workloads_workload")
    created = installation.engine.created
    assert len(created) == len(set(created)) == rows[0][0]
    names = installation.query("SELECT name, count(*) FROM notebooks_notebookserver GROUP BY name")
    assert {count for _, count in names} == {1}
    sums = installation.query(
        "SELECT l.used, coalesce(sum(r.amount), 0) FROM quotas_line l "
        "LEFT JOIN quotas_reservation r ON r.line_id = l.id GROUP BY l.id"
    )
    assert all(used == reserved for used, reserved in sums)


def test_r13_without_the_database_there_is_503_and_it_comes_back_by_itself(
    installation: Installation,
) -> None:
    with Load(installation) as load:
        wait_until(lambda: load.answers[201] >= 3, what="notebooks are made")
        installation.stop("postgres", signal.SIGINT)
        time.sleep(4)
        assert load.answers[503] > 0
        installation.start_postgres()
        back = time.monotonic()
        wait_until(lambda: load.last_good > back, patience=5, what="back within 5 s")

    assert set(load.answers) <= {200, 201, 503}
    assert load.without_retry_after == 0
    assert_all_run_and_each_was_made_once(installation)


def test_r13_a_database_killed_outright_loses_nothing(installation: Installation) -> None:
    with Load(installation) as load:
        wait_until(lambda: load.answers[201] >= 3, what="notebooks are made")
        installation.stop("postgres", signal.SIGQUIT)  # every backend ends at once, mid-transaction
        time.sleep(1)
        installation.start_postgres()
        back = time.monotonic()
        wait_until(lambda: load.last_good > back, patience=15, what="back after recovery")

    assert set(load.answers) <= {200, 201, 503}
    assert_all_run_and_each_was_made_once(installation)


def test_r05_without_the_broker_everything_is_still_taken_and_starts_when_it_is_back(
    installation: Installation,
) -> None:
    with Load(installation) as load:
        installation.stop("valkey", signal.SIGKILL)
        wait_until(lambda: load.answers[201] >= 5, what="notebooks are made without the broker")
        installation.start_valkey()

    assert set(load.answers) <= {200, 201}
    assert_all_run_and_each_was_made_once(installation)


@pytest.mark.parametrize("place", ["submit.intended", "engine.asked", "running.seen"])
def test_r04_a_worker_killed_while_it_works_is_replaced_and_nothing_is_doubled(
    place: str, installation: Installation
) -> None:
    installation.deaths.clear()
    installation.stop("worker", signal.SIGTERM)
    installation.start_worker(failpoint=place)
    with Load(installation) as load:
        wait_until(lambda: bool(installation.deaths), what="the worker is killed")
        wait_until(lambda: load.answers[201] >= 3, what="notebooks are made")

    assert installation.deaths[0] == -signal.SIGKILL
    assert_all_run_and_each_was_made_once(installation)


def test_in_the_end_everything_stops_and_nothing_is_held(installation: Installation) -> None:
    with installation.client as client:
        for row in installation.workloads():
            assert client.post(f"/workloads/{row['id']}/stop").status_code == 202
    installation.wait_for_words({"stopped"})

    assert list(installation.engine.inventory()) == []
    assert installation.query("SELECT count(*) FROM quotas_reservation") == [(0,)]
    assert installation.query("SELECT count(*) FROM quotas_line WHERE used <> 0") == [(0,)]
    wait_until(
        lambda: installation.query("SELECT count(*) FROM toolkit_outboxmessage") == [(0,)],
        what="the outbox is empty",
    )
