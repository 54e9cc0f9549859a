"""Opaque identifiers: short, unguessable, safe in URLs, hub server names and Kubernetes names."""

import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
RANDOM_LENGTH = 15  # 36^15 is about 77 bits: no two ever meet, nobody guesses one


def new_id(prefix: str) -> str:
    """Return ``prefix`` (one letter) and 15 random characters of a-z and 0-9."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
