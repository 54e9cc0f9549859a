"""A real hub for the engine's tests: servers are tiny processes, routes are kept in memory."""

import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from jupyterhub.proxy import Proxy
from jupyterhub.spawner import SimpleLocalProcessSpawner

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # the hub provides it


class MemoryProxy(Proxy):
    """Routes nobody follows: the tests ask the hub's API only."""

    should_start = False
    routes: ClassVar[dict[str, Any]] = {}

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec: str) -> None:
        self.routes.pop(routespec, None)

    async def get_all_routes(self) -> dict[str, Any]:
        return dict(self.routes)


class TinySpawner(SimpleLocalProcessSpawner):
    """Keeps the workload id in its state, as the platform's own spawner does.

    Options of the test: "hold" waits in start, "fail" raises there.
    """

    workload_id = ""

    async def start(self) -> Any:
        self.workload_id = self.user_options.get("workload_id", "")
        if Path(os.environ["TINY_FOLDER"], f"fail-{self.name}").exists():
            raise RuntimeError("told to fail")
        return await super().start()

    def get_state(self) -> dict[str, Any]:
        return {**super().get_state(), "workload_id": self.workload_id}

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)
        self.workload_id = state.get("workload_id", "")

    def clear_state(self) -> None:
        super().clear_state()
        self.workload_id = ""


PORT = int(os.environ["TINY_PORT"])
c.JupyterHub.proxy_class = MemoryProxy
c.JupyterHub.spawner_class = TinySpawner
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "tests-only"
c.DummyAuthenticator.allow_all = True
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT + 1}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.allow_named_servers = True
c.JupyterHub.cleanup_servers = False
c.JupyterHub.db_url = f"sqlite:///{os.environ['TINY_FOLDER']}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{os.environ['TINY_FOLDER']}/cookie_secret"
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0, "slow_stop_timeout": 0}
c.TinySpawner.home_dir_template = os.environ["TINY_FOLDER"] + "/{username}"
c.TinySpawner.cmd = [sys.executable, str(Path(__file__).with_name("tiny_server.py"))]
# A server sees none of the hub's own variables, and this one it looks for its holds by.
c.TinySpawner.environment = {"TINY_FOLDER": os.environ["TINY_FOLDER"]}
c.TinySpawner.poll_interval = 1
c.JupyterHub.services = [{"name": "portal", "api_token": os.environ["TINY_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "portal",
        "services": ["portal"],
        "scopes": [
            "list:users", "read:users", "admin:users", "admin:servers", "admin:server_state",
            "read:tokens", "tokens", "read:hub",
        ],
    }
]  # fmt: skip
