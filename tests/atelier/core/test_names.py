"""Names that collide or lie are refused; distinct names stay distinct."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atelier.core.errors import InvalidSpec
from atelier.core.ids import new_id
from atelier.core.names import ADDRESS, parse_address, parse_display_name, slug_from

LIARS = ["a--b", "A", "Alice", "аlice", "-a", "a-", "1a", "", "a" * 31, "a" * 300, "..", "a/b",
         "a.b", "a\x00", "a\n", "a\u202eb", "a\u200bb", "ａ", "a b", "a_b", "é"]  # fmt: skip


@pytest.mark.parametrize("name", LIARS)
def test_a_name_that_collides_or_lies_is_refused(name: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        parse_address(name, field="username")

    assert refused.value.field == "username"


@pytest.mark.parametrize("name", ["a", "alice", "a-b", "a1-2b", "a" * 30])
def test_a_plain_name_is_taken_as_it_is(name: str) -> None:
    assert parse_address(name, field="username") == name


@given(st.text(max_size=40))
def test_what_is_accepted_is_a_dns_label_and_unchanged(name: str) -> None:
    try:
        accepted = parse_address(name, field="slug")
    except InvalidSpec:
        return

    assert accepted == name
    assert ADDRESS.fullmatch(name)
    assert len(name.encode()) <= 30


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "a\nb", "\u202eevil", "a\u200bb", "x" * 81])
def test_a_display_name_with_invisible_marks_is_refused(name: str) -> None:
    with pytest.raises(InvalidSpec):
        parse_display_name(name, field="name")


def test_a_display_name_keeps_its_script() -> None:
    assert parse_display_name("  Prévision d’attrition 解約 ", field="name") == (
        "Prévision d’attrition 解約"
    )


@given(st.text(min_size=1, max_size=80))
def test_a_proposed_slug_is_always_an_address(name: str) -> None:
    assert ADDRESS.fullmatch(slug_from(name))


def test_ids_are_safe_as_server_names_and_never_meet() -> None:
    ids = {new_id("n") for _ in range(10_000)}

    assert len(ids) == 10_000
    assert all(len(i) == 16 and i.isascii() and i.isalnum() and i.islower() for i in ids)
