"""Notebook servers and their runs."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.core.ids import new_id
from atelier.projects.models import Project
from atelier.workloads.models import Workload

# The reason of a stop after which the same server starts again.
RESTARTING = "RESTARTING"


def new_server_id() -> str:
    """Return an id that is a server name at the hub as well."""
    return new_id("n")


class NotebookServerQuerySet(models.QuerySet["NotebookServer"]):
    """Notebook servers as a user may see them."""

    def visible_to(self, user: User) -> Self:
        """Return the servers whose existence ``user`` may know of: those of his projects."""
        return self.filter(project__in=Project.objects.visible_to(user).values("pk"))

    def kept(self) -> Self:
        """Return those that were not deleted."""
        return self.filter(deleted_at=None)


class NotebookServer(models.Model):
    """A notebook server somebody has, running or not. Project and owner never change.

    ``hub_server`` is its name at the hub: the id, or, for one started from the hub's own page,
    whatever it was called there ('' is the hub's default server). ``environment`` and ``profile``
    are those of the next start; a run keeps its own. ``workload`` is the present or last run.
    """

    id = models.CharField(primary_key=True, max_length=16, default=new_server_id)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="notebooks")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notebooks")
    name = models.CharField(max_length=80)
    hub_server = models.CharField(max_length=30, blank=True)
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+")
    workload = models.ForeignKey(
        Workload, null=True, on_delete=models.PROTECT, related_name="notebook_servers"
    )
    reset_packages = models.BooleanField(default=False)
    restart_wanted = models.BooleanField(default=False)
    # Why a restart that was asked for did not come about: a code of core.reasons.
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_params = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = NotebookServerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("project", "owner", "name"),
                condition=Q(deleted_at=None),
                name="notebook_name_is_the_owners_own",
            ),
            models.UniqueConstraint(
                fields=("owner", "hub_server"),
                condition=Q(deleted_at=None),
                name="one_notebook_per_server_of_the_hub",
            ),
        )
        indexes = (
            models.Index(fields=("-created", "-id"), name="notebook_newest"),
            models.Index(fields=("project", "-created"), name="notebook_of_project"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    @property
    def audit_name(self) -> str:
        """Return what the audit log calls it."""
        return self.name

    @property
    def home(self) -> str:
        """Return its home below the folder of homes: one for each user and project."""
        return f"{self.project_id}/{self.owner.username}"


class Run(models.Model):
    """What one run of a notebook server is made of, and what is known of it beside its workload.

    ``spawn_id`` is the hub's start that this run is bound to. Activity is what hub and runtime
    tell; ``idle_stop_at`` is set once a stop is announced. ``end_code`` is why its process ended,
    as far as the spawner knows.
    """

    workload = models.OneToOneField(
        Workload, primary_key=True, on_delete=models.CASCADE, related_name="notebook_run"
    )
    server = models.ForeignKey(NotebookServer, on_delete=models.CASCADE, related_name="runs")
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+")
    rescue = models.BooleanField(default=False)
    reset_packages = models.BooleanField(default=False)
    spawn_id = models.CharField(max_length=32, blank=True)
    last_activity = models.DateTimeField(null=True)
    busy_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField(null=True)
    idle_stop_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    cpu_millicores = models.PositiveIntegerField(null=True)
    memory_bytes = models.PositiveBigIntegerField(null=True)
    end_code = models.CharField(max_length=40, blank=True)
    end_params = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("spawn_id",), condition=~Q(spawn_id=""), name="one_run_per_spawn"
            ),
        )

    def __str__(self) -> str:
        return f"run {self.workload_id} of {self.server_id}"
