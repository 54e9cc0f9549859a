"""The embedded Valkey, the real one."""

import stat
from pathlib import Path

import redis

from atelier.operate import valkey
from atelier.operate.ports import free_port
from atelier.operate.unix_user import server_user
from atelier.operate.valkey import Valkey

PASSWORD = "f00"


def make(folder: Path) -> tuple[Valkey, Path]:
    run_as = server_user()
    return (
        Valkey(folder / "valkey", free_port(), run_as),
        valkey.reachable_binary(folder, run_as=run_as),
    )


def test_what_was_queued_is_there_after_a_kill(open_folder: Path) -> None:
    server, executable = make(open_folder)
    log = open_folder / "log"
    first = server.start(PASSWORD, log=log, executable=executable, dies_with_parent=True)
    with redis.Redis.from_url(server.url(PASSWORD)) as client:
        client.rpush("queue", "one", "two")
        client.execute_command("WAITAOF", 1, 0, 2000)
    first.kill()
    first.wait()

    second = server.start(PASSWORD, log=log, executable=executable, dies_with_parent=True)
    with redis.Redis.from_url(server.url(PASSWORD)) as client:
        kept = client.lrange("queue", 0, -1)
        policy = client.config_get("maxmemory-policy")
    valkey.stop(second)

    assert kept == [b"one", b"two"]
    assert policy == {"maxmemory-policy": "noeviction"}


def test_it_asks_for_the_password_and_keeps_it_private(open_folder: Path) -> None:
    server, executable = make(open_folder)
    process = server.start(
        PASSWORD, log=open_folder / "log", executable=executable, dies_with_parent=True
    )
    command_line = Path(f"/proc/{process.pid}/cmdline").read_text()
    answers = server.answers(PASSWORD), server.answers("wrong")
    valkey.stop(process)

    assert answers == (True, False)
    assert PASSWORD not in command_line
    assert stat.S_IMODE(server.configuration.stat().st_mode) == 0o600


def test_a_link_in_the_servers_own_folder_is_not_followed(open_folder: Path) -> None:
    """The folder is another user's when we are root."""
    server, _ = make(open_folder)
    precious = open_folder / "precious"
    precious.write_text("precious")
    server.data.mkdir()
    server.configuration.symlink_to(precious)

    server.configure(PASSWORD)

    assert precious.read_text() == "precious"
    assert precious.owner() == open_folder.owner()
    assert not server.configuration.is_symlink()
    assert stat.S_IMODE(server.configuration.stat().st_mode) == 0o600
    assert f"requirepass {PASSWORD}" in server.configuration.read_text()
