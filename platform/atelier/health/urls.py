"""Addresses of health."""

from django.urls import URLPattern, URLResolver, path

from atelier.health.api import views

api: list[URLPattern | URLResolver] = [path("platform/health", views.HealthView.as_view())]
