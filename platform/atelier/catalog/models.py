"""Environments and hardware profiles, and which projects may use which."""

from functools import partial
from typing import Any

from django.db import models
from django.utils import timezone

from atelier.core.ids import new_id
from atelier.core.names import ADDRESS
from atelier.core.resources import Resources
from atelier.projects.models import Project


class ChoiceQuerySet(models.QuerySet[Any]):
    """What a project may choose from."""

    def living(self) -> "ChoiceQuerySet":
        """Return what was not deleted; the deleted stay for the runs that used them."""
        return self.filter(deleted_at=None)

    def offered_to(self, project: Project) -> "ChoiceQuerySet":
        """Return what is enabled and open to ``project``, in the order it is shown."""
        open_to_it = models.Q(all_projects=True) | models.Q(projects=project)
        return (
            self.living()
            .filter(open_to_it, enabled=True)
            .distinct()
            .order_by("ordering", "name", "id")
        )


class Choice(models.Model):
    """What environments and profiles have in common."""

    slug = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=2000, blank=True)
    enabled = models.BooleanField(default=True)
    all_projects = models.BooleanField(default=True)
    projects = models.ManyToManyField(Project, related_name="+", blank=True)
    ordering = models.IntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=models.Q(slug__regex=f"^{ADDRESS.pattern}$"),
                name="%(class)s_slug_is_safe",
            ),
            models.UniqueConstraint(
                fields=("slug",),
                condition=models.Q(deleted_at=None),
                name="%(class)s_slug_is_unique",
            ),
        )

    def __str__(self) -> str:
        return self.slug


class Environment(Choice):
    """The software of a start: an image on Kubernetes, a virtual environment locally."""

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "e"))
    image = models.CharField(max_length=300, blank=True)
    local_runtime = models.CharField(max_length=30, blank=True)
    packages = models.JSONField(default=list)


class KindLabel(models.TextChoices):
    """The family a profile is shown in."""

    CPU = "cpu", "CPU"
    GPU = "gpu", "GPU"
    SPARK = "spark", "Spark"


class Profile(Choice):
    """The hardware of a start. Node selector and tolerations are the admins' alone."""

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "h"))
    kind_label = models.CharField(max_length=5, choices=KindLabel, default=KindLabel.CPU)
    resources = models.JSONField()
    shared_memory_bytes = models.PositiveBigIntegerField(default=0)
    spark_executors = models.PositiveIntegerField(default=0)
    spark_executor_resources = models.JSONField(null=True)
    node_selector = models.JSONField(default=dict)
    tolerations = models.JSONField(default=list)

    @property
    def as_resources(self) -> Resources:
        """Return what the notebook itself gets."""
        return Resources.from_json(self.resources)

    @property
    def total_resources(self) -> Resources:
        """Return what a start reserves: the notebook and all its Spark executors."""
        whole = self.as_resources
        if not self.spark_executors or self.spark_executor_resources is None:
            return whole
        executors = Resources.from_json(self.spark_executor_resources)
        return whole.plus(executors.times(self.spark_executors))
