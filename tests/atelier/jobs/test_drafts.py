"""Reading a command and its variables, with anything at all."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atelier.core.errors import InvalidSpec
from atelier.jobs import drafts

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def read(parse: Callable[[object], Any], value: object) -> tuple[Any, str]:
    """Return what was read, or the first part of the field that was refused."""
    try:
        return parse(value), ""
    except InvalidSpec as refused:
        return None, (refused.field or "").split(".")[0]


@given(ANY | st.lists(st.text(), max_size=5))
def test_a_command_is_read_as_it_is_or_refused_by_name(value: object) -> None:
    command, refused = read(drafts.parse_command, value)

    assert refused == "command" or list(command) == value
    assert "\x00" not in "".join(command or ())


@given(ANY | st.dictionaries(st.text(), st.text(), max_size=5))
def test_variables_are_read_as_they_are_or_refused_by_name(value: object) -> None:
    variables, refused = read(drafts.parse_env, value)

    assert refused == "env" or variables == value
    assert not any(drafts.is_reserved(name) for name in variables or ())


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_a_name_is_made_of_any_command(command: list[str]) -> None:
    name = drafts.name_of(tuple(command))

    assert 1 <= len(name) <= drafts.SHOWN
    assert name.isprintable()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("python", "src/train.py", "--lr", "3"), "train.py"),
        (("/usr/bin/env", "python3"), "env"),
        (("sh", "-c", "echo hi"), "sh"),
        (("éé",), "job"),
        (("/",), "job"),
        (("python", "notebook.ipynb"), "notebook.ipynb"),
    ],
)
def test_a_job_is_called_after_its_script(command: tuple[str, ...], name: str) -> None:
    assert drafts.name_of(command) == name
