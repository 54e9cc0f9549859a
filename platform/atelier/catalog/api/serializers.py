"""JSON of the catalog."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atelier.catalog.models import KindLabel
from atelier.core.errors import InvalidSpec
from atelier.toolkit.serializers import (
    AddressField,
    AmountField,
    DisplayNameField,
    ResourcesField,
    ResourcesSerializer,
    SentenceSerializer,
    StrictSerializer,
    TextField,
)

MOST_PACKAGES = 2000
MOST_PROJECTS = 1000
MOST_EXECUTORS = 1000
LARGEST_ORDERING = 100_000
_IMAGE = re.compile(
    r"(?:[a-z0-9][a-z0-9.-]{0,119}(?::[0-9]{1,5})?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
    r"(?::[A-Za-z0-9._-]{1,128})?(?:@sha256:[0-9a-f]{64})?",
    re.ASCII,
)


@extend_schema_field({"type": "string", "maxLength": 300})
class ImageField(serializers.Field[str, Any, str, Any]):
    """An image reference, or nothing."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what no registry would know."""
        if data == "":
            return ""
        if not isinstance(data, str) or len(data) > 300 or not _IMAGE.fullmatch(data):
            raise InvalidSpec("BAD_IMAGE", field="image")
        return data

    def to_representation(self, value: str) -> str:
        """Return it as it is."""
        return value


class OptionalAddressField(AddressField):
    """The name of a local runtime, or nothing."""

    def to_internal_value(self, data: Any) -> str:
        """Accept nothing as well."""
        return "" if data == "" else super().to_internal_value(data)


class PackageSerializer(StrictSerializer):
    """An installed package."""

    name = TextField(max_length=120)
    version = TextField(max_length=60)


class _ChoiceSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    enabled = serializers.BooleanField()
    all_projects = serializers.BooleanField()
    projects = serializers.ListField(
        child=serializers.CharField(), help_text="Ids; shown to admins and auditors only"
    )
    ordering = serializers.IntegerField()
    unavailable_reason = SentenceSerializer(allow_null=True)


class EnvironmentSerializer(_ChoiceSerializer):
    """The software of a start."""

    image = serializers.CharField()
    local_runtime = serializers.CharField()
    packages = PackageSerializer(many=True)


class ProfileSerializer(_ChoiceSerializer):
    """The hardware of a start."""

    kind_label = serializers.ChoiceField(choices=KindLabel.choices)
    resources = ResourcesSerializer()
    shared_memory_bytes = serializers.IntegerField()
    spark_executors = serializers.IntegerField()
    spark_executor_resources = ResourcesSerializer(allow_null=True)


class StrictBooleanField(serializers.BooleanField):
    """true or false, nothing that resembles them."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse everything but the two."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class OrderingField(serializers.IntegerField):
    """A place in the list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=-LARGEST_ORDERING, max_value=LARGEST_ORDERING, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Refuse booleans and fractions."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class _ChoiceChangeSerializer(StrictSerializer):
    name = DisplayNameField()
    description = TextField(required=False, allow_blank=True, max_length=2000)
    enabled = StrictBooleanField(required=False)
    all_projects = StrictBooleanField(required=False)
    projects = serializers.ListField(
        child=TextField(max_length=16), required=False, max_length=MOST_PROJECTS
    )
    ordering = OrderingField(required=False)


class EnvironmentChangeSerializer(_ChoiceChangeSerializer):
    """What may be changed of an environment; its slug may not."""

    image = ImageField(required=False)
    local_runtime = OptionalAddressField(required=False)
    packages = serializers.ListField(
        child=PackageSerializer(), required=False, max_length=MOST_PACKAGES
    )


class EnvironmentDraftSerializer(EnvironmentChangeSerializer):
    """An environment to be added."""

    slug = AddressField()


class ProfileChangeSerializer(_ChoiceChangeSerializer):
    """What may be changed of a profile; its slug may not."""

    kind_label = serializers.ChoiceField(choices=KindLabel.choices, required=False)
    resources = ResourcesField()
    shared_memory_bytes = AmountField(required=False)
    spark_executors = AmountField(required=False, most=MOST_EXECUTORS)
    spark_executor_resources = ResourcesField(required=False, allow_null=True)


class ProfileDraftSerializer(ProfileChangeSerializer):
    """A profile to be added."""

    slug = AddressField()
