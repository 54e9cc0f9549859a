"""Addresses of the quotas feature."""

from django.urls import URLPattern, URLResolver, path

from atelier.quotas.api import views

api: list[URLPattern | URLResolver] = [
    path("me/quota", views.MyQuotaView.as_view()),
    path("projects/<str:project_id>/quota", views.ProjectQuotaView.as_view()),
    path("quotas", views.QuotaTableView.as_view()),
    path("quota-lines", views.QuotaLinesView.as_view()),
    path("quota-lines/preview", views.QuotaPreviewView.as_view()),
    path("quota-lines/<str:line_id>", views.QuotaLineView.as_view()),
    path("quota-lines/<str:line_id>/history", views.QuotaHistoryView.as_view()),
]
