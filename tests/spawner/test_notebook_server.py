"""One notebook server from start to stop: a real hub, a real Jupyter, a real kernel."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from atelier_spawner import processes
from tests.spawner.fake_portal import UID, Answer, plan_for
from tests.spawner.rig import Rig, run_cell, wait_until

AS_ROOT = os.geteuid() == 0
ROOT_ONLY = pytest.mark.skipif(not AS_ROOT, reason="only root can start servers as others")


@pytest.fixture(autouse=True)
def _as_usual(rig: Rig) -> Iterator[None]:
    """The portal admits everything again after a test that had it say no."""
    yield
    rig.portal.plan = lambda question: (200, plan_for(question))
    rig.portal.down = False


@pytest.fixture(scope="module")
def running(rig: Rig) -> str:
    """A server of alice, for tests that only look."""
    rig.start("alice", "looks", workload_id="w1")
    return rig.token_for("alice")


def leader_of(rig: Rig, spawn_id: str) -> int:
    found = processes.find_leader(spawn_id, rig.instance)
    assert found is not None
    return found.pid


def spawn_id_of(rig: Rig, server: str) -> str:
    return str([q["spawn_id"] for q in rig.portal.questions if q["server"] == server][-1])


def environment_of(pid: int) -> dict[str, str]:
    raw = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return dict(entry.split("=", 1) for entry in raw.split("\0") if entry)


def cell(rig: Rig, token: str, code: str) -> str:
    return run_cell(rig, "alice", "looks", token, code).strip()


def test_a_cell_runs_in_a_real_kernel(rig: Rig, running: str) -> None:
    assert cell(rig, running, "print(6*7)") == "42"


def test_lab_opens_at_its_address(rig: Rig, running: str) -> None:
    page = rig.use("alice", "looks", "lab", running)

    assert page.status_code == 200
    assert "JupyterLab" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_the_portal_hears_of_each_step_with_its_time(rig: Rig, running: str) -> None:
    started = rig.portal.wait_for_bell("started", server="looks")
    answering = rig.portal.wait_for_bell("answering", server="looks")

    assert started["workload_id"] == answering["workload_id"] == "w1"
    assert started["spawn_id"] == spawn_id_of(rig, "looks")
    assert 0 < answering["seconds"]["process"] < answering["seconds"]["answering"] < 30


def test_the_hub_shows_the_portal_what_it_needs_to_find_a_server_again(
    rig: Rig, running: str
) -> None:
    model = rig.server("alice", "looks")

    assert model is not None
    assert model["state"]["workload_id"] == "w1"
    assert model["state"]["identity"]["pid"] == leader_of(rig, spawn_id_of(rig, "looks"))


def test_no_secret_is_in_the_environment_or_on_the_command_line(rig: Rig, running: str) -> None:
    pid = leader_of(rig, spawn_id_of(rig, "looks"))
    shown = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
    hub_side = {
        value
        for name, value in rig.variables.items()
        if any(word in name for word in ("TOKEN", "SECRET", "KEY", "DATABASE"))
    }

    assert not [secret for secret in hub_side if secret.encode() in shown]
    assert b"atl_" not in shown
    assert "JUPYTERHUB_API_TOKEN" not in environment_of(pid)


def test_a_kernel_does_not_inherit_the_hubs_token(rig: Rig, running: str) -> None:
    names = cell(rig, running, "import os; print([n for n in os.environ if 'TOKEN' in n])")

    assert names == "['ATELIER_TOKEN_FILE']"


def test_the_token_is_in_a_private_file(rig: Rig, running: str) -> None:
    shown = cell(
        rig, running,
        "import os; p = os.environ['ATELIER_TOKEN_FILE']; s = os.stat(p)\n"
        "print(oct(s.st_mode & 0o777), s.st_uid == os.getuid(), open(p).read()[:4])",
    )  # fmt: skip

    assert shown == "0o600 True atl_"


def test_kernels_talk_over_private_sockets_and_not_over_ports(rig: Rig, running: str) -> None:
    shown = cell(
        rig, running,
        "import json, ipykernel; c = json.load(open(ipykernel.get_connection_file()))\n"
        "print(c['transport'])",
    )  # fmt: skip

    assert shown == "ipc"


def test_a_server_listens_on_loopback_only(rig: Rig, running: str) -> None:
    family = set(rig.family(spawn_id_of(rig, "looks")))

    addresses = {address for pid in family for address in listening_addresses(pid)}

    assert addresses == {"0100007F"}  # 127.0.0.1, as /proc writes it


def listening_addresses(pid: int) -> set[str]:
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes}


def test_the_home_is_where_it_should_be_and_private(rig: Rig, running: str) -> None:
    home = rig.homes / "p1" / "alice"

    assert (
        cell(rig, running, "import os; print(os.getcwd(), os.environ['HOME'])").split()
        == [str(home)] * 2
    )
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@ROOT_ONLY
def test_a_root_hub_starts_a_server_as_its_owner_alone(rig: Rig, running: str) -> None:
    shown = cell(
        rig, running,
        "import os; print(os.getresuid(), os.getresgid(), os.getgroups(), oct(os.umask(0)))",
    )  # fmt: skip

    assert shown == f"({UID}, {UID}, {UID}) ({UID}, {UID}, {UID}) [] 0o77"
    assert (rig.homes / "p1" / "alice").stat().st_uid == UID


@ROOT_ONLY
def test_one_user_cannot_read_anothers_home(rig: Rig, running: str) -> None:
    other = rig.homes / "p1" / "bob"
    other.mkdir(mode=0o700)
    (other / "secret").write_text("bob's")

    shown = cell(rig, running, f"open({str(other / 'secret')!r}).read()")

    assert "PermissionError" in shown


@ROOT_ONLY
def test_a_root_hub_never_starts_a_server_as_root(rig: Rig) -> None:
    refused(rig, "asroot", lambda question: (200, plan_for(question, uid=None)))

    assert rig.portal.wait_for_bell("failed", server="asroot")["code"] == "START_FAILED"


def refused(rig: Rig, server: str, plan: Any) -> dict[str, Any]:
    """Have a start refused; the event the hub's own page shows."""
    rig.portal.plan = plan
    response = rig.ask_start("alice", server)
    assert response.status_code in {201, 202, *range(400, 500)}, response.text
    rig.portal.wait_for_bell("failed", server=server)
    wait_until(lambda: rig.server("alice", server) is None)
    return rig.portal.rung("failed", server=server)[-1]


