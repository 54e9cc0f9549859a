"""AtelierLocalSpawner: notebook servers as processes of this machine.

Each server leads its own session in its owner's home, as its owner when the hub is root. Secrets
and the listening socket reach it as open descriptors, never by environment or command line, so
there is no port to race for, nothing for `ps e` to show, and nothing written below a home by root.
The socket listens before the process exists: a request sent to it is answered the moment Jupyter
can, without polling.

Not enforced here (the plan's numbers are what was reserved): memory and CPU. Libraries are told
how many cores to plan for, and the server itself yields to the platform (nice, oom_score_adj).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen
from typing import Any

from traitlets import Dict, Float, Integer, Unicode

from . import homes, processes
from .answering import answers
from .failpoints import (
    BEFORE_PROCESS,
    PROCESS_MADE,
    PROCESS_SAVED,
    STOP_BEGUN,
    STOP_DONE,
    STOP_SIGNALLED,
    failpoint,
)
from .plan import SpawnPlan
from .processes import Identity
from .spawner import START_FAILED, STATUS_UNKNOWN, PlanMixin, SpawnRefused

LOG_LIMIT_BYTES = 4 * 1024 * 1024

# Everything a server's environment may hold besides the plan's and the hub's own variables.
KEPT_FROM_THE_HUB = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE")
SECRET_HUB_NAMES = frozenset({"JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN"})
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
THREAD_NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")

STARTING = "starting"
RUNNING = "running"


class AtelierLocalSpawner(PlanMixin):
    """Runs the portal's plans as local processes."""

    homes_folder = Unicode(help="Folder of all homes.").tag(config=True)
    logs_folder = Unicode(help="Folder of the servers' logs.").tag(config=True)
    instance_label = Unicode(
        help="Tells this installation's processes from another's on the same machine."
    ).tag(config=True)
    runtimes = Dict(help="local_runtime of an environment -> its python.").tag(config=True)
    runtime_path = Unicode(help="Source root of atelier_runtime, if not installed.").tag(
        config=True
    )
    term_seconds = Float(10.0, help="Grace between SIGTERM and SIGKILL.").tag(config=True)
    log_limit = Integer(LOG_LIMIT_BYTES, help="Size at which a log is cut.").tag(config=True)

    identity: Identity | None = None
    local_port = 0
    phase = ""
    _process: Popen[bytes] | None = None
    _log_start = 0

    # State.

    def get_state(self) -> dict[str, Any]:
        state = super().get_state()
        if self.spawn_id:
            state.update(phase=self.phase, port=self.local_port)
            if self.identity is not None:
                state["identity"] = self.identity.to_json()
        return state

    def load_state(self, state: Mapping[str, Any]) -> None:
        super().load_state(state)
        self.phase = str(state.get("phase", ""))
        port = state.get("port", 0)
        self.local_port = port if isinstance(port, int) else 0
        self.identity = Identity.from_json(state.get("identity"))

    def clear_state(self) -> None:
        super().clear_state()
        self.identity, self.local_port, self.phase = None, 0, ""
        self._process = None

    async def get_url(self) -> str:
        """Asked after a hub restart: the hub may have died before it noted the port."""
        return self._url if self.local_port else str(await super().get_url())

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self.local_port}"

    @property
    def log_path(self) -> Path:
        return Path(self.logs_folder) / f"{self._file_name}.log"

    @property
    def _file_name(self) -> str:
        # A user may name a server by hand, so the server's name alone could be somebody else's.
        # User names hold no dot.
        return f"{self.user.name}.{self.name or 'default'}"

    # Starting.

    async def create(self, plan: SpawnPlan) -> str:
        began = time.monotonic()
        uid = self._uid_for(plan)
        python = self._python_for(plan, uid)
        home = homes.prepare_home(Path(self.homes_folder), plan.home, uid)
        with _listening() as listener:
            self.local_port = listener.getsockname()[1]
            self.phase = STARTING
            self.remember()
            failpoint(BEFORE_PROCESS)
            self._process = self._launch(plan, uid, python, home, listener)
        failpoint(PROCESS_MADE)
        self.identity = processes.identify(self._process.pid)
        self.remember()
        failpoint(PROCESS_SAVED)
        self.step("process", began)
        self._ring("started")
        await self._answers_or_dies()
        self.phase = RUNNING
        self.step("answering", began)
        return self._url

    def _uid_for(self, plan: SpawnPlan) -> int | None:
        """Whom the server runs as; None for ourselves. Never root, whatever the plan says."""
        if os.geteuid() != 0:
            return None
        if plan.uid is None:
            raise SpawnRefused(
                START_FAILED, "The portal named no user to run this server as. Nothing was started."
            )
        return plan.uid

    def _python_for(self, plan: SpawnPlan, uid: int | None) -> Path:
        runtime = plan.environment.local_runtime
        if runtime not in self.runtimes:
            raise SpawnRefused(
                START_FAILED,
                f"The environment {plan.environment.slug} is not installed on this machine.",
            )
        python = Path(self.runtimes[runtime])
        if not python.exists():
            raise SpawnRefused(START_FAILED, f"There is no {python}.")
        if uid is not None:
            self._require_passable(uid, python, Path(self.homes_folder, "*"))
        return python

    def _require_passable(self, uid: int, *paths: Path) -> None:
        """Refuse with the folder's name what would fail as a bare "permission denied"."""
        for path in paths:
            blocked = homes.blocked_folder(path, uid)
            if blocked is not None:
                raise SpawnRefused(
                    START_FAILED,
                    f"Servers run as their own user, who may not enter {blocked}. "
                    f"Make it passable: chmod o+x {blocked}.",
                )

    def _launch(
        self, plan: SpawnPlan, uid: int | None, python: Path, home: Path, listener: socket.socket
    ) -> Popen[bytes]:
        log = homes.open_log(Path(self.logs_folder), self._file_name)
        self._log_start = os.fstat(log).st_size
        boot = _sealed(self._boot(plan, home))
        drop: dict[str, Any] = {}
        if uid is not None:
            drop = {"user": uid, "group": uid, "extra_groups": []}
        try:
            return Popen(
                # -s and -P: neither a user's own packages nor the files in the home may replace
                # the server's modules. Kernels are not bound by that.
                [str(python), "-s", "-P", "-m", "atelier_runtime.jupyter"],
                cwd=home,
                env=self._environment(plan, python, home, boot=boot, listener=listener.fileno()),
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                start_new_session=True,
                umask=0o077,
                pass_fds=(boot, listener.fileno()),
                **drop,
            )
        finally:
            os.close(boot)
            os.close(log)

    def _boot(self, plan: SpawnPlan, home: Path) -> dict[str, Any]:
        """What the server's own process needs to know and nobody may read off it."""
        return {
            "hub_token": self.api_token,
            "portal_token": plan.token,
            "token_file": str(self._token_file(home)),
            "server": self.name or "default",
            "rescue": plan.rescue,
            "overlay_reset": plan.overlay_reset,
        }

    def _token_file(self, home: Path) -> Path:
        return home / ".atelier" / "run" / (self.name or "default") / "token"

    def _environment(
        self, plan: SpawnPlan, python: Path, home: Path, *, boot: int, listener: int
    ) -> dict[str, str]:
        hub = {
            name: str(value)
            for name, value in self.get_env().items()
            if value is not None and name not in SECRET_HUB_NAMES
        }
        kept = {name: os.environ[name] for name in KEPT_FROM_THE_HUB if name in os.environ}
        return {
            **kept,
            **dict.fromkeys(THREAD_NAMES, str(plan.resources.whole_cpus)),
            "CPU_LIMIT": f"{plan.resources.cpu_millicores / 1000:g}",
            "MEM_LIMIT": str(plan.resources.memory_bytes),
            **plan.env,
            **hub,
            "JUPYTERHUB_SERVICE_URL": f"{self._url}{self.server.base_url}",
            "ATELIER_TOKEN_FILE": str(self._token_file(home)),
            "HOME": str(home),
            "USER": self.user.name,
            "LOGNAME": self.user.name,
            "SHELL": "/bin/bash",
            "PATH": f"{python.parent}:{SYSTEM_PATH}",
            **({"PYTHONPATH": self.runtime_path} if self.runtime_path else {}),
            # A rescue start passes by whatever a user may have broken, settings included.
            **({"JUPYTERHUB_DISABLE_USER_CONFIG": "1"} if plan.rescue else {}),
            "ATELIER_BOOT_FD": str(boot),
            "ATELIER_BOOT_LISTEN_FD": str(listener),
            processes.LABEL_SPAWN: self.spawn_id,
            processes.LABEL_SERVER: f"{self.user.name}/{self.name}",
            processes.LABEL_INSTANCE: self.instance_label,
        }

    async def _answers_or_dies(self) -> None:
        assert self.identity is not None  # noqa: S101  # set by create(), for the type checker
        answer = asyncio.ensure_future(answers(self._url, f"{self.server.base_url}api"))
        death = asyncio.ensure_future(processes.wait_for_end(self.identity, 86_400.0))
        try:
            await asyncio.wait({answer, death}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                status = self._exit_status()
                raise SpawnRefused(START_FAILED, self._last_words(status), exit_code=status)
        finally:
            answer.cancel()
            death.cancel()

    def _last_words(self, status: int) -> str:
        lines = homes.log_tail(self.log_path, self._log_start)
        return f"The server ended while starting (exit status {status}). Its last lines:\n{lines}"

    # Looking.

    async def look(self) -> int | None:
        if self.identity is None:
            self.identity = processes.find_leader(self.spawn_id, self.instance_label)
            if self.identity is None:
                return STATUS_UNKNOWN
            self.log.info("found %s again as pid %s", self._log_name, self.identity.pid)
            self.remember()
        if not processes.is_alive(self.identity):
            return self._exit_status()
        homes.cap_log(self.log_path, self.log_limit)
        return None

    def _exit_status(self) -> int:
        """What the process ended with, when we are its parent; also reaps it."""
        status = self._process.poll() if self._process is not None else None
        return STATUS_UNKNOWN if status is None else status

    # Stopping.

    async def destroy(self, *, now: bool) -> None:
        failpoint(STOP_BEGUN)
        if self.identity is not None and not now:
            processes.signal_group(self.identity, 15)
            failpoint(STOP_SIGNALLED)
            await processes.wait_for_end(self.identity, self.term_seconds)
        await self.sweep()
        failpoint(STOP_DONE)

    async def sweep(self) -> None:
        if not self.spawn_id:
            return
        if not await processes.kill_family(self.spawn_id, self.instance_label, self.identity):
            self.log.error("%s left processes that do not end", self._log_name)
        self._exit_status()


def _listening() -> socket.socket:
    """A socket on a free loopback port, listening before its server exists."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def _sealed(content: Mapping[str, Any]) -> int:
    """A descriptor to memory that holds the content and vanishes with its last reader."""
    descriptor = os.memfd_create("atelier-boot")
    os.write(descriptor, json.dumps(content).encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
