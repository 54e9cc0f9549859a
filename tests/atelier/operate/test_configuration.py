"""What people may choose, and what they are told when they choose badly."""

from pathlib import Path

import pytest

from atelier.operate import configuration
from atelier.operate.engine import Engine
from atelier.operate.errors import CannotGoOn


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "BIND", "PORTAL_URL", "CONTENT_URL", "EVENTS_URL", "ISOLATION",
                 "ALLOW_SHARED_HOST", "I_TRUST_ALL_USERS"):  # fmt: skip
        monkeypatch.delenv(f"ATELIER_{name}", raising=False)


@pytest.fixture
def remembered(tmp_path: Path) -> Path:
    return tmp_path / "port"


def test_everything_derives_from_one_port(
    remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_PORT", "9000")

    chosen = configuration.read(remembered)

    assert chosen.portal_url == "http://localhost:9000"
    assert chosen.content_url == "http://127.0.0.1:9001"
    assert chosen.events_url == "http://localhost:9004"
    assert chosen.sockets == tuple(
        ("127.0.0.1", port) for port in (9000, 9001, 9004, 9006, 9007, 9008, 9005)
    )


def test_on_a_cluster_pods_reach_the_hub_and_a_door_and_nothing_else(
    remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_PORT", "9000")

    chosen = configuration.read(remembered, Engine("kubernetes", "10.99.0.1"))

    assert chosen.isolation == "kubernetes"
    assert chosen.hub_url == "http://10.99.0.1:9005"
    assert chosen.pod_portal_url == "http://10.99.0.1:9000"
    seen_by_pods = {port for address, port in chosen.sockets if address == "10.99.0.1"}
    assert seen_by_pods == {9000, 9005}


def test_a_portal_that_listens_everywhere_needs_no_door(
    remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_BIND", "0.0.0.0")
    monkeypatch.setenv("ATELIER_I_TRUST_ALL_USERS", "true")

    assert not configuration.read(remembered, Engine("kubernetes", "10.99.0.1")).has_door


def test_the_port_of_the_last_start_is_remembered(remembered: Path) -> None:
    assert configuration.read(remembered).port == configuration.DEFAULT_PORT

    remembered.write_text("9000\n")

    assert configuration.read(remembered).port == 9000


@pytest.mark.parametrize("port", ["80", "65530", "eighty", "-1", "٨٠٠٠", "8000.0"])
def test_an_impossible_port_is_refused_by_name(
    port: str, remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_PORT", port)

    with pytest.raises(CannotGoOn, match="ATELIER_PORT=.*use a whole number"):
        configuration.read(remembered)


def test_a_host_shared_with_notebooks_is_refused(
    remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_CONTENT_URL", "http://localhost:8001")

    with pytest.raises(CannotGoOn, match="share a host.*ATELIER_ALLOW_SHARED_HOST=true"):
        configuration.read(remembered)

    monkeypatch.setenv("ATELIER_ALLOW_SHARED_HOST", "true")
    assert configuration.read(remembered).content_url == "http://localhost:8001"


def test_other_machines_are_let_in_only_by_an_explicit_word(
    remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_BIND", "0.0.0.0")

    with pytest.raises(CannotGoOn, match="ATELIER_I_TRUST_ALL_USERS=true"):
        configuration.read(remembered)

    monkeypatch.setenv("ATELIER_I_TRUST_ALL_USERS", "true")
    assert configuration.read(remembered).address == "0.0.0.0"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ATELIER_BIND", "everywhere", "use an IP address"),
        ("ATELIER_ISOLATION", "docker", "use uid or none"),
        ("ATELIER_ALLOW_SHARED_HOST", "yes", "use true or false"),
        ("ATELIER_PORTAL_URL", "localhost:8000", "use scheme://host"),
        ("ATELIER_PORTAL_URL", "http://localhost:8000/portal", "use scheme://host"),
    ],
)
def test_a_mistake_is_named(
    name: str, value: str, sentence: str, remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(CannotGoOn, match=f"{name}=.*{sentence}"):
        configuration.read(remembered)


def test_root_cannot_do_without_isolation_for_notebooks_never_run_as_root(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATELIER_ISOLATION", "none")
    monkeypatch.setattr("os.geteuid", lambda: 0)

    with pytest.raises(CannotGoOn, match="ATELIER_ISOLATION='none': use uid as root"):
        configuration.isolation()


def test_a_plain_user_has_no_isolation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATELIER_ISOLATION", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    assert configuration.isolation() == "none"
