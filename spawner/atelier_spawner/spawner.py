"""PlanMixin: how any Atelier spawner starts, remembers and reports, whatever it starts servers on.

The portal decides whether and how a server starts (a *plan*); the class mixed in decides how to
make one. What is written down before it happens can be found again after a hub restart: the spawn
id is on record before the portal is asked, the plan's names before anything is created.
"""

from __future__ import annotations

import asyncio
import secrets
import string
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyterhub import orm
from jupyterhub.spawner import Spawner, SpawnException
from traitlets import Instance, Unicode, default

from .failpoints import ANSWERING, INTENT_SAVED, PLAN_RECEIVED, failpoint
from .plan import SpawnPlan
from .portal import PlanRefused, Portal, PortalUnreachable, Question

if TYPE_CHECKING:
    from asyncio import Task

ALPHABET = string.ascii_lowercase + string.digits

PORTAL_UNREACHABLE = "PORTAL_UNREACHABLE"
START_TIMEOUT = "START_TIMEOUT"
STOPPED_OUTSIDE = "STOPPED_OUTSIDE"
STATUS_UNKNOWN = 1  # ended while nobody was its parent
START_FAILED = "START_FAILED"

PORTAL_UNREACHABLE_TEXT = (
    "The portal did not answer, so nobody can say whether this server may start. "
    "Nothing was started. Try again in a moment."
)

# A refusal is an answer, not a fault of the hub: anything from 500 up counts towards
# `consecutive_failure_limit`, which ends the hub (quality.md R7).
FAILED_DEPENDENCY = 424

# Once loaded from a database, a server has run before: a slow first answer after a hub restart
# must not get it deleted. The hub checks such servers in the background.
PATIENCE_AFTER_RESTART_SECONDS = 3600
READY_WAIT_SECONDS = 60.0
READY_LOOK_SECONDS = 0.01


