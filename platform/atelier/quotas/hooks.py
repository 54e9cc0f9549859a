"""What quotas ask of the layers above."""

from atelier.quotas.models import Line
from atelier.toolkit.hooks import Hook, Provider

# (line): its limit is another now; part of the transaction that changed it. A default line lends
# its limit to every line that inherits.
limit_set: Hook[[Line]] = Hook("quotas.limit_set")


def _nothing_waits(line: Line) -> list[int]:
    return []


# (line) -> what each of those who wait needs of it, first come first.
waiting_for: Provider[[Line], list[int]] = Provider("quotas.waiting_for", _nothing_waits)
