"""Training jobs."""

from functools import partial
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from atelier.accounts.models import User
from atelier.catalog.models import Environment, Profile
from atelier.core.ids import new_id
from atelier.projects.models import Project
from atelier.workloads.models import Workload


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs as a user may see them."""

    def visible_to(self, user: User) -> Self:
        """Return the jobs whose existence ``user`` may know of: those of his projects."""
        return self.filter(project__in=Project.objects.visible_to(user).values("pk"))


class Job(models.Model):
    """A command somebody wants run to its end, and the run of it. Nothing of it ever changes.

    It runs in an ``environment`` of the catalogue or in an ``image`` named outright. ``exit_code``
    is kept from the members when the run has ended.
    """

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "j"))
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="jobs")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs")
    name = models.CharField(max_length=80)
    command = models.JSONField()
    env = models.JSONField(default=dict)
    environment = models.ForeignKey(
        Environment, null=True, on_delete=models.PROTECT, related_name="+"
    )
    image = models.CharField(max_length=300, blank=True)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+")
    workload = models.OneToOneField(Workload, on_delete=models.PROTECT, related_name="job")
    exit_code = models.IntegerField(null=True)
    created = models.DateTimeField(default=timezone.now)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(environment=None) ^ Q(image=""), name="job_has_environment_or_image"
            ),
        )
        indexes = (
            models.Index(fields=("-created", "-id"), name="job_newest"),
            models.Index(fields=("project", "-created", "-id"), name="job_of_project"),
            models.Index(fields=("owner", "-created", "-id"), name="job_of_owner"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    @property
    def audit_name(self) -> str:
        """Return what the audit log calls it."""
        return self.name
