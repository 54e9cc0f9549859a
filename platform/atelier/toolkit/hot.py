"""Views of hot lists: what DRF does for every answer is more than half of such an answer's cost."""

from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from atelier.toolkit.http import ORJSONRenderer, to_json

_RENDERER = ORJSONRenderer()


class HotView(APIView):
    """A view that writes its JSON itself, so that nothing is negotiated or rendered.

    ``get`` returns ``answer(body)``; authentication, permission and problems are as everywhere.
    """

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """Choose JSON without looking at what else there is."""
        return _RENDERER, ORJSONRenderer.media_type


def answer(body: object) -> HttpResponse:
    """Return ``body`` as JSON."""
    return HttpResponse(to_json(body), content_type="application/json")
