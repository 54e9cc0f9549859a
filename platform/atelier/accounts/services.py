"""What can be done to accounts. Each verb writes its audit row in its own transaction."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

from atelier.accounts import login, passwords, policies
from atelier.accounts.hooks import Cause, access_ended
from atelier.accounts.models import (
    ApiToken,
    BrowserSession,
    LoginCounter,
    PasswordReset,
    PlatformRole,
    User,
)
from atelier.accounts.secrets import SHOWN, TOKEN_PREFIX, hash_of, new_secret
from atelier.audit import services as audit
from atelier.core.errors import Conflict, InvalidSpec, NotFound, PreconditionFailed
from atelier.core.names import parse_address, parse_display_name
from atelier.toolkit import events
from atelier.toolkit.orm import lock_in_transaction

FIRST_UID = 60001
NOT_FOR_USERS = frozenset({65534, 65535})  # nobody, and the number that means "no user"
RESET_LIFETIME = timedelta(days=2)
MOST_TOKENS = 50
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_SHOWN_FIELDS = ("username", "display_name", "email", "platform_role", "is_active")


def _state(user: User, fields: tuple[str, ...] = _SHOWN_FIELDS) -> dict[str, Any]:
    return {name: getattr(user, name) for name in fields}


# --- users -----------------------------------------------------------------------------------


@transaction.atomic
def create_user(
    *,
    actor: User | None,
    username: str,
    display_name: str,
    email: str = "",
    platform_role: str = "",
    password: str | None = None,
) -> User:
    """Create a user; without a password nobody can sign in until a reset link was used.

    ``actor`` is None for the first administrator, whom the platform itself creates.
    """
    policies.require(actor is None or policies.can_administer(actor))
    user = User(
        username=parse_address(username, field="username"),
        display_name=parse_display_name(display_name, field="display_name"),
        email=email,
        platform_role=PlatformRole(platform_role),
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.password = passwords.hashed(password, user, field="password")
    user.uid_number = _next_uid()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("NAME_TAKEN", {"name": username}, field="username") from error
    audit.record(actor, "user.created", user, after=_state(user))
    return user


def _next_uid() -> int:
    """Return a local uid nobody ever had: files outlive their owner's account."""
    lock_in_transaction("accounts.uid")
    highest = User.objects.aggregate(highest=Max("uid_number"))["highest"] or 0
    number = max(int(highest) + 1, FIRST_UID)
    while number in NOT_FOR_USERS:
        number += 1
    return number


@transaction.atomic
def change_user(*, actor: User, username: str, version: int, changes: Mapping[str, Any]) -> User:
    """Change what an administrator may change; another role ends the user's access."""
    policies.require(policies.can_administer(actor))
    user = _locked(username)
    before = _state(user)
    if user.version != version:
        raise PreconditionFailed
    for name, value in changes.items():
        setattr(user, name, value)
    after = _state(user)
    if after == before:
        return user
    user.version += 1
    user.save(update_fields=[*changes, "version"])
    if before["platform_role"] == PlatformRole.ADMIN != user.platform_role:
        _require_another_admin()
    audit.record(actor, "user.changed", user, before=before, after=after)
    if before["platform_role"] != user.platform_role:
        end_access(user, Cause.ROLE_CHANGED)
    return user


@transaction.atomic
def deactivate_user(*, actor: User, username: str) -> User:
    """Close an account: sessions, tokens and hub access end, and what runs is stopped."""
    policies.require(policies.can_administer(actor))
    user = _locked(username)
    if not user.is_active:
        return user
    user.is_active = False
    user.version += 1
    user.save(update_fields=("is_active", "version"))
    _require_another_admin()
    audit.record(
        actor, "user.deactivated", user, before={"is_active": True}, after={"is_active": False}
    )
    end_access(user, Cause.DEACTIVATED)
    return user


@transaction.atomic
def activate_user(*, actor: User, username: str) -> User:
    """Open a closed account again. Its old sessions and tokens stay ended."""
    policies.require(policies.can_administer(actor))
    user = _locked(username)
    if user.is_active:
        return user
    user.is_active = True
    user.version += 1
    user.save(update_fields=("is_active", "version"))
    audit.record(
        actor, "user.activated", user, before={"is_active": False}, after={"is_active": True}
    )
    return user


def _locked(username: str) -> User:
    # Taken before any row: two admins who demote each other at once wait here.
    lock_in_transaction("accounts.admins")
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound
    return user


def _require_another_admin() -> None:
    if not User.objects.filter(platform_role=PlatformRole.ADMIN, is_active=True).exists():
        raise Conflict("LAST_ADMIN")


def change_me(*, user: User, changes: Mapping[str, Any]) -> User:
    """Change one's own profile and preferences; what runs has no business with them."""
    policies.require(not user.bound_project_id)
    fields = tuple(changes)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        before = _state(user, fields)
        for name, value in changes.items():
            setattr(user, name, value)
        if (after := _state(user, fields)) != before:
            user.version += 1
            user.save(update_fields=[*fields, "version"])
            audit.record(user, "user.changed", user, before=before, after=after)
    return user


