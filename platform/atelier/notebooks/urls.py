"""Addresses of notebooks."""

from django.urls import URLPattern, URLResolver, path

from atelier.notebooks.api import internal as for_the_hub
from atelier.notebooks.api import views

api: list[URLPattern | URLResolver] = [
    path("notebooks", views.NotebooksView.as_view()),
    path("notebooks/<str:notebook_id>", views.NotebookView.as_view()),
    path("notebooks/<str:notebook_id>/start", views.NotebookStartView.as_view()),
    path("notebooks/<str:notebook_id>/stop", views.NotebookStopView.as_view()),
    path("notebooks/<str:notebook_id>/restart", views.NotebookRestartView.as_view()),
    path("notebooks/<str:notebook_id>/keep-running", views.NotebookKeepRunningView.as_view()),
    path("notebooks/<str:notebook_id>/reset-packages", views.NotebookResetPackagesView.as_view()),
]
internal: list[URLPattern | URLResolver] = [
    path("spawn-plans", for_the_hub.SpawnPlansView.as_view()),
    path("doorbells", for_the_hub.DoorbellsView.as_view()),
    path("namespaces", for_the_hub.NamespacesView.as_view()),
    path("server-tokens", for_the_hub.ServerTokensView.as_view()),
    path("server-reports", for_the_hub.ServerReportsView.as_view()),
]
