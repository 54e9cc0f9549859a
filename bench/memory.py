"""P20: proportional memory of the idle platform, started as people start it.

The gate is absolute: 700 MB for portal (two workers), hub, proxy, worker and beat. The peer in the
same run is what of it a plain hub has as well: hub and proxy.
"""

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from atelier.operate.status import tree_memory  # noqa: E402
from tests.operating.installed import RunningPlatform, new_platform  # noqa: E402

GATE_MB = 700
PEER = ("hub", "proxy")
COUNTED = (*PEER, "portal", "worker", "beat")
BESIDE = ("postgres", "valkey", "events")
SETTLE_SECONDS = 20
LOOKS = 5


def look(platform: RunningPlatform) -> dict[str, float]:
    """Return each process's megabytes, all below it included."""
    return {name: tree_memory(pid) / 2**20 for name, (_, pid) in platform.states().items()}


def main() -> int:
    """Print one line of JSON; 1 when the gate is missed."""
    platform = new_platform()
    try:
        platform.up()
        time.sleep(SETTLE_SECONDS)
        looks = []
        for _ in range(LOOKS):
            looks.append(look(platform))
            time.sleep(2)
    finally:
        platform.remove()
    mean = {name: sum(each[name] for each in looks) / LOOKS for name in looks[0]}
    ours, peer = (sum(mean[name] for name in names) for names in (COUNTED, PEER))
    line = {
        "metric": "P20_idle_memory_mb",
        "ours": round(ours),
        "peer": round(peer),
        "ratio": round(ours / peer, 2),
        "n": LOOKS,
        "gate_mb": GATE_MB,
        "beside": {name: round(mean[name]) for name in BESIDE},
    }
    print(json.dumps(line))
    return int(ours > GATE_MB)


if __name__ == "__main__":
    sys.exit(main())
