"""The cache: whole entries only, built once, healed after an interruption."""

import os
import threading
import time
from pathlib import Path

import pytest

from atelier.operate import cache


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATELIER_CACHE", str(tmp_path))
    return tmp_path


def test_an_entry_is_built_once() -> None:
    built: list[Path] = []

    first = cache.entry("thing", built.append)
    second = cache.entry("thing", built.append)

    assert first == second
    assert built == [first]


def test_an_interrupted_build_is_cleared_away_and_done_again(own_cache: Path) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.entry("thing", interrupted)
    assert not cache.is_complete(own_cache / "thing")

    healed = cache.entry("thing", lambda folder: (folder / "whole").touch())

    assert {path.name for path in healed.iterdir()} == {"whole", cache.STAMP}


def test_two_commands_at_once_build_it_once() -> None:
    builds: list[Path] = []

    def slowly(folder: Path) -> None:
        time.sleep(0.2)
        builds.append(folder)

    threads = [threading.Thread(target=cache.entry, args=("thing", slowly)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(builds) == 1


def test_a_tree_changes_its_key_with_content_and_with_names(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "node_modules").mkdir(parents=True)
    (tree / "a").write_text("1")
    keys = [cache.key_of_tree(tree, without=frozenset({"node_modules"}))]

    (tree / "node_modules" / "ignored").touch()
    keys.append(cache.key_of_tree(tree, without=frozenset({"node_modules"})))
    (tree / "a").write_text("2")
    keys.append(cache.key_of_tree(tree, without=frozenset({"node_modules"})))
    (tree / "a").rename(tree / "b")
    keys.append(cache.key_of_tree(tree, without=frozenset({"node_modules"})))

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_texts_are_not_confused_by_where_one_ends() -> None:
    assert cache.key_of(["ab", "c"]) != cache.key_of(["a", "bc"])


def test_root_keeps_the_cache_where_others_can_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATELIER_CACHE")
    expected = "/var/cache/atelier" if os.geteuid() == 0 else str(Path.home() / ".cache/atelier")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)

    assert str(cache.cache_folder()) == expected
