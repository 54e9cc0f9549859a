"""AtelierSpawner: notebook servers as pods, in the namespace their plan names.

A KubeSpawner by name, state and addresses. What it does not take from there is everything that
waits: its reflectors list again every few seconds, give up after half a minute and may end the
hub, and its polls cost a start up to a second. Here one watch a namespace tells what happens, and
`start` returns the moment the server answers.

What is created is written down first, belongs to this spawn by label and UID, and is removed
again whatever happens; the home alone stays. An API server that does not answer says nothing about
a server: it is looked for again, and nothing is stopped meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from kubespawner import KubeSpawner
from traitlets import Float, Unicode

from . import pod_manifests as manifests
from . import pod_reasons as reasons
from .answering import answers
from .cluster import Cluster, ClusterAway, ClusterRefused, Kind, Raw
from .failpoints import (
    BEFORE_PROCESS,
    HOME_MADE,
    PROCESS_MADE,
    PROCESS_SAVED,
    STOP_BEGUN,
    STOP_DONE,
    STOP_SIGNALLED,
    failpoint,
)
from .plan import PodPlan, SpawnPlan, Words
from .pod_reasons import Waiting
from .spawner import START_FAILED, START_TIMEOUT, STATUS_UNKNOWN, PlanMixin, SpawnRefused
from .watching import PodWatch, Watches

# How long an obstacle may last that could still go away, from when it was first seen.
PATIENCE_SECONDS = {
    # The pod that just made room is still counted for a moment.
    reasons.CLUSTER_QUOTA: 5.0,
    # Three tries of the kubelet: at once, after 10 s, after 20 s more.
    reasons.IMAGE_NOT_FOUND: 40.0,
    reasons.IMAGE_PULL_DENIED: 40.0,
    reasons.START_FAILED: 40.0,
}
AGAIN_SECONDS = 0.5
LOOK_SECONDS = 1.0
LONGEST_LOOK_PAUSE_SECONDS = 5.0
EVENTS_AFTER_SECONDS = 2.0
FIRST_LIST_SECONDS = 5.0
SWEEP_SECONDS = 60.0
PROBE_PATH = "api"

STARTING = "starting"
RUNNING = "running"

SECRET_HUB_NAMES = frozenset({"JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN"})
THREAD_NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# Nobody listens there: what the hub is told of a server that will not come any more.
NOWHERE = "http://127.0.0.1:9"


class AtelierSpawner(PlanMixin, KubeSpawner):  # type: ignore[misc]  # kubespawner ships no types
    """Runs the portal's plans as pods."""

    kubeconfig = Unicode(help="The hub's own account; empty: that of its pod.").tag(config=True)
    instance_label = Unicode(help="Whose objects these are: ATELIER_INSTANCE.").tag(config=True)
    namespace_seconds = Float(60.0, help="How long a namespace may take to be ready.").tag(
        config=True
    )

    phase = ""
    pod_uid = ""
    pod_url = ""
    placed_at = ""
    node = ""
    waiting: Mapping[str, Any] | None = None
    server_namespace = ""  # for ever: the home is there
    _words: Mapping[str, Words]
    _changed: asyncio.Event
    _limit: asyncio.Timeout | None = None
    _end_following: Callable[[], None] | None = None
    _leaving = ""
    _given_up = False

    _shared: dict[tuple[int, str, str], tuple[Cluster, Watches]] = {}

    def __init__(self, **kwargs: Any) -> None:
        self._words = {}
        self._changed = asyncio.Event()
        super().__init__(**kwargs)

    @property
    def _both(self) -> tuple[Cluster, Watches]:
        return shared(self.kubeconfig, self.instance_label)

    @property
    def cluster(self) -> Cluster:
        return self._both[0]

    @property
    def pod_watch(self) -> PodWatch:
        return self._both[1].of(self.namespace)

    # State.

    def get_state(self) -> dict[str, Any]:
        state = super().get_state()
        if self.server_namespace:
            state["server_namespace"] = self.server_namespace
        if self.spawn_id:
            state.update(
                phase=self.phase,
                pod_uid=self.pod_uid,
                pod_url=self.pod_url,
                placed_at=self.placed_at,
                node=self.node,
                waiting=dict(self.waiting) if self.waiting else None,
                words={c: {"text": w.text, "params": w.params} for c, w in self._words.items()},
            )
        return state

    def load_state(self, state: Mapping[str, Any]) -> None:
        super().load_state(state)
        self.server_namespace = str(state.get("server_namespace") or "")
        self.phase = str(state.get("phase") or "")
        self.pod_uid = str(state.get("pod_uid") or "")
        self.pod_url = str(state.get("pod_url") or "")
        self.placed_at = str(state.get("placed_at") or "")
        self.node = str(state.get("node") or "")
        self.waiting = state.get("waiting") or None
        self._words = {c: Words(**said) for c, said in (state.get("words") or {}).items()}

    def clear_state(self) -> None:
        super().clear_state()
        self._stop_following()
        self.phase = self.pod_uid = self.pod_url = self.placed_at = ""
        self.node = self._leaving = ""
        self.waiting, self._words = None, {}
        self._given_up = False

    # Starting.

    async def create_in_time(self, plan: SpawnPlan) -> str:
        """Waiting for a place on a node is not late, starting there may be."""
        pod = _pod_of(plan)
        try:
            async with asyncio.timeout(pod.wait_seconds) as self._limit:
                return await self.create(plan)
        except TimeoutError as error:
            raise self._too_late(plan.start_timeout_seconds) from error
        finally:
            self._limit = None

    def _too_late(self, seconds: int) -> SpawnRefused:
        """The last thing it waited for says more than that it took too long."""
        if self.waiting is not None:
            return self._refusal(Waiting(self.waiting["code"], self.waiting["params"]))
        return self._refusal(Waiting(START_TIMEOUT, {"seconds": seconds}))

    async def create(self, plan: SpawnPlan) -> str:
        pod = _pod_of(plan)
        began = time.monotonic()
        self._take_names(plan, pod)
        self.remember()
        failpoint(BEFORE_PROCESS)
        made = await self._make(plan, pod)
        failpoint(PROCESS_MADE)
        self.pod_uid = reasons.uid_of(made)
        self.remember()
        failpoint(PROCESS_SAVED)
        self.step("pod", began)
        self.pod_url = await self._until_it_answers(made, plan.start_timeout_seconds)
        self.step("answering", began)
        self._is_up()
        return self.pod_url

    def _take_names(self, plan: SpawnPlan, pod: PodPlan) -> None:
        namespace = plan.project.namespace
        if pod.labels.get(manifests.LABEL_INSTANCE) != self.instance_label:
            raise SpawnRefused(START_FAILED, "This plan is for another installation.")
        if self.server_namespace not in {"", namespace}:
            raise SpawnRefused(START_FAILED, "A server never moves to another namespace.")
        self.namespace = self.server_namespace = namespace
        self.pod_name = self.secret_name = pod.name
        self.dns_name = self.dns_name_template.format(namespace=namespace, name=pod.name)
        self.pvc_name = pod.home_claim
        self.image = pod.image
        self._words = dict(pod.words)
        self.phase = STARTING

    def _is_up(self) -> None:
        self.phase, self.waiting = RUNNING, None
        self._follow()

    async def _make(self, plan: SpawnPlan, pod: PodPlan) -> Raw:
        """Create what the server needs, patiently with what may still come right."""
        while True:
            try:
                return await self._try_to_make(plan, pod)
            except ClusterAway as error:
                self.log.warning("cluster away while starting %s: %s", self._log_name, error)
                obstacle = Waiting(reasons.ENGINE_UNREACHABLE, {"since": self._away_since})
            except ClusterRefused as error:
                self.log.warning("cluster refused to start %s: %s", self._log_name, error)
                obstacle = reasons.obstacle(error)
            self._note(obstacle)
            self._require_patience(obstacle)
            await asyncio.sleep(AGAIN_SECONDS)

    @property
    def _away_since(self) -> str:
        waiting = self.waiting or {}
        is_known = waiting.get("code") == reasons.ENGINE_UNREACHABLE
        since = waiting["since"] if is_known else time.time()
        return datetime.fromtimestamp(since, UTC).isoformat(timespec="seconds")

    async def _try_to_make(self, plan: SpawnPlan, pod: PodPlan) -> Raw:
        if not self.pod_watch.is_current and not await self.cluster.may(
            "create", "pods", self.namespace
        ):
            raise ClusterRefused(403, "Forbidden", "cannot create resource pods there yet")
        await _all(self._have_home(plan, pod), self._have_secret(plan, pod))
        failpoint(HOME_MADE)
        manifest = manifests.pod_manifest(plan, pod, self._environment(plan, pod))
        return await self._have("pods", manifest)

    async def _have_home(self, plan: SpawnPlan, pod: PodPlan) -> None:
        """The claim of the home, made if it is missing. It is never deleted from here."""
        claim = await self.cluster.read("persistentvolumeclaims", self.namespace, pod.home_claim)
        if claim is None:
            manifest = manifests.claim_manifest(plan, pod)
            try:
                claim = await self.cluster.create(
                    "persistentvolumeclaims", self.namespace, manifest
                )
            except ClusterRefused as error:
                if not error.exists_already:
                    raise
                raise ClusterAway("the claim has just been made") from error
        labels = reasons.labels_of(claim)
        wanted = {name: pod.labels.get(name) for name in
                  (manifests.LABEL_INSTANCE, manifests.LABEL_OWNER)}  # fmt: skip
        if any(labels.get(name) != value for name, value in wanted.items()):
            raise self._foreign(pod.home_claim)
        self._pvc_exists = True

    async def _have_secret(self, plan: SpawnPlan, pod: PodPlan) -> None:
        await self._have("secrets", manifests.secret_manifest(plan, pod, self.api_token))

    async def _have(self, kind: Kind, manifest: Mapping[str, Any]) -> Raw:
        """Create an object, or find that this very spawn has done so already."""
        name = manifest["metadata"]["name"]
        try:
            return await self.cluster.create(kind, self.namespace, manifest)
        except ClusterRefused as error:
            if not error.exists_already:
                raise
        found = await self.cluster.read(kind, self.namespace, name)
        if found is None:
            raise ClusterAway(f"{kind} {name} has just gone")
        if not self._is_ours(found):
            raise self._foreign(name)
        if reasons.labels_of(found).get(manifests.LABEL_SPAWN) == self.spawn_id:
            return found
        # Of a start of the same workload that the hub gave up: its place is needed.
        await self.cluster.delete(kind, self.namespace, name, uid=reasons.uid_of(found), grace=0)
        raise ClusterAway(f"{kind} {name} of an earlier start is leaving")

    def _is_ours(self, item: Raw) -> bool:
        """Whether an object under our name is of this workload, as its labels say."""
        labels = reasons.labels_of(item)
        return (
            labels.get(manifests.LABEL_INSTANCE) == self.instance_label
            and labels.get(manifests.LABEL_WORKLOAD) == self.workload_id
            and labels.get(manifests.LABEL_COMPONENT) == manifests.COMPONENT
        )

    def _foreign(self, name: str) -> SpawnRefused:
        return self._refusal(Waiting(reasons.FOREIGN_OBJECT, {"name": name}))

    def _environment(self, plan: SpawnPlan, pod: PodPlan) -> dict[str, str]:
        hub = {
            name: str(value)
            for name, value in self.get_env().items()
            if value is not None and name not in SECRET_HUB_NAMES
        }
        return {
            **dict.fromkeys(THREAD_NAMES, str(plan.resources.whole_cpus)),
            "CPU_LIMIT": f"{plan.resources.cpu_millicores / 1000:g}",
            "MEM_LIMIT": str(plan.resources.memory_bytes),
            **plan.env,
            **hub,
            "JUPYTERHUB_API_URL": pod.hub_api_url,
            "JUPYTERHUB_ACTIVITY_URL": f"{pod.hub_api_url}/users/{self.user.name}/activity",
            "JUPYTERHUB_SERVICE_URL": f"http://0.0.0.0:{manifests.PORT}{self.server.base_url}",
            "ATELIER_TOKEN_FILE": manifests.TOKEN_FILE,
            "ATELIER_BOOT_FOLDER": manifests.SECRET_FOLDER,
            "ATELIER_BOOT_RUN_FOLDER": manifests.RUN_FOLDER,
            "HOME": manifests.HOME,
            "USER": self.user.name,
            "LOGNAME": self.user.name,
            "SHELL": "/bin/bash",
            **({"ATELIER_BOOT_OVERLAY_RESET": "1"} if plan.overlay_reset else {}),
            # A rescue start passes by whatever a user may have broken, settings included.
            **(
                {"ATELIER_BOOT_RESCUE": "1", "JUPYTERHUB_DISABLE_USER_CONFIG": "1"}
                if plan.rescue
                else {}
            ),
        }

    async def _until_it_answers(self, pod: Raw | None, start_seconds: int) -> str:
        """Follow the pod until its server answers; raise when it has ended, or never will."""
        changed = asyncio.Event()
        end_listening = self.pod_watch.listen(self.pod_name, changed.set)
        probe: asyncio.Future[None] | None = None
        url, looked = "", time.monotonic()
        try:
            while True:
                changed.clear()
                pod, looked = await self._pod_now(pod, looked)
                if pod is not None:
                    await self._judge(pod, start_seconds)
                    if probe is None and (url := self._url_of(pod)):
                        probe = asyncio.ensure_future(answers(url, self._probe_path))
                await _first_of(changed.wait(), probe, seconds=LOOK_SECONDS)
                if probe is not None and probe.done():
                    return url
                if self._given_up:
                    raise SpawnRefused(START_FAILED, "The start was given up.")
        finally:
            end_listening()
            if probe is not None:
                probe.cancel()

    @property
    def _probe_path(self) -> str:
        return f"{self.server.base_url}{PROBE_PATH}"

    async def _pod_now(self, known: Raw | None, looked: float) -> tuple[Raw | None, float]:
        """The pod as last seen, by the watch or, where that has nothing, by a look of our own."""
        watch = self.pod_watch
        seen = watch.pods.get(self.pod_name)
        if watch.is_current and seen is not None and self._is_this(seen):
            return seen, looked
        if time.monotonic() - looked < LOOK_SECONDS:
            return known, looked
        try:
            found = await self.cluster.read("pods", self.namespace, self.pod_name)
        except (ClusterAway, ClusterRefused) as error:
            self.log.info("cannot see the pod of %s: %s", self._log_name, error)
            return known, time.monotonic()
        if found is None or not self._is_this(found):
            code = self._leaving or reasons.STOPPED_OUTSIDE
            raise self._refusal(Waiting(code))
        return found, time.monotonic()

    def _is_this(self, pod: Raw) -> bool:
        """Whether a pod of our name is the one this spawn made."""
        if self.pod_uid:
            return reasons.uid_of(pod) == self.pod_uid
        return (
            self._is_ours(pod)
            and reasons.labels_of(pod).get(manifests.LABEL_SPAWN) == self.spawn_id
        )

    async def _judge(self, pod: Raw, start_seconds: int) -> None:
        """Note where the start stands; raise when it cannot come to a good end."""
        self._remember_leaving(pod)
        if (end := reasons.ended(pod)) is not None:
            raise self._ended_early(end)
        if not self.placed_at and (since := reasons.placed_at(pod)):
            self._is_placed(since, reasons.node_of(pod), start_seconds)
        obstacle = reasons.waiting(pod)
        if obstacle is None and self._is_stuck(pod):
            obstacle = reasons.waiting(pod, await self._events())
        self._note(obstacle)
        if obstacle is not None:
            self._require_patience(obstacle)

    def _ended_early(self, end: reasons.End) -> SpawnRefused:
        code = end.code or START_FAILED
        if code in self._words and code != START_FAILED:
            refusal = self._refusal(Waiting(code, {"detail": end.detail}))
            return SpawnRefused(code, refusal.message, exit_code=end.exit_code,
                                params=refusal.params)  # fmt: skip
        status = "" if end.exit_code is None else f" (exit status {end.exit_code})"
        text = f"The server ended while starting{status}. Its last words:\n{end.detail}"
        return SpawnRefused(code, text.strip(), exit_code=end.exit_code)

    def _is_placed(self, since: str, node: str, start_seconds: int) -> None:
        self.placed_at, self.node = since, node
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time() + start_seconds)
        self.remember()
        self._ring("started")

    def _is_stuck(self, pod: Raw) -> bool:
        """Placed, not running, and not just now: its events may know why."""
        if not self.placed_at or reasons.address(pod):
            return False
        return _age(self.placed_at) > EVENTS_AFTER_SECONDS

    async def _events(self) -> list[Raw]:
        fields = f"involvedObject.uid={self.pod_uid}"
        try:
            found, _ = await self.cluster.list("events", self.namespace, fields=fields)
        except (ClusterAway, ClusterRefused) as error:
            self.log.info("no events of %s: %s", self._log_name, error)
            return []
        return found

    def _url_of(self, pod: Raw) -> str:
        return str(self._get_pod_url(pod)) if reasons.address(pod) else ""

    # What it waits for.

    def _note(self, obstacle: Waiting | None) -> None:
        """Have everybody see what the start waits for, when that has changed."""
        before = self.waiting
        if obstacle is None:
            now: dict[str, Any] | None = None
        else:
            words = self._words.get(obstacle.code)
            params = {**(words.params if words else {}), **obstacle.params}
            now = {"code": obstacle.code, "params": params, "placed": obstacle.placed}
            same = before is not None and before["code"] == obstacle.code
            now["since"] = before["since"] if before is not None and same else time.time()
        if now == before:
            return
        self.waiting = now
        self.remember()
        self._changed.set()
        if (now or {}).get("code") != (before or {}).get("code"):
            self._ring("waiting", code=(now or {}).get("code"))

    def _require_patience(self, obstacle: Waiting) -> None:
        since = self.waiting["since"] if self.waiting else time.time()
        longest = PATIENCE_SECONDS.get(obstacle.code)
        if obstacle.code in {reasons.NAMESPACE_PENDING, reasons.ENGINE_UNREACHABLE}:
            longest = self.namespace_seconds
        if obstacle.for_ever or (longest is not None and time.time() - since > longest):
            raise self._refusal(obstacle)

    def _refusal(self, obstacle: Waiting) -> SpawnRefused:
        """The platform's own sentence for an obstacle, as the plan brought it."""
        words = self._words.get(obstacle.code)
        params = {**(words.params if words else {}), **obstacle.params}
        return SpawnRefused(obstacle.code, self._text(obstacle.code, params), params=params)

    def _text(self, code: str, params: Mapping[str, Any]) -> str:
        """The plan's sentence for a code, with what only the cluster knew put in."""
        words = self._words.get(code)
        if words is None:
            return str(params.get("detail") or code)
        text = words.text
        for name in ("detail", "since"):
            text = text.replace(f"{{{name}}}", str(params.get(name) or "–"))
        return text

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """What the hub's page shows: where the start stands, in the platform's words."""
        shown = ""
        while self._starting:
            self._changed.clear()
            percent, text = self._progress()
            if text != shown:
                shown = text
                yield {"progress": percent, "message": text}
            await _first_of(self._changed.wait(), None, seconds=LOOK_SECONDS)

    def _progress(self) -> tuple[int, str]:
        if self.waiting is not None:
            return 30, self._text(self.waiting["code"], self.waiting["params"])
        if self.placed_at:
            return 60, self._said("STARTING", "The server is starting.")
        return 15, self._said("SUBMITTING", "Handed to the cluster.")

    def _said(self, code: str, otherwise: str) -> str:
        words = self._words.get(code)
        return words.text if words else otherwise

    # After a restart of the hub.

    async def get_url(self) -> str:
        """Asked after a hub restart: the hub may have died while the server was starting."""
        if self.phase == RUNNING and self.pod_url:
            self._follow()
            return self.pod_url
        try:
            self.pod_url = await self._until_it_answers(None, 0)
        except SpawnRefused as error:
            # The hub may only learn it by waiting in vain: it stops the server then.
            self._ring_failure(error)
            self.http_timeout = 1
            return NOWHERE
        self._is_up()
        self.remember()
        return self.pod_url

    def give_up(self) -> None:
        """End what `get_url` waits for: somebody wants the server stopped."""
        self._given_up = True

    # Looking.

    async def look(self) -> int | None:
        if not self.phase:
            return STATUS_UNKNOWN  # nothing was ever created
        watch = self.pod_watch
        if not await watch.loaded(FIRST_LIST_SECONDS):
            raise ClusterAway("pods not listed yet")
        pod = watch.pods.get(self.pod_name)
        if pod is None or not self._is_this(pod) or reasons.ended(pod) is not None:
            # The cluster's own word, before anybody acts on it.
            pod = await self.cluster.read("pods", self.namespace, self.pod_name)
        if pod is None or not self._is_this(pod):
            self._end_code = self._leaving or reasons.STOPPED_OUTSIDE
            return STATUS_UNKNOWN
        self._remember_leaving(pod)
        if not self.pod_uid:
            self.pod_uid = reasons.uid_of(pod)
            self.log.info("found %s again as pod %s", self._log_name, self.pod_name)
            self.remember()
        end = reasons.ended(pod)
        if end is None:
            return None
        self._end_code = end.code or (reasons.EXIT_NONZERO if end.exit_code else "")
        self._end_detail = end.detail
        self._exit_code = end.exit_code
        return STATUS_UNKNOWN if end.exit_code is None else end.exit_code

    def _remember_leaving(self, pod: Raw) -> None:
        """Who ends a pod is on it only while it leaves."""
        if taken := reasons.disruption(pod):
            self._leaving = taken
        elif reasons.is_leaving(pod) and not self._leaving:
            self._leaving = reasons.STOPPED_OUTSIDE

    def _follow(self) -> None:
        """Hear of the pod's end when it happens, not at the next poll."""
        if self._end_following is None:
            self._end_following = self.pod_watch.listen(self.pod_name, self._on_change)

    def _stop_following(self) -> None:
        if self._end_following is not None:
            self._end_following()
            self._end_following = None

    def _on_change(self) -> None:
        pod = self.pod_watch.pods.get(self.pod_name)
        if pod is not None and self._is_this(pod):
            self._remember_leaving(pod)
            if reasons.ended(pod) is None:
                return
        # Only of a server the hub looks after by itself: not while it starts or stops it.
        if self._poll_callback is not None and not self._was_asked:
            self._in_background(self.poll_and_notify())

    # Stopping.

    async def destroy(self, *, now: bool) -> None:
        failpoint(STOP_BEGUN)
        await self._insist(lambda: self._remove_pod(0 if now else manifests.GRACE_SECONDS))
        failpoint(STOP_DONE)

    async def sweep(self) -> None:
        if not self.spawn_id or not self.phase:
            return
        self._stop_following()
        try:
            async with asyncio.timeout(SWEEP_SECONDS):
                await self._insist(lambda: self._remove_pod(0))
                await self._insist(self._remove_secret)
        except TimeoutError:
            self.log.error("%s may have left its pod or secret behind", self._log_name)

    async def _insist(self, remove: Callable[[], Awaitable[None]]) -> None:
        """Repeat until the cluster has answered: what is not seen gone is not gone."""
        pause = AGAIN_SECONDS
        while True:
            try:
                await remove()
            except (ClusterAway, ClusterRefused) as error:
                self.log.warning("cannot remove what %s had: %s", self._log_name, error)
                await asyncio.sleep(pause)
                pause = min(LONGEST_LOOK_PAUSE_SECONDS, pause * 2)
            else:
                return

    async def _remove_pod(self, grace: int) -> None:
        """Ask for the pod's end and return when it is gone."""
        changed = asyncio.Event()
        end_listening = self.pod_watch.listen(self.pod_name, changed.set)
        asked = False
        try:
            while True:
                changed.clear()
                pod = await self.cluster.read("pods", self.namespace, self.pod_name)
                if pod is None or not self._is_this(pod):
                    return
                if not asked:
                    uid = reasons.uid_of(pod)
                    await self.cluster.delete(
                        "pods", self.namespace, self.pod_name, uid=uid, grace=grace
                    )
                    asked = True
                    failpoint(STOP_SIGNALLED)
                    continue
                await _first_of(changed.wait(), None, seconds=LOOK_SECONDS)
        finally:
            end_listening()

    async def _remove_secret(self) -> None:
        secret = await self.cluster.read("secrets", self.namespace, self.pod_name)
        if secret is not None and self._is_ours(secret):
            await self.cluster.delete(
                "secrets", self.namespace, self.pod_name, uid=reasons.uid_of(secret)
            )


def shared(kubeconfig: str, instance: str) -> tuple[Cluster, Watches]:
    """The one client, and the one set of watches, of this process and event loop."""
    key = (id(asyncio.get_running_loop()), kubeconfig, instance)
    if key not in AtelierSpawner._shared:
        cluster = Cluster(kubeconfig)
        AtelierSpawner._shared[key] = cluster, Watches(cluster, manifests.selector(instance))
    return AtelierSpawner._shared[key]


def _pod_of(plan: SpawnPlan) -> PodPlan:
    if plan.pod is None:
        raise SpawnRefused(START_FAILED, "The portal planned no pod. Nothing was started.")
    return plan.pod


async def _all(*work: Awaitable[None]) -> None:
    """Run abreast and wait for all, then raise what the first of them raised."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def _first_of(
    happening: Awaitable[Any], other: asyncio.Future[None] | None, *, seconds: float
) -> None:
    """Return when something happened, or after some time."""
    task = asyncio.ensure_future(happening)
    try:
        awaited = {task} if other is None else {task, other}
        await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()


def _age(moment: str) -> float:
    """Seconds since one of the cluster's times."""
    return time.time() - datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
