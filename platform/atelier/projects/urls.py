"""Addresses of projects."""

from django.urls import URLPattern, URLResolver, path

from atelier.projects.api import views

api: list[URLPattern | URLResolver] = [
    path("projects", views.ProjectsView.as_view()),
    path("projects/<str:project_id>", views.ProjectView.as_view()),
    path("projects/<str:project_id>/archive", views.ProjectArchiveView.as_view()),
    path("projects/<str:project_id>/unarchive", views.ProjectUnarchiveView.as_view()),
    path("projects/<str:project_id>/members", views.MembersView.as_view()),
    path("projects/<str:project_id>/members/<str:username>", views.MemberView.as_view()),
    path("projects/<str:project_id>/invitations", views.InvitationsView.as_view()),
    path(
        "projects/<str:project_id>/invitations/<str:invitation_id>", views.InvitationView.as_view()
    ),
    path("invitations/<str:token>", views.OpenedInvitationView.as_view()),
    path("invitations/<str:token>/accept", views.AcceptInvitationView.as_view()),
]
