"""The workloads feature in Django."""

from django.apps import AppConfig


class WorkloadsConfig(AppConfig):
    """The kernel. Kinds and engines are registered by the features above, in their ready()."""

    name = "atelier.workloads"
    label = "workloads"

    def ready(self) -> None:
        """Register what the kernel itself does for the layers below."""
        # These need the models, which are not there before ready().
        from atelier.accounts import hooks as accounts_hooks  # noqa: PLC0415
        from atelier.projects import hooks as projects_hooks  # noqa: PLC0415
        from atelier.quotas import hooks as quotas_hooks  # noqa: PLC0415
        from atelier.toolkit import outbox  # noqa: PLC0415
        from atelier.workloads import (  # noqa: PLC0415
            engines,
            moves,
            placing,
            selectors,
            stopping,
            tasks,
        )

        accounts_hooks.live_work.provide(selectors.live_work_of)
        accounts_hooks.access_ended.register(stopping.when_access_ends)
        projects_hooks.archived.register(stopping.when_archived)
        projects_hooks.deleted.register(stopping.when_deleted)
        projects_hooks.member_left.register(stopping.when_member_leaves)
        quotas_hooks.waiting_for.provide(selectors.waiting_for)
        outbox.handle(moves.FORGET, tasks.forget)
        for name, factory in placing.factories().items():
            engines.register(name, factory)
