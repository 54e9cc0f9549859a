"""Amounts of quota resources as people read them: cores, GiB, counts; English and French."""

from collections.abc import Mapping
from types import MappingProxyType

GIB = 2**30
MIB = 2**20

NO_LIMIT: Mapping[str, str] = MappingProxyType({"en": "no limit", "fr": "aucune limite"})

# (English one, English more, French one, French more)
_COUNTED = {
    "notebooks": (
        "notebook server",
        "notebook servers",
        "serveur de notebook",
        "serveurs de notebook",
    ),
    "cpu": ("core", "cores", "cœur", "cœurs"),
}
_SHORT_ACCELERATORS = {"nvidia.com/gpu": "GPU", "amd.com/gpu": "GPU AMD"}


def amount_text(resource: str, amount: int) -> dict[str, str]:
    """Return ``amount`` of a quota resource in words, by language."""
    if resource == "memory":
        return _memory(amount)
    if resource.startswith("accelerator:"):
        name = accelerator_name(resource.removeprefix("accelerator:"))
        return {"en": f"{amount} × {name}", "fr": f"{amount} × {name}"}
    figure, number = (
        (_plain(amount / 1000), amount / 1000) if resource == "cpu" else (str(amount), amount)
    )
    names = _COUNTED.get(resource, (resource, resource, resource, resource))
    return {
        "en": f"{figure} {names[0 if number == 1 else 1]}",
        # French has the singular below two.
        "fr": f"{figure.replace('.', ',')} {names[2 if number < 2 else 3]}",
    }


def accelerator_name(kind: str) -> str:
    """Return what people call an accelerator: "GPU" for nvidia.com/gpu."""
    return _SHORT_ACCELERATORS.get(kind, kind)


def limit_text(resource: str, limit: int | None) -> dict[str, str]:
    """Return a limit in words; None is no limit."""
    return dict(NO_LIMIT) if limit is None else amount_text(resource, limit)


def _memory(amount: int) -> dict[str, str]:
    if amount >= GIB or amount == 0:
        figure, en, fr = _plain(amount / GIB), "GiB", "Gio"
    else:
        figure, en, fr = _plain(amount / MIB), "MiB", "Mio"
    return {"en": f"{figure} {en}", "fr": f"{figure.replace('.', ',')} {fr}"}


def _plain(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
