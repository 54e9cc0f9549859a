from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit feature."""

    name = "atelier.audit"
    label = "audit"
