"""The small portal of these tests claims nothing that the real one does not document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.client.portal import ROUTES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def documented() -> set[tuple[str, str]]:
    paths: dict[str, Any] = json.loads(DOCUMENT.read_text())["paths"]
    return {
        (method.upper(), _shape(path.removeprefix("/api/v1")))
        for path, methods in paths.items()
        for method in methods
    }


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the document is made with the portal's doors")
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_the_portal_documents_what_the_client_calls(
    documented: set[tuple[str, str]], method: str, path: str
) -> None:
    assert (method, _shape(path)) in documented