def test_the_portals_refusal_is_what_people_read(rig: Rig) -> None:
    def no(_: dict[str, Any]) -> Answer:
        return 409, {
            "code": "QUOTA_EXCEEDED",
            "detail": "The project has no memory left.",
            "action": "Stop another server.",
        }

    bell = refused(rig, "toomuch", no)

    assert bell["code"] == "QUOTA_EXCEEDED"
    assert bell["detail"] == "The project has no memory left. Stop another server."


def test_twenty_refusals_in_a_row_do_not_end_the_hub(rig: Rig) -> None:
    assert rig.hub is not None
    before = rig.hub.pid
    for number in range(20):
        refused(rig, f"no{number}", lambda _: (403, {"code": "NOT_ALLOWED", "detail": "No."}))

    assert rig.hub.poll() is None
    assert rig.hub.pid == before
    assert rig.hub_answers()


def test_a_portal_that_is_away_is_named_as_such(rig: Rig) -> None:
    rig.portal.plan = lambda question: (503, {})

    rig.ask_start("alice", "away")
    bell = rig.portal.wait_for_bell("failed", server="away")

    assert bell["code"] == "PORTAL_UNREACHABLE"
    assert "portal did not answer" in bell["detail"]
    assert rig.family(bell["spawn_id"]) == []


def test_a_server_that_dies_while_starting_leaves_its_last_words(rig: Rig) -> None:
    home = rig.homes / "p9" / "alice"
    home.mkdir(parents=True)
    home.parent.chmod(0o711)
    # The user's own settings break their server: not ours to prevent, ours to explain.
    settings = home / ".jupyter" / "jupyter_server_config.py"
    settings.parent.mkdir()
    settings.write_text("raise SystemExit('my own settings are broken')")

    def plan(question: dict[str, Any]) -> Answer:
        project = {"id": "p9", "slug": "p9", "namespace": "n"}
        return 200, plan_for(question, home="p9/alice", project=project)

    began = time.monotonic()
    bell = refused(rig, "dies", plan)

    assert time.monotonic() - began < 60
    assert bell["code"] == "START_FAILED"
    assert "broken" in bell["detail"]
    assert rig.family(bell["spawn_id"]) == []

    # A rescue start passes the broken settings by.
    rig.portal.bells.clear()
    rig.portal.plan = lambda q: (200, {**plan(q)[1], "rescue": True})
    rig.start("alice", "dies")
    rig.stop("alice", "dies")


def test_a_server_that_does_not_answer_in_time_is_given_up(rig: Rig) -> None:
    home = rig.homes / "p8" / "alice" / ".jupyter"
    home.mkdir(parents=True)
    home.parent.parent.chmod(0o711)
    (home / "jupyter_server_config.py").write_text("import time; time.sleep(100)")

    def plan(question: dict[str, Any]) -> Answer:
        project = {"id": "p8", "slug": "p8", "namespace": "n"}
        return 200, plan_for(question, home="p8/alice", project=project, start_timeout_seconds=5)

    bell = refused(rig, "slow", plan)

    assert bell["code"] == "START_TIMEOUT"
    wait_until(lambda: rig.family(bell["spawn_id"]) == [])


def test_an_environment_that_is_not_installed_is_named(rig: Rig) -> None:
    environment = {"slug": "spark", "image": "x", "local_runtime": "spark"}

    bell = refused(rig, "spark", lambda q: (200, plan_for(q, environment=environment)))

    assert "spark is not installed" in bell["detail"]


