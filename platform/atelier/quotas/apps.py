"""The quotas feature in Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuotasConfig(AppConfig):
    """Makes sure that the default lines exist."""

    name = "atelier.quotas"
    label = "quotas"

    def ready(self) -> None:
        """Write the default lines after migrations, so that an admin sees them before first use."""
        from atelier.quotas.defaults import ensure_default_lines  # noqa: PLC0415  # needs the models

        post_migrate.connect(ensure_default_lines, sender=self, dispatch_uid="quotas.defaults")
