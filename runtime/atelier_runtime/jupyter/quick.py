"""Start-up without what a single-user server never uses.

Measured on the pinned versions: of 2.9 s of imports, 1.1 s build a grammar for a string format
nobody validates (rfc3987_syntax), 0.6 s load the Hub's own database layer (JupyterHub's
single-user package imports it for one class and one exception), 0.35 s run `node yarn.js config`,
0.1 s load what httpx's command line draws with. None is needed to serve notebooks. Everything here
is undone after the import: an extension that wants the real thing gets it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

UNWANTED = "rfc3987_syntax"
# httpx does without it where it cannot be imported.
COMMAND_LINE = "httpx._main"


@contextmanager
def without_node() -> Iterator[None]:
    """JupyterLab asks node for yarn's settings at import, if it finds one."""
    path = os.environ.get("PATH")
    # Not empty: an empty one means the system default.
    os.environ["PATH"] = "/nonexistent"
    try:
        yield
    finally:
        if path is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = path


@contextmanager
def standing_in(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Have modules stand in for others that were not imported yet, for the time of a block.

    None stands for "not installed".
    """
    placed = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(placed)  # type: ignore[arg-type]  # None is Python's own way to say it
    try:
        yield
    finally:
        for name, module in placed.items():
            if name in sys.modules and sys.modules[name] is module:
                del sys.modules[name]


def hub_side() -> dict[str, ModuleType]:
    """Stand-ins for the parts of JupyterHub that belong to the Hub."""
    handlers = ModuleType("jupyterhub.handlers")
    pages = ModuleType("jupyterhub.handlers.pages")
    pages.HealthCheckHandler = type("HealthCheckHandler", (), {})  # type: ignore[attr-defined]
    handlers.pages = pages  # type: ignore[attr-defined]
    metrics = ModuleType("jupyterhub.metrics")
    metrics.prometheus_log_method = _count_nothing  # type: ignore[attr-defined]
    sqlalchemy = ModuleType("sqlalchemy")
    errors = ModuleType("sqlalchemy.exc")
    errors.SQLAlchemyError = type("SQLAlchemyError", (Exception,), {})  # type: ignore[attr-defined]
    sqlalchemy.exc = errors  # type: ignore[attr-defined]
    return {
        "jupyterhub.handlers": handlers,
        "jupyterhub.handlers.pages": pages,
        "jupyterhub.metrics": metrics,
        "jupyterhub.orm": ModuleType("jupyterhub.orm"),
        "jupyterhub.roles": ModuleType("jupyterhub.roles"),
        "jupyterhub.singleuser": _bare_package("jupyterhub.singleuser"),
        "sqlalchemy": sqlalchemy,
        "sqlalchemy.exc": errors,
    }


def _count_nothing(_handler: object) -> None:
    """The hub's request metrics; jupyter_server counts its own requests."""


def _bare_package(name: str) -> ModuleType:
    """A package whose modules can be imported while its own __init__ is not run."""
    parent, _, child = name.rpartition(".")
    spec = find_spec(parent)
    package = ModuleType(name)
    folders = (spec.submodule_search_locations or []) if spec is not None else []
    package.__path__ = [os.path.join(folder, child) for folder in folders]
    return package


def import_single_user() -> None:
    """Import JupyterHub's server extension and JupyterLab, the quick way."""
    sys.modules.setdefault(UNWANTED, None)  # type: ignore[arg-type]  # None: "not installed"
    with standing_in({**hub_side(), COMMAND_LINE: None}), without_node():
        __import__("jupyterhub.singleuser.extension")
        __import__("jupyterlab.labapp")
