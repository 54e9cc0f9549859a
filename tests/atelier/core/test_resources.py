"""Amounts from outside are whole numbers or a clear refusal."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atelier.core.errors import InvalidSpec
from atelier.core.resources import LARGEST, Resources, parse_amount

SMALL = Resources(1000, 2 * 1024**3)


@pytest.mark.parametrize(
    "value",
    [-1, 0, 1.5, math.nan, math.inf, 1e309, "1Ei", "1e3", "-1", "", " 1", "１", True, False, None,
     2**63, 2**53, [], {}, "9" * 40],
)  # fmt: skip
def test_an_amount_that_is_no_whole_number_is_refused_by_name(value: Any) -> None:
    with pytest.raises(InvalidSpec) as refused:
        parse_amount(value, name="resources.memory_bytes")

    assert refused.value.field == "resources.memory_bytes"


@pytest.mark.parametrize(("value", "amount"), [(1, 1), ("250", 250), (LARGEST, LARGEST)])
def test_a_whole_number_is_taken(value: Any, amount: int) -> None:
    assert parse_amount(value, name="x") == amount


@given(st.integers(1, LARGEST), st.integers(1, LARGEST), st.integers(0, 64))
def test_resources_survive_json(cpu: int, memory: int, gpus: int) -> None:
    resources = Resources(cpu, memory, 0, {"nvidia.com/gpu": gpus} if gpus else {})

    assert Resources.from_json(json.loads(json.dumps(resources.to_json()))) == resources


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_foreign_value_gets_past_the_parser(value: Any) -> None:
    with pytest.raises(InvalidSpec):
        Resources.from_json({"cpu_millicores": 1000, "memory_bytes": {"x": value}})


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(InvalidSpec) as refused:
        Resources.from_json({"cpu_millicores": 1, "memory_bytes": 1, "gpus": 1})

    assert refused.value.field == "resources.gpus"


def test_three_replicas_need_three_times_as_much() -> None:
    one = Resources(500, 1024, 0, {"nvidia.com/gpu": 1})

    assert one.times(3) == Resources(1500, 3072, 0, {"nvidia.com/gpu": 3})


def test_a_gpu_does_not_fit_where_there_is_none() -> None:
    assert SMALL.fits_in(Resources(1000, 2 * 1024**3))
    assert not Resources(1, 1, 0, {"nvidia.com/gpu": 1}).fits_in(SMALL)


def test_claims_name_the_quota_lines() -> None:
    gpu = Resources(1000, 1024, 0, {"nvidia.com/gpu": 2, "amd.com/gpu": 0})

    assert gpu.as_claims() == {"cpu": 1000, "memory": 1024, "accelerator:nvidia.com/gpu": 2}
