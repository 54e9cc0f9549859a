from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The projects feature."""

    name = "atelier.projects"
    label = "projects"
