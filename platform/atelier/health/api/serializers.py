"""JSON of health."""

from typing import Any

from rest_framework import serializers

from atelier.health.findings import State


class ComponentSerializer(serializers.Serializer[Any]):
    """One part of the platform."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in State])
    detail = serializers.CharField(help_text="What was found, in the reader's language")
    checked_at = serializers.DateTimeField()


class HealthSerializer(serializers.Serializer[Any]):
    """The parts of the platform and the versions that run."""

    components = ComponentSerializer(many=True)
    versions = serializers.DictField(child=serializers.CharField())
