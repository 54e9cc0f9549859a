"""JupyterHub's configuration file: the environment, read once, turned into settings."""

from atelier_spawner.configuration import configure
from atelier_spawner.settings import HubSettings

configure(get_config(), HubSettings.from_environ())  # type: ignore[name-defined]  # noqa: F821
