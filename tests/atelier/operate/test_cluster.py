"""What `make up ENGINE=kubernetes` needs of a cluster, and what it says when that is missing.

The cluster here answers from a table; tests/e2e/cluster starts the platform on a real one.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from atelier.operate import cluster
from atelier.operate.engine import Asked, Engine
from atelier.operate.errors import CannotGoOn
from atelier.operate.home import Home
from atelier.operate.installation import Installation
from atelier.operate.ports import free_port
from atelier.operate.up import _choose_engine
from tests.atelier.operate.table_cluster import (
    CLASSES,
    NODES,
    TableCluster,
    node,
    storage_class,
    write_kubeconfig,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "state")
    made.prepare()
    return made


def asked(kubeconfig: Path, address: str = "127.0.0.1") -> Asked:
    return Asked("kubernetes", str(kubeconfig), address)


def test_each_component_gets_an_account_of_its_own(
    home: Home, kubeconfig: Path, there: TableCluster
) -> None:
    chosen, _ = cluster.grant(home, asked(kubeconfig))

    assert chosen.name == "kubernetes"
    assert chosen.pod_address == "127.0.0.1"
    for name in cluster.COMPONENTS:
        file = home.kubeconfig(name)
        written = json.loads(file.read_text())
        assert file.stat().st_mode & 0o777 == 0o600
        assert written["users"][0]["user"] == {"token": f"token of {name}"}
        assert written["clusters"][0]["cluster"]["server"] == there.url
    kinds = [body["kind"] for method, _, body in there.asked if method == "PATCH"]
    assert kinds[0] == "Namespace"
    assert "ClusterRoleBinding" in kinds


def test_the_administrators_access_is_kept_nowhere(home: Home, kubeconfig: Path) -> None:
    cluster.grant(home, asked(kubeconfig))

    kept = [file for file in home.folder.rglob("*") if file.is_file()]
    assert not [file for file in kept if b"the-administrator" in file.read_bytes()]


def test_what_an_earlier_start_was_given_ends_after_the_restart(
    home: Home, kubeconfig: Path, there: TableCluster
) -> None:
    _, given = cluster.grant(home, asked(kubeconfig))
    assert not [path for method, path, _ in there.asked if method == "DELETE"]

    given.end_earlier()

    place = "/api/v1/namespaces/atelier-system/secrets"
    assert [path for method, path, _ in there.asked if method == "DELETE"] == [f"{place}/earlier"]


def test_a_kubeconfig_that_is_not_there_is_named(home: Home, tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="There is no kubeconfig .*none: name an admin"):
        cluster.grant(home, asked(tmp_path / "none"))


@pytest.mark.parametrize("text", ["{", "[]", "just words", "{}", "current-context: nowhere"])
def test_a_file_that_is_no_kubeconfig_is_named(home: Home, tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd"
    file.write_text(text)

    with pytest.raises(CannotGoOn, match="odd is no kubeconfig that can be used"):
        cluster.grant(home, asked(file))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_closed_kubeconfig_is_named(home: Home, kubeconfig: Path) -> None:
    kubeconfig.chmod(0)

    with pytest.raises(CannotGoOn, match="cannot be read by this user"):
        cluster.grant(home, asked(kubeconfig))


def test_an_api_server_that_is_away_is_named(home: Home, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    file = write_kubeconfig(tmp_path / "admin", url)

    with pytest.raises(CannotGoOn, match=f"{url} cannot be reached .*Connection refused"):
        cluster.grant(home, asked(file))


def test_an_expired_kubeconfig_is_said_so(
    home: Home, kubeconfig: Path, there: TableCluster
) -> None:
    there.status, there.message = 401, "Unauthorized"

    with pytest.raises(CannotGoOn, match="does not accept .* may have expired"):
        cluster.grant(home, asked(kubeconfig))


def test_the_right_that_is_missing_is_named(
    home: Home, kubeconfig: Path, there: TableCluster
) -> None:
    there.status = 403
    there.message = (
        'nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the '
        "cluster scope"
    )

    with pytest.raises(CannotGoOn) as stop:
        cluster.grant(home, asked(kubeconfig))

    assert 'User "bob" cannot list resource "nodes"' in str(stop.value)
    assert "name an administrator's with KUBECONFIG=" in str(stop.value)


def test_a_cluster_that_is_too_old_is_named(
    home: Home, kubeconfig: Path, there: TableCluster
) -> None:
    there.answers["/version"] = {"major": "1", "minor": "28", "gitVersion": "v1.28.3"}

    with pytest.raises(CannotGoOn, match="runs Kubernetes v1.28.3.*at least 1.29"):
        cluster.grant(home, asked(kubeconfig))


def test_an_address_that_is_not_this_machines_is_named(home: Home, kubeconfig: Path) -> None:
    with pytest.raises(CannotGoOn, match="POD_ADDRESS=192.0.2.1 is no address of this machine"):
        cluster.grant(home, asked(kubeconfig, "192.0.2.1"))


def test_no_address_for_pods_is_said_so(home: Home, kubeconfig: Path, there: TableCluster) -> None:
    there.answers[NODES] = {"items": [node(*cluster.images(), address="127.0.0.1")]}

    with pytest.raises(CannotGoOn, match="No address was found .*POD_ADDRESS="):
        cluster.grant(home, asked(kubeconfig, ""))


def test_a_cluster_without_storage_for_homes_is_named(
    home: Home, kubeconfig: Path, there: TableCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.answers[CLASSES] = {"items": [storage_class("slow", default=False)]}

    with pytest.raises(CannotGoOn, match="no default StorageClass.*it has slow"):
        cluster.grant(home, asked(kubeconfig))

    monkeypatch.setenv("ATELIER_STORAGE_CLASS", "fast")
    with pytest.raises(CannotGoOn, match="ATELIER_STORAGE_CLASS='fast': the cluster has slow"):
        cluster.grant(home, asked(kubeconfig))
    monkeypatch.setenv("ATELIER_STORAGE_CLASS", "slow")
    cluster.grant(home, asked(kubeconfig))


def test_images_that_no_node_has_are_named(
    home: Home, kubeconfig: Path, there: TableCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.answers[NODES] = {"items": [node(cluster.images()[0])]}

    with pytest.raises(CannotGoOn, match="No node .*atelier/trainer.*make images"):
        cluster.grant(home, asked(kubeconfig))

    # What a registry has is the cluster's to fetch.
    monkeypatch.setenv("ATELIER_TRAINER_IMAGE", "registry.example.org/trainer:1")
    cluster.grant(home, asked(kubeconfig))


def test_a_later_start_needs_no_kubeconfig(home: Home, kubeconfig: Path) -> None:
    cluster.grant(home, asked(kubeconfig))
    _ends_in(home, timedelta(days=100))

    cluster.check_access(home)


def test_without_access_a_start_says_how_to_get_it(home: Home) -> None:
    with pytest.raises(CannotGoOn, match="has no access to one.*KUBECONFIG="):
        cluster.check_access(home)


def test_access_that_has_ended_is_renewed_with_a_kubeconfig(
    home: Home, kubeconfig: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.grant(home, asked(kubeconfig))

    _ends_in(home, timedelta(days=3, minutes=1))
    cluster.check_access(home)
    assert "ends in 3 days: renew it" in capsys.readouterr().out

    _ends_in(home, -timedelta(minutes=1))
    with pytest.raises(CannotGoOn, match="has expired: renew it with"):
        cluster.check_access(home)


def test_the_way_back_to_a_cluster_never_ends_on_this_machine(
    installation: Installation, kubeconfig: Path
) -> None:
    cluster.grant(installation.home, asked(kubeconfig))
    _ends_in(installation.home, timedelta(days=100))

    with pytest.raises(CannotGoOn, match="address under which pods reach it.*POD_ADDRESS="):
        _choose_engine(installation, Asked("kubernetes"))

    back, _ = _choose_engine(installation, Asked("kubernetes", pod_address="127.0.0.1"))
    assert back.chosen.engine == Engine("kubernetes", "127.0.0.1")


def test_a_cluster_that_is_away_does_not_keep_the_platform_from_starting(
    home: Home, kubeconfig: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.grant(home, asked(kubeconfig))
    _ends_in(home, timedelta(days=100))
    write_kubeconfig(home.kubeconfig("worker"), f"http://127.0.0.1:{free_port()}")

    cluster.check_access(home)

    assert "cannot be reached" in capsys.readouterr().out


def _ends_in(home: Home, left: timedelta) -> None:
    (home.kube / cluster.EXPIRES).write_text((datetime.now(UTC) + left).isoformat())
