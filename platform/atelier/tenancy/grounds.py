"""What places are made of: namespaces of a cluster, or folders on this machine."""

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

from django.conf import settings

from atelier.core.errors import EngineUnavailable
from atelier.core.resources import Resources
from atelier.engines.kubernetes import Cluster, capacity, namespaces
from atelier.engines.kubernetes.access import load
from atelier.engines.kubernetes.errors import ApiError
from atelier.engines.kubernetes.places import Brought, Found, Places
from atelier.projects.models import Project
from atelier.tenancy.models import Place


@dataclass(frozen=True, slots=True)
class Wish:
    """What a project's place is to be."""

    place: Place
    project: Project
    limits: dict[str, int | None] = field(default_factory=dict)
    groups: tuple[str, ...] = ()


class Ground(Protocol):
    """Where places are. Every verb may be repeated without harm.

    They raise ``core.errors.Unavailable`` when it is worth trying again, ``Refused`` when not.
    """

    def look(self, namespace: str = "") -> Found:
        """Return what is there, of all places or of one."""

    def bring(self, wish: Wish, seen: Found) -> Brought:
        """Make the place as it is to be."""

    def digest(self, wish: Wish) -> str:
        """Return what tells one wish from another."""

    def clear(self, place: Place) -> bool:
        """Have everything of a place removed; tell whether nothing is left."""

    def nodes(self) -> list[Resources]:
        """Return what each machine could give."""


class ClusterGround:
    """Namespaces of a cluster."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def look(self, namespace: str = "") -> Found:
        try:
            return self._places.look(namespace)
        except ApiError as said:
            raise EngineUnavailable("CLUSTER_DENIED", {"detail": said.message[:300]}) from said

    def bring(self, wish: Wish, seen: Found) -> Brought:
        return self._places.bring(namespaces.manifests(plan(wish)), seen, uid=wish.place.uid)

    def digest(self, wish: Wish) -> str:
        whole = json.dumps(namespaces.manifests(plan(wish)), sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()

    def clear(self, place: Place) -> bool:
        return self._places.remove(place.namespace, place.pk, uid=place.uid)

    def nodes(self) -> list[Resources]:
        return capacity.of_nodes(self._places.nodes())


class FolderGround:
    """Folders of homes on this machine; a project's is made by whoever starts its first server."""

    def __init__(self, homes: Path) -> None:
        self._homes = homes

    def look(self, namespace: str = "") -> Found:
        return {}

    def bring(self, wish: Wish, seen: Found) -> Brought:
        return Brought("")

    def digest(self, wish: Wish) -> str:
        return ""

    def clear(self, place: Place) -> bool:
        folder = self._homes / place.pk
        try:
            # Goes by file descriptors, so that nobody's symbolic link leads it elsewhere.
            shutil.rmtree(folder)
        except FileNotFoundError:
            return True
        except OSError as error:
            raise EngineUnavailable("HOMES_NOT_REMOVED", {"detail": str(error)[:300]}) from error
        return not folder.exists()

    def nodes(self) -> list[Resources]:
        return []


def plan(wish: Wish) -> namespaces.Place:
    """Return what decides about a namespace."""
    return namespaces.Place(
        namespace=wish.place.namespace,
        project_id=wish.project.pk,
        project_slug=wish.project.slug,
        instance=settings.ATELIER_INSTANCE,
        system_namespace=settings.ATELIER_SYSTEM_NAMESPACE,
        limits=wish.limits,
        peers=tuple(map(namespaces.Peer.parse, settings.ATELIER_PLATFORM_PEERS)),
        internet=wish.place.internet and settings.ATELIER_PROJECT_INTERNET,
        not_internet=tuple(settings.ATELIER_PRIVATE_RANGES),
        home_bytes=settings.ATELIER_HOME_GIB * namespaces.GIB,
        groups=wish.groups,
        is_closed=wish.project.archived_at is not None,
    )


@lru_cache(maxsize=1)
def _cluster_ground() -> ClusterGround:
    cluster = Cluster(partial(load, settings.ATELIER_KUBECONFIG))
    return ClusterGround(Places(cluster, settings.ATELIER_INSTANCE))


def ground() -> Ground:
    """Return where places are; only the tenancy worker may ask where that is a cluster."""
    if settings.ATELIER_ENGINE == "kubernetes":
        return _cluster_ground()
    return FolderGround(settings.ATELIER_HOME / "homes")


def forget() -> None:
    """Find the cluster anew, after its settings changed."""
    _cluster_ground.cache_clear()
