"""Addresses of the catalog."""

from django.urls import URLPattern, URLResolver, path

from atelier.catalog.api import views

api: list[URLPattern | URLResolver] = [
    path("environments", views.EnvironmentsView.as_view()),
    path("environments/<str:environment_id>", views.EnvironmentView.as_view()),
    path("profiles", views.ProfilesView.as_view()),
    path("profiles/<str:profile_id>", views.ProfileView.as_view()),
]
