"""What can be done to projects, members and invitations."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from atelier.accounts.models import User
from atelier.accounts.policies import can_create_project
from atelier.accounts.secrets import hash_of, new_secret
from atelier.audit import services as audit
from atelier.core.errors import Conflict, InvalidSpec, NotFound, PreconditionFailed
from atelier.core.names import parse_address, parse_display_name, slug_from
from atelier.projects import hooks, policies
from atelier.projects.models import Invitation, Membership, Project, Role
from atelier.toolkit import events

INVITATION_LIFETIME = timedelta(days=7)
LONGEST_SLUG = 30
# An address in the API is an id or a slug, so no slug may look like an id.
_LIKE_AN_ID = re.compile(r"p[a-z0-9]{15}", re.ASCII)
_RANK = {Role.VIEWER: 0, Role.MEMBER: 1, Role.LEAD: 2}


# --- projects ----------------------------------------------------------------------------------


@transaction.atomic
def create_project(
    *, actor: User, name: str, slug: str | None = None, description: str = ""
) -> Project:
    """Found a project with ``actor`` as its lead; without a slug one is made from the name."""
    policies.require(can_create_project(actor))
    name = parse_display_name(name, field="name")
    project = _insert(name, description, _slugs(name, slug), chosen=slug)
    Membership.objects.create(project=project, user=actor, role=Role.LEAD)
    audit.record(actor, "project.created", project, after=_state(project))
    hooks.created(project)
    return project


def _slugs(name: str, chosen: str | None) -> list[str]:
    """Return the slugs to try, in order."""
    if chosen is not None:
        slug = parse_address(chosen, field="slug")
        if _LIKE_AN_ID.fullmatch(slug):
            raise InvalidSpec("BAD_NAME", field="slug")
        return [slug]
    base = slug_from(name)
    if _LIKE_AN_ID.fullmatch(base):
        base = f"{base}-p"
    numbered = (f"{base[: LONGEST_SLUG - len(f'-{n}')].rstrip('-')}-{n}" for n in range(2, 200))
    return [base, *numbered]


def _insert(name: str, description: str, slugs: list[str], *, chosen: str | None) -> Project:
    taken = set(Project.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    for slug in slugs:
        if slug in taken:
            continue
        try:
            with transaction.atomic():
                return Project.objects.create(name=name, slug=slug, description=description)
        except IntegrityError:  # somebody else took it just now
            continue
    raise Conflict("NAME_TAKEN", {"name": slugs[0]}, field="slug" if chosen else "name")


def _state(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in ("slug", "name", "description")}


@transaction.atomic
def change_project(
    *, actor: User, project: Project, version: int, changes: Mapping[str, Any]
) -> Project:
    """Rename or describe a project."""
    policies.require(policies.can_lead(actor, project))
    project = _locked(project)
    if project.version != version:
        raise PreconditionFailed
    before = _state(project)
    for name, value in changes.items():
        setattr(project, name, value)
    if (after := _state(project)) != before:
        project.version += 1
        project.save(update_fields=[*changes, "version"])
        audit.record(actor, "project.changed", project, before=before, after=after)
        _announce(project)
    return project


@transaction.atomic
def archive_project(*, actor: User, project: Project) -> Project:
    """Close a project: what runs in it is stopped, nothing is deleted."""
    policies.require(policies.can_lead(actor, project))
    project = _locked(project)
    if project.archived_at is None:
        _set_archived(actor, project, "project.archived", archived=True)
        hooks.archived(project, actor)
    return project


@transaction.atomic
def unarchive_project(*, actor: User, project: Project) -> Project:
    """Open an archived project again."""
    policies.require(policies.can_lead(actor, project))
    project = _locked(project)
    if project.deleted_at is not None:
        raise Conflict("PROJECT_BEING_DELETED")
    if project.archived_at is not None:
        _set_archived(actor, project, "project.unarchived", archived=False)
        hooks.unarchived(project, actor)
    return project


@transaction.atomic
def delete_project(*, actor: User, project: Project, name: str) -> Project:
    """Have an archived project go for good, with everything in it; ``name`` must be its slug.

    It stays, marked, until nothing runs in it and its place is cleared (``finish_deletion``).
    """
    policies.require(policies.can_lead(actor, project))
    if name != project.slug:
        raise InvalidSpec("NAME_DIFFERS", {"name": project.slug}, field="name")
    project = _locked(project)
    if project.archived_at is None:
        raise Conflict("ARCHIVE_IT_FIRST", {"name": project.slug})
    if project.deleted_at is None:
        project.deleted_at = timezone.now()
        project.version += 1
        project.save(update_fields=("deleted_at", "version"))
        audit.record(actor, "project.deleted", project, before=_state(project))
        hooks.deleted(project, actor)
        _announce(project)
    return project


@transaction.atomic
def finish_deletion(project: Project) -> None:
    """Forget a project of which nothing is left: its slug is free, the audit log keeps its name."""
    project = _locked(project)
    if project.deleted_at is None or project.gone_at is not None:
        return
    hooks.gone(project)
    audit.record(None, "project.gone", project, before=_state(project))
    project.gone_at = timezone.now()
    # Its id, which is nobody else's slug.
    project.slug = project.pk
    project.version += 1
    project.save(update_fields=("gone_at", "slug", "version"))
    _announce(project)


def _set_archived(actor: User, project: Project, verb: str, *, archived: bool) -> None:
    project.archived_at = timezone.now() if archived else None
    project.version += 1
    project.save(update_fields=("archived_at", "version"))
    audit.record(
        actor, verb, project, before={"archived": not archived}, after={"archived": archived}
    )
    _announce(project)


def _announce(project: Project) -> None:
    events.publish([f"project:{project.pk}"], "project.changed", id=project.pk)


def _locked(project: Project) -> Project:
    """Return the row locked: two leads who demote each other at once wait here."""
    return Project.objects.select_for_update().get(pk=project.pk)


# --- members -----------------------------------------------------------------------------------


@transaction.atomic
def add_member(*, actor: User, project: Project, username: str, role: Role) -> Membership:
    """Make an existing user a member."""
    policies.require(policies.can_lead(actor, project))
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidSpec("UNKNOWN_USER", {"username": username[:30]}, field="username")
    if not user.is_active:
        raise Conflict("USER_INACTIVE", {"username": username}, field="username")
    _locked(project)
    membership, added = Membership.objects.get_or_create(
        project=project, user=user, defaults={"role": role}
    )
    if not added:
        raise Conflict("ALREADY_MEMBER", {"username": username}, field="username")
    _record_role(actor, "member.added", membership, before=None, after=role)
    return membership


@transaction.atomic
def change_role(*, actor: User, project: Project, username: str, role: Role) -> Membership:
    """Give a member another role; the project keeps a lead."""
    policies.require(policies.can_lead(actor, project))
    project = _locked(project)
    membership = _member(project, username)
    before = Role(membership.role)
    if before == role:
        return membership
    membership.role = role
    membership.save(update_fields=("role",))
    _require_a_lead(project)
    _record_role(actor, "member.role-changed", membership, before=before, after=role)
    if role not in policies.RUNS_THINGS:
        hooks.member_left(project, membership.user, actor)
    return membership


@transaction.atomic
def remove_member(*, actor: User, project: Project, username: str) -> None:
    """Take a member out, or leave; what he runs there is stopped."""
    itself = actor.username == username and not actor.bound_project_id
    policies.require(itself or policies.can_lead(actor, project))
    project = _locked(project)
    membership = _member(project, username)
    user, role = membership.user, Role(membership.role)
    _record_role(actor, "member.removed", membership, before=role, after=None)
    membership.delete()
    _require_a_lead(project)
    hooks.member_left(project, user, actor)


def _member(project: Project, username: str) -> Membership:
    found = project.memberships.select_related("user").filter(user__username=username).first()
    if found is None:
        raise NotFound
    return found


def _require_a_lead(project: Project) -> None:
    if not project.memberships.filter(role=Role.LEAD, user__is_active=True).exists():
        raise Conflict("LAST_LEAD")


def _record_role(
    actor: User, verb: str, membership: Membership, *, before: Role | None, after: Role | None
) -> None:
    audit.record(
        actor,
        verb,
        membership.user,
        before={"role": before.value} if before else None,
        after={"role": after.value} if after else None,
        project_id=membership.project_id,
    )
    topics = [f"project:{membership.project_id}", f"user:{membership.user_id}"]
    events.publish(topics, "membership.changed", id=membership.project_id)


# --- invitations -------------------------------------------------------------------------------


@transaction.atomic
def invite(*, actor: User, project: Project, role: Role, note: str = "") -> tuple[Invitation, str]:
    """Make a link that makes its first opener a member; it is shown once."""
    policies.require(policies.can_lead(actor, project))
    secret = new_secret()
    invitation = Invitation.objects.create(
        project=project,
        role=role,
        note=note,
        hash=hash_of(secret),
        created_by=actor,
        expires=timezone.now() + INVITATION_LIFETIME,
    )
    audit.record(actor, "invitation.created", invitation, after={"role": role.value, "note": note})
    return invitation, f"{settings.ATELIER_PORTAL_URL}/invitations/{secret}"


@transaction.atomic
def revoke_invitation(*, actor: User, project: Project, invitation_id: str) -> None:
    """Make an open invitation's link useless."""
    policies.require(policies.can_lead(actor, project))
    invitation = Invitation.objects.filter(
        pk=invitation_id, project=project, revoked_at=None, accepted_at=None
    ).first()
    if invitation is None:
        raise NotFound
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=("revoked_at",))
    audit.record(actor, "invitation.revoked", invitation, before={"role": invitation.role})


