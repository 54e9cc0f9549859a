"""What a cluster's nodes could give, at most: pure.

A node counts whether or not it takes pods right now: "never" must be true for longer than a
node's restart, and whether a pod tolerates a node is for the scheduler to say.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from atelier.core.resources import Resources
from atelier.engines.kubernetes import quantities


def of_nodes(nodes: Iterable[Mapping[str, Any]]) -> list[Resources]:
    """Return what each node has for pods; a node that cannot be read is left out."""
    found = (of_node(node) for node in nodes)
    return [one for one in found if one is not None]


def of_node(node: Mapping[str, Any]) -> Resources | None:
    """Return what a node has for pods, None when it does not say."""
    given = (node.get("status") or {}).get("allocatable") or {}
    try:
        return Resources(
            quantities.milli(given["cpu"]),
            quantities.whole(given["memory"]),
            accelerators={
                name: count
                for name, amount in given.items()
                if _is_accelerator(name) and (count := quantities.whole(amount)) > 0
            },
        )
    except (KeyError, ValueError, TypeError):
        return None


def _is_accelerator(name: str) -> bool:
    """Tell whether this is a device of a plug-in, which brings its own domain."""
    domain, slash, _ = name.partition("/")
    return bool(slash) and not domain.endswith("kubernetes.io")


def largest(nodes: Iterable[Resources]) -> Resources:
    """Return the most of each resource that any one node has."""
    sizes = list(nodes)
    kinds = {kind for size in sizes for kind in size.accelerators}
    return Resources(
        max((size.cpu_millicores for size in sizes), default=0),
        max((size.memory_bytes for size in sizes), default=0),
        accelerators={
            kind: max(size.accelerators.get(kind, 0) for size in sizes) for kind in sorted(kinds)
        },
    )


def total(nodes: Iterable[Resources]) -> Resources:
    """Return what all nodes have together."""
    whole = Resources(0, 0)
    for size in nodes:
        whole = whole.plus(size)
    return whole
