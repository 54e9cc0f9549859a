"""Why an engine could never serve a choice; pure."""

from dataclasses import dataclass
from typing import Any

from atelier.core.amounts import accelerator_name
from atelier.core.resources import Resources

# Engines that run processes on this machine, so that an image alone is of no use to them.
LOCAL_ENGINES = frozenset({"local", "memory"})
GIB = 2**30


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A reason code with its parameters."""

    code: str
    params: dict[str, Any]


def of_spark(executors: int, engine: str) -> Unavailable | None:
    """Return why ``engine`` cannot run executors beside the notebook."""
    if executors and engine in LOCAL_ENGINES:
        return Unavailable("SPARK_NOT_LOCAL", {})
    return None


def of_profile(needs: Resources, largest: Resources | None) -> Unavailable | None:
    """Return why ``largest`` can never hold ``needs``; None when it can or nobody knows."""
    if largest is None or needs.fits_in(largest):
        return None
    for kind, count in needs.accelerators.items():
        if count > largest.accelerators.get(kind, 0):
            return Unavailable("ACCELERATOR_MISSING", {"kind": accelerator_name(kind)})
    return Unavailable("PROFILE_TOO_LARGE", {"needs": _size(needs), "available": _size(largest)})


def of_environment(local_runtime: str, engine: str) -> Unavailable | None:
    """Return why ``engine`` cannot run this environment."""
    if engine in LOCAL_ENGINES and not local_runtime:
        return Unavailable("ENVIRONMENT_NOT_LOCAL", {})
    return None


def _size(amount: Resources) -> str:
    """Return for example "2 CPU, 7.6 GiB", which reads the same in both languages."""
    return f"{amount.cpu_millicores / 1000:g} CPU, {amount.memory_bytes / GIB:.3g} GiB"
