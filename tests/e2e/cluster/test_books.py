"""The last look: the books and the cluster agree, and did all along."""

from __future__ import annotations

from tests.e2e.cluster.books import Watch
from tests.e2e.cluster.team import eventually
from tests.e2e.running import Platform


def test_i03_nothing_stood_unaccounted_for_longer_than_a_minute(
    watch: Watch, platform: Platform
) -> None:
    platform.stop_everything()

    eventually(lambda: watch.look() == set(), "books and cluster that agree")

    assert watch.looks > 0
    assert watch.kept_too_long == set()
    print(f"longest without account: {watch.longest:.0f} s")
