"""Runs workloads as processes of this machine."""

from atelier.engines.local.engine import LocalEngine

__all__ = ("LocalEngine",)
