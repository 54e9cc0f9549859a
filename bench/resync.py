"""P11: reconciling 10,000 jobs after a restart, beside the naive loop on the same cluster.

    python -m bench.resync [--jobs 10000] [--pairs 3]

The jobs are real Job objects of a test cluster, suspended, so that no pod weighs on the figures.
Ours is what a worker does when it starts: a new process looks after everything that is due. The
peer is a new process with the usual loop: Kubernetes' own client lists page by page, and each
object's row is read and saved. Needs a test cluster that is up (`make cluster-up`, or
ATELIER_TEST_KUBECONFIG). Prints one JSON line per figure and fails when a gate of P11 is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from bench import database  # noqa: E402  # needs the path above
from tests.cluster.places import Places  # noqa: E402

KUBECONFIG = "ATELIER_TEST_KUBECONFIG"
GATES = {"ratio": 0.25, "statements": 100, "rss_mb": 150}
NAMESPACE = "ATELIER_BENCH_NAMESPACE"
MAKERS = 8
PAGE = 500
MB = 2**20


# --- the two sides, each in a process of its own ------------------------------------------------


def look_at_all() -> dict[str, float]:
    """Ours: drain what is due; returns seconds, statements and the growth in memory."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from atelier.workloads import reconciler  # noqa: PLC0415
    from atelier.workloads.models import Workload  # noqa: PLC0415

    statements = 0

    def count(execute: Any, *asked: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*asked)

    connection.ensure_connection()
    before, began = _peak(), time.perf_counter()
    with connection.execute_wrapper(count):
        while True:
            reconciler.drain("kubernetes")
            if not Workload.objects.filter(last_seen_at=None).exists():
                break
    took = time.perf_counter() - began
    assert not Workload.objects.filter(due_at__lt=timezone.now(), last_seen_at=None).exists()
    return {"seconds": took, "statements": statements, "rss_mb": (_peak() - before) / MB}


def read_and_save_each() -> dict[str, float]:
    """The peer: every object of every page, its row read and saved."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from kubernetes import client, config  # noqa: PLC0415

    from atelier.workloads.models import Workload  # noqa: PLC0415

    config.load_kube_config(os.environ["ATELIER_KUBECONFIG"])
    batch: Any = client.BatchV1Api()
    connection.ensure_connection()
    before, began = _peak(), time.perf_counter()
    following = None
    while True:
        page = batch.list_namespaced_job(
            os.environ[NAMESPACE], limit=PAGE, _continue=following, _request_timeout=60
        )
        for job in page.items:
            row = Workload.objects.get(pk=job.metadata.labels["atelier.dev/workload"])
            row.last_seen_at = timezone.now()
            row.save()
        following = page.metadata._continue
        if not following:
            break
    return {"seconds": time.perf_counter() - began, "rss_mb": (_peak() - before) / MB}


def _peak() -> int:
    """The most memory this process ever had; getrusage would tell its parent's as well."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


SIDES = {"ours": look_at_all, "peer": read_and_save_each}


# --- the ground ---------------------------------------------------------------------------------


def rows(count: int, instance: str) -> tuple[str, list[dict[str, Any]]]:
    """Write so many running jobs into the database; returns their namespace and manifests."""
    from django.utils import timezone  # noqa: PLC0415

    from atelier.accounts.models import User  # noqa: PLC0415
    from atelier.core.resources import Resources  # noqa: PLC0415
    from atelier.engines.base import MemberSpec, WorkloadSpec  # noqa: PLC0415
    from atelier.engines.kubernetes import manifests  # noqa: PLC0415
    from atelier.projects.models import Project  # noqa: PLC0415
    from atelier.workloads.models import Attempt, Workload  # noqa: PLC0415
    from tests.factories.accounts import UserFactory  # noqa: PLC0415
    from tests.factories.projects import ProjectFactory  # noqa: PLC0415

    owner: User = UserFactory.create(username="bench")
    project: Project = ProjectFactory.create(slug="bench", name="Bench")
    small = Resources(100, 128 * MB)
    workloads = [
        Workload(
            kind="job", project=project, owner=owner, engine="kubernetes", name=f"job {number}",
            durable_id=f"j{number:015}", status="RUNNING", resources=small.to_json(),
            attempt_number=1, started_at=timezone.now(), steps={"placed": "2026-01-01T00:00:00Z"},
        )
        for number in range(count)
    ]  # fmt: skip
    for workload in workloads:
        workload.engine_name = f"{project.namespace}/{workload.pk}-1"
    Workload.objects.bulk_create(workloads, batch_size=1000)
    Attempt.objects.bulk_create([Attempt(workload=w, number=1) for w in workloads], batch_size=1000)
    made = []
    for workload in workloads:
        spec = WorkloadSpec(
            name=workload.engine_name, workload_id=workload.pk, attempt=1, project_id=project.pk,
            namespace=project.namespace, owner_name=owner.username, image="localhost/none:1",
            members=(MemberSpec("main", 1, small),), command=("true",),
        )  # fmt: skip
        job = manifests.job(spec, instance=instance, generation=0)
        # Nobody else's work: the controllers of the cluster would be busy with so many for minutes.
        job["spec"] |= {"suspend": True, "managedBy": "atelier.dev/bench"}
        made.append(job)
    return project.namespace, made


