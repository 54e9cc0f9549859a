from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts feature."""

    name = "atelier.accounts"
    label = "accounts"