def test_a_stop_ends_everything_the_server_started_and_keeps_the_home(rig: Rig) -> None:
    rig.start("alice", "stops")
    token = rig.token_for("alice")
    spawn_id = spawn_id_of(rig, "stops")
    run_cell(
        rig, "alice", "stops", token,
        "import subprocess, pathlib; pathlib.Path('kept.txt').write_text('kept')\n"
        "subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "subprocess.Popen('trap \"\" TERM; sleep 600', shell=True, start_new_session=True)",
    )  # fmt: skip
    assert len(rig.family(spawn_id)) >= 4

    rig.stop("alice", "stops")

    assert rig.family(spawn_id) == []
    assert (rig.homes / "p1" / "alice" / "kept.txt").read_text() == "kept"
    bell = rig.portal.wait_for_bell("stopped", server="stops")
    assert (bell["code"], bell["exit_code"]) == ("STOPPED_OUTSIDE", None)
    gone = rig.use("alice", "stops", "api/status", token)
    assert gone.status_code in {302, 404, 424, 503}  # 302: to the hub's "not running"


def test_a_start_called_off_midway_leaves_nothing(rig: Rig) -> None:
    rig.ask_start("alice", "calledoff")
    rig.portal.wait_for_bell("started", server="calledoff")

    rig.stop("alice", "calledoff")

    wait_until(lambda: rig.family(spawn_id_of(rig, "calledoff")) == [])


def test_a_server_that_dies_is_noticed_within_seconds_and_leaves_no_kernels(rig: Rig) -> None:
    rig.start("alice", "crashes")
    token = rig.token_for("alice")
    spawn_id = spawn_id_of(rig, "crashes")
    run_cell(
        rig, "alice", "crashes", token,
        "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)",
    )  # fmt: skip

    processes.signal_pid(leader_of(rig, spawn_id), 9)

    wait_until(lambda: rig.server("alice", "crashes") is None, 60)
    wait_until(lambda: rig.family(spawn_id) == [], 60)
    bell = rig.portal.wait_for_bell("stopped", server="crashes")
    assert (bell["code"], bell["exit_code"]) == (None, -9)


def test_the_default_server_of_the_hubs_own_pages_asks_for_a_plan_too(rig: Rig) -> None:
    rig.api("POST", "/users/dora")

    rig.api("POST", "/users/dora/server")

    rig.wait_ready("dora", "")
    assert rig.portal.questions[-1]["server"] == ""
    rig.api("DELETE", "/users/dora/server")
    wait_until(lambda: rig.server("dora", "") is None)


def test_a_package_is_installed_for_one_server_alone_and_can_be_reset(
    rig: Rig, tmp_path: Path
) -> None:
    wheel = tiny_wheel(rig.folder)
    install = "import subprocess, sys; print(subprocess.run([sys.executable, '-m', 'pip', "
    install += f"'install', '--no-index', {str(wheel)!r}], capture_output=True, text=True))"
    ask = "import importlib.util; print(importlib.util.find_spec('atelier_tiny') is not None)"
    rig.start("alice", "pip1")
    rig.start("alice", "pip2")
    token = rig.token_for("alice")

    printed = run_cell(rig, "alice", "pip1", token, install, seconds=120)

    assert "Successfully installed atelier-tiny" in printed
    assert run_cell(rig, "alice", "pip1", token, ask) == "True\n"
    assert run_cell(rig, "alice", "pip2", token, ask) == "False\n"
    status = rig.use("alice", "pip1", "atelier/status", token).json()
    assert status["packages"] == ["atelier_tiny"]
    rig.stop("alice", "pip1")
    assert _in_a_new_start(rig, "pip1", ask, rescue=True) == "False\n"
    assert _in_a_new_start(rig, "pip1", ask) == "True\n"
    assert _in_a_new_start(rig, "pip1", ask, overlay_reset=True) == "False\n"
    rig.stop("alice", "pip2")


def _in_a_new_start(rig: Rig, server: str, code: str, **plan: bool) -> str:
    rig.portal.plan = lambda question: (200, plan_for(question, **plan))
    rig.start("alice", server)
    printed = run_cell(rig, "alice", server, rig.token_for("alice"), code)
    rig.stop("alice", server)
    return printed


def tiny_wheel(folder: Path) -> Path:
    """A wheel with one module, made by hand so that the test needs no network."""
    import zipfile

    wheel = folder / "atelier_tiny-1.0-py3-none-any.whl"
    info = "atelier_tiny-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("atelier_tiny.py", "ANSWER = 42\n")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: atelier-tiny\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    wheel.chmod(0o644)
    return wheel


def test_two_servers_of_one_user_start_at_once(rig: Rig) -> None:
    for server in ("two1", "two2"):
        assert rig.ask_start("alice", server).status_code == 202

    for server in ("two1", "two2"):
        rig.wait_ready("alice", server)
    for server in ("two1", "two2"):
        rig.stop("alice", server)


def test_a_stranger_may_not_use_the_server(rig: Rig, running: str) -> None:
    rig.api("POST", "/users/carol")
    token = rig.token_for("carol")

    assert rig.use("alice", "looks", "api/contents", token).status_code == 403
    anonymous = httpx.get(f"{rig.content_url}/user/alice/looks/api/contents")
    assert anonymous.status_code == 403
