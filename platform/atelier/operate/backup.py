"""`make backup` and `make restore`: databases, blobs, homes and secrets in one private file."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from atelier.operate import databases, leftovers, obstacles, postgres, services, tool
from atelier.operate.console import say, step
from atelier.operate.errors import CannotGoOn
from atelier.operate.home import Home
from atelier.operate.installation import Installation

# Raise it when a backup's contents change so that older code cannot read it.
FORMAT = 1
FOLDERS = ("secrets", "blobs", "homes")
# How tar is told that what it unpacks belongs to whoever runs it.
OURS = "--no-same-owner"
# Tokens of running servers: they die with the servers, so a copy would be a leak for nothing.
LEFT_OUT = "homes/*/*/.atelier/run"
# GNU tar: some file changed while it was read, which is what homes in use do.
TAR_CHANGED = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first member of a backup: what it is."""

    format: int
    made: str
    postgres: str
    isolation: str

    @classmethod
    def read(cls, file: Path) -> Manifest:
        try:
            with tarfile.open(file) as archive:
                member = archive.next()
                stream = archive.extractfile(member) if member else None
                found = json.loads(stream.read()) if stream else {}
            manifest = cls(**found)
        except FileNotFoundError:
            raise CannotGoOn(f"There is no file {file}: name one with FILE=….") from None
        except (tarfile.TarError, OSError, ValueError, TypeError, EOFError):
            raise CannotGoOn(f"{file} is no backup made by `make backup`: name another.") from None
        if manifest.format > FORMAT:
            raise CannotGoOn(f"{file} was made by a newer release: restore it with that one.")
        return manifest


def backup(here: Installation, file: str) -> None:
    """Write everything that matters into one file that only we can read."""
    if not here.home.exists:
        raise CannotGoOn("There is nothing to back up yet: `make up` sets the platform up.")
    target = Path(file or f"atelier-backup-{_now():%Y%m%d-%H%M%S}.tar.gz").absolute()
    if target.exists():
        raise CannotGoOn(f"{target} exists already: name another with FILE=….")
    if target.is_relative_to(here.home.folder):
        raise CannotGoOn(f"{target} would lie in the state it saves: name a place outside it.")
    with here.alone(), tempfile.TemporaryDirectory(dir=here.home.run) as staging:
        with running_database(here) as database, step("Dumping the databases"):
            for name in databases.DATABASES:
                _dump(here, database, name, Path(staging))
        manifest = Manifest(
            FORMAT,
            _now().isoformat(timespec="seconds"),
            postgres.version(database.installation),
            here.chosen.isolation,
        )
        (Path(staging) / "manifest.json").write_text(json.dumps(asdict(manifest)))
        with step("Packing databases, blobs, homes and secrets"):
            _pack(here.home, Path(staging), target)
    say(f"The backup is {target} ({target.stat().st_size / 2**20:.1f} MB).")
    if here.home.has_been_on_cluster:
        say("! Homes on the cluster are volumes there and not in it: save them where they are.")
    say("It holds every secret of the platform: keep it where nobody else can read it.")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)  # noqa: TID251  # Django is not set up here


@contextmanager
def running_database(here: Installation) -> Iterator[postgres.Postgres]:
    """The database server, started for the while when it is not running."""
    server = services.database(here.home, here.chosen)
    password = here.home.secret("postgres_password")
    if server.answers(password):
        yield server
        return
    leftovers.end(here.home.run, here.services)
    obstacles.refuse_busy_ports(here.chosen)
    process = server.start(password, log=here.home.logs / "postgres.log")
    try:
        yield server
    finally:
        postgres.stop(process)


def _client(here: Installation, server: postgres.Postgres, program: str) -> list[str]:
    return [
        str(server.installation / "bin" / program),
        "--host=127.0.0.1",
        f"--port={server.port}",
        f"--username={postgres.SUPERUSER}",
        "--no-password",
    ]


def _password(here: Installation) -> dict[str, str]:
    return {"PGPASSWORD": here.home.secret("postgres_password")}


def _dump(here: Installation, server: postgres.Postgres, name: str, folder: Path) -> None:
    tool.run(
        f"pg_dump {name}",
        [*_client(here, server, "pg_dump"), "--format=custom", f"--file={folder / name}.dump",
         f"--dbname={name}"],
        environment=_password(here),
        way_out="Put that right and run `make backup` again.",
    )  # fmt: skip


