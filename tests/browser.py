"""A browser against the portal: its cookies, and the sign of the site on every write."""

from typing import Any

import orjson
from django.test import Client

from atelier.accounts.models import User
from tests.factories.accounts import PASSWORD


class Browser:
    """Signs in like the pages do: nothing is skipped, CSRF included."""

    def __init__(self, *, address: str = "10.1.2.3", agent: str = "Firefox") -> None:
        self.client = Client(
            enforce_csrf_checks=True, REMOTE_ADDR=address, headers={"User-Agent": agent}
        )

    def get(self, path: str, **extra: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", **extra)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a write with the CSRF header the pages send."""
        signed = {"X-CSRFToken": self.sign, **{k.replace("_", "-"): v for k, v in headers.items()}}
        data = b"" if body is None else orjson.dumps(body)
        return self.client.generic(
            method, f"/api/v1/{path}", data, "application/json", headers=signed
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    @property
    def sign(self) -> str:
        cookie = self.client.cookies.get("atelier_csrf")
        return cookie.value if cookie else ""

    def try_to_sign_in(self, username: str, password: str = PASSWORD) -> Any:
        self.get("session")
        return self.post("session", {"username": username, "password": password})

    def sign_in(self, user: User, password: str = PASSWORD) -> "Browser":
        answer = self.try_to_sign_in(user.username, password)
        assert answer.status_code == 200, answer.content
        return self


class Script:
    """A caller with a bearer token and no cookies."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")

    def send(self, method: str, path: str, body: Any = None) -> Any:
        data = b"" if body is None else orjson.dumps(body)
        return self.client.generic(method, f"/api/v1/{path}", data, "application/json")

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, body)
