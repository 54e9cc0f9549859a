"""Notebook servers behind a JupyterHub: the hub owns routing, the portal owns intent."""

from atelier.engines.jupyterhub.client import Hub
from atelier.engines.jupyterhub.engine import HubEngine
from atelier.engines.jupyterhub.slots import Slot

__all__ = ("Hub", "HubEngine", "Slot")
