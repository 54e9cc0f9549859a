"""What the platform runs at this moment, asked of its database, whether or not it is up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from atelier.operate.backup import running_database
from atelier.operate.errors import CannotGoOn
from atelier.operate.installation import Installation

NAMES = {"notebook": ("notebook", "notebooks"), "job": ("job", "jobs")}


def live(here: Installation) -> Mapping[str, int]:
    """How many workloads of each kind are under way; nothing when nobody can tell."""
    asked = here.manage(["live_work"], capture=True)
    if asked.returncode:
        return {}
    return cast(dict[str, int], json.loads(asked.stdout.strip().splitlines()[-1]))


def in_words(counts: Mapping[str, int]) -> str:
    """Say them, such as "2 notebooks and 1 job"."""
    said = [
        f"{count} {NAMES.get(kind, (kind, kind))[count != 1]}" for kind, count in counts.items()
    ]
    return " and ".join(said)


def refuse_to_leave(here: Installation, wanted: str) -> None:
    """Work that another engine runs would be out of everybody's sight."""
    if not (here.home.postgres / "PG_VERSION").is_file():
        return
    with running_database(here):
        counts = live(here)
    if counts:
        raise CannotGoOn(
            f"{in_words(counts)} still run on the engine {here.chosen.engine.name}: stop them in "
            f"the portal first, then start with ENGINE={wanted} again. Files in homes stay where "
            "they are and do not move along."
        )
