"""Logs are capped, cannot be forged by user text, and hold no secret."""

import json
import logging

import pytest

from atelier.toolkit.logs import JsonFormatter, clean


def line(message: str, **extra: object) -> str:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, message, (), None)
    vars(record).update(extra)
    return JsonFormatter().format(record)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer atl_canary123",
        "authorization=token canary123",
        "Cookie: atelier_session=canary123",
        "{'token': 'canary123'}",
        "password=canary123",
        "got atl_canary123 back",
    ],
)
def test_s14_a_secret_is_masked(text: str) -> None:
    assert "canary123" not in line(text)
    assert "canary123" not in line("x", header=text)


def test_s14_a_hundred_megabyte_names_grow_the_log_by_little() -> None:
    name = "n" * 1_000_000

    total = sum(len(line("login failed", username=name)) for _ in range(20))

    assert total < 50_000


def test_s14_a_line_break_in_a_name_forges_no_record() -> None:
    written = line("login failed", username='x\n{"event": "login succeeded"}')

    assert "\n" not in written
    assert json.loads(written)["event"] == "login failed"


def test_plain_text_is_left_alone() -> None:
    assert clean("workload settled") == "workload settled"
