"""Pytest plugin: one throw-away PostgreSQL and Valkey for the whole session.

Loaded by `-p tests.servers` (pyproject) because pytest-django reads the settings before any
conftest. Only the process that finds no servers in the environment starts them: the xdist
controller or the lone pytest. Workers, and anybody who sets ATELIER_DATABASE_URL and
ATELIER_BROKER_URL himself, use what the environment names.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT / "platform") not in sys.path:  # pytest's pythonpath comes later than `-p`
    sys.path.insert(0, str(ROOT / "platform"))

from atelier.operate import postgres, valkey  # noqa: E402  # needs the path above
from atelier.operate.ports import free_port  # noqa: E402
from atelier.operate.process import Identity  # noqa: E402
from atelier.operate.unix_user import server_user  # noqa: E402

# Set by the process that starts the servers; tells its workers that the servers are ours.
OURS = "ATELIER_TEST_SERVERS"
PREFIX = "atelier-tests-"
OWNER = "owner"
# Valkey databases: 0 for a lone pytest, then one for each worker.
DATABASES = 64

# Speed before safety: the data is thrown away at the end of the session.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "64MB",
    # Without these a test database is copied through WAL, or waits for a checkpoint.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "1min",
    "timezone": "UTC",
}


@dataclass
class Servers:
    """What this process started and has to end."""

    folder: Path
    postgres: subprocess.Popen[bytes]
    valkey: subprocess.Popen[bytes]
    environment: dict[str, str] = field(default_factory=dict)

    def stop(self) -> None:
        postgres.stop(self.postgres)
        valkey.stop(self.valkey)
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in self.environment:
            os.environ.pop(name, None)


_started: list[Servers] = []


def start() -> Servers:
    """Start both servers in a temporary folder and name them in the environment."""
    _clear_after_killed_sessions()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)
    (folder / OWNER).write_text(str(Identity.of(os.getpid())))
    run_as = server_user()
    password = secrets.token_hex(16)
    database = postgres.Postgres(
        folder / "postgres",
        free_port(),
        postgres.reachable_installation(folder, run_as=run_as),
        run_as,
        THROW_AWAY,
    )
    database.initialise(password, sync=False)
    broker = valkey.Valkey(
        folder / "valkey", free_port(), run_as, databases=DATABASES, durable=False
    )
    executable = valkey.reachable_binary(folder, run_as=run_as)
    servers = Servers(
        folder,
        database.start(password, log=folder / "postgres.log", dies_with_parent=True),
        broker.start(
            password, log=folder / "valkey.log", executable=executable, dies_with_parent=True
        ),
    )
    servers.environment = {
        OURS: str(os.getpid()),
        "ATELIER_DATABASE_URL": database.url(password, "portal"),
        "ATELIER_BROKER_URL": broker.url(password),
        **_other_settings(folder),
    }
    # A developer's own values for the rest win over ours.
    os.environ.update({k: v for k, v in servers.environment.items() if k not in os.environ})
    return servers


def _clear_after_killed_sessions() -> None:
    """A session ended by SIGKILL took its servers along (the kernel saw to it), not its folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            owner = Identity.parse((folder / OWNER).read_text())
        except OSError:  # just being made, or another user's
            continue
        if owner is None or not owner.is_alive():
            shutil.rmtree(folder, ignore_errors=True)


def _other_settings(folder: Path) -> dict[str, str]:
    key = folder / "oidc.pem"
    key.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    key.chmod(0o600)
    home = folder / "home"
    home.mkdir()
    return {
        "ATELIER_HOME": str(home),
        "ATELIER_SECRET_KEY": "tests-" + "0" * 60,
        "ATELIER_PORTAL_URL": "http://localhost:8000",
        "ATELIER_CONTENT_URL": "http://127.0.0.1:8001",
        "ATELIER_EVENTS_URL": "http://localhost:8004",
        "ATELIER_HUB_API_URL": "http://127.0.0.1:8005/hub/api",
        "ATELIER_HUB_API_TOKEN": "tests-hub-api-token",
        "ATELIER_SPAWNER_TOKEN": "tests-spawner-token",
        "ATELIER_OIDC_KEY_FILE": str(key),
        "ATELIER_OIDC_CLIENT_ID": "hub",
        "ATELIER_OIDC_CLIENT_SECRET": "tests-oidc-client-secret",
        "ATELIER_ENGINE": "local",
        "ATELIER_ISOLATION": "none",
        "ATELIER_DEBUG": "false",
        "ATELIER_SPA_DIR": str(folder / "spa"),
    }


def _use_own_broker_database() -> None:
    """Give each xdist worker its own queue, as pytest-django gives it its own database."""
    worker = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    if worker and OURS in os.environ:
        base = os.environ["ATELIER_BROKER_URL"].rpartition("/")[0]
        os.environ["ATELIER_BROKER_URL"] = f"{base}/{1 + int(worker[1]) % (DATABASES - 1)}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Before pytest-django reads the settings, which name the servers."""
    if not {"ATELIER_DATABASE_URL", "ATELIER_BROKER_URL"} <= os.environ.keys():
        _started.append(start())
    _use_own_broker_database()
    try:
        yield
    except BaseException:  # pytest will not get as far as unconfigure
        _stop()
        raise


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """After pytest-django has dropped its databases; also runs after Ctrl-C."""
    _stop()


def _stop() -> None:
    while _started:
        _started.pop().stop()
