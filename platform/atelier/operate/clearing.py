"""What an installation has on a cluster, found and deleted with an administrator's kubeconfig."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from atelier.engines.kubernetes import objects
from atelier.operate.console import step
from atelier.operate.engine import system_namespace
from atelier.operate.errors import CannotGoOn
from atelier.operate.kube_api import PLACES, Answer, KubeApi


@dataclass(frozen=True, slots=True)
class Belongings:
    """The projects' namespaces with all that is in them, and the tokens of the platform.

    Accounts and roles are not among them: every installation of a cluster uses the same.
    """

    api: KubeApi
    namespaces: tuple[str, ...]
    tokens: tuple[str, ...]

    def in_words(self) -> str:
        count = len(self.namespaces)
        return (
            f"{count} namespace{'s' * (count != 1)} of the cluster at "
            f"{self.api.configuration.host}, with all homes and all that runs there"
        )

    def delete(self) -> None:
        """Ask for the end of them; the cluster takes its time over namespaces."""
        try:
            with step(f"Deleting what is on the cluster at {self.api.configuration.host}"):
                for path in (*self.namespaces, *self.tokens):
                    self.api.delete(path)
        except Answer as answer:
            raise CannotGoOn(
                f"The cluster refused to delete something: {answer}. The state folder is still "
                "there; put that right and run the command again."
            ) from answer


def look(kubeconfig: Path, instance: str) -> Belongings:
    """Find what carries the installation's label and is not on its way out already."""
    api = KubeApi(kubeconfig)
    try:
        return Belongings(
            api,
            _paths(api, PLACES["Namespace"], instance),
            _paths(api, PLACES["Secret"].format(system_namespace()), instance),
        )
    except Answer as answer:
        raise CannotGoOn(f"The cluster does not tell what is there: {answer}.") from answer


def commands(instance: str) -> tuple[str, str]:
    """What an administrator types to remove an installation's things from a cluster."""
    ours = f"-l {objects.INSTANCE}={instance}"
    return (
        f"kubectl delete namespace {ours}",
        f"kubectl -n {system_namespace()} delete secret {ours}",
    )


def _paths(api: KubeApi, place: str, instance: str) -> tuple[str, ...]:
    listed = api.get(place, labelSelector=f"{objects.INSTANCE}={instance}")
    return tuple(
        f"{place}/{each['metadata']['name']}"
        for each in listed["items"]
        if "deletionTimestamp" not in each["metadata"]
    )
