"""Addresses of the portal: each feature brings its own lists in ``<feature>/urls.py``."""

from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from atelier.config import probes, spa


def _urls(feature: str) -> ModuleType:
    return import_module(f"atelier.{feature}.urls")


def _gather(name: str) -> list[URLPattern | URLResolver]:
    return [p for f in settings.FEATURES for p in getattr(_urls(f), name, [])]


def _nowhere(request: HttpRequest) -> HttpResponse:
    raise Http404


handler400 = "atelier.toolkit.http.handler400"
handler404 = "atelier.toolkit.http.handler404"
handler500 = "atelier.toolkit.http.handler500"

urlpatterns: list[URLPattern | URLResolver] = [
    # Nothing here has such an id, and PostgreSQL takes no text with a NUL to look for it.
    re_path(r"\x00", _nowhere),
    path("livez", probes.livez),
    path("readyz", probes.readyz),
    path("api/v1/schema", SpectacularAPIView.as_view()),
    path("api/v1/", include(_gather("api"))),
    path("internal/", include(_gather("internal"))),
    *_gather("root"),
    # Everything else is a page of the single-page application.
    re_path(r"^(?!api/|internal/|oauth/|static/|assets/).*$", spa.page),
]
