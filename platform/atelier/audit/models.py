"""The audit log's one table. A trigger of the migration refuses to change or delete its rows."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Record(models.Model):
    """One change of state: who did what to which object, before and after.

    Names are copied, so that a record reads the same after its object was renamed.
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    actor_name = models.CharField(max_length=30, blank=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    object_name = models.CharField(max_length=200, blank=True)
    project_id = models.CharField(max_length=16, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("-id", "project_id"), name="audit_by_project"),
            models.Index(fields=("object_type", "object_id", "-id"), name="audit_by_object"),
            models.Index(fields=("actor", "-id"), name="audit_by_actor"),
            models.Index(fields=("verb", "-id"), name="audit_by_verb"),
            models.Index(fields=("at",), name="audit_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.object_name}"
