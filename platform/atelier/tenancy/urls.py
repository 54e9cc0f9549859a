"""Addresses of places."""

from django.urls import URLPattern, URLResolver, path

from atelier.tenancy.api import views

api: list[URLPattern | URLResolver] = [
    path("projects/<str:project_id>/place", views.PlaceView.as_view()),
]
