from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The catalog feature."""

    name = "atelier.catalog"
    label = "catalog"
