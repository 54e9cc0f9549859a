"""JSON of projects."""

from typing import Any

from rest_framework import serializers

from atelier.projects.models import Role
from atelier.toolkit.serializers import AddressField, DisplayNameField, StrictSerializer, TextField


class PlaceReasonSerializer(serializers.Serializer[Any]):
    """Why a place is not ready."""

    code = serializers.CharField()
    text = serializers.CharField()
    action = serializers.CharField()


class ProjectPlaceSerializer(serializers.Serializer[Any]):
    """How the project's place on the cluster does; null where work runs on this machine."""

    state = serializers.ChoiceField(choices=("pending", "ready", "draining", "gone", "failed"))
    reason = PlaceReasonSerializer(allow_null=True)


class ProjectSerializer(serializers.Serializer[Any]):
    """A project as the asking user sees it; ``role`` is null for those who are no members."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices, allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is being deleted"
    )
    created = serializers.DateTimeField()
    members_count = serializers.IntegerField()
    leads = serializers.ListField(child=serializers.CharField())
    place = ProjectPlaceSerializer(allow_null=True)


class ProjectDraftSerializer(StrictSerializer):
    """A project to be founded."""

    name = DisplayNameField()
    slug = AddressField(required=False)
    description = TextField(required=False, default="", allow_blank=True, max_length=2000)


class ProjectChangeSerializer(StrictSerializer):
    """What a lead may change."""

    name = DisplayNameField(required=False)
    description = TextField(required=False, allow_blank=True, max_length=2000)


class MemberSerializer(serializers.Serializer[Any]):
    """A member."""

    username = serializers.CharField()
    display_name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    since = serializers.DateTimeField()


class MemberDraftSerializer(StrictSerializer):
    """A member to be added."""

    username = AddressField()
    role = serializers.ChoiceField(choices=Role.choices)


class RoleChangeSerializer(StrictSerializer):
    """A member's new role."""

    role = serializers.ChoiceField(choices=Role.choices)


class InvitationSerializer(serializers.Serializer[Any]):
    """An open invitation; its link is not shown again."""

    id = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    note = serializers.CharField()
    created = serializers.DateTimeField()
    expires = serializers.DateTimeField()
    created_by = serializers.CharField()


class NewInvitationSerializer(InvitationSerializer):
    """An invitation just made, with its link for the only time."""

    url = serializers.CharField()


class InvitationDraftSerializer(StrictSerializer):
    """An invitation to be made."""

    role = serializers.ChoiceField(choices=Role.choices)
    note = TextField(required=False, default="", allow_blank=True, max_length=200)


class OpenedInvitationSerializer(serializers.Serializer[Any]):
    """What the holder of a link is invited to."""

    project_name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    invited_by = serializers.CharField()
    expires = serializers.DateTimeField()
