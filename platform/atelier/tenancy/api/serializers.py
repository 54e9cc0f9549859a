"""JSON of places."""

from rest_framework import serializers

from atelier.projects.api.serializers import ProjectPlaceSerializer
from atelier.toolkit.serializers import StrictSerializer


class PlaceSerializer(ProjectPlaceSerializer):
    """Where a project's work runs."""

    namespace = serializers.CharField()
    internet = serializers.BooleanField(help_text="Whether its pods may reach the internet")
    synced_at = serializers.DateTimeField(allow_null=True)


class PlaceChangeSerializer(StrictSerializer):
    """What an administrator may change."""

    internet = serializers.BooleanField()
