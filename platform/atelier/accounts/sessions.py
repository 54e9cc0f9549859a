"""Django's session engine over ``BrowserSession``: one row is the session and its listing.

Only the hash of the key is stored, so whoever reads the database cannot take over a browser.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from atelier.accounts.models import BrowserSession, User
from atelier.accounts.secrets import hash_of
from atelier.toolkit.context import caller


class SessionStore(SessionBase):
    """One browser's session."""

    last_seen: datetime | None = None
    row_id: str = ""
    # Whose row it is, read together with it; ``accounts.middleware`` decides whether he is in.
    row_user: User | None = None

    @staticmethod
    def key_hash(session_key: str) -> str:
        """Return what the row of ``session_key`` is found by."""
        return hash_of(session_key)

    def load(self) -> dict[str, Any]:
        """Return the session's data; an unknown, ended or expired one is empty."""
        found = BrowserSession.objects.select_related("user").filter(
            key_hash=hash_of(self.session_key or ""), expires__gt=timezone.now()
        )
        # The key is unique; ordering by it, as first() does, would be for nothing.
        row = next(iter(found), None)
        if row is None:
            self._session_key = None
            return {}
        self.row_id, self.last_seen, self.row_user = row.pk, row.last_seen, row.user
        return dict(self.decode(row.data))

    def exists(self, session_key: str | None) -> bool:
        """Tell whether there is a session with this key."""
        return BrowserSession.objects.filter(key_hash=hash_of(session_key or "")).exists()

    def create(self) -> None:
        """Make a new session with a key of its own."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # stubs
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the session; one that was ended meanwhile stays ended."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # stubs
        values = {
            "data": self.encode(data),
            "expires": self.get_expiry_date(),
            "user_id": data.get(SESSION_KEY),
        }
        if must_create:
            self._insert(values)
        elif not BrowserSession.objects.filter(key_hash=hash_of(self.session_key)).update(**values):
            raise UpdateError

    def _insert(self, values: dict[str, Any]) -> None:
        now = caller()
        try:
            with transaction.atomic():
                row = BrowserSession.objects.create(
                    key_hash=hash_of(self.session_key or ""),
                    user_agent=now.user_agent,
                    address=now.address,
                    **values,
                )
        except IntegrityError as error:
            raise CreateError from error
        self.row_id, self.last_seen = row.pk, row.last_seen

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key is not None:
            BrowserSession.objects.filter(key_hash=hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Drop what has expired."""
        BrowserSession.objects.filter(expires__lt=timezone.now()).delete()
