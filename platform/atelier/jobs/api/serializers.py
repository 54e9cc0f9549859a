"""The shapes of jobs; rows are made by the selectors, not here."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atelier.catalog.api.serializers import ImageField
from atelier.jobs import drafts
from atelier.jobs.drafts import Draft
from atelier.toolkit.serializers import (
    DisplayNameField,
    ResourcesField,
    SentenceSerializer,
    StrictSerializer,
    TextField,
)
from atelier.workloads.api.serializers import LinksField, ProjectRefSerializer, WorkloadSerializer
from atelier.workloads.status import SHOWN

Shape = serializers.Serializer[Any]
LONGEST_CHOICE = 40


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "maxItems": drafts.MOST_ARGUMENTS,
        "description": "Program and arguments; no shell reads them",
    }
)
class CommandField(serializers.Field[Any, Any, Any, Any]):
    """A command as its arguments."""

    def to_internal_value(self, data: Any) -> tuple[str, ...]:
        """Read by ``jobs.drafts``."""
        return drafts.parse_command(data)

    def to_representation(self, value: Any) -> Any:
        """Return it as it is."""
        return value


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class EnvField(serializers.Field[Any, Any, Any, Any]):
    """Environment variables by name."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Read by ``jobs.drafts``."""
        return drafts.parse_env(data)

    def to_representation(self, value: Any) -> Any:
        """Return them as they are."""
        return value


class JobDraftSerializer(StrictSerializer):
    """A new job; ids or slugs for project, environment and profile.

    It runs in an environment, in an image where the platform is a cluster's, or, with neither, in
    the first environment that works.
    """

    project = TextField(max_length=LONGEST_CHOICE)
    name = DisplayNameField(required=False)
    command = CommandField()
    environment = TextField(max_length=LONGEST_CHOICE, required=False)
    image = ImageField(required=False)
    profile = TextField(max_length=LONGEST_CHOICE)
    env = EnvField(required=False)


def draft_of(body: dict[str, Any]) -> Draft:
    """Return the draft that a parsed body, without its project, describes."""
    return Draft(**{name: value for name, value in body.items() if name != "project"})


class JobEnvironmentRefSerializer(Shape):
    """An environment by its name."""

    id = serializers.CharField()
    name = serializers.CharField()


class JobProfileRefSerializer(Shape):
    """A profile by its name."""

    id = serializers.CharField()
    name = serializers.CharField()


class JobSerializer(Shape):
    """A job and its run."""

    id = serializers.CharField()
    name = serializers.CharField()
    project = ProjectRefSerializer()
    owner = serializers.CharField()
    environment = JobEnvironmentRefSerializer(allow_null=True)
    image = serializers.CharField(allow_null=True)
    command = CommandField()
    env = EnvField()
    profile = JobProfileRefSerializer()
    resources = ResourcesField()
    status = serializers.ChoiceField(choices=SHOWN)
    reason = SentenceSerializer(allow_null=True)
    workload = WorkloadSerializer()
    exit_code = serializers.IntegerField(allow_null=True, help_text="Once it has ended")
    created = serializers.DateTimeField()
    started = serializers.DateTimeField(allow_null=True)
    finished = serializers.DateTimeField(allow_null=True)
    links = LinksField()


class JobLogSerializer(Shape):
    """A page of what a job has printed, standard output and errors together."""

    offset = serializers.IntegerField(help_text="In bytes")
    next_offset = serializers.IntegerField(help_text="Where to read on")
    text = serializers.CharField(help_text="Bytes that are no UTF-8 read as �")
    is_end = serializers.BooleanField(help_text="There will be no more")
    complete = serializers.BooleanField(help_text="Whether every byte is known to be there")
    # The stubs hold it for the attribute of that name.
    source = serializers.ChoiceField(choices=("engine",))  # type: ignore[assignment]
    notice = SentenceSerializer(allow_null=True, help_text="Why the rest is not there")
