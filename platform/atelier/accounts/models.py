"""Users and what lets them in: tokens, browser sessions, login counters, reset links."""

from functools import partial
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from atelier.core.ids import new_id
from atelier.core.names import ADDRESS


class PlatformRole(models.TextChoices):
    """What a user may do beyond his projects."""

    NONE = "", "none"
    AUDITOR = "auditor", "auditor"
    ADMIN = "admin", "admin"


class Language(models.TextChoices):
    """Languages of the portal."""

    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class Theme(models.TextChoices):
    """How the portal looks."""

    SYSTEM = "system", "system"
    LIGHT = "light", "light"
    DARK = "dark", "dark"


class UserManager(BaseUserManager["User"]):
    """Finds users; ``accounts.services.create_user`` makes them."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user named exactly ``username``."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person. The username is immutable: it names the hub user and the home folder."""

    id = models.CharField(
        primary_key=True, max_length=16, default=partial(new_id, "u"), editable=False
    )
    username = models.CharField(max_length=30, unique=True)
    display_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254, blank=True)
    platform_role = models.CharField(max_length=10, choices=PlatformRole, blank=True, default="")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    time_zone = models.CharField(max_length=64, default="UTC")
    uid_number = models.PositiveIntegerField(unique=True)
    created = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # Set by authentication when a token of one workload is used: nothing else is visible then.
    bound_project_id: str = ""
    # Set by authentication when a token without the scope "admin" is used.
    lacks_admin_scope: bool = False

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(username__regex=f"^{ADDRESS.pattern}$"), name="username_is_safe"
            ),
            models.CheckConstraint(
                condition=models.Q(platform_role__in=PlatformRole.values),
                name="platform_role_known",
            ),
        )

    @property
    def is_admin(self) -> bool:
        """Tell whether this user administers the platform; not by a token made for less."""
        if self.bound_project_id or self.lacks_admin_scope:
            return False
        return self.platform_role == PlatformRole.ADMIN

    @property
    def is_auditor(self) -> bool:
        """Tell whether this user may read everything; admins may as well."""
        return bool(self.platform_role) and not self.bound_project_id


class ApiToken(models.Model):
    """A bearer token, kept as its SHA-256.

    A workload's token carries the project and workload it is bound to (ids, for this layer does
    not know them) and dies with the workload.
    """

    class Scope(models.TextChoices):
        """What a token may do: each scope includes the ones before it."""

        READ = "read", "read"
        WRITE = "write", "write"
        ADMIN = "admin", "admin"

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "t"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=5, choices=Scope))
    project_id = models.CharField(max_length=16, blank=True)
    workload_id = models.CharField(max_length=16, blank=True, db_index=True)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class BrowserSession(models.Model):
    """A signed-in browser: Django's session, its key kept as SHA-256 so that a dump opens none."""

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "b"))
    key_hash = models.CharField(max_length=64, unique=True)
    data = models.TextField()
    expires = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="browsers")
    user_agent = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    created = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.id} of {self.user_id}"


class LoginCounter(models.Model):
    """Attempts within one window, counted by a single statement before any hashing."""

    key = models.CharField(primary_key=True, max_length=64)
    attempts = models.PositiveIntegerField(default=0)
    resets_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.attempts}"


class PasswordReset(models.Model):
    """A link that lets a user choose a password once."""

    id = models.CharField(primary_key=True, max_length=16, default=partial(new_id, "r"))
    hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_resets")
    created_by = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.id} for {self.user_id}"
