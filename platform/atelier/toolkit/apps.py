from django.apps import AppConfig


class ToolkitConfig(AppConfig):
    """The tables that the glue itself needs: outbox messages and idempotency keys."""

    name = "atelier.toolkit"
    label = "toolkit"
