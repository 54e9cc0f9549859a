"""The door for the hub's spawner and for running servers: tokens of their own, never a session."""

from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atelier.accounts.api.authentication import SessionOrBearer
from atelier.accounts.models import ApiToken, User
from atelier.core.errors import NotFound
from atelier.notebooks import doorbells, running, spawning
from atelier.notebooks.idle import minutes_of_rule
from atelier.toolkit.serializers import TextField

LONGEST_OPTIONS = 20


class SpawnerOnly(BasePermission):
    """The caller holds the token that only the hub's process knows."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the bearer token is the spawner's, in constant time."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(
            token, settings.ATELIER_SPAWNER_TOKEN
        )


class Nobody(BaseAuthentication):
    """No cookie and no platform token counts here; a refusal is a 401."""

    def authenticate(self, request: Request) -> None:
        """Know nobody."""

    def authenticate_header(self, request: Request) -> str:
        """Make a refusal a 401."""
        return 'Bearer realm="atelier"'


@extend_schema(exclude=True)
class InternalView(APIView):
    """A view for the spawner. Bodies may carry fields of a newer spawner: these are passed over."""

    authentication_classes: Any = (Nobody,)
    permission_classes: Any = (SpawnerOnly,)


class QuestionSerializer(serializers.Serializer[Any]):
    """A spawner's question."""

    hub_user = TextField(max_length=255)
    server = TextField(max_length=255, allow_blank=True)
    spawn_id = TextField(max_length=32)
    user_options = serializers.DictField(required=False, allow_null=True)


class SpawnPlansView(InternalView):
    """Plans for starts."""

    def post(self, request: Request) -> Response:
        """Answer how the server is to be started, or why not."""
        serializer = QuestionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        body = serializer.validated_data
        _speak_the_language_of(request, body["hub_user"])
        question = spawning.Question(
            hub_user=body["hub_user"],
            server=body["server"],
            spawn_id=body["spawn_id"],
            user_options=body.get("user_options") or {},
        )
        return Response(spawning.plan_spawn(question))


def _speak_the_language_of(request: Request, username: str) -> None:
    """A refusal is shown to the hub's user on the hub's page, so it is said in his language."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        request._request.user = user


class DoorbellSerializer(serializers.Serializer[Any]):
    """Something that happened to a server."""

    event = serializers.ChoiceField(
        choices=("started", "waiting", "answering", "stopped", "failed")
    )
    workload_id = TextField(max_length=32, allow_blank=True, allow_null=True, required=False)
    spawn_id = TextField(max_length=32, allow_blank=True, allow_null=True, required=False)
    code = TextField(max_length=40, allow_blank=True, allow_null=True, required=False)
    detail = TextField(max_length=10_000, allow_blank=True, allow_null=True, required=False)
    exit_code = serializers.IntegerField(allow_null=True, required=False)
    params = serializers.DictField(allow_null=True, required=False)


class DoorbellsView(InternalView):
    """What the spawner says happened."""

    def post(self, request: Request) -> Response:
        """Hear it; the kernel looks for itself."""
        serializer = DoorbellSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        body = {k: v for k, v in serializer.validated_data.items() if v is not None}
        if body.get("workload_id"):
            doorbells.hear(doorbells.Doorbell(**body))
        return Response(status=204)


class NamespacesView(InternalView):
    """Where notebook pods may be: the hub looks there for those it does not know."""

    def get(self, request: Request) -> Response:
        """Name the namespaces of all projects."""
        return Response({"namespaces": spawning.namespaces()})


class HubTokenSerializer(serializers.Serializer[Any]):
    """The token by which a server proves which one it is."""

    hub_token = TextField(max_length=200)


class ServerTokensView(InternalView):
    """Fresh tokens for running servers. The hub's token in the body is the proof."""

    permission_classes = (AllowAny,)

    def post(self, request: Request) -> Response:
        """Exchange the server's hub token for an hour's token of its project."""
        serializer = HubTokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        fresh = running.exchange(serializer.validated_data["hub_token"])
        return Response({"token": fresh.token, "expires": fresh.expires})


class ReportSerializer(serializers.Serializer[Any]):
    """What a server says it is doing."""

    busy = serializers.BooleanField()
    last_activity = serializers.DateTimeField(allow_null=True, required=False)
    cpu_millicores = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, allow_null=True, required=False
    )
    memory_bytes = serializers.IntegerField(
        min_value=0, max_value=2**53 - 1, allow_null=True, required=False
    )


class ServerReportsView(InternalView):
    """Reports of running servers, with the token of their workload."""

    authentication_classes = (SessionOrBearer,)
    permission_classes = (AllowAny,)

    def post(self, request: Request) -> Response:
        """Take the report; tell when the server would be stopped as idle."""
        token = request.auth
        if not isinstance(token, ApiToken) or not token.workload_id:
            raise NotFound
        serializer = ReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        report = running.Report(**serializer.validated_data)
        run = running.note_report(workload_id=token.workload_id, report=report)
        return Response({"idle_stop_at": run.idle_stop_at, "idle_minutes": minutes_of_rule()})
