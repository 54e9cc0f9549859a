"""What people rely on when they run the platform: it starts, says so, heals, stops, comes back."""

import os
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from atelier.operate import launch
from atelier.operate.process import Identity
from tests.operating.installed import RunningPlatform, free_ports, new_platform

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

SERVICES = {"postgres", "valkey", "proxy", "hub", "portal", "events", "worker", "beat"}


@pytest.fixture(scope="module")
def mine() -> Iterator[RunningPlatform]:
    """A platform that these tests may hurt."""
    running = new_platform()
    try:
        yield running
    finally:
        running.remove()


@pytest.fixture
def up(mine: RunningPlatform) -> RunningPlatform:
    mine.up()
    return mine


def sign_in(platform: RunningPlatform, password: str | None = None) -> int:
    with httpx.Client(base_url=platform.portal, timeout=20) as client:
        client.get("/api/v1/session")
        answer = client.post(
            "/api/v1/session",
            json={"username": platform.admin, "password": password or platform.password},
            headers={"X-CSRFToken": client.cookies.get("atelier_csrf") or ""},
        )
        return answer.status_code


def wait_until_running(platform: RunningPlatform, patience: float = 40) -> None:
    deadline = time.monotonic() + patience
    while {state for state, _ in platform.states().values()} != {"running"}:
        assert time.monotonic() < deadline, platform.states()
        time.sleep(0.5)


def test_the_first_start_says_where_and_how_to_sign_in(mine: RunningPlatform) -> None:
    said = mine.up()

    assert f"Portal      {mine.portal}" in said
    assert "Sign in as  admin" in said
    assert mine.password
    assert sign_in(mine) == 200
    assert sign_in(mine, "not the password") == 401


def test_the_password_is_kept_nowhere_in_clear(up: RunningPlatform) -> None:
    found = subprocess.run(
        ["grep", "-rlF", up.password, str(up.home)], capture_output=True, text=True
    )

    assert found.stdout == ""


def test_starting_what_runs_already_changes_nothing(up: RunningPlatform) -> None:
    before = up.states()

    said = up.up()

    assert "Atelier is up already." in said
    assert "Password    (forgotten?" in said
    assert up.states() == before
    assert set(before) == SERVICES


def test_everything_listens_on_loopback_only(up: RunningPlatform) -> None:
    ports = {f"{port:04X}" for port in range(up.port, up.port + 9)}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    listening = [row[1].split(":") for row in rows if row[3] == "0A"]

    addresses = {address for address, port in listening if port in ports}

    assert addresses == {"0100007F"}  # 127.0.0.1 as the kernel writes it


def test_secrets_reach_neither_command_lines_nor_the_supervisor(up: RunningPlatform) -> None:
    secrets = [file.read_text() for file in (up.home / "secrets").iterdir()]
    command_lines = [
        entry.joinpath("cmdline").read_bytes().decode(errors="replace")
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and entry.joinpath("cmdline").exists()
    ]
    configuration = (up.home / "run" / "supervisord.conf").read_text()

    assert not any(secret in text for secret in secrets for text in [*command_lines, configuration])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_any_killed_process_comes_back_by_itself(up: RunningPlatform, name: str) -> None:
    pid = up.states()[name][1]

    os.kill(pid, signal.SIGKILL)

    wait_until_running(up)
    assert up.states()[name][1] != pid
    assert "Atelier is up already." in up.up()
    assert sign_in(up) == 200


def test_after_the_supervisor_was_killed_make_up_heals(up: RunningPlatform) -> None:
    supervisor = launch.identity_of(up.home / "run", "supervisor")
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    time.sleep(0.5)
    assert {state for state, _ in up.states().values()} == {"unattended"}

    said = up.up()

    assert "Ended what an earlier start had left running" in said
    assert {state for state, _ in up.states().values()} == {"running"}
    assert sign_in(up) == 200


def test_after_everything_was_killed_make_up_heals(up: RunningPlatform) -> None:
    identities = everything(up)
    for identity in identities:
        launch.send(identity.pid, signal.SIGKILL)

    up.up()

    assert not any(identity.is_alive() for identity in identities)
    assert {state for state, _ in up.states().values()} == {"running"}
    assert sign_in(up) == 200


def everything(platform: RunningPlatform) -> list[Identity]:
    marked = launch.marked_processes(platform.home / "run")
    found = [Identity.of(pid) for pid, _ in marked]
    return [identity for identity in found if identity is not None]


