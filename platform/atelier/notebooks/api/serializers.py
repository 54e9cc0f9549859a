"""The shapes of notebooks; rows are made by the selectors, not here."""

from typing import Any

from rest_framework import serializers

from atelier.catalog.models import KindLabel
from atelier.toolkit.serializers import (
    DisplayNameField,
    ResourcesField,
    SentenceSerializer,
    StrictSerializer,
    TextField,
)
from atelier.workloads.api.serializers import ProjectRefSerializer, WorkloadSerializer
from atelier.workloads.status import SHOWN

Shape = serializers.Serializer[Any]
LONGEST_CHOICE = 40


class EnvironmentRefSerializer(Shape):
    """An environment by its name."""

    id = serializers.CharField()
    name = serializers.CharField()


class ProfileRefSerializer(Shape):
    """A profile by its name."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind_label = serializers.ChoiceField(choices=KindLabel.choices)


class HomeSerializer(Shape):
    """Where the files are."""

    path = serializers.CharField(help_text="Below the folder of homes")


class UsageSerializer(Shape):
    """What a server used when it last said so."""

    cpu_millicores = serializers.IntegerField(allow_null=True)
    memory_bytes = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()

    class Meta:
        ref_name = "NotebookUsage"


class NotebookSerializer(Shape):
    """A notebook server."""

    id = serializers.CharField()
    name = serializers.CharField()
    project = ProjectRefSerializer()
    owner = serializers.CharField()
    environment = EnvironmentRefSerializer()
    profile = ProfileRefSerializer()
    resources = ResourcesField()
    status = serializers.ChoiceField(choices=SHOWN)
    reason = SentenceSerializer(allow_null=True)
    workload = WorkloadSerializer(allow_null=True, help_text="The present or last run")
    last_activity = serializers.DateTimeField(allow_null=True)
    started = serializers.DateTimeField(allow_null=True)
    open_url = serializers.CharField(allow_null=True, help_text="For its owner, while it runs")
    home = HomeSerializer(allow_null=True, help_text="Told to its owner")
    usage = UsageSerializer(allow_null=True, help_text="Null until it reports")
    idle_stop_at = serializers.DateTimeField(allow_null=True, help_text="Set once announced")
    rescue = serializers.BooleanField()
    packages_will_be_reset = serializers.BooleanField()
    restarting = serializers.BooleanField()
    created = serializers.DateTimeField()


class NotebookDraftSerializer(StrictSerializer):
    """A new notebook server; ids or slugs for project, environment and profile."""

    project = TextField(max_length=LONGEST_CHOICE)
    name = DisplayNameField(required=False)
    environment = TextField(max_length=LONGEST_CHOICE)
    profile = TextField(max_length=LONGEST_CHOICE)
    start = serializers.BooleanField(required=False, default=True)


class NotebookChangeSerializer(StrictSerializer):
    """Another name, or other choices for the next start."""

    name = DisplayNameField(required=False)
    environment = TextField(max_length=LONGEST_CHOICE, required=False)
    profile = TextField(max_length=LONGEST_CHOICE, required=False)


class NotebookStartSerializer(StrictSerializer):
    """How this start differs from the last; a rescue start passes over installed packages."""

    environment = TextField(max_length=LONGEST_CHOICE, required=False)
    profile = TextField(max_length=LONGEST_CHOICE, required=False)
    rescue = serializers.BooleanField(required=False)


class NotebookRestartSerializer(StrictSerializer):
    """What the next run is made of."""

    environment = TextField(max_length=LONGEST_CHOICE, required=False)
    profile = TextField(max_length=LONGEST_CHOICE, required=False)
