"""Addresses of the audit log."""

from django.urls import URLPattern, URLResolver, path

from atelier.audit.api import views

api: list[URLPattern | URLResolver] = [path("audit", views.AuditView.as_view())]
