"""One whole platform, started the way people start it: ``make up`` in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from atelier.operate import launch
from atelier.operate.home import Home
from atelier.operate.supervise import Supervisor
from atelier_client.account import token_from_password

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "platform" / "atelier" / "operate" / "start.sh"
DEFAULT_PORT = 18600
ADMIN = "admin"
# What pytest's own servers put into the environment is not for this platform.
OF_THE_TESTS = re.compile(r"ATELIER_(?!CACHE$).*|DJANGO_.*|PYTEST_.*|PYTHONPATH")


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    username: str
    password: str


@dataclass
class Platform:
    """A running platform, and what only its operator may do to it."""

    home: Path
    port: int
    admin: Person
    _admin_api: httpx.Client | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def content_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    # --- as its administrator ---------------------------------------------------------------------

    @property
    def admin_api(self) -> httpx.Client:
        """The API with the administrator's token."""
        if self._admin_api is None:
            self._admin_api = self.api(self.admin, "read", "write", "admin")
        return self._admin_api

    def api(self, person: Person, *scopes: str) -> httpx.Client:
        """The API with a new token of this person."""
        token = self.token(person, *scopes)
        return httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )

    def token(self, person: Person, *scopes: str) -> str:
        """A new token of this person."""
        made = token_from_password(
            self.url, person.username, person.password,
            name="e2e", scopes=scopes or ("read", "write"), expires_in_days=1,
        )  # fmt: skip
        assert made.token
        return made.token

    def add_person(self, username: str, password: str = "quiet rivers run deep") -> Person:
        """Make an account with a password."""
        made = self.admin_api.post(
            "/users",
            json={
                "username": username,
                "display_name": username.title(),
                "email": "",
                "platform_role": "",
                "password": password,
            },
        )
        assert made.status_code == 201, made.text
        return Person(username, password)

    def stop_everything(self) -> None:
        """Ask whatever runs to stop; the next test does not wait for it."""
        for workload in self.admin_api.get("/workloads", params={"live": "true"}).json()["results"]:
            self.admin_api.post(f"/workloads/{workload['id']}/stop")

    # --- as its operator --------------------------------------------------------------------------

    def operate(self, *command: str) -> str:
        """Run what the Makefile runs."""
        return _operate(self.home, self.port, *command)

    @contextmanager
    def without(self, *services: str) -> Iterator[None]:
        """Stop services for a while."""
        supervisor = Supervisor(Home(self.home))
        supervisor.stop_services(services)
        try:
            yield
        finally:
            supervisor.start_services(services)

    @property
    def hub_api(self) -> str:
        """The hub's API: on loopback, or where pods reach it."""
        return self.told("hub")["ATELIER_HUB_API_URL"]

    def told(self, service: str) -> dict[str, str]:
        """The variables of a service."""
        services = json.loads((Home(self.home).run / launch.SERVICES_FILE).read_text())
        return dict(services[service]["environment"])

    def close(self) -> None:
        """Close the connections."""
        if self._admin_api is not None:
            self._admin_api.close()


def _operate(home: Path, port: int, *command: str) -> str:
    environ = {k: v for k, v in os.environ.items() if not OF_THE_TESTS.fullmatch(k)}
    done = subprocess.run(
        [str(START), *command],
        cwd=ROOT,
        env={**environ, "ATELIER_HOME": str(home), "ATELIER_PORT": str(port)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def running_platform(*started_with: str, kept_by: str = "ATELIER_E2E_HOME") -> Iterator[Platform]:
    """Start a platform, end and delete it afterwards.

    With ATELIER_E2E_HOME the platform in that folder is used and left running: the second run of
    somebody who writes these tests starts in a second.
    """
    kept = os.environ.get(kept_by)
    port = int(os.environ.get("ATELIER_E2E_PORT", DEFAULT_PORT))
    home = Path(kept) if kept else _new_home()
    try:
        platform = Platform(home, port, _admin(home, _operate(home, port, "up", *started_with)))
        _wait_until_ready(platform)
        yield platform
        platform.close()
    finally:
        if not kept:
            _operate(home, port, "reset", "--confirmed")
            shutil.rmtree(home.parent, ignore_errors=True)


def _new_home() -> Path:
    # Notebooks run as users of their own, who have to get through to their homes.
    folder = Path(tempfile.mkdtemp(prefix="atelier-e2e-"))
    folder.chmod(0o711)
    return folder / "home"


def _admin(home: Path, said: str) -> Person:
    """The first start alone tells the password; a kept platform keeps it beside its state."""
    noted = home.parent / f"{home.name}-admin.json"
    shown = re.search(r"^\s*Password\s+([a-z0-9-]{10,})", said, re.MULTILINE)
    if shown:
        noted.touch(mode=0o600)
        noted.write_text(json.dumps(shown[1]))
    return Person(ADMIN, json.loads(noted.read_text()))


def _wait_until_ready(platform: Platform) -> None:
    give_up = time.monotonic() + 60
    while httpx.get(f"{platform.url}/readyz", timeout=10, trust_env=False).status_code != 200:
        assert time.monotonic() < give_up, "the portal is not ready"
        time.sleep(0.3)
