"""JSON in and out: strict objects, names by ``core.names``, amounts, pages."""

from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from atelier.core.errors import InvalidSpec
from atelier.core.names import ADDRESS, LONGEST_DISPLAY_NAME, parse_address, parse_display_name
from atelier.core.resources import LARGEST, Resources, parse_amount


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object in which every key must be known."""

    @classmethod
    def parse(cls, request: Request, *, partial: bool = False) -> dict[str, Any]:
        """Return the validated body; raises ValidationError or InvalidSpec naming the field."""
        serializer = cls(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown and read-only keys, then read the others."""
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            for key in data:
                if key not in known:
                    raise InvalidSpec("UNKNOWN_FIELD", {"name": key[:80]}, field=key[:80])
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A JSON string; numbers are not read as text."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is not a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "maxLength": 30, "pattern": f"^{ADDRESS.pattern}$"})
class AddressField(serializers.Field[str, Any, str, Any]):
    """A user name or slug."""

    def to_internal_value(self, data: Any) -> str:
        """Read by ``core.names``."""
        return parse_address(data, field=self.field_name or "name")

    def to_representation(self, value: str) -> str:
        """Return it as it is."""
        return value


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": LONGEST_DISPLAY_NAME})
class DisplayNameField(serializers.Field[str, Any, str, Any]):
    """A name that is only shown."""

    def to_internal_value(self, data: Any) -> str:
        """Read by ``core.names``."""
        return parse_display_name(data, field=self.field_name or "name")

    def to_representation(self, value: str) -> str:
        """Return it as it is."""
        return value


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST})
class AmountField(serializers.Field[int, Any, int, Any]):
    """A whole number, never a boolean and never a float."""

    def __init__(self, *, least: int = 0, most: int = LARGEST, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Read by ``core.resources``."""
        name = self.field_name or "amount"
        amount = parse_amount(data, name=name, least=self.least)
        if amount > self.most:
            shown = {"least": self.least, "most": self.most}
            raise InvalidSpec("NOT_AN_AMOUNT", shown, field=name)
        return amount

    def to_representation(self, value: int) -> int:
        """Return it as it is."""
        return value


class ResourcesSerializer(serializers.Serializer[Any]):
    """Amounts of compute: whole millicores and bytes."""

    cpu_millicores = serializers.IntegerField(min_value=1, max_value=LARGEST)
    memory_bytes = serializers.IntegerField(min_value=1, max_value=LARGEST)
    storage_bytes = serializers.IntegerField(min_value=0, max_value=LARGEST, required=False)
    accelerators = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST), required=False
    )

    class Meta:
        # The component's name, also where this is only the schema of a field.
        ref_name = "Resources"


@extend_schema_field(ResourcesSerializer)
class ResourcesField(serializers.Field[Any, Any, Any, Any]):
    """Resources in their JSON form, kept as that."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read strictly; the error names the inner field."""
        return Resources.from_json(data, name=self.field_name or "resources").to_json()

    def to_representation(self, value: Any) -> Any:
        """Return the JSON form."""
        return value.to_json() if isinstance(value, Resources) else value


class SentenceSerializer(serializers.Serializer[Any]):
    """A reason as a person reads it."""

    code = serializers.CharField()
    text = serializers.CharField()
    action = serializers.CharField()

    class Meta:
        ref_name = "Reason"


@cache
def page_of(row: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Return the serializer class of a page of ``row``, for the OpenAPI document."""
    name = row.__name__.removesuffix("Serializer")
    fields = {
        "results": row(many=True),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "__doc__": f"A page of {name} rows.",
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), fields)
