"""Fixtures: `real_hub` (one JupyterHub for the module), `hub` and `engine` speaking to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from atelier.core.resources import Resources
from atelier.engines.base import OVER, MemberSpec, Observation, Phase, WorkloadSpec
from atelier.engines.jupyterhub import Hub, HubEngine, Slot
from atelier.operate.ports import free_port

TOKEN = "tests-portal-token-0000000000000000"


@dataclass
class RealHub:
    """A hub process that can be killed and started again on the same database."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub/api"

    def start(self) -> None:
        config = Path(__file__).with_name("hub_config.py")
        with (self.folder / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(config)],
                env={
                    **os.environ,
                    "TINY_FOLDER": str(self.folder),
                    "TINY_PORT": str(self.port),
                    "TINY_TOKEN": TOKEN,
                },
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.api}/", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                assert self.process is not None
                if self.process.poll() is not None:
                    break
            time.sleep(0.1)
        raise AssertionError((self.folder / "hub.log").read_text()[-3000:])

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End the hub alone; the servers it started live on."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(20)

    def hold(self, server: str) -> Path:
        """Make the next process of ``server`` wait before it answers, until the file is removed."""
        path = self.folder / f"hold-{server}"
        path.touch()
        return path

    def fail(self, server: str) -> Path:
        path = self.folder / f"fail-{server}"
        path.touch()
        return path


@pytest.fixture(scope="module")
def real_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHub]:
    hub = RealHub(tmp_path_factory.mktemp("hub"))
    hub.start()
    try:
        yield hub
    finally:
        client = Hub(hub.api, TOKEN)
        for server in client.active_servers():
            client.stop(server.user, server.name)
        eventually(lambda: not client.active_servers())
        client.close()
        hub.kill(signal.SIGTERM)


@pytest.fixture
def hub(real_hub: RealHub) -> Iterator[Hub]:
    client = Hub(real_hub.api, TOKEN)
    yield client
    client.close()


@pytest.fixture
def engine(hub: Hub) -> HubEngine:
    return HubEngine(hub)


def spec(name: str) -> WorkloadSpec:
    """A run of one server; ``name`` is user/server/workload."""
    slot = Slot.parse(name)
    return WorkloadSpec(
        name=name,
        workload_id=slot.workload_id,
        attempt=1,
        project_id="p1",
        namespace="atelier-p1",
        owner_name=slot.user,
        members=(MemberSpec("server", 1, Resources(1000, 2**30)),),
        settings={"display_name": "exploration"},
    )


def eventually(check: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "did not come about in time"
        time.sleep(0.05)


def look(engine: HubEngine, name: str) -> Observation:
    return engine.observe([name])[name]


def reaches(engine: HubEngine, name: str, phase: Phase) -> None:
    eventually(lambda: look(engine, name).phase is phase)


def ends(engine: HubEngine, name: str) -> None:
    eventually(lambda: look(engine, name).phase in OVER)
