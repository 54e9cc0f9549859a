"""The Jupyter side of Atelier: what a notebook server does for the platform.

As a server extension (`jupyter server extension enable atelier_runtime.jupyter`) it keeps the
platform's token fresh, tells whether the server is busy, and answers `GET /atelier/status`.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "atelier_runtime.jupyter"}]


def _load_jupyter_server_extension(server: Any) -> None:
    from .extension import load  # noqa: PLC0415  # jupyter_server is absent where jobs run

    load(server)
