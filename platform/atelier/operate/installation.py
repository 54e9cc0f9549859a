"""One installation: its folder, the choices made for it and what it runs from."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from atelier.operate import configuration, engine, home, services
from atelier.operate.configuration import Configuration
from atelier.operate.console import say
from atelier.operate.engine import Engine
from atelier.operate.environments import ROOT
from atelier.operate.home import Home
from atelier.operate.services import Built, Service
from atelier.operate.supervise import Supervisor


@dataclass(frozen=True)
class Installation:
    """What every command works on."""

    home: Home
    chosen: Configuration
    built: Built

    @classmethod
    def here(cls) -> Installation:
        """The one this checkout and environment mean."""
        # As root, the database and notebooks of this machine belong to others, who pass through.
        place = home.locate(others_pass=os.geteuid() == 0)
        chosen = configuration.read(place.run / "port", engine.remembered(place))
        return cls(place, chosen, Built.from_environment())

    def on(self, chosen: Engine) -> Installation:
        """This installation with another engine."""
        configured = configuration.read(self.home.run / "port", chosen)
        return Installation(self.home, configured, self.built)

    @property
    def supervisor(self) -> Supervisor:
        return Supervisor(self.home)

    @cached_property
    def services(self) -> list[Service]:
        return services.all_services(self.home, self.chosen, self.built)

    def manage(
        self, arguments: Sequence[str], *, capture: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run Django's command line with this installation's settings."""
        return subprocess.run(
            [str(self.built.python), str(ROOT / "manage.py"), *arguments],
            env={
                **services.kept_environment(),
                **services.settings(self.home, self.chosen, self.built),
                "ATELIER_PROCESS": "manage",
            },
            stdout=subprocess.PIPE if capture else None,
            stderr=subprocess.PIPE if capture else None,
            text=True,
        )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep two commands from working on the same folder at once."""
        with _lock_file(self.home.folder).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("· Waiting for another command that works on this installation …")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _lock_file(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "lock"
