"""The databases of the parts, each with a role of its own, made on the first start."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import psycopg2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from psycopg2 import sql

from atelier.operate.home import Home, write_once
from atelier.operate.postgres import SUPERUSER, Postgres

# Database and role have the same name; the password is the secret NAME_database_password.
DATABASES = ("portal", "hub")
KEY_BITS = 2048


def ensure(server: Postgres, home: Home) -> None:
    """Make the roles and databases that are missing; passwords follow the secrets."""
    with closing(connect(server, home)) as connection:
        connection.autocommit = True  # databases are made outside transactions
        with connection.cursor() as cursor:
            for name in DATABASES:
                _ensure_role(cursor, name, home.secret(f"{name}_database_password"))
                _ensure_database(cursor, name)


def connect(server: Postgres, home: Home, database: str = "postgres") -> Any:
    """A connection as the server's superuser."""
    return psycopg2.connect(
        host="127.0.0.1",
        port=server.port,
        user=SUPERUSER,
        password=home.secret("postgres_password"),
        dbname=database,
        connect_timeout=5,
    )


def _ensure_role(cursor: Any, name: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    statement = sql.SQL("{} ROLE {} LOGIN PASSWORD %s").format(sql.SQL(verb), sql.Identifier(name))
    cursor.execute(statement, [password])


def _ensure_database(cursor: Any, name: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if cursor.fetchone():
        return
    cursor.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(name))
    )
    # Nobody but its own role comes in.
    cursor.execute(
        sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
    )


def ensure_signing_key(home: Home) -> None:
    """The key that signs what the portal says about people to the hub."""
    if home.oidc_key.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_once(home.oidc_key, pem.decode())