# --- signing in and out ------------------------------------------------------------------------


def sign_in(request: HttpRequest, attempt: login.Attempt) -> User:
    """Check a name and password and open a session with a key of its own."""
    user = login.authenticate(attempt)
    with transaction.atomic():
        # Django keeps the key when the same user signs in again; a fresh one is always safer.
        request.session.flush()
        django_login(request, user, backend=_BACKEND)
        # The sign of this site is bound to the session: a planted cookie is then worth nothing.
        get_token(request)
        request.session["csrf"] = request.META["CSRF_COOKIE"]
        request.session.save()
        User.objects.filter(pk=user.pk).update(last_seen=timezone.now())
        audit.record(user, "session.started", user)
    return user


def renew_session(request: HttpRequest, user: User) -> None:
    """Keep this browser signed in after a new password, under a new session key."""
    update_session_auth_hash(request, user)
    request.session.save()


@transaction.atomic
def sign_out(request: HttpRequest, user: User) -> None:
    """End this browser's session and what the hub was given on its behalf."""
    django_logout(request)
    revoke_hub_tokens(user)
    audit.record(user, "session.ended", user)
    access_ended(user, Cause.SIGNED_OUT)
    events.publish([f"user:{user.pk}"], "session.revoked")


@transaction.atomic
def end_browser(*, user: User, browser_id: str) -> None:
    """Sign one of one's browsers out."""
    browser = BrowserSession.objects.filter(pk=browser_id, user=user).first()
    if browser is None:
        raise NotFound
    audit.record(user, "session.revoked", browser, before={"user_agent": browser.user_agent})
    browser.delete()
    revoke_hub_tokens(user)
    access_ended(user, Cause.SIGNED_OUT)
    events.publish([f"user:{user.pk}"], "session.revoked")


def end_access(user: User, cause: Cause, *, keep_session: str = "", tokens: bool = True) -> None:
    """End sessions, tokens and hub access of ``user`` within the caller's transaction."""
    BrowserSession.objects.filter(user=user).exclude(pk=keep_session).delete()
    if tokens:
        live = ApiToken.objects.filter(user=user, revoked=None)
        # What runs keeps its own token unless the account itself is closed.
        if cause is not Cause.DEACTIVATED:
            live = live.filter(workload_id="")
        live.update(revoked=timezone.now())
    PasswordReset.objects.filter(user=user, used=None).update(used=timezone.now())
    revoke_hub_tokens(user)
    access_ended(user, cause)
    events.publish([f"user:{user.pk}"], "session.revoked")


# --- passwords ---------------------------------------------------------------------------------


def change_password(
    *,
    user: User,
    current: str,
    new: str,
    address: str,
    keep_session: str = "",
    end_tokens: bool = False,
) -> User:
    """Change one's own password; all other browsers are signed out."""
    if not login.check_own_password(user, current, address=address):
        raise InvalidSpec("WRONG_PASSWORD", field="current_password")
    hashed = passwords.hashed(new, user)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        user.password = hashed
        user.save(update_fields=("password",))
        audit.record(user, "user.password-changed", user)
        end_access(user, Cause.PASSWORD_CHANGED, keep_session=keep_session, tokens=end_tokens)
    return user


@transaction.atomic
def issue_reset(*, actor: User | None, user: User) -> tuple[PasswordReset, str]:
    """Make a link with which ``user`` chooses a password once; earlier links stop working."""
    policies.require(actor is None or policies.can_administer(actor))
    if not user.is_active:
        raise Conflict("USER_INACTIVE", {"username": user.username})
    PasswordReset.objects.filter(user=user, used=None).update(used=timezone.now())
    secret = new_secret()
    reset = PasswordReset.objects.create(
        hash=hash_of(secret),
        user=user,
        created_by=actor,
        expires=timezone.now() + RESET_LIFETIME,
    )
    audit.record(actor, "user.reset-link-made", user, after={"expires": reset.expires.isoformat()})
    return reset, f"{settings.ATELIER_PORTAL_URL}/reset/{secret}"


def open_reset(secret: str) -> PasswordReset:
    """Return the link's reset if it still works; raises NotFound."""
    reset = (
        PasswordReset.objects.select_related("user")
        .filter(hash=hash_of(secret), used=None, expires__gt=timezone.now(), user__is_active=True)
        .first()
    )
    if reset is None:
        raise NotFound
    return reset


