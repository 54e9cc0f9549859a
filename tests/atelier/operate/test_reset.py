"""Deleting a platform: what of it is on a cluster goes too, or is said to stay."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from atelier.operate.errors import CannotGoOn
from atelier.operate.installation import Installation
from atelier.operate.ports import free_port
from atelier.operate.reset import reset
from tests.atelier.operate.table_cluster import TableCluster, write_kubeconfig

NAMESPACES = "/api/v1/namespaces"
SECRETS = "/api/v1/namespaces/atelier-system/secrets"


@pytest.fixture
def on_cluster(installation: Installation) -> Installation:
    """An installation that works on a cluster."""
    installation.home.kube.mkdir()
    return installation


def named(name: str, **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **metadata}}


def deleted(there: TableCluster) -> list[str]:
    return [path for method, path, _ in there.asked if method == "DELETE"]


def test_without_a_cluster_none_is_spoken_of(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    reset(installation, confirmed=True, kubeconfig="/nonexistent")

    assert "cluster" not in capsys.readouterr().out
    assert not installation.home.folder.exists()


def test_what_stays_on_the_cluster_is_said_with_the_commands_that_remove_it(
    on_cluster: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    instance = on_cluster.home.instance

    reset(on_cluster, confirmed=True)

    said = capsys.readouterr().out
    assert f"  kubectl delete namespace -l atelier.dev/instance={instance}\n" in said
    assert f"  kubectl -n atelier-system delete secret -l atelier.dev/instance={instance}\n" in said
    assert not on_cluster.home.folder.exists()


def test_with_a_kubeconfig_namespaces_and_tokens_go_too(
    on_cluster: Installation,
    there: TableCluster,
    kubeconfig: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    going = named("atelier-p3", deletionTimestamp="2026-01-01T00:00:00Z")
    there.answers[NAMESPACES] = {"items": [named("atelier-p1"), named("atelier-p2"), going]}
    label = f"atelier.dev/instance={on_cluster.home.instance}"

    reset(on_cluster, confirmed=True, kubeconfig=str(kubeconfig))

    assert f"deletes 2 namespaces of the cluster at {there.url}" in capsys.readouterr().out
    assert deleted(there) == [
        f"{NAMESPACES}/atelier-p1",
        f"{NAMESPACES}/atelier-p2",
        f"{SECRETS}/earlier",
    ]
    looks = [unquote(path) for method, path, _ in there.asked if method == "GET"]
    assert looks == [f"{place}?labelSelector={label}" for place in (NAMESPACES, SECRETS)]
    assert not on_cluster.home.folder.exists()


def test_who_does_not_say_yes_deletes_nothing_anywhere(
    on_cluster: Installation,
    there: TableCluster,
    kubeconfig: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there.answers[NAMESPACES] = {"items": [named("atelier-p1")]}
    monkeypatch.setattr("builtins.input", lambda _: "no")

    with pytest.raises(CannotGoOn, match="Nothing was deleted"):
        reset(on_cluster, confirmed=False, kubeconfig=str(kubeconfig))

    assert deleted(there) == []
    assert on_cluster.home.exists


def test_a_cluster_that_is_away_keeps_everything(on_cluster: Installation, tmp_path: Path) -> None:
    silent = write_kubeconfig(tmp_path / "admin", f"http://127.0.0.1:{free_port()}")

    with pytest.raises(CannotGoOn, match="cannot be reached"):
        reset(on_cluster, confirmed=True, kubeconfig=str(silent))

    assert on_cluster.home.exists


def test_a_copy_that_was_half_restored_deletes_nothing_of_its_original(
    on_cluster: Installation, there: TableCluster, kubeconfig: Path
) -> None:
    on_cluster.home.half_restored.touch()

    reset(on_cluster, confirmed=True, kubeconfig=str(kubeconfig))

    assert there.asked == []
    assert not on_cluster.home.folder.exists()
