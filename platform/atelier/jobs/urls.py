"""Addresses of jobs."""

from django.urls import URLPattern, URLResolver, path

from atelier.jobs.api import views

api: list[URLPattern | URLResolver] = [
    path("jobs", views.JobsView.as_view()),
    path("jobs/<str:job_id>", views.JobView.as_view()),
    path("jobs/<str:job_id>/stop", views.JobStopView.as_view()),
    path("jobs/<str:job_id>/log", views.JobLogView.as_view()),
    path("jobs/<str:job_id>/log/file", views.JobLogFileView.as_view()),
]
