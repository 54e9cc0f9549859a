"""Pages of hot lists: keyset over (created, id), newest first, without DRF's machinery."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from atelier.core.errors import InvalidSpec

_LIMIT = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_ID = re.compile(r"[a-z0-9]{1,40}", re.ASCII)
PAGE = 50
NEWEST = ("-created", "-id")
LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class _Place:
    """Between which rows a page begins, and in which direction it goes."""

    is_back: bool
    created: datetime
    id: str

    def write(self) -> str:
        """Return the cursor."""
        text = f"{'b' if self.is_back else 'f'} {self.created.isoformat()} {self.id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str) -> "_Place":
        """Read a cursor; raises InvalidSpec for anything else."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
            direction, created, row_id = text.split(" ")
            when = datetime.fromisoformat(created)
        except (ValueError, binascii.Error) as error:
            raise InvalidSpec("BAD_CURSOR", field="cursor") from error
        if direction not in {"b", "f"} or not _ID.fullmatch(row_id) or when.tzinfo is None:
            raise InvalidSpec("BAD_CURSOR", field="cursor")
        return cls(direction == "b", when, row_id)


def page_of_newest(
    rows: "models.QuerySet[Any, Any]", *, cursor: str | None, limit: str | None
) -> tuple[list[Any], dict[str, str | None]]:
    """Return one page of ``rows`` (dictionaries with created and id) and its neighbours' cursors.

    One query; raises InvalidSpec for a limit or cursor that makes no sense.
    """
    size = size_of(limit)
    place = _Place.read(cursor) if cursor else None
    is_back = place is not None and place.is_back
    order = ("created", "id") if is_back else NEWEST
    # One more than shown tells whether there is another page.
    return page_around(list(_from(rows, place).order_by(*order)[: size + 1]), size, place)


def page_around(
    found: list[Any], size: int, place: _Place | None = None
) -> tuple[list[Any], dict[str, str | None]]:
    """Return the page that ``found``, with one row more than it shows, makes at ``place``."""
    is_back = place is not None and place.is_back
    has_more = len(found) > size
    found = found[:size]
    if is_back:
        found.reverse()
    links: dict[str, str | None] = {"next": None, "previous": None}
    if found and (is_back or has_more):
        links["next"] = _Place(False, found[-1]["created"], found[-1]["id"]).write()
    if found and (has_more if is_back else place is not None):
        links["previous"] = _Place(True, found[0]["created"], found[0]["id"]).write()
    return found, links


def size_of(limit: str | None) -> int:
    """Return how many rows a page has; raises InvalidSpec for anything but 1 to 200."""
    if limit is None:
        return PAGE
    if not _LIMIT.fullmatch(limit):
        raise InvalidSpec("NOT_AN_AMOUNT", {"least": 1, "most": LONGEST_PAGE}, field="limit")
    return min(int(limit), LONGEST_PAGE)


def _from(rows: "models.QuerySet[Any, Any]", place: _Place | None) -> "models.QuerySet[Any, Any]":
    if place is None:
        return rows
    if place.is_back:
        after = Q(created__gt=place.created) | Q(id__gt=place.id)
        return rows.filter(after, created__gte=place.created)
    after = Q(created__lt=place.created) | Q(id__lt=place.id)
    return rows.filter(after, created__lte=place.created)