def test_a_start_that_was_interrupted_is_taken_up_again(up: RunningPlatform) -> None:
    up.make("down")
    process = subprocess.Popen(
        ["make", "up"],
        cwd=up.checkout,
        env=up.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Starting proxy" in line:
            os.killpg(process.pid, signal.SIGKILL)
            break
    process.communicate()

    said = up.up()

    assert "An earlier start did not finish: starting over" in said
    assert sign_in(up) == 200


def test_going_down_ends_every_process_and_keeps_the_data(up: RunningPlatform) -> None:
    running = everything(up)

    said = up.make("down")

    assert said.returncode == 0
    assert "Atelier is down." in said.stdout
    assert not any(identity.is_alive() for identity in running)
    assert up.make("down").stdout.strip() == "Atelier is not running."
    assert {state for state, _ in up.states().values()} == {"stopped"}
    up.up()
    assert sign_in(up) == 200


def test_a_busy_port_is_named_and_nothing_is_started(mine: RunningPlatform) -> None:
    mine.make("down")
    with socket.create_server(("127.0.0.1", mine.port + 1)):
        done = mine.make("up")

    assert done.returncode != 0
    assert f"Port {mine.port + 1} is taken" in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(mine) == []


def test_a_shared_host_is_refused(mine: RunningPlatform) -> None:
    mine.make("down")
    mine.variables["ATELIER_CONTENT_URL"] = f"http://localhost:{mine.port + 1}"
    try:
        done = mine.make("up")
    finally:
        mine.variables.clear()

    assert done.returncode != 0
    assert "share a host" in done.stderr
    assert "Traceback" not in done.stderr


def test_data_of_another_postgresql_is_refused_with_the_way_out(up: RunningPlatform) -> None:
    up.make("down")
    version = up.home / "postgres" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("14\n")
    try:
        done = up.make("up")
    finally:
        version.write_text(ours)

    assert done.returncode != 0
    assert "was written by PostgreSQL 14" in done.stderr
    assert "make backup" in done.stderr
    assert "Traceback" not in done.stderr
    up.up()
    assert sign_in(up) == 200


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_said_in_one_sentence(small_disk: Path) -> None:
    full = RunningPlatform(small_disk, free_ports())

    done = full.make("up")

    assert done.returncode != 0
    assert f"The disk that holds {full.home} is full: free some space there" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder on a disk of its own with less room than a database wants."""
    folder = Path(tempfile.mkdtemp(prefix="atelier-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=711", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_the_log_of_a_service_is_shown(up: RunningPlatform) -> None:
    assert "database system is ready" in up.make("logs", "SERVICE=postgres").stdout
    wrong = up.make("logs", "SERVICE=nothing")
    assert wrong.returncode != 0
    assert "use one of postgres, valkey" in wrong.stderr


def test_a_reset_link_lets_the_admin_back_in(up: RunningPlatform) -> None:
    said = up.make("reset-link")

    assert said.returncode == 0, said.stderr
    link = said.stdout.splitlines()[0]
    assert link.startswith(f"{up.portal}/")
    secret = link.rpartition("/")[2]
    about = httpx.get(f"{up.portal}/api/v1/password-resets/{secret}", timeout=20)
    assert about.json() == {"username": "admin"}
    assert "There is no user named nobody-here" in up.make("reset-link", "NAME=nobody-here").stderr


def test_a_backup_restored_elsewhere_lets_the_same_people_in(up: RunningPlatform) -> None:
    home = up.home / "homes" / "p123" / "admin"
    home.mkdir(parents=True)
    (home / "notes.txt").write_text("kept")
    (up.home / "blobs" / "blob").write_bytes(b"\0\1")
    file = up.folder / "backup.tar.gz"
    elsewhere = RunningPlatform(up.folder / "elsewhere", free_ports(), password=up.password)
    elsewhere.folder.mkdir(mode=0o711)

    saved = up.make("backup", f"FILE={file}")
    up.make("down")
    restored = elsewhere.make("restore", f"FILE={file}")
    try:
        assert saved.returncode == 0, saved.stderr
        assert restored.returncode == 0, restored.stderr
        assert file.stat().st_mode & 0o777 == 0o600
        elsewhere.up()
        assert sign_in(elsewhere) == 200
        assert (elsewhere.home / "homes/p123/admin/notes.txt").read_text() == "kept"
        assert (elsewhere.home / "blobs/blob").read_bytes() == b"\0\1"
        again = elsewhere.make("restore", f"FILE={file}")
        assert again.returncode != 0
        assert "There is an installation in" in again.stderr
    finally:
        elsewhere.remove()


def test_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    empty = new_platform()
    (tmp_path / "text.tar.gz").write_text("not an archive")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as archive:
        archive.add(__file__, "something.py")

    answers = {
        name: empty.make("restore", f"FILE={tmp_path / name}").stderr
        for name in ("text.tar.gz", "other.tar.gz", "none.tar.gz")
    }
    empty.remove()

    assert "is no backup made by `make backup`" in answers["text.tar.gz"]
    assert "is no backup made by `make backup`" in answers["other.tar.gz"]
    assert "There is no file" in answers["none.tar.gz"]


def test_reset_asks_and_then_leaves_nothing(up: RunningPlatform) -> None:
    asked = up.make("reset")
    assert asked.returncode != 0
    assert "Nothing was deleted" in asked.stderr
    assert up.home.exists()

    done = up.make("reset", "CONFIRM=yes")

    assert done.returncode == 0, done.stderr
    assert not up.home.exists()
    assert everything(up) == []
