"""Which engines there are: names with what makes them, registered at start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from atelier.engines.base import Engine

Factory = Callable[[], Engine]

_factories: dict[str, Factory] = {}
_engines: dict[str, Engine] = {}


def register(name: str, factory: Factory) -> None:
    """Make an engine known; it is made at first use, once a process."""
    if name in _factories and _factories[name] is not factory:
        raise RuntimeError(f"two engines named {name}")
    _factories[name] = factory


@contextmanager
def replaced(name: str, engine: Engine) -> Iterator[None]:
    """Let ``engine`` stand for ``name`` within the block; for tests and throw-away engines."""
    factories, made = dict(_factories), dict(_engines)
    _factories[name], _engines[name] = (lambda: engine), engine
    try:
        yield
    finally:
        _factories.clear()
        _factories.update(factories)
        _engines.clear()
        _engines.update(made)


def get(name: str) -> Engine:
    """Return the engine; LookupError when nobody registered it."""
    if name not in _factories:
        raise LookupError(f"there is no engine {name!r}; known are {sorted(_factories)}")
    if name not in _engines:
        _engines[name] = _factories[name]()
    return _engines[name]


def names() -> list[str]:
    """Return the names of all engines."""
    return sorted(_factories)
