"""Signing in with a password: counted before it is hashed, the same for names nobody has.

An attempt takes a place in two counters, by one statement each, before anything is hashed: so of
fifty parallel guesses five are looked at, whichever worker they reach. A browser that signed in
before carries a signed cookie and has a counter of its own: others' guesses do not lock it out.
"""

import ipaddress
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import connection
from django.utils import timezone

from atelier.accounts.models import LoginCounter, User
from atelier.accounts.secrets import hash_of
from atelier.core.errors import NotSignedIn, Throttled

WINDOW = timedelta(minutes=5)
PER_NAME = 5
PER_ADDRESS = 50
HASHES_AT_ONCE = 2
HASHES_WAITING = 8
LONGEST_WAIT_SECONDS = 4.0
DEVICE_AGE = timedelta(days=180)
_DEVICE_SALT = "atelier.known-device"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody typed, and from where."""

    username: str
    password: str
    address: str
    device: str = ""  # the known-device cookie, unverified


def authenticate(attempt: Attempt) -> User:
    """Return the user whose name and password these are.

    Raises Throttled when there were too many attempts, NotSignedIn otherwise; neither tells
    whether such a user exists.
    """
    by_name, by_address = _counters(attempt)
    _take(by_name, PER_NAME)
    if by_address:
        _take(by_address, PER_ADDRESS)
    user = User.objects.filter(username=attempt.username).first()
    if not _matches(user, attempt.password) or user is None or not user.is_active:
        raise NotSignedIn("BAD_CREDENTIALS")
    LoginCounter.objects.filter(key=by_name).delete()
    if by_address:
        _give_back(by_address)
    return user


def check_own_password(user: User, password: str, *, address: str) -> bool:
    """Tell whether ``password`` is the user's, counted like a sign-in."""
    key = hash_of(f"own\n{user.pk}\n{address_prefix(address)}")
    _take(key, PER_NAME)
    if not _matches(user, password):
        return False
    LoginCounter.objects.filter(key=key).delete()
    return True


def device_cookie(user: User) -> str:
    """Return the value by which a browser is known as one of ``user``'s."""
    return signing.dumps([user.pk, hash_of(user.password)[:16]], salt=_DEVICE_SALT)


def address_prefix(address: str) -> str:
    """Return the network an attacker cannot easily leave: /24 of IPv4, /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = 24 if parsed.version == 4 else 64
    return str(ipaddress.ip_network(f"{parsed}/{bits}", strict=False))


def _counters(attempt: Attempt) -> tuple[str, str]:
    """Return the keys to count by: (name and network, address), or the known device's own."""
    device = _known_device(attempt)
    if device:
        return hash_of(f"device\n{device}"), ""
    network = address_prefix(attempt.address)
    return hash_of(f"name\n{attempt.username}\n{network}"), hash_of(f"address\n{attempt.address}")


def _known_device(attempt: Attempt) -> str:
    if not attempt.device:
        return ""
    try:
        pk, fingerprint = signing.loads(attempt.device, salt=_DEVICE_SALT, max_age=DEVICE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    user = User.objects.filter(pk=pk, username=attempt.username).first()
    # A new password forgets all devices.
    if user is None or hash_of(user.password)[:16] != fingerprint:
        return ""
    return attempt.device


def _take(key: str, limit: int) -> None:
    """Count one attempt; atomic, for it is one statement."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_logincounter (key, attempts, resets_at) VALUES (%s, 1, %s)
            ON CONFLICT (key) DO UPDATE SET
                attempts = CASE WHEN accounts_logincounter.resets_at <= %s THEN 1
                           ELSE LEAST(accounts_logincounter.attempts + 1, 1000000) END,
                resets_at = CASE WHEN accounts_logincounter.resets_at <= %s
                            THEN EXCLUDED.resets_at ELSE accounts_logincounter.resets_at END
            RETURNING attempts, resets_at
            """,
            [key, now + WINDOW, now, now],
        )
        attempts, resets_at = cursor.fetchone()
    if attempts > limit:
        wait = max(1, math.ceil((resets_at - now).total_seconds()))
        raise Throttled(params={"retry_after": wait})


def _give_back(key: str) -> None:
    """Uncount a success, so that an office behind one address is not locked out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_logincounter SET attempts = GREATEST(attempts - 1, 0) WHERE key = %s",
            [key],
        )


# --- hashing ---------------------------------------------------------------------------------

_places = threading.BoundedSemaphore(HASHES_AT_ONCE)
_queue = threading.BoundedSemaphore(HASHES_AT_ONCE + HASHES_WAITING)


@contextmanager
def hashing() -> Iterator[None]:
    """Hold one of few places: a slow hash costs a quarter of a second of a core."""
    if not _queue.acquire(blocking=False):
        raise Throttled(params={"retry_after": 2})
    try:
        if not _places.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise Throttled(params={"retry_after": 2})
        try:
            yield
        finally:
            _places.release()
    finally:
        _queue.release()


def _matches(user: User | None, password: str) -> bool:
    with hashing():
        if user is None or not user.has_usable_password():
            make_password(password)  # the same time as for a user who exists
            return False
        return check_password(password, user.password)
