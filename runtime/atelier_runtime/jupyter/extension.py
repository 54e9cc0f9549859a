"""The server extension: keeps the token fresh and knows whether the server is busy."""
from __future__ import annotations
from typing import Any

def load(server: Any) -> None:
    pass
