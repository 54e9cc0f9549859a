"""`make up`: from whatever state things are in to a platform that answers."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from atelier.operate import (
    cache,
    databases,
    engine,
    health,
    leftovers,
    obstacles,
    services,
    supervise,
    work,
)
from atelier.operate.console import say, step
from atelier.operate.engine import KUBERNETES, LOCAL, Asked, Engine
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn
from atelier.operate.home import refuse_closed
from atelier.operate.installation import Installation
from atelier.operate.postgres import Postgres
from atelier.operate.supervise import STORES
from atelier.operate.tool import DISK_FULL, disk_is_full, telling_line

if TYPE_CHECKING:
    from atelier.operate.cluster import Grant

# These need nothing of the portal's database, so they start while it is brought up to date.
BESIDE = ("proxy", "hub")
PATIENCE_SECONDS = 90.0
POLL_SECONDS = 0.1
ISOLATION = {
    "uid": "each user's notebooks run as a system user of their own",
    "none": "none between users: all notebooks run as the same system user",
    "kubernetes": "each project has a namespace of the cluster, each notebook and job a pod",
}
# Named when nothing had to be asked of the database.
FIRST_ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Admin:
    """Who can sign in; the password only on the very first start."""

    name: str
    password: str | None


def up(here: Installation, asked: Asked) -> None:
    """Start everything that is not running and wait until it answers."""
    began = time.monotonic()
    if os.geteuid() == 0:
        refuse_closed(here.home)
    if here.home.half_restored.exists():
        raise CannotGoOn(
            f"A restore into {here.home.folder} did not finish: run `make restore FILE=…` again, "
            "or `make reset`."
        )
    with here.alone():
        here.home.prepare()
        databases.ensure_signing_key(here.home)
        here, given = _choose_engine(here, asked)
        admin = _up(here)
        if given is not None:
            given.end_earlier()
    _tell(here, admin, time.monotonic() - began)


def _choose_engine(here: Installation, asked: Asked) -> tuple[Installation, Grant | None]:
    """Follow what was asked for, else stay with the engine of the last start."""
    before = here.chosen.engine.name
    wanted = asked.engine or before
    if wanted != before:
        work.refuse_to_leave(here, wanted)
    if wanted != KUBERNETES:
        chosen, given = LOCAL, None
    else:
        chosen, given = _stand_on_cluster(here, asked)
    if chosen != here.chosen.engine:
        if here.supervisor.is_running():
            # The other services are other processes: the old ones end by their own list.
            here.supervisor.shut_down()
        engine.remember(here.home, chosen)
    return here.on(chosen), given


def _stand_on_cluster(here: Installation, asked: Asked) -> tuple[Engine, Grant | None]:
    # Half a second and sixty megabytes that only a home on a cluster needs.
    from atelier.operate import cluster  # noqa: PLC0415

    if asked.kubeconfig:
        with step("Preparing the cluster"):
            return cluster.grant(here.home, asked)
    cluster.check_access(here.home)
    if asked.pod_address:
        return Engine(KUBERNETES, cluster.own_address(asked.pod_address)), None
    if here.chosen.engine.name != KUBERNETES:
        raise CannotGoOn(
            "Back on this machine, the address under which pods reach it was forgotten: start with "
            f"{cluster.AGAIN}, or name the address with POD_ADDRESS=… instead."
        )
    return here.chosen.engine, None


def _up(here: Installation) -> Admin:
    fingerprint = _fingerprint(here)
    noted = here.home.run / "fingerprint"
    earlier = noted.read_text() if noted.is_file() else ""
    if here.supervisor.is_running():
        if earlier == fingerprint:
            return _heal(here)
        say(
            "· The configuration or the code has changed: restarting (notebooks go on)"
            if earlier
            else "· An earlier start did not finish: starting over"
        )
        here.supervisor.shut_down()
    noted.unlink(missing_ok=True)
    _clear_the_ground(here)
    supervise.write_files(here.home, here.services)
    (here.home.run / "port").write_text(str(here.chosen.port))
    here.supervisor.start()
    admin = _start(here, database_is_current=earlier == fingerprint)
    # Written last: a start that did not get this far is done again.
    noted.write_text(fingerprint)
    return admin


def _fingerprint(here: Installation) -> str:
    """Changes with everything that decides how a service runs, not with the terminal at hand."""
    described = [service.to_json() for service in here.services]
    for service in described:
        service["environment"] = {
            name: value
            for name, value in service["environment"].items()
            if name not in services.KEPT and not name.startswith(services.PACKAGE_PREFIXES)
        }
    trees = [cache.key_of_tree(ROOT / source) for source in ("platform", "spawner")]
    accounts = sorted(here.home.kube.glob("*.kubeconfig"))
    return cache.key_of([json.dumps(described, sort_keys=True), *trees, *accounts])


def _heal(here: Installation) -> Admin:
    states = here.supervisor.states()
    down = [name for name, state in states.items() if state.state != "RUNNING"]
    if down:
        say(f"· Starting again: {', '.join(down)}")
    here.supervisor.start_services([service.name for service in here.services])
    _wait(here, [service.name for service in here.services], quietly=not down)
    if not down:
        say("Atelier is up already.")
    return Admin(FIRST_ADMIN, password=None)


def _clear_the_ground(here: Installation) -> None:
    ended = leftovers.end(here.home.run, here.services)
    if ended:
        say(f"· Ended what an earlier start had left running: {', '.join(ended)}")
    obstacles.refuse_busy_ports(here.chosen)
    obstacles.refuse_full_disk(here.home.folder)


def _start(here: Installation, *, database_is_current: bool) -> Admin:
    database = _prepare_stores(here)
    with step("Starting the database and the broker"):
        here.supervisor.start_services(STORES)
        _wait(here, STORES, quietly=True)
        databases.ensure(database, here.home)
        here.supervisor.start_services(BESIDE)
    admin = Admin(FIRST_ADMIN, password=None)
    if not database_is_current:
        with step("Bringing the database up to date"):
            admin = _first_start(here)
    rest = [service.name for service in here.services if service.name not in STORES]
    with step(f"Starting {', '.join(rest)}"):
        here.supervisor.start_services(rest)
        _wait(here, rest, quietly=False)
    return admin


def _prepare_stores(here: Installation) -> Postgres:
    own_database = services.database(here.home, here.chosen)
    if own_database.is_initialised:
        own_database.check_version()
    else:
        with step("Setting up the database"):
            own_database.initialise(here.home.secret("postgres_password"))
    services.broker(here.home, here.chosen).configure(here.home.secret("broker_password"))
    return own_database


def _first_start(here: Installation) -> Admin:
    done = here.manage(["first_start"], capture=True)
    if done.returncode:
        if DISK_FULL in done.stderr:
            raise CannotGoOn(disk_is_full(here.home.folder))
        log = here.home.logs / "first-start.log"
        log.write_text(done.stdout + done.stderr)
        raise CannotGoOn(
            f"The database could not be brought up to date: {telling_line(done.stderr)}. "
            f"The whole output is in {log}."
        )
    said = cast(dict[str, str | None], json.loads(done.stdout.strip().splitlines()[-1]))
    return Admin(name=str(said["admin"]), password=said["password"])


def _wait(here: Installation, names: Sequence[str], *, quietly: bool) -> None:
    """Wait for all of them side by side; name the first that does not answer."""
    checks = health.checks(here.home, here.chosen)
    began = time.monotonic()

    def wait_for(name: str) -> bool:
        if not _holds(checks[name], began + PATIENCE_SECONDS):
            return False
        if not quietly:
            say(f"    {name} answers ({time.monotonic() - began:.1f} s)")
        return True

    with ThreadPoolExecutor(len(names)) as workers:
        answers = list(workers.map(wait_for, names))
    silent = [name for name, answered in zip(names, answers, strict=True) if not answered]
    if silent:
        raise CannotGoOn(_why_silent(here, silent[0]))


def _holds(check: Callable[[], bool], deadline: float) -> bool:
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _why_silent(here: Installation, name: str) -> str:
    log = supervise.log_of(here.home, name)
    text = log.read_text(errors="replace") if log.is_file() else ""
    said = telling_line(text)
    if DISK_FULL in said:
        return disk_is_full(here.home.folder)
    return (
        f"{name} does not answer after {PATIENCE_SECONDS:.0f} s; the last line of its log: {said}. "
        f"`make logs SERVICE={name}` shows the rest; `make up` tries again."
    )


def _tell(here: Installation, admin: Admin, seconds: float) -> None:
    if admin.password is None:
        password = f"(forgotten? `make reset-link NAME={admin.name}` makes a link for a new one)"
    else:
        password = f"{admin.password}   (shown this once; change it after signing in)"
    say(f"""
Atelier is up ({seconds:.1f} s).

  Portal      {here.chosen.portal_url}
  Sign in as  {admin.name}
  Password    {password}
  Isolation   {ISOLATION[here.chosen.isolation]}
  State       {here.home.folder}

  make status · make logs SERVICE=portal · make down
""")
