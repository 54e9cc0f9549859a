"""Picking one of what is offered, by id or slug, with the field's name in what refuses it."""

from typing import TypeVar

from atelier.catalog.availability import Unavailable
from atelier.catalog.models import Choice
from atelier.core.errors import InvalidSpec

LONGEST_ID = 30

C = TypeVar("C", bound=Choice)
Offers = list[tuple[C, Unavailable | None]]  # what is offered, with why it cannot be used


def find(offers: Offers[C], wanted: str, field: str) -> tuple[C, Unavailable | None]:
    """Return the offered choice with this id or slug; raises InvalidSpec naming the field."""
    for choice, why in offers:
        if wanted in {choice.pk, choice.slug}:
            return choice, why
    raise InvalidSpec("NOT_OFFERED", {"name": wanted[:LONGEST_ID]}, field=field)


def usable(offer: tuple[C, Unavailable | None], field: str) -> C:
    """Return the choice of ``offer``; raises InvalidSpec when the engine cannot serve it."""
    choice, why = offer
    if why is not None:
        raise InvalidSpec(why.code, why.params, field=field)
    return choice


def chosen(offers: Offers[C], wanted: str, field: str) -> C:
    """Return the usable choice with this id or slug; raises InvalidSpec naming the field."""
    return usable(find(offers, wanted, field), field)


def first_usable(offers: Offers[C], field: str) -> C:
    """Return the first choice that works; raises InvalidSpec when there is none."""
    for choice, why in offers:
        if why is None:
            return choice
    raise InvalidSpec("NOTHING_OFFERED", field=field)