def _pack(home: Home, staging: Path, target: Path) -> None:
    half = target.with_name(f".{target.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600, exist_ok=False)
    dumps = [f"{name}.dump" for name in databases.DATABASES]
    done = subprocess.run(
        ["tar", "--create", "--gzip", "--file", str(half), "--numeric-owner", "--sparse",
         f"--exclude={LEFT_OUT}", "-C", str(staging), "manifest.json", *dumps,
         "-C", str(home.folder), *FOLDERS],
        capture_output=True,
        text=True,
        env={"PATH": os.defpath, "GZIP": "", "LANG": "C.UTF-8"},
    )  # fmt: skip
    if done.returncode > TAR_CHANGED:
        half.unlink()
        if tool.DISK_FULL in done.stderr:
            raise CannotGoOn(tool.disk_is_full(target.parent))
        raise CannotGoOn(f"Packing failed: {tool.telling_line(done.stderr)}. Run it again.")
    half.rename(target)


def restore(here: Installation, file: str) -> None:
    """Set up an installation from a backup; `make up` then starts it."""
    if not file:
        raise CannotGoOn("Name the backup: `make restore FILE=atelier-backup-….tar.gz`.")
    source = Path(file).absolute()
    manifest = Manifest.read(source)
    home = here.home
    if home.exists and not home.half_restored.exists():
        raise CannotGoOn(
            f"There is an installation in {home.folder} already: `make reset` removes it, or "
            "choose another place with ATELIER_HOME=…."
        )
    with here.alone():
        _clear_half_restored(home)
        home.run.mkdir(parents=True, exist_ok=True)
        home.half_restored.touch()
        with step("Unpacking"):
            _unpack(source, home)
        home.prepare()
        with step("Restoring the databases"):
            _restore_databases(here)
        if here.chosen.isolation == "uid" and manifest.isolation != "uid":
            _give_homes_to_their_users(here)
        home.half_restored.unlink()
    _say_restored(here, manifest)


def _say_restored(here: Installation, manifest: Manifest) -> None:
    say(f"Restored the backup of {manifest.made} into {here.home.folder}.")
    if manifest.isolation == "uid" and here.chosen.isolation != "uid":
        say("! Users had system users of their own there; here all files belong to you.")
    say("`make up` starts it; people sign in as before.")


def _clear_half_restored(home: Home) -> None:
    if home.half_restored.exists():
        for name in (*FOLDERS, "postgres", "restore"):
            shutil.rmtree(home.folder / name, ignore_errors=True)


def _unpack(source: Path, home: Home) -> None:
    dumps = home.folder / "restore"
    dumps.mkdir(mode=0o700)
    # Only what is in the homes belongs to others; a number of another machine is anybody here.
    owners = "--same-owner" if os.geteuid() == 0 else OURS
    for folder, members, whose in (
        (home.folder, ("secrets", "blobs"), OURS),
        (home.folder, ("homes",), owners),
        (dumps, _dump_names(), OURS),
    ):
        tool.run(
            "tar",
            ["tar", "--extract", "--gzip", "--file", source, "--numeric-owner", "-p", whose,
             "-C", folder, *members],
            way_out="The backup may be damaged: try another.",
        )  # fmt: skip
    for folder in (home.homes, *home.homes.iterdir()):
        os.chown(folder, os.geteuid(), os.getegid(), follow_symlinks=False)


def _dump_names() -> list[str]:
    return [f"{name}.dump" for name in databases.DATABASES]


def _restore_databases(here: Installation) -> None:
    server = services.database(here.home, here.chosen)
    server.initialise(here.home.secret("postgres_password"))
    dumps = here.home.folder / "restore"
    with running_database(here):
        databases.ensure(server, here.home)
        for name in databases.DATABASES:
            tool.run(
                f"pg_restore {name}",
                [*_client(here, server, "pg_restore"), "--no-owner", f"--role={name}",
                 "--exit-on-error", "--single-transaction", f"--dbname={name}",
                 dumps / f"{name}.dump"],
                environment=_password(here),
                way_out="The backup may be damaged: try another.",
            )  # fmt: skip
    shutil.rmtree(dumps)


def _give_homes_to_their_users(here: Installation) -> None:
    """In the backup all homes belonged to one system user; here each user has his own."""
    server = services.database(here.home, here.chosen)
    with running_database(here), closing(databases.connect(server, here.home, "portal")) as link:
        users: Any = link.cursor()
        users.execute("SELECT username, uid_number FROM accounts_user")
        uids: dict[str, int] = dict(users.fetchall())
    for home in here.home.homes.glob("*/*"):
        # A link in a project's place would lead to folders that are no homes.
        if home.name in uids and not home.parent.is_symlink():
            tool.run(
                "chown",
                ["chown", "-R", "--no-dereference", f"{uids[home.name]}:{uids[home.name]}", home],
                way_out="Run the command again.",
            )
