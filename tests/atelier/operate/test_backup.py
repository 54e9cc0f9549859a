"""Saving a platform that is not running and setting it up elsewhere, with the real servers."""

import dataclasses
import os
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from atelier.operate import backup, databases, services
from atelier.operate.errors import CannotGoOn
from atelier.operate.home import Home
from atelier.operate.installation import Installation


def initialise(here: Installation) -> None:
    """A platform that has run once: databases with something in them."""
    server = services.database(here.home, here.chosen)
    server.initialise(here.home.secret("postgres_password"), sync=False)
    with backup.running_database(here):
        databases.ensure(server, here.home)
        run_sql(here, "CREATE TABLE accounts_user (username text, uid_number int)")
        run_sql(here, "INSERT INTO accounts_user VALUES ('alice', 60001)")
        run_sql(here, "ALTER TABLE accounts_user OWNER TO portal")


def run_sql(here: Installation, statement: str) -> Any:
    server = services.database(here.home, here.chosen)
    with closing(databases.connect(server, here.home, "portal")) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None


def elsewhere(here: Installation, name: str, isolation: str = "none") -> Installation:
    return dataclasses.replace(
        here,
        home=Home(here.home.folder.parent / name),
        chosen=dataclasses.replace(here.chosen, isolation=isolation),
    )


def test_everything_comes_back_in_another_folder(
    installation: Installation, open_folder: Path
) -> None:
    initialise(installation)
    home = installation.home.homes / "p1" / "alice"
    (home / ".atelier" / "run" / "n1").mkdir(parents=True)
    (home / ".atelier" / "run" / "n1" / "token").write_text("atl_secret")
    (home / "notes.ipynb").write_text("{}")
    (home / "python").symlink_to("/usr/bin/python3")
    other = elsewhere(installation, "other")
    file = open_folder / "saved.tar.gz"

    backup.backup(installation, str(file))
    backup.restore(other, str(file))

    assert file.stat().st_mode & 0o777 == 0o600
    with backup.running_database(other):
        assert run_sql(other, "SELECT * FROM accounts_user") == [("alice", 60001)]
    restored = other.home.homes / "p1" / "alice"
    assert (restored / "notes.ipynb").read_text() == "{}"
    assert os.readlink(restored / "python") == "/usr/bin/python3"
    assert not (restored / ".atelier" / "run").exists()
    assert other.home.secret("secret_key") == installation.home.secret("secret_key")
    assert other.home.oidc_key.read_text() == installation.home.oidc_key.read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to other users")
def test_homes_of_a_plain_users_platform_get_their_owners_under_root(
    installation: Installation, open_folder: Path
) -> None:
    initialise(installation)
    home = installation.home.homes / "p1" / "alice"
    home.mkdir(parents=True)
    (home / "notes.ipynb").write_text("{}")
    (open_folder / "outside" / "alice").mkdir(parents=True)
    (installation.home.homes / "p2").symlink_to(open_folder / "outside")
    other = elsewhere(installation, "other", isolation="uid")
    file = open_folder / "saved.tar.gz"

    backup.backup(installation, str(file))
    backup.restore(other, str(file))

    assert (other.home.homes / "p1" / "alice" / "notes.ipynb").stat().st_uid == 60001
    assert (open_folder / "outside" / "alice").stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to other users")
def test_what_a_plain_user_saved_is_no_strangers_after_root_restored_it(
    installation: Installation, open_folder: Path
) -> None:
    initialise(installation)
    (installation.home.homes / "p1" / "alice").mkdir(parents=True)
    (installation.home.blobs / "blob").touch()
    for place in (installation.home.secrets, installation.home.blobs, installation.home.homes):
        for path in (place, *place.rglob("*")):
            os.chown(path, 1234, 1234)
    other = elsewhere(installation, "other", isolation="uid")
    file = open_folder / "saved.tar.gz"

    backup.backup(installation, str(file))
    backup.restore(other, str(file))

    ours = [other.home.homes, other.home.homes / "p1"]
    for place in (other.home.secrets, other.home.blobs):
        ours += [place, *place.rglob("*")]
    assert {path.stat().st_uid for path in ours} == {0}
    assert (other.home.homes / "p1" / "alice").stat().st_uid == 60001


def test_homes_that_a_cluster_holds_are_said_to_be_left_out(
    installation: Installation, open_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    initialise(installation)
    backup.backup(installation, str(open_folder / "local.tar.gz"))
    assert "cluster" not in capsys.readouterr().out

    installation.home.kube.mkdir()
    installation.home.kubeconfig("worker").write_text("{}")
    backup.backup(installation, str(open_folder / "cluster.tar.gz"))

    assert "Homes on the cluster are volumes there and not in it" in capsys.readouterr().out
    with tarfile.open(open_folder / "cluster.tar.gz") as archive:
        assert "secrets/kube/worker.kubeconfig" in archive.getnames()


def test_a_restore_that_was_interrupted_is_done_again(
    installation: Installation, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    initialise(installation)
    other = elsewhere(installation, "other")
    file = open_folder / "saved.tar.gz"
    backup.backup(installation, str(file))

    def interrupted(_: Installation) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backup, "_restore_databases", interrupted)
        with pytest.raises(KeyboardInterrupt):
            backup.restore(other, str(file))
    assert other.home.half_restored.exists()

    backup.restore(other, str(file))

    assert not other.home.half_restored.exists()
    with backup.running_database(other):
        assert run_sql(other, "SELECT count(*) FROM accounts_user") == [(1,)]


def test_a_backup_never_goes_over_another_file_or_into_what_it_saves(
    installation: Installation, open_folder: Path
) -> None:
    taken = open_folder / "taken.tar.gz"
    taken.write_text("precious")

    with pytest.raises(CannotGoOn, match="exists already"):
        backup.backup(installation, str(taken))
    with pytest.raises(CannotGoOn, match="name a place outside it"):
        backup.backup(installation, str(installation.home.folder / "b.tar.gz"))

    assert taken.read_text() == "precious"


def test_what_is_no_backup_is_refused_before_anything_is_touched(
    installation: Installation, open_folder: Path
) -> None:
    other = elsewhere(installation, "other")
    (open_folder / "text.tar.gz").write_text("no archive")
    with tarfile.open(open_folder / "foreign.tar.gz", "w:gz") as archive:
        archive.add(__file__, "manifest.json")
    (open_folder / "empty.tar.gz").touch()

    for name in ("text.tar.gz", "foreign.tar.gz", "empty.tar.gz"):
        with pytest.raises(CannotGoOn, match="is no backup made by"):
            backup.restore(other, str(open_folder / name))
    with pytest.raises(CannotGoOn, match="There is no file"):
        backup.restore(other, str(open_folder / "missing.tar.gz"))
    with pytest.raises(CannotGoOn, match="Name the backup"):
        backup.restore(other, "")
    assert not other.home.folder.exists()


def test_an_installation_is_never_restored_over(
    installation: Installation, open_folder: Path
) -> None:
    initialise(installation)
    file = open_folder / "saved.tar.gz"
    backup.backup(installation, str(file))

    with pytest.raises(CannotGoOn, match="There is an installation in"):
        backup.restore(installation, str(file))
