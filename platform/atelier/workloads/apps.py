"""The workloads feature in Django."""

from django.apps import AppConfig


class WorkloadsConfig(AppConfig):
    """The kernel. Kinds and engines are registered by the features above, in their ready()."""

    name = "atelier.workloads"
    label = "workloads"

    def ready(self) -> None:
        """Register what the kernel itself does for the layers below."""
        # These need the models, which are not there before ready().
        from atelier.engines.memory import MemoryEngine  # noqa: PLC0415
        from atelier.toolkit import outbox  # noqa: PLC0415
        from atelier.workloads import engines, moves, tasks  # noqa: PLC0415

        outbox.handle(moves.FORGET, tasks.forget)
        engines.register("memory", MemoryEngine.shared)