class SpawnRefused(SpawnException):  # type: ignore[misc]  # jupyterhub ships no types
    """A start that will not happen, with the sentence to show. Never a fault of the hub."""

    def __init__(
        self,
        code: str,
        text: str,
        *,
        status: int = FAILED_DEPENDENCY,
        exit_code: int | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(text, reason=code, status_code=status)
        # Where older pages of the hub look for it.
        self.jupyterhub_message = text
        self.code = code
        self.exit_code = exit_code
        # What the portal fills its own sentence with, where the code has one.
        self.params = dict(params or {})


def new_spawn_id() -> str:
    """One per spawn, made before anything else."""
    return "s" + "".join(secrets.choice(ALPHABET) for _ in range(15))


def refused(error: PlanRefused) -> SpawnRefused:
    """The portal's refusal in the hub's words: the sentence, and what to do about it."""
    status = error.status if 400 <= error.status < 500 else FAILED_DEPENDENCY
    return SpawnRefused(error.code, f"{error.detail} {error.action}".strip(), status=status)


class PlanMixin(Spawner):  # type: ignore[misc]  # jupyterhub ships no types
    """Starts what the portal planned. Subclasses say how: `create`, `look`, `destroy`."""

    portal_url = Unicode(help="Whom to ask for plans.").tag(config=True)
    portal_token = Unicode(help="The spawner's own token at the portal.").tag(config=True)
    portal = Instance(Portal)

    @default("portal")
    def _portal(self) -> Portal:
        return Portal(self.portal_url, self.portal_token)

    spawn_id = ""
    workload_id = ""
    token_id = ""
    plan: SpawnPlan | None = None
    _starting = False
    _steps: dict[str, float]
    _bells: set[Task[Any]]
    # Why it ends, for the portal: a failed start has said so itself.
    _said_why = False
    _was_asked = False
    _exit_code: int | None = None
    _end_code = ""
    _end_detail = ""

    def __init__(self, **kwargs: Any) -> None:
        self._steps = {}
        self._bells = set()
        super().__init__(**kwargs)

    # What a subclass says.

    async def create(self, plan: SpawnPlan) -> str:
        """Make the server and return its URL once `/api` answers."""
        raise NotImplementedError

    async def look(self) -> int | None:
        """None while it runs, its exit status when it was seen to be gone; raise when unsure."""
        raise NotImplementedError

    async def destroy(self, *, now: bool) -> None:
        """End it and return when it is gone."""
        raise NotImplementedError

    async def sweep(self) -> None:
        """Remove what an ended server left behind. May be asked more than once."""

    # What the hub asks.

    async def start(self) -> str:
        """Ask for a plan and carry it out."""
        self._starting = True
        try:
            return await self._start()
        except SpawnRefused as error:
            self._ring_failure(error)
            raise
        finally:
            self._starting = False

    async def _start(self) -> str:
        began = time.monotonic()
        self._steps = {}
        self._said_why = self._was_asked = False
        self._exit_code, self._end_code, self._end_detail = None, "", ""
        self.spawn_id = new_spawn_id()
        self.token_id = self._token_id()
        self.remember()
        failpoint(INTENT_SAVED)
        plan = self.plan = await self._ask()
        self.workload_id = plan.workload_id
        self.remember()
        failpoint(PLAN_RECEIVED)
        self.step("plan", began)
        url = await self.create_in_time(plan)
        failpoint(ANSWERING)
        self._in_background(self._announce())
        return url

    async def _ask(self) -> SpawnPlan:
        question = Question(
            hub_user=self.user.name,
            server=self.name,
            spawn_id=self.spawn_id,
            user_options=self.user_options or {},
        )
        try:
            return await self.portal.spawn_plan(question)
        except PlanRefused as error:
            raise refused(error) from error
        except PortalUnreachable as error:
            self.log.warning("no plan for %s: %s", self._log_name, error)
            raise SpawnRefused(PORTAL_UNREACHABLE, PORTAL_UNREACHABLE_TEXT) from error

    async def create_in_time(self, plan: SpawnPlan) -> str:
        """Create, or say why it took too long. Subclasses may know better what is late."""
        try:
            async with asyncio.timeout(plan.start_timeout_seconds):
                return await self.create(plan)
        except TimeoutError as error:
            raise SpawnRefused(
                START_TIMEOUT,
                f"The server did not answer within {plan.start_timeout_seconds} seconds.",
            ) from error

    async def poll(self) -> int | None:
        """The hub stops what polls as anything but None, so not knowing means running."""
        if self._starting:
            return None
        if not self.spawn_id:
            return 0
        try:
            status = await self.look()
        except Exception:
            # Whatever kept us from seeing the server did not end it (quality.md R8).
            self.log.exception("cannot see %s, assuming it runs", self._log_name)
            return None
        if status not in (None, STATUS_UNKNOWN):
            self._exit_code = status
        return status

    async def stop(self, now: bool = False) -> None:
        """Only ever asked of a server that runs: one that ended by itself is not stopped."""
        self._was_asked = True
        await self.destroy(now=now)

    async def run_post_stop_hook(self) -> None:
        """Runs after every end, also of a server that ended by itself or never came up."""
        await self.sweep()
        self._forget_token()
        if self.spawn_id:
            asked = self._was_asked and not self._said_why
            self._ring(
                "stopped",
                code=STOPPED_OUTSIDE if asked else self._end_code or None,
                detail=None if asked else self._end_detail or None,
                exit_code=None if asked else self._exit_code,
            )
        hook = super().run_post_stop_hook()
        if asyncio.iscoroutine(hook):
            await hook

    # What is written down.

    def get_state(self) -> dict[str, Any]:
        state: dict[str, Any] = super().get_state()
        if self.spawn_id:
            state.update(
                spawn_id=self.spawn_id, workload_id=self.workload_id, token_id=self.token_id
            )
        return state

    def load_state(self, state: Mapping[str, Any]) -> None:
        super().load_state(state)
        self.spawn_id = str(state.get("spawn_id", ""))
        self.workload_id = str(state.get("workload_id", ""))
        self.token_id = str(state.get("token_id", ""))
        if self.spawn_id:
            self.http_timeout = PATIENCE_AFTER_RESTART_SECONDS

    def clear_state(self) -> None:
        super().clear_state()
        self.spawn_id = self.workload_id = self.token_id = ""
        self.plan = None

    def remember(self) -> None:
        """Commit the state now: the hub itself does so only after a start succeeded."""
        self.orm_spawner.state = self.get_state()
        self.user.db.commit()

    def _token_id(self) -> str:
        # The hub forgets the token itself over a restart and would leave it valid for ever.
        token = orm.APIToken.find(self.user.db, self.api_token) if self.api_token else None
        return str(token.id) if token is not None else ""

    def _forget_token(self) -> None:
        if not self.token_id.isdecimal():
            return
        database = self.user.db
        token = database.get(orm.APIToken, int(self.token_id))
        if token is not None and token.user is self.user.orm_user:
            database.delete(token)
            database.commit()

    # What the portal hears.

    def step(self, name: str, began: float) -> None:
        """Note how long a step of the start took, for the portal's progress view."""
        self._steps[name] = round(time.monotonic() - began, 3)

    def _ring_failure(self, error: SpawnRefused) -> None:
        self._said_why = True
        self._ring(
            "failed",
            code=error.code,
            detail=error.message,
            exit_code=error.exit_code,
            params=error.params,
        )

    def _ring(
        self,
        event: str,
        *,
        code: str | None = None,
        detail: str | None = None,
        exit_code: int | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        body = {
            "workload_id": self.workload_id or None,
            "hub_user": self.user.name,
            "server": self.name,
            "spawn_id": self.spawn_id,
            "event": event,
            "code": code,
            "detail": detail,
            "exit_code": exit_code,
            "params": dict(params or {}),
            "seconds": dict(self._steps),
        }
        self._in_background(self.portal.ring(body))

    async def _announce(self) -> None:
        """Ring once the hub itself calls the server ready: its route exists by then."""
        deadline = time.monotonic() + READY_WAIT_SECONDS
        while time.monotonic() < deadline and self.spawn_id:
            if self.ready:
                self._ring("answering")
                return
            await asyncio.sleep(READY_LOOK_SECONDS)

    def _in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._bells.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._bells.discard)
