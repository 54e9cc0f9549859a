"""Following a collection: the whole first, changes after, and again the whole after any trouble."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster import api
from tests.cluster.api import ApiAway, ApiRefused, Object, follow


class Over(Exception):
    """Ends a loop that has no end."""


class Script:
    """An API server that answers what it is told to, list by list and watch by watch."""

    def __init__(self, *watches: list[Object | Exception]) -> None:
        self._watches = list(watches)
        self.versions: list[str] = []
        self._lists = 0

    def get(self, path: str, **query: str) -> Object:
        self._lists += 1
        return {"items": [{"list": self._lists}], "metadata": {"resourceVersion": str(self._lists)}}

    def changes(self, path: str, version: str, **query: str) -> Iterator[Object]:
        self.versions.append(version)
        if not self._watches:
            raise Over
        for event in self._watches.pop(0):
            if isinstance(event, Exception):
                raise event
            yield event


def followed(script: Script) -> list[Any]:
    seen: list[Any] = []
    with pytest.raises(Over):
        follow(
            script,  # type: ignore[arg-type]  # has what is used of an Api
            "/api/v1/pods",
            lambda items: seen.append(items[0]["list"]),
            lambda kind, each: seen.append((kind, each["name"])),
        )
    return seen


def event(kind: str, name: str = "") -> Object:
    return {"type": kind, "object": {"name": name}}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PAUSE_SECONDS", 0.0)


def test_changes_follow_the_list() -> None:
    seen = followed(Script([event("ADDED", "a"), event("BOOKMARK"), event("DELETED", "a")]))

    assert seen == [1, ("ADDED", "a"), ("DELETED", "a"), 2]


@pytest.mark.parametrize("trouble", [event("ERROR"), ApiAway("cut"), ApiRefused(410, "gone")])
def test_after_any_trouble_it_lists_again(trouble: Object | Exception) -> None:
    script = Script([event("ADDED", "a"), trouble, event("ADDED", "never seen")])

    assert followed(script) == [1, ("ADDED", "a"), 2]
    assert script.versions == ["1", "2"]


def test_answers_are_sorted_by_what_can_be_done() -> None:
    with pytest.raises(ApiAway):
        api._answer(503, b"starting")
    with pytest.raises(ApiAway):
        api._answer(429, b"later")
    with pytest.raises(ApiRefused, match="403: no"):
        api._answer(403, b'{"message": "no"}')
    assert api._answer(200, b"ok") == {}
    assert api._answer(200, b'{"kind": "Pod"}') == {"kind": "Pod"}
