"""A real JupyterHub, a real proxy and real notebook servers, with a fake portal beside them.

Runtime and proxy are those `make up` uses (see conftest.py).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from atelier_spawner import processes
from tests.spawner.fake_portal import SPAWNER_TOKEN, FakePortal, running_portal

ROOT = Path(__file__).resolve().parents[2]
HUB_TOKEN = "portal-token-of-the-tests"
PROXY_TOKEN = "proxy-token-of-the-tests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(look: Callable[[], Any], seconds: float = 60.0, what: str = "") -> Any:
    """Look until there is something; what was seen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.03)
    raise AssertionError(f"waited {seconds} s for {what or look}")


@dataclass
class Rig:
    """One hub with everything around it."""

    folder: Path
    portal: FakePortal
    runtime: Path
    proxy_command: list[str]
    content_port: int = field(default_factory=free_port)
    hub_port: int = field(default_factory=free_port)
    proxy_port: int = field(default_factory=free_port)
    hub: subprocess.Popen[bytes] | None = None
    proxy: subprocess.Popen[bytes] | None = None
    environ: dict[str, str] = field(default_factory=dict)
    # Where the hub itself listens: pods cannot reach loopback.
    address: str = "127.0.0.1"

    @property
    def content_url(self) -> str:
        return f"http://127.0.0.1:{self.content_port}"

    @property
    def homes(self) -> Path:
        return self.folder / "homes"

    @property
    def variables(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT / "spawner"),
            "ATELIER_HOME": str(self.folder),
            "ATELIER_HOMES": str(self.homes),
            "ATELIER_PORTAL_URL": self.portal.url,
            "ATELIER_CONTENT_URL": self.content_url,
            "ATELIER_HUB_API_URL": f"http://{self.address}:{self.hub_port}/hub/api",
            "ATELIER_PROXY_API_URL": f"http://127.0.0.1:{self.proxy_port}",
            "CONFIGPROXY_AUTH_TOKEN": PROXY_TOKEN,
            "ATELIER_HUB_API_TOKEN": HUB_TOKEN,
            "ATELIER_SPAWNER_TOKEN": SPAWNER_TOKEN,
            "ATELIER_OIDC_CLIENT_ID": "hub",
            "ATELIER_OIDC_CLIENT_SECRET": "oidc-secret-of-the-tests",
            "ATELIER_HUB_DATABASE_URL": f"sqlite:///{self.folder / 'hub.sqlite'}",
            "ATELIER_HUB_CRYPT_KEY": "0123456789abcdef" * 4,
            "ATELIER_RUNTIME_PYTHON": str(self.runtime),
            "ATELIER_RUNTIME_PATH": os.environ.get("ATELIER_RUNTIME_PATH", ""),
            "ATELIER_ISOLATION": "none",
            **self.environ,
        }

    # Processes.

    def start_proxy(self) -> None:
        self.proxy = self._popen(
            "proxy",
            [
                *self.proxy_command,
                "--ip=127.0.0.1",
                f"--port={self.content_port}",
                "--api-ip=127.0.0.1",
                f"--api-port={self.proxy_port}",
                f"--error-target=http://{self.address}:{self.hub_port}/hub/error",
            ],
            {"PATH": os.environ["PATH"], "CONFIGPROXY_AUTH_TOKEN": PROXY_TOKEN},
        )

    def _popen(
        self, name: str, command: list[str], environ: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=environ, stdout=log, stderr=subprocess.STDOUT
            )

    def start_hub(self, *, failpoint: str = "", wait: bool = True) -> None:
        variables = self.variables
        if failpoint:
            variables["ATELIER_FAILPOINT"] = failpoint
        self.hub = self._popen("hub", [sys.executable, "-m", "atelier_spawner"], variables)
        if wait:
            wait_until(self.hub_answers, 120, "the hub")

    def hub_answers(self) -> bool:
        assert self.hub is not None
        if self.hub.poll() is not None:
            raise AssertionError(f"the hub ended:\n{self.log('hub')[-3000:]}")
        try:
            return httpx.get(f"{self.content_url}/hub/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def end_hub(self, number: int = signal.SIGTERM) -> None:
        assert self.hub is not None
        self.hub.send_signal(number)
        self.hub.wait(60)

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    # The hub's API, as the portal uses it.

    def api(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return httpx.request(
            method,
            f"http://{self.address}:{self.hub_port}/hub/api{path}",
            headers={"Authorization": f"token {HUB_TOKEN}"},
            timeout=60,
            **kwargs,
        )

    def ask_start(self, user: str, server: str, **options: Any) -> httpx.Response:
        self.api("POST", f"/users/{user}")
        return self.api("POST", f"/users/{user}/servers/{server}", json={"user_options": options})

    def start(self, user: str, server: str, **options: Any) -> dict[str, Any]:
        """Start a server and wait until the hub calls it ready."""
        response = self.ask_start(user, server, **options)
        assert response.status_code in {201, 202}, response.text
        return self.wait_ready(user, server)

    def wait_ready(self, user: str, server: str, seconds: float = 90) -> dict[str, Any]:
        def ready() -> dict[str, Any] | None:
            model = self.server(user, server)
            if model is None and (failed := self.portal.rung("failed", server=server)):
                raise AssertionError(f"did not start: {failed[-1]}\n{self.log('hub')[-2000:]}")
            return model if model and model["ready"] else None

        found: dict[str, Any] = wait_until(ready, seconds, f"{user}/{server} to be ready")
        return found

    def server(self, user: str, server: str) -> dict[str, Any] | None:
        response = self.api("GET", f"/users/{user}")
        if response.status_code != 200:
            return None
        found: dict[str, Any] | None = response.json()["servers"].get(server)
        return found

    def stop(self, user: str, server: str) -> None:
        response = self.api("DELETE", f"/users/{user}/servers/{server}")
        assert response.status_code in {202, 204}, response.text
        wait_until(lambda: self.server(user, server) is None, 90, "the stop")

    def token_for(self, user: str) -> str:
        """A token with which the user's own servers may be used."""
        response = self.api(
            "POST",
            f"/users/{user}/tokens",
            json={"note": "test", "scopes": ["access:servers!user"]},
        )
        assert response.status_code == 201, response.text
        token: str = response.json()["token"]
        return token

    def use(self, user: str, server: str, path: str, token: str, **kwargs: Any) -> httpx.Response:
        return httpx.get(
            f"{self.content_url}/user/{user}/{server}/{path}",
            headers={"Authorization": f"token {token}"},
            timeout=60,
            **kwargs,
        )

    # Processes of servers.

    def family(self, spawn_id: str | None = None) -> list[int]:
        """Pids that carry this hub's label."""
        label = self.instance
        return [
            stat.pid
            for stat in processes.all_stats()
            if (labels := processes.labels_of(stat.pid)).get(processes.LABEL_INSTANCE) == label
            and spawn_id in (None, labels.get(processes.LABEL_SPAWN))
        ]

    @property
    def instance(self) -> str:
        return hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]

    def end(self) -> None:
        for process in (self.hub, self.proxy):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        for pid in self.family():
            processes.signal_pid(pid, signal.SIGKILL)


@contextmanager
def running_rig(runtime: Path, proxy_command: list[str], **environ: str) -> Iterator[Rig]:
    """Portal, proxy and hub; all of it gone afterwards, whatever happened.

    In a folder of its own: pytest's are closed to other users, and servers run as others.
    """
    folder = Path(tempfile.mkdtemp(prefix="atelier-rig-"))
    folder.chmod(0o711)
    with running_portal() as portal:
        rig = Rig(folder, portal, runtime, proxy_command, environ=environ)
        try:
            rig.start_proxy()
            rig.start_hub()
            yield rig
        finally:
            rig.end()
            shutil.rmtree(folder, ignore_errors=True)


def run_cell(rig: Rig, user: str, server: str, token: str, code: str, seconds: float = 90) -> str:
    """Run code in a new kernel through the proxy and return what it printed."""
    base = f"{rig.content_url}/user/{user}/{server}/api"
    headers = {"Authorization": f"token {token}"}
    made = httpx.post(f"{base}/kernels", headers=headers, json={}, timeout=30)
    assert made.status_code == 201, made.text
    return asyncio.run(
        _run_cell(f"{base}/kernels/{made.json()['id']}/channels", headers, code, seconds)
    )


async def _run_cell(address: str, headers: dict[str, str], code: str, seconds: float) -> str:
    async with (
        asyncio.timeout(seconds),
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(address) as channel,
    ):
        return await execute(channel, code)


async def execute(channel: aiohttp.ClientWebSocketResponse, code: str) -> str:
    """Execute code over a kernel's channel; what it printed, or its traceback."""
    message_id = secrets.token_hex()
    header = {"msg_id": message_id, "msg_type": "execute_request", "session": "s", "version": "5.3",
              "username": "", "date": "2026-01-01T00:00:00Z"}  # fmt: skip
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {},
               "allow_stdin": False}  # fmt: skip
    await channel.send_json(
        {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
         "content": content}
    )  # fmt: skip
    printed = ""
    missing = {"reply", "idle"}
    while missing:
        answer = json.loads(await channel.receive_str())
        if answer.get("parent_header", {}).get("msg_id") != message_id:
            continue
        kind, content = answer["msg_type"], answer["content"]
        if kind == "stream":
            printed += str(content["text"])
        elif kind == "error":
            printed += "\n".join(content["traceback"])
        elif kind == "execute_reply":
            missing.discard("reply")
        elif kind == "status" and content["execution_state"] == "idle":
            missing.discard("idle")
    return printed
