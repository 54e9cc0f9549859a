"""JSON of limits."""

import re
from typing import Any, Literal

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atelier.core.errors import InvalidSpec
from atelier.core.resources import LARGEST, parse_amount
from atelier.quotas.models import Scope
from atelier.toolkit.serializers import StrictSerializer, TextField

_RESOURCE = re.compile(
    r"cpu|memory|notebooks|accelerator:[a-z0-9]([a-z0-9./-]{0,98}[a-z0-9])?", re.ASCII
)
Limit = int | None | Literal["inherit"]


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST, "nullable": True})
class LimitField(serializers.Field[Any, Any, Any, Any]):
    """A limit in the resource's unit; null is no limit."""

    def to_internal_value(self, data: Any) -> Limit:
        """Read a whole number."""
        return parse_amount(data, name=self.field_name or "limit", least=0)

    def to_representation(self, value: Any) -> Any:
        """Return it as it is."""
        return value


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0, "maximum": LARGEST},
            {"type": "string", "enum": ["inherit"]},
        ],
        "nullable": True,
    }
)
class LimitOrInheritField(LimitField):
    """A limit, or to follow the default."""

    def to_internal_value(self, data: Any) -> Limit:
        """Read a whole number or "inherit"."""
        return "inherit" if data == "inherit" else super().to_internal_value(data)


class QuotaUseSerializer(serializers.Serializer[Any]):
    """One limit as members see it; ``used`` is ``in_use`` and ``reserved`` together."""

    resource = serializers.CharField()
    limit = serializers.IntegerField(allow_null=True, help_text="null: no limit")
    used = serializers.IntegerField()
    reserved = serializers.IntegerField(help_text="Held by what is starting or stopping")
    in_use = serializers.IntegerField()


class QuotaUsesSerializer(serializers.Serializer[Any]):
    """All limits of one project or user."""

    lines = QuotaUseSerializer(many=True)


class ProjectQuotaUseSerializer(QuotaUseSerializer):
    """One limit of a project, with what is left for the one who asks."""

    free = serializers.IntegerField(
        allow_null=True,
        help_text="The most one start of yours could get now: what all limits leave, within what "
        "the engine could give; null: nothing bounds it",
    )


class ProjectQuotaSerializer(serializers.Serializer[Any]):
    """All limits of a project."""

    lines = ProjectQuotaUseSerializer(many=True)


class QuotaLineSerializer(QuotaUseSerializer):
    """One limit as admins see it; ``id`` is null where only the default is inherited so far."""

    id = serializers.CharField(allow_null=True)
    inherits = serializers.BooleanField()
    version = serializers.IntegerField()


class QuotaOwnerSerializer(serializers.Serializer[Any]):
    """The limits of one user, one project, the platform, or the defaults of one of those."""

    scope = serializers.ChoiceField(choices=Scope.choices)
    scope_id = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    defaults = serializers.BooleanField()
    lines = QuotaLineSerializer(many=True)


class QuotaTableSerializer(serializers.Serializer[Any]):
    """The quota table of one scope: the defaults first, then everybody."""

    results = QuotaOwnerSerializer(many=True)


class SingleQuotaLineSerializer(QuotaLineSerializer):
    """One limit with whose it is."""

    scope = serializers.ChoiceField(choices=Scope.choices)
    scope_id = serializers.CharField(allow_blank=True)


class LimitChangeDraftSerializer(StrictSerializer):
    """A new limit."""

    limit = LimitOrInheritField(allow_null=True)


class _ResourceField(TextField):
    def to_internal_value(self, data: Any) -> str:
        """Read a quota resource."""
        name = super().to_internal_value(data)
        if not _RESOURCE.fullmatch(name):
            raise InvalidSpec("UNKNOWN_RESOURCE", {"name": name[:80]}, field="resource")
        return name


class QuotaLineDraftSerializer(StrictSerializer):
    """A limit for somebody who has none of his own."""

    scope = serializers.ChoiceField(choices=Scope.choices)
    scope_id = TextField(max_length=16, allow_blank=True)
    resource = _ResourceField(max_length=120)
    limit = LimitField(allow_null=True)


class QuotaPreviewDraftSerializer(StrictSerializer):
    """A limit to try: of a line by id, or of a scope and resource that has none yet."""

    id = TextField(max_length=16, required=False)
    scope = serializers.ChoiceField(choices=Scope.choices, required=False)
    scope_id = TextField(max_length=16, allow_blank=True, required=False)
    resource = _ResourceField(max_length=120, required=False)
    limit = LimitOrInheritField(allow_null=True)


class QuotaPreviewSerializer(serializers.Serializer[Any]):
    """What a limit would do."""

    would_start = serializers.IntegerField()
    over = serializers.BooleanField(help_text="More is used than it allows; nothing is stopped")
    promised = serializers.IntegerField(
        allow_null=True, help_text="Sum of the limits of all of this scope; null: one has none"
    )
    sentence = serializers.CharField()


class LimitChangeSerializer(serializers.Serializer[Any]):
    """One entry of a limit's history; null is no limit."""

    at = serializers.DateTimeField()
    by = serializers.CharField(allow_blank=True, help_text="Username; empty: the platform")
    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)
    inherits = serializers.BooleanField(help_text="It follows the default since")
