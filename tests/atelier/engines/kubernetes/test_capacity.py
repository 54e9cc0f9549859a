"""What nodes give, and how Kubernetes spells amounts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atelier.core.resources import Resources
from atelier.engines.kubernetes import capacity, quantities

GIB = 2**30


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2", 2), ("0", 0), ("1k", 1000), ("1Ki", 1024), ("1.5Gi", 1.5 * GIB), ("5e3", 5000),
        ("2E", 2 * 10**18), ("16777216", 2**24), (".5", 0.5), ("100m", 0.1),
    ],
)  # fmt: skip
def test_an_amount_is_read(text: str, amount: float) -> None:
    assert float(quantities.parse(text)) == amount


@pytest.mark.parametrize("text", ["", "many", "1KiB", "1 Gi", "--1", "1_000", "0x10", None, "1e"])
def test_what_is_no_amount_is_refused(text: Any) -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        quantities.parse(text)


@given(st.integers(min_value=0, max_value=10**15))
def test_millicores_are_whole(millicores: int) -> None:
    assert quantities.milli(f"{millicores}m") == millicores


def node(**allocatable: Any) -> dict[str, Any]:
    return {"status": {"allocatable": {k.replace("_", "."): v for k, v in allocatable.items()}}}


def test_a_node_gives_what_is_allocatable() -> None:
    found = capacity.of_node({
        "status": {
            "capacity": {"cpu": "8"},
            "allocatable": {
                "cpu": "7910m", "memory": "15Gi", "pods": "110", "ephemeral-storage": "100Gi",
                "hugepages-2Mi": "0", "nvidia.com/gpu": "4", "amd.com/gpu": "0",
                "nvidia.com/mig-1g.5gb": "2", "attachable-volumes-x.kubernetes.io/y": "3",
            },
        }
    })  # fmt: skip

    assert found == Resources(
        7910, 15 * GIB, accelerators={"nvidia.com/gpu": 4, "nvidia.com/mig-1g.5gb": 2}
    )


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"status": None},
        {"status": {"allocatable": None}},
        {"status": {"allocatable": {"cpu": "2"}}},
        {"status": {"allocatable": {"cpu": "two", "memory": "1Gi"}}},
        {"status": {"allocatable": {"cpu": None, "memory": "1Gi"}}},
        {"status": {"allocatable": {"cpu": "2", "memory": "1Gi", "a/b": "?"}}},
    ],
)
def test_s10_a_node_that_cannot_be_read_hides_no_other(odd: dict[str, Any]) -> None:
    assert capacity.of_nodes([odd, node(cpu="2", memory="4Gi")]) == [Resources(2000, 4 * GIB)]


def test_the_largest_is_told_for_each_resource() -> None:
    sizes = [
        Resources(8000, 16 * GIB),
        Resources(2000, 64 * GIB, accelerators={"nvidia.com/gpu": 1}),
        Resources(1000, GIB, accelerators={"nvidia.com/gpu": 4, "amd.com/gpu": 2}),
    ]

    assert capacity.largest(sizes) == Resources(
        8000, 64 * GIB, accelerators={"amd.com/gpu": 2, "nvidia.com/gpu": 4}
    )
    assert capacity.total(sizes) == Resources(
        11000, 81 * GIB, accelerators={"amd.com/gpu": 2, "nvidia.com/gpu": 5}
    )
