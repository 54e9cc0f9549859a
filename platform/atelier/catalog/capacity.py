"""How much the engine at hand could give one start, at most."""

import os
from pathlib import Path

from atelier.core.resources import Resources
from atelier.toolkit.hooks import Provider


def this_machine(engine: str) -> Resources | None:
    """Return the cores and memory of this machine, within its control group; no accelerators."""
    return Resources(len(os.sched_getaffinity(0)) * 1000, _memory())


def _memory() -> int:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (text := limit.read_text().strip()).isdigit():
        return min(total, int(text))
    return total


# (engine name) -> the largest one start could ever have, or None where that cannot be told.
provider: Provider[[str], Resources | None] = Provider("catalog.capacity", this_machine)
provide = provider.provide


def _only_the_largest(engine: str) -> list[Resources] | None:
    most = provider(engine)
    return None if most is None else [most]


# (engine name) -> what each machine has; of many, one may have the cores and another the memory.
machines: Provider[[str], list[Resources] | None] = Provider("catalog.machines", _only_the_largest)


def largest(engine: str) -> Resources | None:
    """Return the largest resources one start may ever get from ``engine``."""
    return provider(engine)
