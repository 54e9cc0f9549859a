from django.apps import AppConfig


class NotebooksConfig(AppConfig):
    """Notebooks bring a kind to the kernel, the hub as its engine, and effects at the hub."""

    name = "atelier.notebooks"
    label = "notebooks"

    def ready(self) -> None:
        """Register with the layers below."""
        from atelier.accounts import hooks as account_hooks  # noqa: PLC0415  # models come first
        from atelier.notebooks import hub, hub_access, kind, restarts, services  # noqa: PLC0415
        from atelier.projects import hooks as project_hooks  # noqa: PLC0415
        from atelier.toolkit import outbox  # noqa: PLC0415
        from atelier.workloads import engines, kinds  # noqa: PLC0415

        kinds.register(kind.NotebookKind)
        engines.register("jupyterhub", hub.engine)
        account_hooks.access_ended.register(hub_access.on_access_ended)
        project_hooks.gone.register(services.when_project_is_gone)
        outbox.handle(hub_access.END_ACCESS, hub_access.end_access)
        outbox.handle(hub_access.REMOVE_SERVER, hub_access.remove_server)
        outbox.handle(restarts.RESTART, restarts.restart_now)
