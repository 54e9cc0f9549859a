"""Workloads, their attempts and members, and what was said about them."""

from functools import partial
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.ids import new_id
from atelier.core.resources import Resources
from atelier.projects.models import Project
from atelier.toolkit.orm import MovingQuerySet
from atelier.workloads.status import IN_ENGINE, LIVE, TERMINAL, Status, Target


class WorkloadQuerySet(MovingQuerySet["Workload"]):
    """Workloads as a user may see them, by where they are in their life."""

    def visible_to(self, user: User) -> Self:
        """Return the workloads whose existence ``user`` may know of."""
        if user.is_active and user.is_auditor:
            return self.all()
        return self.filter(project__in=Project.objects.visible_to(user).values("pk"))

    def live(self) -> Self:
        """Return those that have not ended."""
        return self.filter(status__in=LIVE)

    def in_engine(self) -> Self:
        """Return those for which their engine may hold something."""
        return self.filter(status__in=IN_ENGINE)


class Workload(models.Model):
    """One run of a durable thing with fixed resources per replica; a terminal status is final.

    ``engine_name`` is the run's name in its engine, recorded with the intent to submit it.
    ``steps`` maps the steps of its start to their times. ``ends_as`` is what it becomes when it
    is seen gone after STOPPING. ``stale_since`` is set while the engine cannot see it: the status
    stays, for unseen is not gone. ``sighting`` is a digest of the members and events last copied.
    """

    class Origin(models.TextChoices):
        """Which door it came through."""

        PORTAL = "portal", "portal"
        HUB = "hub", "hub"
        API = "api", "api"

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "w"))
    kind = models.CharField(max_length=30)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="workloads")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="workloads")
    engine = models.CharField(max_length=30)
    engine_name = models.CharField(max_length=120, blank=True, db_index=True)
    name = models.CharField(max_length=120)
    durable_id = models.CharField(max_length=16, db_index=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.PORTAL)
    target = models.CharField(max_length=8, choices=Target, default=Target.RUNNING)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    ends_as = models.CharField(max_length=10, choices=Status, default=Status.STOPPED)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_params = models.JSONField(default=dict)
    resources = models.JSONField()
    replicas = models.PositiveIntegerField(default=1)
    generation = models.PositiveIntegerField(default=0)
    attempt_number = models.PositiveIntegerField(default=0)
    steps = models.JSONField(default=dict)
    failures = models.PositiveIntegerField(default=0)
    sighting = models.CharField(max_length=16, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    created = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    stale_since = models.DateTimeField(null=True)

    objects = WorkloadQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="workload_status_known"
            ),
            models.CheckConstraint(
                condition=Q(target__in=Target.values), name="workload_target_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_as__in=sorted(TERMINAL)), name="workload_ends_in_terminal_status"
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(TERMINAL), finished_at__isnull=False)
                | Q(status__in=sorted(LIVE), finished_at__isnull=True),
                name="workload_finished_exactly_when_terminal",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(IN_ENGINE)) | ~Q(engine_name=""),
                name="workload_in_engine_has_a_name_there",
            ),
        )
        indexes = (
            models.Index(
                fields=("engine", "due_at"),
                name="workload_due",
                condition=Q(status__in=sorted(LIVE)),
            ),
            models.Index(fields=("-created", "-id"), name="workload_newest"),
            models.Index(fields=("project", "-created", "-id"), name="workload_of_project"),
            models.Index(fields=("owner", "-created", "-id"), name="workload_of_owner"),
            models.Index(fields=("status", "-created", "-id"), name="workload_by_status"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.status}"

    @property
    def audit_name(self) -> str:
        """Return the name that the audit log keeps."""
        return self.name

    @property
    def is_over(self) -> bool:
        """Tell whether it has ended for good."""
        return self.status in TERMINAL

    @property
    def as_resources(self) -> Resources:
        """Return what one replica may use."""
        return Resources.from_json(self.resources)


class Outcome(models.TextChoices):
    """How an attempt ended."""

    NONE = "", "under way"
    SUCCEEDED = "succeeded", "succeeded"
    FAILED = "failed", "failed"
    STOPPED = "stopped", "stopped"
    REFUSED = "refused", "refused"


class LogState(models.TextChoices):
    """Where the copying of what an attempt printed is."""

    OPEN = "", "as long as somebody looks"
    WANTED = "wanted", "whole, before the engine forgets it"
    CLOSED = "closed", "done"


class Attempt(models.Model):
    """One try at running a workload.

    ``engine_name`` is its name in the engine. Its log is copied while ``log_watched_until`` lies
    ahead; once the end is there it is WANTED whole, and looked after at ``log_due_at``.
    """

    workload = models.ForeignKey(Workload, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    engine_name = models.CharField(max_length=120, blank=True)
    log_state = models.CharField(max_length=6, choices=LogState, blank=True)
    log_due_at = models.DateTimeField(null=True)
    log_tries = models.PositiveIntegerField(default=0)
    log_watched_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_params = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workload", "number"), name="one_attempt_per_number"),
        )
        indexes = (
            models.Index(
                fields=("engine_name",), condition=~Q(engine_name=""), name="attempt_in_engine"
            ),
            models.Index(
                fields=("log_due_at",), condition=Q(log_state="wanted"), name="attempt_log_wanted"
            ),
            models.Index(
                fields=("log_watched_until",),
                condition=Q(log_state="", log_watched_until__isnull=False),
                name="attempt_log_watched",
            ),
        )

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.workload_id}"


class LogEnd(models.TextChoices):
    """How the log of a member ends: it may still grow until one of these is known."""

    OPEN = "", "not reached"
    WHOLE = "whole", "everything was copied"
    CUT = "cut", "longer than what is kept"
    LOST = "lost", "the engine had no more of it"


class Member(models.Model):
    """One process or pod of an attempt; ``log_size`` bytes of what it printed are kept."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=40)
    index = models.PositiveIntegerField()
    engine_uid = models.CharField(max_length=120, blank=True)
    phase = models.CharField(max_length=10)
    node = models.CharField(max_length=253, blank=True)
    scheduled_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    exit_code = models.IntegerField(null=True)
    peak_memory_bytes = models.BigIntegerField(null=True)
    log_size = models.BigIntegerField(default=0)
    log_end = models.CharField(max_length=5, choices=LogEnd, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("attempt", "role", "index", "engine_uid"), name="one_row_per_member"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.index} of {self.attempt_id}"


class LogChunk(models.Model):
    """Bytes that a member printed, from ``offset`` on. Never changed once written."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="log_chunks")
    offset = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("member", "offset"), name="one_chunk_per_offset"),
        )

    def __str__(self) -> str:
        return f"log of {self.member_id} from {self.offset}"


class WorkloadEvent(models.Model):
    """Something that was said about a workload, kept after its engine forgot it."""

    class Source(models.TextChoices):
        """Who said it."""

        PLATFORM = "platform", "platform"
        ENGINE = "engine", "engine"

    workload = models.ForeignKey(Workload, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    text = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.PLATFORM)
    # Copies of an engine's event carry its key, so that copying twice is harmless.
    key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workload", "key"), condition=~Q(key=""), name="one_copy_per_event"
            ),
        )
        indexes = (models.Index(fields=("workload", "-at", "-id"), name="events_of_workload"),)

    def __str__(self) -> str:
        return f"{self.code} of {self.workload_id}"
