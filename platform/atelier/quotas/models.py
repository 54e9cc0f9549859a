"""Limits, reservations against them, the history of limits and the ledger of use.

``Line.used`` is the sum of the reservations on the line, kept by the same statement that writes
them (``services``); there is no CHECK ``used <= limit``, because an admin may set a limit below
what is in use: nothing is stopped then, and nothing more starts.
"""

from functools import partial

from django.conf import settings
from django.db import models
from django.utils import timezone

from atelier.core.ids import new_id

ANYBODY = "*"  # the scope_id of a default line


class Scope(models.TextChoices):
    """Whose limit it is."""

    USER = "user", "user"
    PROJECT = "project", "project"
    PLATFORM = "platform", "platform"


class Line(models.Model):
    """One limit: at most ``limit`` of ``resource`` for one user, one project or the platform.

    Units are millicores, bytes and counts. ``limit`` None means no limit. A line that ``inherits``
    carries the limit of its default line (``scope_id`` ``*``), copied whenever that changes.
    """

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "q"))
    scope = models.CharField(max_length=8, choices=Scope)
    scope_id = models.CharField(max_length=16, blank=True)
    resource = models.CharField(max_length=120)
    limit = models.BigIntegerField(null=True)
    inherits = models.BooleanField(default=True)
    used = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("scope", "scope_id", "resource"), name="one_line_per_resource"
            ),
            models.CheckConstraint(condition=models.Q(used__gte=0), name="line_used_not_negative"),
            models.CheckConstraint(
                condition=models.Q(limit=None) | models.Q(limit__gte=0),
                name="line_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(scope__in=Scope.values), name="line_scope_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(scope_id=ANYBODY) | models.Q(used=0, inherits=False),
                name="default_lines_only_lend_their_limit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.resource} of {self.scope} {self.scope_id}"

    @property
    def is_default(self) -> bool:
        """Tell whether this line only lends its limit to others."""
        return self.scope_id == ANYBODY


class Reservation(models.Model):
    """What one holder has of one line; ``in_use`` from the moment the holder runs."""

    holder = models.CharField(max_length=16)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="reservations")
    amount = models.BigIntegerField()
    in_use = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("holder", "line"), name="one_reservation_per_line"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="reservation_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} for {self.holder}"


class LimitChange(models.Model):
    """One entry of a line's history. None in ``before`` or ``after`` means no limit."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    before = models.BigIntegerField(null=True)
    after = models.BigIntegerField(null=True)
    inherits = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("line", "-id"), name="limit_history"),)

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class UsageInterval(models.Model):
    """One member of one holder held ``resources`` from ``started`` until ``ended``.

    The times are the engine's own. ``observed`` is False where the end was not seen and the last
    sighting stands for it.
    """

    holder = models.CharField(max_length=16)
    member = models.CharField(max_length=200)
    project_id = models.CharField(max_length=16)
    user_id = models.CharField(max_length=16)
    resources = models.JSONField()
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    observed = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("holder", "member"), name="one_interval_per_member"),
            models.CheckConstraint(
                condition=models.Q(ended=None) | models.Q(ended__gte=models.F("started")),
                name="interval_ends_after_start",
            ),
        )
        indexes = (
            models.Index(fields=("project_id", "started"), name="usage_by_project"),
            models.Index(fields=("user_id", "started"), name="usage_by_user"),
        )

    def __str__(self) -> str:
        return f"{self.member} of {self.holder}"
