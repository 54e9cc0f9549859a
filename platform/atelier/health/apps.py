from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The health feature; it has no tables."""

    name = "atelier.health"
    label = "health"
