"""Makes a folder and a volume for each claim of the default class, and removes both with it.

What local-path provisioners do, as small as the tests need it: volumes are folders of this
machine that anybody may write to; their size is not enforced.
"""

from __future__ import annotations

import queue
import shutil
import threading
import traceback
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests.cluster.api import Api, ApiAway, ApiRefused, Object, follow
from tests.cluster.places import Places

PROVISIONER = "atelier.dev/host-path"
STANDARD, NEVER = "standard", "never"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"
CLAIMS = "/api/v1/persistentvolumeclaims"
VOLUMES = "/api/v1/persistentvolumes"
ANYBODY = 0o777
RETRY_SECONDS = 1.0


class Provisioner:
    """One queue, one worker: claims in need and volumes let go, in the order they were seen."""

    def __init__(self, places: Places, api: Api) -> None:
        self._places = places
        self._api = api
        self._work: queue.Queue[Object] = queue.Queue()

    def run(self) -> None:
        for path in (CLAIMS, VOLUMES):
            arguments = (Api(self._places), path, self._all, self._one)
            threading.Thread(target=follow, args=arguments, daemon=True).start()
        while True:
            each = self._work.get()
            try:
                self.look_at(each)
            except ApiAway:
                threading.Timer(RETRY_SECONDS, self._work.put, [each]).start()
            except (ApiRefused, OSError):
                traceback.print_exc()

    def look_at(self, each: Object) -> None:
        if is_waiting(each):
            self._provide(each)
        elif is_released(each):
            self._remove(each)

    def _all(self, items: list[Object]) -> None:
        for each in items:
            self._work.put(each)

    def _one(self, kind: str, each: Object) -> None:
        if kind != "DELETED":
            self._work.put(each)

    def _provide(self, claim: Object) -> None:
        made = volume(claim, self._places.volumes)
        folder = Path(made["spec"]["hostPath"]["path"])
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(ANYBODY)
        try:
            self._api.create(VOLUMES, made)
        except ApiRefused as refused:
            if refused.status != HTTPStatus.CONFLICT:  # made already, when the claim was seen first
                raise

    def _remove(self, released: Object) -> None:
        folder = Path(released["spec"]["hostPath"]["path"])
        if folder.parent == self._places.volumes:
            shutil.rmtree(folder, ignore_errors=True)
        self._api.delete(f"{VOLUMES}/{released['metadata']['name']}")


def is_waiting(each: Object) -> bool:
    """A claim of our class without a volume."""
    spec = each["spec"]
    return (
        "resources" in spec
        and spec.get("storageClassName") == STANDARD
        and not spec.get("volumeName")
        and "deletionTimestamp" not in each["metadata"]
    )


def is_released(each: Object) -> bool:
    """A volume of ours whose claim is gone."""
    annotations = each["metadata"].get("annotations") or {}
    released = (each.get("status") or {}).get("phase") == "Released"
    return released and annotations.get(PROVISIONED_BY) == PROVISIONER


def volume(claim: Object, folder: Path) -> dict[str, Any]:
    """The volume for a claim, bound to it and to no other."""
    metadata, spec = claim["metadata"], claim["spec"]
    name = f"pvc-{metadata['uid']}"
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": {PROVISIONED_BY: PROVISIONER}},
        "spec": {
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "accessModes": spec["accessModes"],
            "volumeMode": "Filesystem",
            "storageClassName": STANDARD,
            "persistentVolumeReclaimPolicy": "Delete",
            "hostPath": {"path": str(folder / name), "type": "Directory"},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": metadata["namespace"],
                "name": metadata["name"],
                "uid": metadata["uid"],
            },
        },
    }


def main() -> None:
    places = Places.of_an_agent()
    Provisioner(places, Api(places)).run()


if __name__ == "__main__":
    main()
