"""Ends notebook pods and their secrets that no server on record knows.

Such as those of a hub that lost its database.

A spawn is on record before its pod exists, so there is no race with a start. Namespaces in which
something runs are looked at often; all those the portal knows at first and now and then.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from .cluster import Cluster, ClusterAway, ClusterRefused, Kind
from .pod_manifests import GRACE_SECONDS, LABEL_SPAWN, selector
from .pod_reasons import labels_of, uid_of
from .portal import Portal, PortalUnreachable
from .watching import Watches

EVERYWHERE_SECONDS = 600.0
KINDS: tuple[Kind, ...] = ("pods", "secrets")

logger = logging.getLogger(__name__)


class PodSweep:
    """Looks for pods of ours whose spawn nobody knows."""

    def __init__(self, cluster: Cluster, watches: Watches, portal: Portal, instance: str) -> None:
        self._cluster = cluster
        self._watches = watches
        self._portal = portal
        self._selector = selector(instance)
        self._everywhere_at = float("-inf")

    async def run(self, known: Callable[[], frozenset[str]]) -> None:
        """Look once."""
        for namespace in sorted(await self._where()):
            try:
                await self._sweep(namespace, known)
            except (ClusterAway, ClusterRefused) as error:
                # Also a namespace that is not made yet, or gone by now.
                logger.info("orphaned pods of %s not looked for: %s", namespace, error)

    async def _where(self) -> frozenset[str]:
        if time.monotonic() - self._everywhere_at < EVERYWHERE_SECONDS:
            return self._watches.namespaces()
        try:
            named = frozenset(await self._portal.namespaces())
        except PortalUnreachable as error:
            logger.info("orphaned pods not looked for everywhere: %s", error)
            return self._watches.namespaces()
        self._everywhere_at = time.monotonic()
        return self._watches.namespaces() | named

    async def _sweep(self, namespace: str, known: Callable[[], frozenset[str]]) -> None:
        for kind in KINDS:
            found, _ = await self._cluster.list(kind, namespace, labels=self._selector)
            # Asked after the list: what began since is on record, what ended since is harmless.
            on_record = known() if found else frozenset()
            for item in found:
                if labels_of(item).get(LABEL_SPAWN) not in on_record:
                    await self._end(kind, namespace, str(item["metadata"]["name"]), uid_of(item))

    async def _end(self, kind: Kind, namespace: str, name: str, uid: str) -> None:
        logger.warning("ending %s %s of %s, which no server knows", kind, name, namespace)
        grace = GRACE_SECONDS if kind == "pods" else None
        await self._cluster.delete(kind, namespace, name, uid=uid, grace=grace)
