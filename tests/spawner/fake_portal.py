"""The portal as the hub sees it: plans, doorbells, server tokens, and a tiny OpenID provider.

A real HTTP server in a thread; what it answers is decided by plain attributes and handler
functions that a test may replace.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Answer = tuple[int, dict[str, Any]]

UID = 60001  # obeyed when the tests run as root
SPAWNER_TOKEN = "spawner-token-of-the-tests"


def plan_for(question: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A plan as the portal would answer a question."""
    user = question["hub_user"]
    return {
        "version": 1,
        "spawn_id": question["spawn_id"],
        "workload_id": question["user_options"].get("workload_id", "w000000000000001"),
        "hub_user": user,
        "server": question["server"],
        "project": {"id": "p1", "slug": "churn", "namespace": "atelier-p1"},
        "environment": {"slug": "python", "image": "none", "local_runtime": "runtime"},
        "resources": {"cpu_millicores": 1000, "memory_bytes": 2**30, "accelerators": {}},
        "uid": UID,
        "home": f"p1/{user}",
        "rescue": False,
        "env": {"ATELIER_URL": "http://localhost:1", "ATELIER_PROJECT": "p1"},
        "token": f"atl_{secrets.token_hex(20)}",
        "start_timeout_seconds": 120,
        "labels": {},
        "profile": {},
        **changes,
    }


@dataclass
class FakePortal:
    """What the portal was asked, and how it answers."""

    port: int = 0
    host: str = "localhost"
    plan: Callable[[dict[str, Any]], Answer] = lambda question: (200, plan_for(question))
    questions: list[dict[str, Any]] = field(default_factory=list)
    bells: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    exchanged: list[str] = field(default_factory=list)
    idle_stop_at: str | None = None
    kept: list[str] = field(default_factory=list)
    namespaces: list[str] = field(default_factory=list)
    # The provider: who is signed in at the portal, who is active, which tokens it gave out.
    signed_in: str | None = None
    inactive: set[str] = field(default_factory=set)
    down: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def rung(self, event: str, *, server: str | None = None) -> list[dict[str, Any]]:
        return [
            bell
            for bell in list(self.bells)
            if bell["event"] == event and server in (None, bell["server"])
        ]

    def wait_for_bell(self, event: str, seconds: float = 60.0, **match: str) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := self.rung(event, **match):
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"no doorbell {event}: {self.bells}")

    # Routes.

    def post_internal_spawn_plans(self, body: dict[str, Any]) -> Answer:
        self.questions.append(body)
        return self.plan(body)

    def post_internal_doorbells(self, body: dict[str, Any]) -> Answer:
        self.bells.append(body)
        return 204, {}

    def post_internal_server_tokens(self, body: dict[str, Any]) -> Answer:
        self.exchanged.append(body["hub_token"])
        return 200, {"token": f"atl_fresh{len(self.exchanged):020d}", "expires": in_an_hour()}

    def post_internal_server_reports(self, body: dict[str, Any]) -> Answer:
        self.reports.append(body)
        return 200, {"idle_stop_at": self.idle_stop_at, "idle_minutes": 60}

    def post_keep_running(self, server: str) -> Answer:
        self.kept.append(server)
        self.idle_stop_at = None
        return 200, {"id": server}

    def post_oauth_token(self, body: dict[str, Any]) -> Answer:
        user = self.codes.pop(body.get("code") or body.get("refresh_token") or "", None)
        if user is None or user in self.inactive:
            return 400, {"error": "invalid_grant"}
        access, refresh = secrets.token_hex(), secrets.token_hex()
        self.tokens[access] = user
        self.codes[refresh] = user  # rotates: used once
        return 200, {
            "access_token": access,
            "refresh_token": refresh,
            "id_token": f"id-token-of-{user}",
            "token_type": "Bearer",
            "scope": "openid profile email groups",
        }

    def get_oauth_userinfo(self, token: str) -> Answer:
        user = self.tokens.get(token)
        if user is None or user in self.inactive:
            return 401, {"error": "invalid_token"}
        return 200, {"sub": f"u-{user}", "preferred_username": user, "groups": []}


def in_an_hour() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))


class _Handler(BaseHTTPRequestHandler):
    portal: FakePortal
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self.portal.down:
            return self._answer(503, {})
        if parts.path == "/oauth/authorize/":
            return self._authorize(parse_qs(parts.query))
        if parts.path == "/oauth/userinfo/":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            return self._answer(*self.portal.get_oauth_userinfo(token))
        if parts.path == "/internal/namespaces":
            return self._answer(200, {"namespaces": self.portal.namespaces})
        return self._answer(200, {"page": parts.path})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if self.portal.down:
            return self._answer(503, {})
        if path == "/oauth/token/":
            form = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
            return self._answer(*self.portal.post_oauth_token(form))
        if path.endswith("/keep-running"):
            return self._answer(*self.portal.post_keep_running(path.split("/")[-2]))
        return self._internal(path, json.loads(raw or b"{}"))

    def _internal(self, path: str, body: dict[str, Any]) -> None:
        guarded = path in {"/internal/spawn-plans", "/internal/doorbells"}
        if guarded and self.headers.get("Authorization") != f"Bearer {SPAWNER_TOKEN}":
            return self._answer(401, {"code": "BAD_TOKEN"})
        name = "post_" + path.strip("/").replace("/", "_").replace("-", "_")
        route = getattr(self.portal, name, None)
        return self._answer(*(route(body) if route else (404, {"code": "NOT_FOUND"})))

    def _authorize(self, query: dict[str, list[str]]) -> None:
        target = query["redirect_uri"][0]
        if self.portal.signed_in is None or self.portal.signed_in in self.portal.inactive:
            return self._answer(200, {"page": "login"})
        code = secrets.token_hex()
        self.portal.codes[code] = self.portal.signed_in
        self.send_response(302)
        self.send_header(
            "Location", f"{target}?{urlencode({'code': code, 'state': query['state'][0]})}"
        )
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        raw = b"" if status == 204 else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def running_portal(port: int = 0, host: str = "127.0.0.1") -> Iterator[FakePortal]:
    """A fake portal on a port of its own."""
    portal = FakePortal()
    handler = type("Handler", (_Handler,), {"portal": portal})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    portal.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
