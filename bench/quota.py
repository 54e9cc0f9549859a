"""R1: reservations a second on the same lines, against SELECT … FOR UPDATE in Django.

Eight threads with a connection each reserve and give back, everybody on the project's and the
platform's lines; pairs A B A B. Both are exact; what differs is how long the lines are locked.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from bench import database  # noqa: E402

PAIRS, THREADS, SECONDS, GATE = 5, 8, 2.0, 1.3
CLAIMS = {"cpu": 1000, "memory": 2**30, "notebooks": 1}


def _ours(holder: str, user_id: str) -> None:
    from atelier.quotas import services  # noqa: PLC0415

    services.reserve(holder, user_id=user_id, project_id="p1", claims=CLAIMS)
    services.release(holder)


def _theirs(holder: str, user_id: str) -> None:
    """Lock the lines, look, add, write; the same in reverse to give back."""
    from django.db import transaction  # noqa: PLC0415

    from atelier.quotas.models import Line, Reservation  # noqa: PLC0415

    wanted = {"scope_id__in": (user_id, "p1", ""), "resource__in": list(CLAIMS)}
    with transaction.atomic():
        lines = list(Line.objects.select_for_update().filter(**wanted).order_by("pk"))
        for line in lines:
            line.used += CLAIMS[line.resource]
            if line.limit is not None and line.used > line.limit:
                raise RuntimeError("over")
        Line.objects.bulk_update(lines, ["used"])
        Reservation.objects.bulk_create(
            Reservation(holder=holder, line=x, amount=CLAIMS[x.resource]) for x in lines
        )
    with transaction.atomic():
        held = list(
            Reservation.objects.filter(holder=holder)
            .select_related("line")
            .select_for_update(of=("line",))
            .order_by("line_id")
        )
        for reservation in held:
            reservation.line.used -= reservation.amount
        Line.objects.bulk_update([r.line for r in held], ["used"])
        Reservation.objects.filter(holder=holder).delete()


def rate(work: Callable[[str, str], None], name: str) -> float:
    """Return how many were reserved and given back a second."""
    from django.db import connection  # noqa: PLC0415

    done = [0] * THREADS
    until = time.perf_counter() + SECONDS

    def run(number: int) -> None:
        try:
            while time.perf_counter() < until:
                work(f"{name}{number}-{done[number]}"[:16], f"u{number}")
                done[number] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS


def main() -> int:
    """Print the line; 1 when the gate is missed or a sum is off."""
    with database.migrated():
        from atelier.quotas.models import Line, Reservation  # noqa: PLC0415

        for number in range(THREADS):
            _ours("warm", f"u{number}")
        pairs = [(rate(_ours, f"a{n}"), rate(_theirs, f"b{n}")) for n in range(PAIRS)]
        exact = not Reservation.objects.exists() and not Line.objects.exclude(used=0).exists()
    ratios = [ours / theirs for ours, theirs in pairs]
    line = {
        "metric": "R1 reservations of nine lines taken and given back a second, 8 threads",
        "ours": round(median(a for a, _ in pairs)),
        "peer": round(median(b for _, b in pairs)),
        "ratio": round(median(ratios), 2),
        "worst": round(min(ratios), 2),
        "gate": GATE,
        "passed": exact and median(ratios) >= GATE,
        "n": PAIRS,
    }
    print(json.dumps(line))
    return 0 if line["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
