"""Starting: what does not become ready is said with the place of its log."""

from __future__ import annotations

from pathlib import Path

import pytest

from atelier.operate.errors import CannotGoOn
from tests.cluster import processes, up
from tests.cluster.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(state=tmp_path, cache=tmp_path)
    made.run.mkdir()
    made.log.mkdir()
    return made


def test_a_process_that_ends_is_said(places: Places) -> None:
    processes.start(places, "etcd", ["true"])

    with pytest.raises(CannotGoOn, match=r"etcd of the test cluster ended: see .*etcd\.log"):
        up.wait_for(places, "etcd", lambda: False)


def test_a_process_that_is_never_ready_is_said(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "PATIENCE_SECONDS", 0.1)
    processes.start(places, "etcd", ["sleep", "1000"])

    with pytest.raises(CannotGoOn, match="make cluster-down"):
        up.wait_for(places, "etcd", lambda: False)

    processes.stop(places, "etcd")


def test_nothing_started_is_not_up(places: Places) -> None:
    assert not up.is_up(places)
