"""Makes the management commands of this folder known; there are no tables here."""

from django.apps import AppConfig


class OperateConfig(AppConfig):
    """Operating the platform."""

    name = "atelier.operate"
    label = "operate"
