"""Volumes for claims: which claim gets one, how it looks, when it goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cluster import storage


def claim(**spec: Any) -> dict[str, Any]:
    return {
        "metadata": {"namespace": "atelier-p", "name": "home", "uid": "u-1"},
        "spec": {
            "storageClassName": "standard",
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "10Gi"}},
            **spec,
        },
    }


@pytest.mark.parametrize(
    ("spec", "waits"),
    [
        ({}, True),
        ({"volumeName": "pv"}, False),
        ({"storageClassName": "never"}, False),
        ({"storageClassName": ""}, False),
    ],
)
def test_who_gets_a_volume(spec: dict[str, Any], waits: bool) -> None:
    assert storage.is_waiting(claim(**spec)) is waits


def test_a_claim_that_is_going_gets_none() -> None:
    going = claim()
    going["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"

    assert not storage.is_waiting(going)


def test_a_volume_is_for_one_claim() -> None:
    made = storage.volume(claim(), Path("/volumes"))

    assert made["metadata"]["name"] == "pvc-u-1"
    assert made["spec"]["hostPath"]["path"] == "/volumes/pvc-u-1"
    assert made["spec"]["capacity"] == {"storage": "10Gi"}
    assert made["spec"]["claimRef"]["uid"] == "u-1"


def test_a_released_volume_of_ours_goes() -> None:
    made = storage.volume(claim(), Path("/volumes"))

    assert storage.is_released({**made, "status": {"phase": "Released"}})
    assert not storage.is_released({**made, "status": {"phase": "Bound"}})
    made["metadata"]["annotations"] = {}
    assert not storage.is_released({**made, "status": {"phase": "Released"}})
