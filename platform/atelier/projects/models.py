"""Projects, memberships and invitations."""

from functools import partial

from django.db import models
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.ids import new_id
from atelier.core.names import ADDRESS


class Role(models.TextChoices):
    """What a member may do: each role includes the ones before it."""

    VIEWER = "viewer", "viewer"
    MEMBER = "member", "member"
    LEAD = "lead", "lead"


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects as a user may see them."""

    def visible_to(self, user: User) -> "ProjectQuerySet":
        """Return the projects whose existence ``user`` may know of."""
        if not user.is_active:
            return self.none()
        there = self.filter(gone_at=None)
        if user.bound_project_id:
            return there.filter(pk=user.bound_project_id, memberships__user=user)
        if user.is_auditor:
            return there
        return there.filter(memberships__user=user)

    def live(self) -> "ProjectQuerySet":
        """Return those that are not archived."""
        return self.filter(archived_at=None)


class Project(models.Model):
    """A team's place. Id and slug never change; the slug is its readable address.

    ``deleted_at`` marks one that is to go: nothing starts in it any more and its place is being
    cleared. At ``gone_at`` that is done: nobody finds it any more, and its slug is free.
    """

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "p"))
    slug = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=2000, blank=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)
    archived_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="projects"
    )

    objects = ProjectQuerySet.as_manager()

    # Set by selectors.get_project: who asked, and his role ("" or None: none).
    asked_by: "tuple[str, str | None] | None" = None

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(slug__regex=f"^{ADDRESS.pattern}$"), name="slug_is_safe"
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(archived_at__isnull=False),
                name="deleted_is_archived",
            ),
            models.CheckConstraint(
                condition=models.Q(gone_at=None) | models.Q(deleted_at__isnull=False),
                name="gone_was_deleted",
            ),
        )

    def __str__(self) -> str:
        return self.slug

    @property
    def audit_project_id(self) -> str:
        """Return the project an audit record of this belongs to."""
        return self.pk

    @property
    def namespace(self) -> str:
        """Return the Kubernetes namespace of this project."""
        return f"atelier-{self.pk}"


class Membership(models.Model):
    """A user's role in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("project", "user"), name="one_role_per_member"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.project_id}"


class Invitation(models.Model):
    """A link that makes whoever opens it, signed in, a member once."""

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "i"))
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=6, choices=Role)
    note = models.CharField(max_length=200, blank=True)
    hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="accepted_invitations"
    )

    def __str__(self) -> str:
        return f"{self.id} to {self.project_id}"
