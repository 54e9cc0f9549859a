"""What the supervisor is told, and what the services are given."""

import configparser
import dataclasses
import shlex
import stat
from pathlib import Path

import pytest

from atelier.operate import notebooks, supervise, up
from atelier.operate.home import SECRETS, Home
from atelier.operate.installation import Installation
from atelier.operate.services import Built
from atelier_spawner.settings import HubSettings

TEN_MEGABYTES = "10MB"


def parsed(here: Installation) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None)
    read.read_string(supervise.configuration(here.home, here.services))
    return read


def test_every_service_is_restarted_and_its_log_cannot_fill_the_disk(
    installation: Installation,
) -> None:
    configuration = parsed(installation)

    programs = [name for name in configuration.sections() if name.startswith("program:")]
    assert len(programs) == len(installation.services)
    for name in programs:
        assert configuration[name]["autorestart"] == "true"
        assert configuration[name]["stdout_logfile_maxbytes"] == TEN_MEGABYTES


def test_the_database_is_started_first_and_stopped_with_the_signal_that_does_not_wait(
    installation: Installation,
) -> None:
    configuration = parsed(installation)

    assert configuration["program:postgres"]["priority"] == "1"
    assert configuration["program:postgres"]["stopsignal"] == "INT"


def test_odd_folder_names_reach_the_launcher_whole(
    open_folder: Path, installation: Installation
) -> None:
    home = Home(open_folder / "100% of; it's here")
    home.prepare()
    odd = dataclasses.replace(installation, home=home)

    command = parsed(odd)["program:portal"]["command"].replace("%%", "%")

    assert str(home.run) in shlex.split(command)


def test_files_with_secrets_are_private(installation: Installation) -> None:
    supervise.write_files(installation.home, installation.services)

    for name in ("services.json", "supervisord.conf"):
        assert stat.S_IMODE((installation.home.run / name).stat().st_mode) == 0o600


def test_no_command_line_holds_a_secret(installation: Installation) -> None:
    secrets = [installation.home.secret(name) for name in SECRETS]

    commands = " ".join(part for service in installation.services for part in service.command)

    assert not any(secret in commands for secret in secrets)


def test_the_hub_never_sees_the_portals_own_secrets(installation: Installation) -> None:
    hub = next(service for service in installation.services if service.name == "hub")
    portals_own = ("secret_key", "portal_database_password", "broker_password", "postgres_password")

    for name in portals_own:
        assert installation.home.secret(name) not in str(dict(hub.environment))


def test_the_hub_accepts_what_it_is_given(installation: Installation) -> None:
    hub = next(service for service in installation.services if service.name == "hub")

    settings = HubSettings.from_environ(hub.environment)

    assert settings.homes == installation.home.homes
    assert settings.instance == notebooks.instance_of(installation.home)


def test_another_terminal_is_no_change_of_configuration(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = up._fingerprint(installation)
    monkeypatch.setenv("PATH", "/somewhere:/usr/bin")
    monkeypatch.setenv("UV_CACHE_DIR", "/tmp/cache")
    same = dataclasses.replace(installation)

    assert up._fingerprint(same) == first


def test_another_address_is_a_change_of_configuration(installation: Installation) -> None:
    chosen = dataclasses.replace(installation.chosen, content_url="http://127.0.0.9:8001")

    changed = dataclasses.replace(installation, chosen=chosen)

    assert up._fingerprint(changed) != up._fingerprint(installation)


def test_without_built_pages_the_portal_still_gets_a_folder_to_look_in(
    installation: Installation, built: Built
) -> None:
    portal = next(service for service in installation.services if service.name == "portal")

    assert built.pages == ""
    assert portal.environment["ATELIER_SPA_DIR"].startswith(str(installation.home.folder))
