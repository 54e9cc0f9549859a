"""Where the work of an installation runs: chosen at `make up`, remembered in its home."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from atelier.operate.errors import CannotGoOn
from atelier.operate.home import Home

KUBERNETES = "kubernetes"
NAMES = ("local", KUBERNETES)


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs jobs and where notebook servers live."""

    name: str = "local"
    # This machine as pods see it; '' where there are no pods.
    pod_address: str = ""


LOCAL = Engine()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person said at `make up`; '' where nothing was said."""

    engine: str = ""
    kubeconfig: str = ""
    pod_address: str = ""

    def __post_init__(self) -> None:
        if self.engine not in {"", *NAMES}:
            raise CannotGoOn(f"ENGINE={self.engine!r}: use local or kubernetes.")


def remembered(home: Home) -> Engine:
    """Return the choice of the last start."""
    file = _file(home)
    return Engine(**json.loads(file.read_text())) if file.is_file() else LOCAL


def remember(home: Home, engine: Engine) -> None:
    """Keep the choice for later commands; a backup holds it as well."""
    half = _file(home).with_name(".engine.half")
    half.write_text(json.dumps(asdict(engine)))
    half.rename(_file(home))


def _file(home: Home) -> Path:
    return home.secrets / "engine"


def system_namespace() -> str:
    """Where the platform's own accounts are."""
    return os.environ.get("ATELIER_SYSTEM_NAMESPACE") or "atelier-system"
