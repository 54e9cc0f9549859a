"""The place of each project, and what the cluster can give."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.utils import timezone

from atelier.projects.models import Project


class State(models.TextChoices):
    """How a place does. A failed one is tried again with every sweep."""

    PENDING = "pending", "pending"
    READY = "ready", "ready"
    FAILED = "failed", "failed"
    DRAINING = "draining", "draining"
    GONE = "gone", "gone"


# What a sweep keeps as it should be, and what it clears away.
STANDING = frozenset({State.PENDING, State.READY, State.FAILED})
LEAVING = frozenset({State.DRAINING})


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places, whose state changes by compare-and-swap only."""

    def move(self, pk: str, *, from_: Collection[str], to: State, **fields: Any) -> bool:
        """Set the state if it is one of ``from_`` now; tell whether this call did it."""
        return self.filter(pk=pk, state__in=sorted(from_)).update(state=to, **fields) == 1


class Place(models.Model):
    """Where a project's work runs.

    ``uid`` is the namespace's own, from when it was last brought: what has our name and another
    UID and not our labels is somebody else's. ``problem_code`` says what stood in the way last; a
    place that is READY stays so while the cluster is silent, for nothing is known to have gone.
    ``digest`` is of the manifests that it was last brought to.
    """

    project = models.OneToOneField(
        Project, primary_key=True, on_delete=models.PROTECT, related_name="place"
    )
    namespace = models.CharField(max_length=63, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    uid = models.CharField(max_length=60, blank=True)
    internet = models.BooleanField(default=True)
    problem_code = models.CharField(max_length=40, blank=True)
    problem_params = models.JSONField(default=dict)
    problem_since = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    created = models.DateTimeField(default=timezone.now)
    synced_at = models.DateTimeField(null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="place_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.namespace} {self.state}"


class Sighting(models.Model):
    """The last look at a cluster's nodes, published for processes without an account there.

    ``nodes`` holds what each node has for pods. When a look fails, the last one stays, with its
    age, beside the problem. ``strays`` are namespaces with our label and no project: they may hold
    homes, so they are shown and never removed.
    """

    engine = models.CharField(primary_key=True, max_length=30)
    nodes = models.JSONField(default=list)
    seen_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(default=timezone.now)
    problem_code = models.CharField(max_length=40, blank=True)
    problem_params = models.JSONField(default=dict)
    strays = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.engine} at {self.seen_at}"
