"""JSON of the audit log."""

from typing import Any

from rest_framework import serializers


class AuditRecordSerializer(serializers.Serializer[Any]):
    """One change of state."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="Username; empty for the platform itself")
    verb = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    object_name = serializers.CharField()
    project = serializers.CharField(help_text="Project id; empty where none is concerned")
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)
    address = serializers.CharField()
    request_id = serializers.CharField()
