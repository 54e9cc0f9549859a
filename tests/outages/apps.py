from django.apps import AppConfig


class ThrowawayConfig(AppConfig):
    """Registers the throw-away kind and engine, as a feature would."""

    name = "tests.outages"
    label = "throwaway"

    def ready(self) -> None:
        from tests import throwaway

        throwaway.register()
