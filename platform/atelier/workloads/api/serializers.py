"""The shapes of workloads, events and checks; rows are made by the selectors, not here."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atelier.toolkit.serializers import (
    ResourcesField,
    SentenceSerializer,
    StrictSerializer,
    TextField,
)
from atelier.workloads.models import WorkloadEvent
from atelier.workloads.status import SHOWN, Status

Shape = serializers.Serializer[Any]


class ProjectRefSerializer(Shape):
    """A project by its names."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()


class ProgressStepSerializer(Shape):
    """One step of a start."""

    step = serializers.CharField()
    state = serializers.ChoiceField(choices=("done", "active", "waiting", "failed"))
    seconds = serializers.FloatField(allow_null=True, help_text="How long it took, once done")


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class LinksField(serializers.Field[Any, Any, Any, Any]):
    """Addresses by name."""


class WorkloadSerializer(Shape):
    """One run of something."""

    id = serializers.CharField()
    kind = serializers.CharField()
    name = serializers.CharField()
    durable_id = serializers.CharField(help_text="What it is a run of")
    project = ProjectRefSerializer()
    owner = serializers.CharField()
    status = serializers.ChoiceField(choices=SHOWN)
    phase = serializers.ChoiceField(choices=Status.choices)
    reason = SentenceSerializer(allow_null=True)
    resources = ResourcesField()
    created = serializers.DateTimeField()
    started = serializers.DateTimeField(allow_null=True)
    finished = serializers.DateTimeField(allow_null=True)
    stale_since = serializers.DateTimeField(allow_null=True)
    progress = ProgressStepSerializer(many=True)
    links = LinksField()


class WorkloadEventSerializer(Shape):
    """Something that was said about a run."""

    at = serializers.DateTimeField()
    code = serializers.CharField()
    text = serializers.CharField()
    # The stubs hold it for the attribute of that name.
    source = serializers.ChoiceField(choices=WorkloadEvent.Source.choices)  # type: ignore[assignment]


class CheckDraftSerializer(StrictSerializer):
    """What would be asked for."""

    kind = TextField(max_length=30)
    project = TextField(max_length=40)
    environment = TextField(max_length=40, required=False)
    image = TextField(max_length=300, required=False)
    profile = TextField(max_length=40, required=False)


class CheckChoiceProfileSerializer(Shape):
    """A profile by its name."""

    id = serializers.CharField()
    name = serializers.CharField()


class CheckChoiceSerializer(Shape):
    """Something nearby that would fit."""

    profile = CheckChoiceProfileSerializer()
    text = serializers.CharField()


class CheckConditionSerializer(Shape):
    """One thing that has to be in order."""

    code = serializers.ChoiceField(
        choices=("project_quota", "user_quota", "platform_quota", "engine", "image")
    )
    state = serializers.ChoiceField(choices=("ok", "waits", "never"))
    text = serializers.CharField()


class CheckSerializer(Shape):
    """Whether something would fit now, later or never."""

    verdict = serializers.ChoiceField(choices=("fits", "waits", "never"))
    headline = serializers.CharField()
    reason = SentenceSerializer(allow_null=True)
    choices = CheckChoiceSerializer(many=True)
    conditions = CheckConditionSerializer(many=True)
    starts_in_seconds = serializers.IntegerField(allow_null=True)
