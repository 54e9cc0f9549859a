"""SQL of querysets that differ only in their values, built once for each shape.

Building the SQL of a hot list costs Django more than the database needs to answer it. A value that
differs from caller to caller goes into the queryset as a ``Mark``; the statement is kept with the
marks among its parameters and run with the real values in their place. A mark that were lost on
the way would compare with a name that nothing stored has: too little is shown then, never more.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

MOST_SHAPES = 500


class Mark(str):
    """The place of a value in a statement."""

    __slots__ = ()

    def __new__(cls, name: str) -> "Mark":
        """Make the mark of the value ``name``."""
        # No stored text can hold NUL, so nothing ever equals a mark.
        return super().__new__(cls, f"\x00{name}")

    @property
    def name(self) -> str:
        """Return what the value is called."""
        return self[1:]


class Prepared:
    """The statements of one list, by shape."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}

    def rows(
        self,
        shape: Hashable,
        build: Callable[[], "models.QuerySet[Any, Any]"],
        values: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """Run the statement of ``shape``, made by ``build`` when it is new, with ``values``.

        The columns come as the database has them: JSON only as text, if the query casts it so.
        """
        known = self._known.get(shape)
        if known is None:
            try:
                known = build().query.sql_with_params()
            except EmptyResultSet:
                return []
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            self._known[shape] = known
        sql, parameters = known
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[p.name] if isinstance(p, Mark) else p for p in parameters])
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
