"""Kubernetes' quantities: one amount has many spellings, so they are compared as numbers."""

import re
from decimal import Decimal

_SUFFIXES = {
    "": Decimal(1), "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"),
    "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12),
    "P": Decimal(10**15), "E": Decimal(10**18),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40),
    "Pi": Decimal(2**50), "Ei": Decimal(2**60),
}  # fmt: skip
_QUANTITY = re.compile(r"([+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)", re.ASCII)


def parse(text: object) -> Decimal:
    """Return the amount; raises ValueError for what is no quantity."""
    found = _QUANTITY.fullmatch(str(text))
    if found is None or found[2] not in _SUFFIXES:
        raise ValueError(f"not a quantity: {text!r}")
    return Decimal(found[1]) * _SUFFIXES[found[2]]


def whole(text: object) -> int:
    """Return the amount in whole units, rounded down."""
    return int(parse(text))


def milli(text: object) -> int:
    """Return the amount in thousandths, rounded down: millicores of a cpu quantity."""
    return int(parse(text) * 1000)
