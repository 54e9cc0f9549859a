"""Secrets shown once: made from 32 random bytes, kept as SHA-256."""

import hashlib
import secrets

TOKEN_PREFIX = "atl_"  # noqa: S105  # how every token begins, so that scanners find leaked ones
SHOWN = 10


def new_secret(prefix: str = "") -> str:
    """Return a fresh secret; only its hash may be stored."""
    return prefix + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return what is stored. The secret is random, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