def open_invitation(secret: str) -> Invitation:
    """Return the invitation of a link that still works; raises NotFound.

    It is as good as its maker: one who has lost the right to invite invites nobody any more.
    """
    invitation = (
        Invitation.objects.select_related("project", "created_by")
        .filter(
            hash=hash_of(secret),
            revoked_at=None,
            accepted_at=None,
            expires__gt=timezone.now(),
            project__archived_at=None,
        )
        .first()
    )
    if invitation is None or not policies.can_lead(invitation.created_by, invitation.project):
        raise NotFound
    return invitation


@transaction.atomic
def accept_invitation(*, user: User, secret: str) -> Project:
    """Become a member by a link; a member keeps the higher of both roles."""
    policies.require(not user.bound_project_id)
    invitation = open_invitation(secret)
    project = _locked(invitation.project)
    open_ones = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    # One UPDATE decides between two who open the same link.
    if open_ones.update(accepted_at=timezone.now(), accepted_by=user) != 1:
        raise NotFound
    role = Role(invitation.role)
    membership, added = Membership.objects.get_or_create(
        project=project, user=user, defaults={"role": role}
    )
    before = None if added else Role(membership.role)
    if before is not None and _RANK[role] > _RANK[before]:
        membership.role = role
        membership.save(update_fields=("role",))
    after = Role(membership.role)
    _record_role(user, "invitation.accepted", membership, before=before, after=after)
    return project
