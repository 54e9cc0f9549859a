"""Addresses of the workloads feature."""

from django.urls import URLPattern, URLResolver, path

from atelier.workloads.api import views

api: list[URLPattern | URLResolver] = [
    path("workloads", views.WorkloadsView.as_view()),
    path("workloads/<str:workload_id>", views.WorkloadView.as_view()),
    path("workloads/<str:workload_id>/events", views.WorkloadEventsView.as_view()),
    path("workloads/<str:workload_id>/stop", views.WorkloadStopView.as_view()),
    path("workloads/<str:workload_id>/force-settle", views.WorkloadForceSettleView.as_view()),
    path("check", views.CheckView.as_view()),
]