def create_all(kubeconfig: Path, namespace: str, made: list[dict[str, Any]]) -> None:
    from atelier.engines.kubernetes import Cluster  # noqa: PLC0415
    from atelier.engines.kubernetes.access import load  # noqa: PLC0415

    cluster = Cluster(load(str(kubeconfig)), read_seconds=120)
    cluster.create("namespaces", "", {"apiVersion": "v1", "kind": "Namespace",
                                      "metadata": {"name": namespace}})  # fmt: skip
    with ThreadPoolExecutor(MAKERS) as pool:
        list(pool.map(lambda job: cluster.create("jobs", namespace, job), made))


def settle_all() -> None:
    """Bring the rows to where earlier looks would have left them: a restart finds them so."""
    from atelier.workloads import engines, sightings  # noqa: PLC0415
    from atelier.workloads.models import Workload  # noqa: PLC0415

    seen = engines.get("kubernetes").observe(Workload.objects.values_list("engine_name", flat=True))
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, sight in seen.items():
        alike[sight.reason or "", sightings.digest(sight)].append(name)
    for (reason, mark), names in alike.items():
        Workload.objects.filter(engine_name__in=names).update(reason_code=reason, sighting=mark)


def remove_all(kubeconfig: Path, namespace: str) -> None:
    from atelier.engines.kubernetes import Cluster  # noqa: PLC0415
    from atelier.engines.kubernetes.access import load  # noqa: PLC0415

    Cluster(load(str(kubeconfig))).delete("namespaces", "", namespace)


def restart(side: str) -> dict[str, float]:
    """Make everything due and run one side in a new process."""
    from django.utils import timezone  # noqa: PLC0415

    from atelier.workloads.models import Workload  # noqa: PLC0415

    Workload.objects.update(due_at=timezone.now(), last_seen_at=None)
    done = subprocess.run(
        [sys.executable, "-m", "bench.resync", "--side", side],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(pairs: int) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """A B A B …"""
    mine, theirs = [], []
    for number in range(pairs):
        mine.append(restart("ours"))
        theirs.append(restart("peer"))
        a, b = mine[-1]["seconds"], theirs[-1]["seconds"]
        print(f"{number + 1}/{pairs}: {a:.1f} s, peer {b:.1f} s", file=sys.stderr)
    return mine, theirs


def lines(
    mine: list[dict[str, float]], theirs: list[dict[str, float]], jobs: int
) -> list[dict[str, Any]]:
    def middle(side: list[dict[str, float]], what: str) -> float:
        return statistics.median(each[what] for each in side)

    ratios = [a["seconds"] / b["seconds"] for a, b in zip(mine, theirs, strict=True)]
    return [
        {
            "metric": f"P11 seconds to reconcile {jobs} suspended jobs after a restart",
            "ours": round(middle(mine, "seconds"), 2),
            "peer": round(middle(theirs, "seconds"), 2),
            "ratio": round(statistics.median(ratios), 3),
            "worst_ratio": round(max(ratios), 3),
            "gate": GATES["ratio"],
            "n": len(ratios),
        },
        {
            "metric": "P11 statements",
            "ours": max(each["statements"] for each in mine),
            "peer": 2 * jobs,
            "gate": GATES["statements"],
            "n": len(mine),
        },
        {
            "metric": "P11 growth of the process in MB",
            "ours": round(max(each["rss_mb"] for each in mine)),
            "peer": round(max(each["rss_mb"] for each in theirs)),
            "gate": GATES["rss_mb"],
            "n": len(mine),
        },
    ]


def is_missed(line: dict[str, Any]) -> bool:
    return float(line.get("ratio", line["ours"])) > float(line["gate"])


def main() -> int:
    """Measure; 1 when a gate is missed."""
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument("--jobs", type=int, default=10_000)
    given.add_argument("--pairs", type=int, default=3)
    given.add_argument("--side", choices=sorted(SIDES))
    asked = given.parse_args()
    if asked.side:
        print(json.dumps(SIDES[asked.side]()))
        return 0
    kubeconfig = Path(os.environ.get(KUBECONFIG) or Places.here().admin_kubeconfig)
    if not kubeconfig.is_file():
        raise SystemExit("no test cluster is up: make cluster-up")
    instance = f"bench-{secrets.token_hex(3)}"
    os.environ |= {
        "ATELIER_ENGINE": "kubernetes",
        "ATELIER_KUBECONFIG": str(kubeconfig),
        "ATELIER_INSTANCE": instance,
    }
    with database.migrated():
        namespace, made = rows(asked.jobs, instance)
        os.environ[NAMESPACE] = namespace
        try:
            create_all(kubeconfig, namespace, made)
            settle_all()
            found = lines(*measure(asked.pairs), asked.jobs)
        finally:
            remove_all(kubeconfig, namespace)
    for line in found:
        print(json.dumps(line))
    return int(any(map(is_missed, found)))


if __name__ == "__main__":
    sys.exit(main())
