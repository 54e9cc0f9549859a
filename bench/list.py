"""P6: the list of 50 workloads with their projects, signed in, against plain DRF.

Both are served by granian from the same rows, one process each on core 0; eight clients on core 1;
pairs A B A B. Gate: at least 2.2 times as many answers a second, p99 at most half.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from atelier.operate.ports import free_port  # noqa: E402
from bench import database, load  # noqa: E402

PAIRS = 5
GATE, P99_GATE = 2.2, 0.5
PATH = "/api/v1/workloads"


def seed() -> str:
    """Make 50 workloads in 5 projects and a signed-in user; returns his cookie."""
    from importlib import import_module  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import (  # noqa: PLC0415
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
    )

    from atelier.projects.models import Role  # noqa: PLC0415
    from tests.factories.accounts import UserFactory  # noqa: PLC0415
    from tests.factories.projects import MembershipFactory, ProjectFactory  # noqa: PLC0415

    user = UserFactory(username="alice")
    for number in range(5):
        project = ProjectFactory(slug=f"project-{number}", name=f"Project {number}")
        MembershipFactory(project=project, user=user, role=Role.MEMBER)
        _workloads(user, project, 10)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = user.pk
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _workloads(user: Any, project: Any, count: int) -> None:
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from atelier.workloads.models import Workload  # noqa: PLC0415

    now = timezone.now()
    steps = {
        name: (now + timedelta(seconds=i)).isoformat()
        for i, name in enumerate(("quota", "submitted", "placed", "answering", "ready"))
    }
    Workload.objects.bulk_create(
        Workload(
            kind="notebook",
            project=project,
            owner=user,
            engine="memory",
            engine_name=f"run-{project.pk}-{i}",
            name=f"exploration {i}",
            durable_id=f"n{i}",
            status="RUNNING" if i % 3 else "FAILED",
            finished_at=None if i % 3 else now,
            reason_code="" if i % 3 else "EXIT_NONZERO",
            reason_params={} if i % 3 else {"exit_code": 1},
            resources={"cpu_millicores": 2000, "memory_bytes": 2**33, "accelerators": {}},
            steps=steps,
            started_at=now,
        )
        for i in range(count)
    )


@contextmanager
def server(settings: str) -> Iterator[int]:
    """Serve the application under ``settings`` on core 0; yields the port."""
    port = free_port()
    command = [
        "taskset", "-c", "0", sys.executable, "-m", "granian", "--interface", "wsgi",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4",
        "--no-ws", "--log-level", "warning", "atelier.config.wsgi:application",
    ]  # fmt: skip
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "ATELIER_DOORBELLS": "false",
    }
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            asyncio.run(load.fetch(port, load.request_of("/api/v1/workloads", {})))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server on {port} did not start")


def same_body(ours: bytes, theirs: bytes) -> bool:
    """Tell whether both answers show the same rows with the same values."""
    return bool(json.loads(ours)["results"] == json.loads(theirs)["results"])


def measure(cookie: str) -> dict[str, Any]:
    """Run the pairs; returns the line to print."""
    request = load.request_of(PATH, {"Cookie": cookie, "Accept": "application/json"})
    with server("atelier.config.settings") as our_port, server("bench.peers.list_settings") as peer:
        ours = asyncio.run(load.fetch(our_port, request))
        theirs = asyncio.run(load.fetch(peer, request))
        if ours[0] != 200 or not same_body(ours[1], theirs[1]):
            raise RuntimeError(
                f"the answers differ: {ours[0]} {ours[1][:900]!r}, {theirs[1][:900]!r}"
            )
        for port in (our_port, peer):
            asyncio.run(load.run(port, request, seconds=1))
        pairs = [
            (asyncio.run(load.run(our_port, request)), asyncio.run(load.run(peer, request)))
            for _ in range(PAIRS)
        ]
    if failures := sum(a.failures + b.failures for a, b in pairs):
        raise RuntimeError(f"{failures} answers were not 200")
    ratios = [a.rate / b.rate for a, b in pairs]
    return {
        "metric": "P6 list of 50 workloads, answers a second",
        "ours": round(median(a.rate for a, _ in pairs), 1),
        "peer": round(median(b.rate for _, b in pairs), 1),
        "ratio": round(median(ratios), 2),
        "worst": round(min(ratios), 2),
        "p99_ratio": round(median(a.p99 / b.p99 for a, b in pairs), 2),
        "gate": GATE,
        "passed": median(ratios) >= GATE and median(a.p99 / b.p99 for a, b in pairs) <= P99_GATE,
        "n": PAIRS,
    }


def main() -> int:
    """Print the line; 1 when the gate is missed."""
    with database.migrated():
        cookie = seed()
        os.sched_setaffinity(0, {1})
        line = measure(cookie)
    print(json.dumps(line))
    return 0 if line["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
