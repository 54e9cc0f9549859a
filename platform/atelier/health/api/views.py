"""Whether the platform works."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.permissions import AdminWritesAuditorReads
from atelier.core.reasons import describe
from atelier.health import probes
from atelier.health.api.serializers import HealthSerializer
from atelier.health.findings import Finding
from atelier.toolkit.http import known_filters
from atelier.toolkit.middleware import language_of


class HealthView(APIView):
    """The parts of the platform."""

    permission_classes = (AdminWritesAuditorReads,)

    @extend_schema(
        operation_id="get_platform_health", responses=HealthSerializer, tags=["platform"]
    )
    def get(self, request: Request) -> Response:
        """Look at each part now; the hub as a worker saw it last."""
        known_filters(request)
        findings, versions = probes.look()
        lang = language_of(request._request)
        return Response({"components": [_shown(f, lang) for f in findings], "versions": versions})


def _shown(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "name": finding.name,
        "state": finding.state.value,
        "detail": describe(finding.code, finding.params, lang).text,
        "checked_at": timezone.now(),
    }