def use_reset(*, secret: str, new: str) -> User:
    """Set the password by a link, once; all sessions and tokens end."""
    user = open_reset(secret).user
    hashed = passwords.hashed(new, user)
    with transaction.atomic():
        # One UPDATE decides between two who hold the same link.
        unused = PasswordReset.objects.filter(hash=hash_of(secret), used=None)
        if unused.update(used=timezone.now()) != 1:
            raise NotFound
        user.password = hashed
        user.save(update_fields=("password",))
        audit.record(user, "user.password-reset", user)
        end_access(user, Cause.PASSWORD_CHANGED)
    return user


# --- tokens ------------------------------------------------------------------------------------


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: list[str], lifetime: timedelta
) -> tuple[ApiToken, str]:
    """Make a token for scripts; its clear text is in the answer and nowhere else."""
    policies.require(not user.bound_project_id)
    if ApiToken.Scope.ADMIN in scopes and not policies.can_administer(user):
        raise InvalidSpec("SCOPE_NOT_YOURS", {"scope": "admin"}, field="scopes")
    User.objects.select_for_update().get(pk=user.pk)
    if _live_tokens(user).count() >= MOST_TOKENS:
        raise Conflict("TOO_MANY_TOKENS", {"most": MOST_TOKENS})
    token, secret = _new_token(user=user, name=name, scopes=scopes, lifetime=lifetime)
    audit.record(
        user,
        "token.created",
        token,
        after={"name": name, "scopes": scopes, "expires": token.expires.isoformat()},
    )
    return token, secret


def issue_workload_token(
    *, user: User, project_id: str, workload_id: str, lifetime: timedelta
) -> tuple[ApiToken, str]:
    """Make the token of something that runs: it sees its project only and dies with it.

    Not audited: it is renewed every hour, and the start of the workload is.
    """
    return _new_token(
        user=user,
        name=f"workload {workload_id}",
        scopes=[ApiToken.Scope.READ, ApiToken.Scope.WRITE],
        lifetime=lifetime,
        project_id=project_id,
        workload_id=workload_id,
    )


def _new_token(
    *, user: User, name: str, scopes: list[str], lifetime: timedelta, **bound: str
) -> tuple[ApiToken, str]:
    secret = new_secret(TOKEN_PREFIX)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN],
        hash=hash_of(secret),
        scopes=[s for s in ApiToken.Scope.values if s in scopes],
        expires=timezone.now() + lifetime,
        **bound,
    )
    return token, secret


def _live_tokens(user: User) -> Any:
    now = timezone.now()
    return ApiToken.objects.filter(user=user, revoked=None, workload_id="", expires__gt=now)


@transaction.atomic
def revoke_token(*, user: User, token_id: str) -> None:
    """End one of one's own tokens; what runs has no say over the others."""
    policies.require(not user.bound_project_id)
    token = ApiToken.objects.filter(pk=token_id, user=user, revoked=None, workload_id="").first()
    if token is None:
        raise NotFound
    token.revoked = timezone.now()
    token.save(update_fields=("revoked",))
    audit.record(user, "token.revoked", token, before={"name": token.name})


def revoke_workload_tokens(workload_id: str) -> None:
    """End the tokens of a workload that ended; harmless when repeated."""
    ApiToken.objects.filter(workload_id=workload_id, revoked=None).update(revoked=timezone.now())


# --- the hub's client ----------------------------------------------------------------------------


def ensure_hub_client(
    client_id: str,
    secret: str,
    redirect_uris: list[str],
    post_logout_redirect_uris: list[str] | None = None,
) -> None:
    """Register the hub with the OpenID provider, or bring its registration up to date."""
    application = get_application_model()
    found = application.objects.filter(client_id=client_id).first()
    client = found or application(client_id=client_id)
    wanted = {
        "name": "Notebooks",
        "client_type": application.CLIENT_CONFIDENTIAL,
        "authorization_grant_type": application.GRANT_AUTHORIZATION_CODE,
        "algorithm": application.RS256_ALGORITHM,
        "skip_authorization": True,
        "redirect_uris": " ".join(redirect_uris),
        "post_logout_redirect_uris": " ".join(post_logout_redirect_uris or []),
    }
    # The secret is hashed on save, and hashing again what did not change would break nothing but
    # the hub's running sign-ins.
    if found is None or not check_password(secret, found.client_secret):
        wanted["client_secret"] = secret
    if any(getattr(client, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(client, name, value)
        client.full_clean(exclude=("client_secret",))
        client.save()


def revoke_hub_tokens(user: User) -> None:
    """End everything the OpenID provider gave out for ``user``."""
    get_refresh_token_model().objects.filter(user=user).delete()
    get_access_token_model().objects.filter(user=user).delete()
    get_id_token_model().objects.filter(user=user).delete()
    get_grant_model().objects.filter(user=user).delete()


def forget_expired() -> None:
    """Drop what can never be used again."""
    now = timezone.now()
    BrowserSession.objects.filter(expires__lt=now).delete()
    LoginCounter.objects.filter(resets_at__lt=now).delete()
    ApiToken.objects.exclude(workload_id="").filter(expires__lt=now - timedelta(days=1)).delete()
