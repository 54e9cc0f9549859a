"""The jobs feature in Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs bring a kind to the kernel."""

    name = "atelier.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register with the layers below."""
        from atelier.jobs import kind  # noqa: PLC0415  # models come first
        from atelier.workloads import kinds  # noqa: PLC0415

        kinds.register(kind.JobKind)
