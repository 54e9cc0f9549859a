"""Addresses of notebooks."""

from django.urls import URLPattern, URLResolver, path

from atelier.notebooks.api import internal as views_internal

api: list[URLPattern | URLResolver] = []
internal: list[URLPattern | URLResolver] = [
    path("spawn-plans", views_internal.SpawnPlansView.as_view()),
    path("doorbells", views_internal.DoorbellsView.as_view()),
    path("server-tokens", views_internal.ServerTokensView.as_view()),
    path("server-reports", views_internal.ServerReportsView.as_view()),
]
