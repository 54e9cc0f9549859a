"""Where address, token and project come from, and how they are kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from atelier_client.errors import UsageError
from atelier_client.settings import (
    DEFAULT_URL,
    Saved,
    Settings,
    Site,
    config_path,
    load,
    normal_url,
    save,
)

URL = "https://atelier.example.org"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.fixture
def saved(environ: dict[str, str]) -> Saved:
    made = Saved(current=URL, sites={URL: Site("atl_saved", "t1", "alice", "churn")})
    save(config_path(environ), made)
    return made


def test_with_nothing_said_it_is_the_local_platform_without_a_token(
    environ: dict[str, str],
) -> None:
    settings = Settings.resolve(environ=environ)

    assert (settings.url, settings.token(), settings.project) == (DEFAULT_URL, None, None)


def test_what_was_saved_is_used(environ: dict[str, str], saved: Saved) -> None:
    settings = Settings.resolve(environ=environ)

    assert (settings.url, settings.token(), settings.project) == (URL, "atl_saved", "churn")


def test_the_environment_comes_before_what_was_saved(environ: dict[str, str], saved: Saved) -> None:
    environ.update(ATELIER_TOKEN="atl_env", ATELIER_PROJECT="fraud")

    settings = Settings.resolve(environ=environ)

    assert (settings.url, settings.token(), settings.project) == (URL, "atl_env", "fraud")


def test_what_is_said_comes_before_the_environment(environ: dict[str, str], saved: Saved) -> None:
    environ.update(ATELIER_URL=URL, ATELIER_TOKEN="atl_env", ATELIER_PROJECT="fraud")

    settings = Settings.resolve(
        url="http://localhost:9", token="atl_arg", project="p", environ=environ
    )

    assert settings.url == "http://localhost:9"
    assert (settings.token(), settings.project) == ("atl_arg", "p")


def test_a_saved_token_is_not_sent_to_another_address(
    environ: dict[str, str], saved: Saved
) -> None:
    settings = Settings.resolve(url="https://evil.example.org", environ=environ)

    assert settings.token() is None
    assert settings.project is None


def test_the_token_file_is_read_again_each_time(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("atl_one\n")
    settings = Settings.resolve(environ={**environ, "ATELIER_TOKEN_FILE": str(file)})
    first = settings.token()

    file.write_text("atl_two\n")

    assert (first, settings.token()) == ("atl_one", "atl_two")


@pytest.mark.parametrize("content", [None, "", " \n", b"\xff\xfe"])
def test_a_missing_or_empty_token_file_is_a_sentence(
    environ: dict[str, str], tmp_path: Path, content: str | bytes | None
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    settings = Settings.resolve(environ={**environ, "ATELIER_TOKEN_FILE": str(file)})

    with pytest.raises(UsageError, match="cannot be read or is empty"):
        settings.token()


def test_only_the_owner_can_read_what_is_saved(environ: dict[str, str], saved: Saved) -> None:
    path = config_path(environ)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["config.json"]


def test_saving_over_a_readable_file_closes_it(environ: dict[str, str], saved: Saved) -> None:
    path = config_path(environ)
    path.chmod(0o644)

    save(path, saved)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_save_that_fails_leaves_the_old_file(
    environ: dict[str, str], saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.replace", full)
    path = config_path(environ)

    with pytest.raises(OSError, match="no space"):
        save(path, Saved())

    assert load(path) == saved
    assert [p.name for p in path.parent.iterdir()] == ["config.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sites": []}', '{"sites": {"u": 3}}', "null"])
def test_a_broken_file_says_what_to_do(environ: dict[str, str], text: str) -> None:
    path = config_path(environ)
    path.parent.mkdir(parents=True)
    path.write_text(text)

    with pytest.raises(UsageError, match="cannot be read") as caught:
        Settings.resolve(environ=environ)

    assert "atelier login" in caught.value.action


def test_a_broken_file_does_not_matter_in_a_notebook(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = config_path(environ)
    path.parent.mkdir(parents=True)
    path.write_text("{")
    environ.update(
        ATELIER_URL=URL, ATELIER_TOKEN_FILE=str(tmp_path / "token"), ATELIER_PROJECT="churn"
    )

    assert Settings.resolve(environ=environ).url == URL


def test_a_relative_config_home_is_ignored_as_the_standard_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert config_path({"XDG_CONFIG_HOME": "x"}) == tmp_path / ".config/atelier/config.json"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://localhost:8000/", "http://localhost:8000"),
        (" HTTPS://Atelier.Example.org ", "https://atelier.example.org"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_written_one_way(given: str, meant: str) -> None:
    assert normal_url(given) == meant


@pytest.mark.parametrize(
    "given",
    ["", "localhost:8000", "ftp://x", "https://", "http://x:99999", "http://x/api", "http://u@x",
     "http://x?token=1", "http://x:port", "http://["],
)  # fmt: skip
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="not the address of a portal"):
        normal_url(given)
