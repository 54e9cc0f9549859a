"""Start-up without the Hub's own parts, and nothing left standing in afterwards."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType

from atelier_runtime.jupyter import quick


def test_stand_ins_are_there_for_the_block_and_gone_after_it() -> None:
    stand_in = ModuleType("atelier_test_module")

    with quick.standing_in({"atelier_test_module": stand_in}):
        assert sys.modules["atelier_test_module"] is stand_in

    assert "atelier_test_module" not in sys.modules


def test_what_is_imported_already_is_not_replaced() -> None:
    real = sys.modules["os"]

    with quick.standing_in({"os": ModuleType("os")}):
        assert sys.modules["os"] is real

    assert sys.modules["os"] is real


def test_node_cannot_be_found_for_the_block_only() -> None:
    import shutil

    before = os.environ["PATH"]

    with quick.without_node():
        assert shutil.which("sh") is None

    assert os.environ["PATH"] == before


def test_what_stands_for_not_installed_can_be_imported_afterwards() -> None:
    with quick.standing_in({"wave": None}):
        found = importlib_says("wave")

    assert found is None
    assert importlib_says("wave") is not None


def importlib_says(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
