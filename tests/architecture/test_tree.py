"""The shape of the repository, held by tests."""

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tracked() -> list[str]:
    """Return the files git knows, or every file where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [f for f in listed.stdout.splitlines() if (ROOT / f).is_file()]


def test_platform_is_a_source_root_and_never_a_package() -> None:
    forbidden = {"__init__.py", "conftest.py"}

    assert not forbidden & {p.name for p in (ROOT / "platform").iterdir()}
    assert Path(platform.__file__).is_relative_to(sys.base_prefix)


def test_the_import_layers_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    paths = [str(ROOT / p) for p in ("platform", "spawner", "runtime", "client")]
    env = {"PYTHONPATH": ":".join(paths), "PATH": "/usr/bin:/bin"}

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_no_lock_names_a_registry() -> None:
    locks = [ROOT / "requirements.txt", *(ROOT / "requirements").glob("*.txt")]
    locks += [p for p in ROOT.glob("*/package-lock.json")]
    address = re.compile(
        r"https?://(?!(?:www\.)?(?:opencollective|github|tidelift|paypal|buymeacoffee|feross|patreon|ko-fi)\b)[^/\s\"]*(?:pypi|npm|registry|index|simple)"
    )

    for lock in locks:
        assert not address.search(lock.read_text()), lock.name


def test_nothing_tracked_is_a_secret_or_a_lock_with_addresses() -> None:
    names = tracked()

    assert "uv.lock" not in {Path(n).name for n in names}
    assert not [n for n in names if n.endswith((".pem", ".key"))]
    for name in names:
        text = (ROOT / name).read_bytes()
        assert b"-----BEGIN " + b"PRIVATE KEY-----" not in text, name
