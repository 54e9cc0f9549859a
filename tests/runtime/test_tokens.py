"""The token file stays fresh, through a portal that is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from atelier_runtime.jupyter import tokens
from atelier_runtime.jupyter.tokens import Fresh, exchange_at, parse_fresh, refresh, wait_after
from tests.spawner.fake_portal import FakePortal, running_portal

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with running_portal() as running:
        yield running


def test_the_hubs_token_is_exchanged_for_the_projects(portal: FakePortal, tmp_path: Path) -> None:
    wait = asyncio.run(refresh(tmp_path / "token", exchange_at(portal.url, "hub-token")))

    assert portal.exchanged == ["hub-token"]
    assert (tmp_path / "token").read_text().startswith("atl_fresh")
    assert 1700 < wait <= 1800  # half of the hour it lives


def test_a_portal_that_is_away_is_asked_again_soon_and_the_old_token_stays(
    portal: FakePortal, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("atl_old")
    portal.down = True

    wait = asyncio.run(refresh(tmp_path / "token", exchange_at(portal.url, "hub-token")))

    assert wait == tokens.RETRY_SECONDS
    assert (tmp_path / "token").read_text() == "atl_old"


def test_it_goes_on_until_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "SHORTEST_SECONDS", 0.01)
    monkeypatch.setattr(tokens, "RETRY_SECONDS", 0.01)
    calls = 0

    async def exchange() -> Fresh:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise aiohttp.ClientConnectionError
        return Fresh(f"atl_{calls}", datetime.fromtimestamp(time.time(), UTC))

    async def for_a_while() -> None:
        async with asyncio.timeout(0.5):
            await tokens.keep_fresh(tmp_path / "token", exchange, first=0.01)

    with pytest.raises(TimeoutError):
        asyncio.run(for_a_while())
    assert calls > 3


@pytest.mark.parametrize(
    ("left", "wait"),
    [(timedelta(hours=1), 1800), (timedelta(minutes=10), 300), (timedelta(seconds=-5), 60)],
)
def test_half_of_what_is_left_is_waited(left: timedelta, wait: float) -> None:
    assert wait_after(Fresh("atl_x", NOW + left), NOW) == wait


@pytest.mark.parametrize("body", [None, [], {}, {"token": 1}, {"token": "x", "expires": "soon"}])
def test_an_answer_that_is_no_token_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_fresh(body)


def test_a_token_does_not_show_itself() -> None:
    assert "atl_secret" not in repr(Fresh("atl_secret", NOW))
