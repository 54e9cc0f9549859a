"""The single-user server: JupyterHub's extension on a socket somebody else opened.

`python -m atelier_runtime.jupyter` is what spawners run. It prepares the server's folders and
its overlay, then starts JupyterLab under JupyterHub's authentication.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

from jupyter_server.serverapp import ServerApp
from jupyterhub.singleuser.extension import JupyterHubIdentityProvider, JupyterHubSingleUser
from traitlets import default

from . import boot, overlay
from .hub_auth import AtelierHubOAuth

EXTENSION = "atelier_runtime.jupyter"

# The language-server bridge looks for node programs at start and costs 0.1 s; people who want it
# can enable it in their own settings.
QUIET_EXTENSIONS = ("jupyter_lsp", "nbclassic")


class AtelierServerApp(ServerApp):  # type: ignore[misc]  # jupyter_server is untyped for us
    """A ServerApp that serves on an inherited socket, when there is one."""

    inherited: socket.socket | None = None  # set by main() before the app is made

    def _find_http_port(self) -> None:
        if self.inherited is None:
            super()._find_http_port()

    def _bind_http_server_tcp(self) -> bool:
        if self.inherited is None:
            return bool(super()._bind_http_server_tcp())
        self.http_server.add_socket(self.inherited)
        return True


class AtelierIdentityProvider(JupyterHubIdentityProvider):  # type: ignore[misc]
    """JupyterHub's identity provider, asking through `AtelierHubOAuth`."""

    @default("hub_auth")
    def _hub_auth(self) -> AtelierHubOAuth:
        return AtelierHubOAuth(parent=self)


class AtelierSingleUser(JupyterHubSingleUser):  # type: ignore[misc]
    """JupyterHub's server extension with Atelier's identity provider."""

    serverapp_class = AtelierServerApp

    @classmethod
    def get_extension_package(cls) -> str:
        """Where jupyter_server finds this extension again, see below."""
        return __name__

    def load_config_file(self) -> None:
        super().load_config_file()
        # After the parent, which would put its own provider in place.
        self.config.ServerApp.identity_provider_class = AtelierIdentityProvider
        self.serverapp.update_config(self.config)

    def initialize(self, args: Any = None) -> None:
        super().initialize(args)
        self._take_token_from_environment()

    def _take_token_from_environment(self) -> None:
        """Kernels and terminals inherit the environment; the hub's token is not for them."""
        for client in (self.hub_auth, self.serverapp.identity_provider.hub_auth):
            client.api_token = client.api_token  # read now, or it would be read too late
        for name in ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN"):
            os.environ.pop(name, None)


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": __name__, "app": AtelierSingleUser}]


def arguments(root: Path) -> list[str]:
    """The server's settings that are the same for everybody."""
    return [
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.jpserver_extensions={EXTENSION}=True",
        *(f"--ServerApp.jpserver_extensions={name}=False" for name in QUIET_EXTENSIONS),
        # Kernel ports on loopback would be open to every user of the machine.
        "--KernelManager.transport=ipc",
        "--ServerApp.terminado_settings=shell_command=['/bin/bash']",
        # The environment is not the user's to update, and nobody asked to call out for news.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
    ]


def prepare(birth: boot.Boot, home: Path, environ: Any) -> None:
    """Make the folders, write the token, put the overlay first: before Jupyter reads anything."""
    runtime = boot.private_folder(
        boot.runtime_folder(home, birth.server, os.getuid(), birth.run_folder)
    )
    environ["JUPYTER_RUNTIME_DIR"] = str(runtime)
    if birth.token_file is not None and birth.portal_token:
        boot.write_private(birth.token_file, birth.portal_token)
    source = _source_root(environ)
    for folder in source:
        _put_first("JUPYTER_PATH", folder / "share" / "jupyter", environ)
        _put_first("JUPYTER_CONFIG_PATH", folder / "etc" / "jupyter", environ)
    place = overlay.place(home, birth.server)
    if birth.overlay_reset:
        overlay.reset(place)
    if birth.rescue:
        environ["ATELIER_RESCUE"] = "1"
        return
    _enter(overlay.prepare(place, overlay.Base.current(), extra_paths=source), environ)


def _enter(made: overlay.Overlay, environ: Any) -> None:
    environ["VIRTUAL_ENV"] = str(made.folder)
    _put_first("PATH", made.folder / "bin", environ)
    _put_first("JUPYTER_PATH", made.data, environ)


def _put_first(name: str, folder: Path, environ: Any) -> None:
    environ[name] = os.pathsep.join(part for part in (str(folder), environ.get(name, "")) if part)


def _source_root(environ: Any) -> tuple[Path, ...]:
    """Kernels find atelier_runtime through the overlay, not through a variable that would
    reach every program a user starts."""
    value = environ.pop("PYTHONPATH", "")
    return tuple(Path(part) for part in value.split(os.pathsep) if part)


def main() -> None:
    """Start one server."""
    birth = boot.receive(os.environ)
    AtelierServerApp.inherited = boot.listener(os.environ)
    home = Path.home()
    prepare(birth, home, os.environ)
    if birth.hub_token:
        # JupyterHub's client reads it from the environment and nowhere else; set from within, it
        # shows in no process list, and the extension takes it out again before a kernel starts.
        os.environ["JUPYTERHUB_API_TOKEN"] = birth.hub_token
    AtelierSingleUser.launch_instance(arguments(home) + sys.argv[1:])
