"""The same list as plain Django REST framework has it: ModelSerializer and select_related.

Middleware, sessions, database and every value shown are the platform's own; only the way from the
rows to the answer is DRF's.
"""

from typing import Any

from django.urls import path
from rest_framework import generics, pagination, renderers, serializers

from atelier.projects.models import Project
from atelier.workloads import selectors
from atelier.workloads.models import Workload
from atelier.workloads.status import shown_word


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """A project by its names."""

    class Meta:
        model = Project
        fields = ("id", "slug", "name")


class WorkloadSerializer(serializers.ModelSerializer[Workload]):
    """A workload with its project."""

    project = ProjectSerializer()
    owner = serializers.CharField(source="owner.username")
    status = serializers.SerializerMethodField()
    phase = serializers.CharField(source="status")
    reason = serializers.SerializerMethodField()
    started = serializers.DateTimeField(source="started_at")
    finished = serializers.DateTimeField(source="finished_at")
    progress = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = Workload
        fields = (
            "id", "kind", "name", "durable_id", "project", "owner", "status", "phase", "reason",
            "resources", "created", "started", "finished", "stale_since", "progress", "links",
        )  # fmt: skip

    def get_status(self, workload: Workload) -> str:
        """Return the word shown."""
        return shown_word(workload.status, workload.reason_code)

    def get_reason(self, workload: Workload) -> dict[str, str] | None:
        """Return the reason."""
        if not workload.reason_code:
            return None
        return selectors.reason(workload.reason_code, workload.reason_params, "en")

    def get_progress(self, workload: Workload) -> list[dict[str, Any]]:
        """Return the steps."""
        return selectors.progress(workload.kind, workload.status, workload.created, workload.steps)

    def get_links(self, workload: Workload) -> dict[str, str]:
        """Return the addresses."""
        return selectors.links({"kind": workload.kind, "durable_id": workload.durable_id})


class Pages(pagination.CursorPagination):
    """Newest first."""

    page_size = 50
    ordering = "-created"


class Workloads(generics.ListAPIView[Workload]):
    """The list."""

    serializer_class = WorkloadSerializer
    pagination_class = Pages
    renderer_classes = (renderers.JSONRenderer,)

    def get_queryset(self) -> Any:
        """Return what the caller may see."""
        visible = Workload.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return visible.select_related("project", "owner")


urlpatterns = [path("api/v1/workloads", Workloads.as_view())]
