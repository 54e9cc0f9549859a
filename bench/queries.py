"""P7: statements of every list route at 1, 50 and 200 rows; the peer is one look-up for each row.

The routes come from the OpenAPI document; `tests/contract/test_queries.py` holds the same in CI.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from bench import database  # noqa: E402

MOST = 4
N_PLUS_ONE = 51


def measure() -> dict[str, list[int]]:
    """Return the statements of each list route at each length."""
    from django.db import transaction  # noqa: PLC0415

    from tests.contract import test_queries  # noqa: PLC0415
    from tests.contract.world import make_world  # noqa: PLC0415

    found = {}
    for operation in test_queries.LISTS:
        with transaction.atomic():
            found[operation.id] = test_queries.costs(operation, make_world())
            transaction.set_rollback(True)
    return found


def main() -> int:
    """Print the line; 1 when a list is not constant or costs more than four statements."""
    with database.migrated():
        costs = measure()
    worst = max(max(each) for each in costs.values())
    constant = all(len(set(each)) == 1 for each in costs.values())
    line = {
        "metric": f"P7 statements of the costliest of {len(costs)} lists, constant at 1-200 rows",
        "ours": worst,
        "peer": N_PLUS_ONE,
        "ratio": round(worst / N_PLUS_ONE, 2),
        "gate": MOST,
        "passed": constant and worst <= MOST,
        "n": len(costs),
    }
    print(json.dumps(line))
    return 0 if line["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
