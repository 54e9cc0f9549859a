from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Projects answer what accounts and the audit log cannot know."""

    name = "atelier.projects"
    label = "projects"

    def ready(self) -> None:
        """Answer the lower layers' questions."""
        from atelier.accounts import hooks  # noqa: PLC0415  # models are not loaded before ready()
        from atelier.audit import access  # noqa: PLC0415
        from atelier.projects import selectors  # noqa: PLC0415

        hooks.projects_of.provide(selectors.projects_of)
        access.led_project.provide(selectors.led_project)
