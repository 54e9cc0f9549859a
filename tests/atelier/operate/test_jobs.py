"""Jobs that nobody looks after any more end with `make down`."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, WorkloadSpec
from atelier.engines.local import LocalEngine
from atelier.operate import jobs
from atelier.operate.home import Home
from atelier.workloads import placing


@pytest.fixture
def home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="atelier-home-") as folder:
        Path(folder).chmod(0o711)
        yield Home(Path(folder))


def test_the_folder_is_the_one_the_worker_uses() -> None:
    assert jobs.FOLDER == placing.FOLDER


def test_without_jobs_nothing_is_made(home: Home) -> None:
    assert jobs.end(home) == 0
    assert not (home.folder / jobs.FOLDER).exists()


def test_what_still_runs_ends_and_says_why(home: Home) -> None:
    engine = LocalEngine(home.folder / jobs.FOLDER)
    spec = WorkloadSpec(
        "w1-1", "w1", 1, "p1", "n", "alice",
        members=(MemberSpec("main", 1, Resources(1000, 2**28)),),
        command=("sleep", "600"),
        uid=70_001 if os.geteuid() == 0 else None,
    )  # fmt: skip
    engine.apply(spec, generation=0)

    assert jobs.end(home) == 1
    assert engine.observe(["w1-1"])["w1-1"].reason == "PLATFORM_STOPPED"
    assert jobs.end(home) == 0
