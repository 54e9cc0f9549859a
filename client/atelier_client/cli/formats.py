"""Figures and times the way people read them (ui.md, Formats)."""

from __future__ import annotations

import time
from datetime import datetime

from atelier_client.cli.words import WORDS, w
from atelier_client.messages import language
from atelier_client.models import QuotaLine, Resources

GIB = 1024**3
NOTHING = "–"


def number(value: float, digits: int = 1) -> str:
    """Return a figure without needless zeros, with the language's decimal sign."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if language() == "fr" else text


def memory(value: int) -> str:
    """Return bytes as GiB, or MiB below one."""
    byte = "o" if language() == "fr" else "B"
    if 0 < value < GIB:
        return f"{number(value / 1024**2, 0)} Mi{byte}"
    return f"{number(value / GIB)} Gi{byte}"


def cpu(millicores: int) -> str:
    """Return millicores as cores."""
    figure = number(millicores / 1000, 2)
    # French counts up to two in the singular, exclusive; English has it for one alone.
    one = millicores < 2000 if language() == "fr" else millicores == 1000
    return w("core" if one else "cores", figure=figure)


def resources(value: Resources) -> str:
    """Return "2 CPU, 8 GiB, 1 × nvidia.com/gpu"."""
    parts = [cpu(value.cpu_millicores), memory(value.memory_bytes)]
    parts += [f"{n} × {kind}" for kind, n in value.accelerators.items()]
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Return "6.2 s", "18 min 27 s", "1 h 04 min", "3 d 2 h"."""
    if seconds < 10:
        return f"{number(seconds)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    day = "j" if language() == "fr" else "d"
    return f"{whole // 86400} {day} {whole % 86400 // 3600} h"


def relative(moment: datetime | None) -> str:
    """Return "4 min ago" or "in 30 d", coarse on purpose."""
    if moment is None:
        return NOTHING
    seconds = time.time() - moment.timestamp()
    if abs(seconds) < 10:
        return w("just_now")
    return w("ago" if seconds > 0 else "in", duration=_coarse(abs(seconds)))


def _coarse(seconds: float) -> str:
    day = "j" if language() == "fr" else "d"
    for size, unit in ((86400, day), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds)} s"


def quota_amount(line: QuotaLine, amount: int | None) -> str:
    """Return an amount of a limit in the unit of its resource."""
    if amount is None:
        return w("unlimited")
    if line.resource == "cpu":
        return cpu(amount)
    if line.resource == "memory":
        return memory(amount)
    return str(amount)


def resource_word(resource: str) -> str:
    """Return what a limit counts."""
    if resource.startswith("accelerator:"):
        return resource.partition(":")[2]
    return w(resource) if resource in WORDS else resource
