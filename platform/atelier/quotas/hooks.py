"""What quotas ask of the layers above."""

from atelier.quotas.models import Line
from atelier.toolkit.hooks import Provider


def _nothing_waits(line: Line) -> list[int]:
    return []


# (line) -> what each of those who wait needs of it, first come first.
waiting_for: Provider[[Line], list[int]] = Provider("quotas.waiting_for", _nothing_waits)
