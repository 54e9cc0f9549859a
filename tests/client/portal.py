"""A small portal for the client's tests: a real HTTP server with the API's routes and rules.

It keeps just enough state to be talked to (a session, tokens, projects, notebook servers that start
at the second look). ``ROUTES`` is all it knows; test_openapi.py holds it against the portal's own
document, and a request for anything else fails the test that made it.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
PAGE = 2  # rows: small, so that every list of a test has several pages
PASSWORD = "correct horse"


@dataclass
class Answer:
    """What goes back."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    parts: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """A refusal on its way out."""

    def __init__(self, status: int, code: str, detail: str, **extra: Any) -> None:
        super().__init__(code)
        self.answer = problem(status, code, detail, **extra)


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **extra: Any
) -> Answer:
    """Return a problem+json answer."""
    body = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        "action": "Do this instead.",
        "field": None,
        "errors": [],
        "params": {},
        "request_id": "req-42",
        **extra,
    }
    return Answer(status, body, headers or {}, "application/problem+json")


Handler = Callable[["Portal", Asked], Answer]
ROUTES: dict[tuple[str, str], Handler] = {}


def route(method: str, template: str) -> Callable[[Handler], Handler]:
    """Serve a path template of the OpenAPI document."""

    def register(handler: Handler) -> Handler:
        ROUTES[method, template] = handler
        return handler

    return register


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("/api/v1" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


class Portal:
    """The state behind the server, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.next_answers: list[Answer] = []  # given out before any handler is asked
        self.unknown: list[str] = []
        self.tokens: dict[str, Json] = {}
        self.projects: list[Json] = []
        self.notebooks: dict[str, Json] = {}
        self.environments = [environment("e1", "python"), environment("e2", "spark")]
        self.profiles = [
            profile("h1", "huge", reason={"code": "PROFILE_TOO_LARGE", "text": "Too large here."}),
            profile("h2", "small"),
            profile("h3", "medium", cpu=4000, memory=8 * 1024**3),
        ]
        self.jobs: dict[str, Json] = {}
        self.logs: dict[str, bytes] = {}
        self.exit_code = 0  # of the jobs that are submitted
        self.fails_to_start = False
        self.verdict = "fits"
        self.url = ""

    def add_token(self, value: str = "atl_alice", **other: Any) -> str:
        """Let a token in."""
        made = {
            "id": f"t{len(self.tokens)}",
            "name": "a token",
            "prefix": value[:8],
            "scopes": ["read"],
            "created": NOW,
            "expires": LATER,
            "last_used": None,
        }
        self.tokens[value] = {**made, **other}
        return value

    def add_project(self, slug: str, role: str = "lead") -> Json:
        """Add a project of the caller."""
        made = {"id": f"p{slug:0<15}"[:16], "slug": slug, "name": slug.title(), "description": "",
                "role": role, "archived_at": None, "created": NOW, "members_count": 1,
                "leads": ["alice"]}  # fmt: skip
        self.projects.append(made)
        return made

    def add_notebook(self, name: str, project: Json, status: str = "stopped") -> Json:
        """Add a notebook server of the caller."""
        made: Json = {
            "id": f"n{len(self.notebooks):015d}",
            "name": name,
            "project": {k: project[k] for k in ("id", "slug", "name")},
            "owner": "alice",
            "environment": {"id": "e1", "name": "Python"},
            "profile": {"id": "h2", "name": "Small", "kind_label": "cpu"},
            "resources": self.profiles[1]["resources"],
            "status": status,
            "reason": None,
            "workload": None,
            "last_activity": None,
            "started": None,
            "open_url": None,
            "home": None,
            "usage": None,
            "idle_stop_at": None,
            "created": NOW,
        }
        self.notebooks[made["id"]] = made
        if status != "stopped":
            self.run(made, status)
        return made

    def add_job(self, name: str, project: Json, status: str = "queued", **other: Any) -> Json:
        """Add a job of the caller."""
        number = len(self.jobs)
        made: Json = {
            "id": f"j{number:015d}",
            "name": name,
            "project": {k: project[k] for k in ("id", "slug", "name")},
            "owner": "alice",
            "environment": {"id": "e1", "name": "Python"},
            "image": None,
            "command": ["true"],
            "env": {},
            "profile": {"id": "h2", "name": "Small"},
            "resources": self.profiles[1]["resources"],
            "status": status,
            "reason": None,
            "workload": {
                "id": f"w{number:015d}",
                "kind": "job",
                "name": name,
                "status": status,
                "reason": None,
                "stale_since": None,
                "progress": [{"step": "submitted", "state": "done", "seconds": 0.2}],
            },
            "exit_code": None,
            "created": NOW,
            "started": None,
            "finished": None,
            "links": {},
            **other,
        }
        self.jobs = {made["id"]: made, **self.jobs}  # the newest first
        return made

    def run(self, notebook: Json, status: str) -> None:
        """Give a notebook a workload in this status."""
        old = notebook["workload"]
        number = int(old["id"][1:]) + 1 if old and old["status"] == "stopped" else 1
        notebook["status"] = status
        notebook["open_url"] = (
            f"http://127.0.0.1:8001/user/alice/{notebook['id']}/lab"
            if status == "running"
            else None
        )
        notebook["workload"] = {
            "id": old["id"] if old and old["status"] != "stopped" else f"w{number:015d}",
            "kind": "notebook",
            "status": status,
            "reason": None,
            "stale_since": None,
            "progress": [
                {"step": "quota", "state": "done", "seconds": 0.1},
                {
                    "step": "starting",
                    "state": "active" if status == "starting" else "done",
                    "seconds": None if status == "starting" else 1.2,
                },
            ],  # fmt: skip
        }

    def answer(self, asked: Asked) -> Answer:
        """Find who answers and let them."""
        self.asked.append(asked)
        if self.next_answers:
            return self.next_answers.pop(0)
        for (method, template), handler in ROUTES.items():
            match = _pattern(template).fullmatch(asked.path)
            if match and method == asked.method:
                try:
                    self._admit(template, asked)
                    return handler(self, Asked(**{**asked.__dict__, "parts": match.groupdict()}))
                except Problem as refusal:
                    return refusal.answer
        self.unknown.append(f"{asked.method} {asked.path}")
        return problem(404, "NOT_FOUND", "No such route.")

    def _admit(self, template: str, asked: Asked) -> None:
        if "atelier_session=s1" in asked.headers.get("cookie", "") or template == "/session":
            if asked.method != "GET" and asked.headers.get("x-csrftoken") != "csrf-1":
                raise Problem(403, "CSRF", "The request did not carry the sign of this site.")
            return
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise Problem(401, "BAD_TOKEN", "This token is not valid.")

    def made(self, method: str, path: str) -> list[Asked]:
        """Return the requests with this method and path."""
        return [a for a in self.asked if (a.method, a.path) == (method, f"/api/v1{path}")]


NOW = "2026-11-24T08:00:00Z"
LATER = "2027-02-24T08:00:00Z"
ME: Json = {
    "id": "u1",
    "username": "alice",
    "display_name": "Alice",
    "email": "alice@example.org",
    "platform_role": "",
    "language": "en",
    "theme": "system",
    "time_zone": "UTC",
    "created": NOW,
    "projects": [],
    "permissions": {"create_project": True, "platform_admin": False, "platform_audit": False},
}


def environment(id: str, slug: str) -> Json:
    """Return an environment as the API shows it."""
    return {"id": id, "slug": slug, "name": slug.title(), "description": "For everybody",
            "image": "", "local_runtime": "runtime", "enabled": True, "all_projects": True,
            "packages": [{"name": "numpy", "version": "2.0"}], "projects": [], "ordering": 1,
            "unavailable_reason": None}  # fmt: skip


def profile(
    id: str, slug: str, cpu: int = 1000, memory: int = 2 * 1024**3, reason: Json | None = None
) -> Json:
    """Return a profile as the API shows it."""
    resources = {"cpu_millicores": cpu, "memory_bytes": memory, "accelerators": {}}
    return {"id": id, "slug": slug, "name": slug.title(), "description": "", "kind_label": "cpu",
            "resources": resources, "enabled": True, "all_projects": True, "projects": [],
            "ordering": 1, "unavailable_reason": reason}  # fmt: skip


def _page(rows: list[Json], asked: Asked) -> Answer:
    start = int(asked.query.get("cursor", 0))
    more = start + PAGE < len(rows)
    shown = rows[start : start + PAGE]
    return Answer(
        body={"results": shown, "next": str(start + PAGE) if more else None, "previous": None}
    )


@route("GET", "/session")
def _session(portal: Portal, asked: Asked) -> Answer:
    body: Json = {"authenticated": False, "user": None, "config": {}}
    return Answer(body=body, headers={"Set-Cookie": "atelier_csrf=csrf-1; Path=/"})


@route("POST", "/session")
def _sign_in(portal: Portal, asked: Asked) -> Answer:
    if asked.headers.get("origin") != portal.url:
        raise Problem(403, "CSRF", "Foreign origin.")
    if asked.body != {"username": "alice", "password": PASSWORD}:
        raise Problem(401, "BAD_CREDENTIALS", "That name and password do not match.")
    return Answer(body={"user": ME}, headers={"Set-Cookie": "atelier_session=s1; Path=/"})


@route("DELETE", "/session")
def _sign_out(portal: Portal, asked: Asked) -> Answer:
    return Answer(body={"hub_logout_url": None})


@route("GET", "/me")
def _me(portal: Portal, asked: Asked) -> Answer:
    mine = [{k: p[k] for k in ("id", "slug", "name", "role")} for p in portal.projects]
    return Answer(body={**ME, "projects": mine})


@route("GET", "/me/tokens")
def _tokens(portal: Portal, asked: Asked) -> Answer:
    return _page(list(portal.tokens.values()), asked)


@route("POST", "/me/tokens")
def _make_token(portal: Portal, asked: Asked) -> Answer:
    if "authorization" in asked.headers:
        raise Problem(403, "SESSION_NEEDED", "A token may not do this.")
    value = f"atl_made{len(portal.tokens)}"
    portal.add_token(value, name=asked.body["name"], scopes=asked.body["scopes"])
    return Answer(201, {**portal.tokens[value], "token": value})


@route("DELETE", "/me/tokens/{token_id}")
def _revoke(portal: Portal, asked: Asked) -> Answer:
    for value, token in list(portal.tokens.items()):
        if token["id"] == asked.parts["token_id"]:
            del portal.tokens[value]
            return Answer(204)
    raise Problem(404, "NOT_FOUND", "This does not exist.")


@route("GET", "/me/quota")
def _my_quota(portal: Portal, asked: Asked) -> Answer:
    lines = [
        {"resource": "cpu", "limit": 8000, "used": 3000, "reserved": 1000, "in_use": 2000},
        {"resource": "memory", "limit": None, "used": 0, "reserved": 0, "in_use": 4 * 1024**3},
        {"resource": "accelerator:nvidia.com/gpu", "limit": 1, "used": 0, "reserved": 0,
         "in_use": 0},
    ]  # fmt: skip
    return Answer(body={"lines": lines})


@route("GET", "/projects/{project}/quota")
def _project_quota(portal: Portal, asked: Asked) -> Answer:
    lines = [{"resource": "notebooks", "limit": 5, "used": 1, "reserved": 0, "in_use": 1}]
    return Answer(body={"lines": lines})


@route("GET", "/projects")
def _projects(portal: Portal, asked: Asked) -> Answer:
    wanted = asked.query.get("search", "")
    return _page([p for p in portal.projects if wanted in p["name"].lower()], asked)


@route("POST", "/projects")
def _make_project(portal: Portal, asked: Asked) -> Answer:
    slug = asked.body.get("slug") or asked.body["name"].lower()
    if any(p["slug"] == slug for p in portal.projects):
        raise Problem(
            409,
            "NAME_TAKEN",
            f"The name {slug} is taken.",
            errors=[{"field": "slug", "code": "NAME_TAKEN", "detail": f"{slug} is taken."}],
        )
    return Answer(201, portal.add_project(slug))


@route("GET", "/projects/{project}")
def _project(portal: Portal, asked: Asked) -> Answer:
    for project in portal.projects:
        if asked.parts["project"] in (project["id"], project["slug"]):
            return Answer(body=project)
    raise Problem(404, "NOT_FOUND", "This does not exist, or you are not a member.")


@route("GET", "/environments")
def _environments(portal: Portal, asked: Asked) -> Answer:
    return _page(portal.environments, asked)


@route("GET", "/profiles")
def _profiles(portal: Portal, asked: Asked) -> Answer:
    return _page(portal.profiles, asked)


@route("POST", "/check")
def _check(portal: Portal, asked: Asked) -> Answer:
    return Answer(
        body={
            "verdict": portal.verdict,
            "headline": "Starts in about 6 s.",
            "reason": None
            if portal.verdict == "fits"
            else {"code": "QUOTA_EXCEEDED", "text": "No quota.", "action": "Stop something."},
            "choices": []
            if portal.verdict == "fits"
            else [{"profile": {"id": "h2", "name": "Small"}, "text": "1 CPU, 2 GiB"}],
            "conditions": [{"code": "user_quota", "state": "ok", "text": "Your quota"}],
            "starts_in_seconds": 6 if portal.verdict == "fits" else None,
        }
    )


@route("GET", "/jobs")
def _jobs(portal: Portal, asked: Asked) -> Answer:
    rows = list(portal.jobs.values())
    if "project" in asked.query:
        rows = [j for j in rows if j["project"]["id"] == asked.query["project"]]
    if "status" in asked.query:
        rows = [j for j in rows if j["status"] == asked.query["status"]]
    if "search" in asked.query:
        rows = [j for j in rows if asked.query["search"] in j["name"]]
    return _page(rows, asked)


@route("POST", "/jobs")
def _submit(portal: Portal, asked: Asked) -> Answer:
    project = next(p for p in portal.projects if p["id"] == asked.body["project"])
    if "image" in asked.body:
        said = {"field": "image", "code": "IMAGE_NEEDS_KUBERNETES", "detail": "No images here."}
        raise Problem(400, "IMAGE_NEEDS_KUBERNETES", "No images here.", errors=[said])
    name = asked.body.get("name") or asked.body["command"][0]
    made = portal.add_job(name, project, command=asked.body["command"])
    portal.logs[made["id"]] = b""
    return Answer(201, made)


def _one_job(portal: Portal, asked: Asked) -> Json:
    if asked.parts["job_id"] not in portal.jobs:
        raise Problem(404, "NOT_FOUND", "This does not exist, or you are not a member.")
    return portal.jobs[asked.parts["job_id"]]


@route("GET", "/jobs/{job_id}")
def _job(portal: Portal, asked: Asked) -> Answer:
    """Each look brings it one step on."""
    job = _one_job(portal, asked)
    shown = json.loads(json.dumps(job))
    following = {"queued": "running", "running": "ending", "stopping": "stopped"}
    status = following.get(job["status"], job["status"])
    if status == "ending":
        status = "failed" if portal.exit_code else "succeeded"
        job["exit_code"] = portal.exit_code
        if portal.exit_code:
            text = f"It ended with {portal.exit_code}."
            job["reason"] = {"code": "EXIT_NONZERO", "text": text, "action": "Look at its log."}
    job["status"] = job["workload"]["status"] = status
    return Answer(body=shown)


@route("POST", "/jobs/{job_id}/stop")
def _stop_job(portal: Portal, asked: Asked) -> Answer:
    job = _one_job(portal, asked)
    job["status"] = "stopping"
    return Answer(202, job)


@route("GET", "/jobs/{job_id}/log")
def _log(portal: Portal, asked: Asked) -> Answer:
    """Gives few bytes at a time; a job's end is reached when it has ended and all was given."""
    job = _one_job(portal, asked)
    offset = int(asked.query.get("offset", 0))
    data = portal.logs.get(job["id"], b"")
    piece = data[offset : offset + 7]
    text = piece.decode()
    is_over = job["status"] in {"succeeded", "failed", "stopped"}
    if not is_over:
        _job(portal, asked)
    return Answer(
        body={
            "offset": offset,
            "next_offset": offset + len(piece),
            "text": text,
            "is_end": is_over and offset + len(piece) >= len(data),
            "complete": False,
            "source": "engine",
            "notice": None,
        }
    )


@route("GET", "/workloads/{workload_id}")
def _workload(portal: Portal, asked: Asked) -> Answer:
    for job in portal.jobs.values():
        if job["workload"]["id"] == asked.parts["workload_id"]:
            return Answer(body=job["workload"])
    raise Problem(404, "NOT_FOUND", "This does not exist, or you are not a member.")


@route("GET", "/workloads/{workload_id}/events")
def _events(portal: Portal, asked: Asked) -> Answer:
    said = [
        {"at": NOW, "code": "RUNNING", "text": "It runs.", "source": "platform"},
        {"at": NOW, "code": "QUEUED", "text": "Asked for.", "source": "platform"},
    ]
    return _page(said, asked)


@route("GET", "/notebooks")
def _notebooks(portal: Portal, asked: Asked) -> Answer:
    rows = list(portal.notebooks.values())
    if "project" in asked.query:
        rows = [n for n in rows if n["project"]["id"] == asked.query["project"]]
    if "status" in asked.query:
        rows = [n for n in rows if n["status"] == asked.query["status"]]
    return _page(rows, asked)


@route("POST", "/notebooks")
def _make_notebook(portal: Portal, asked: Asked) -> Answer:
    project = next(p for p in portal.projects if p["id"] == asked.body["project"])
    return Answer(201, portal.add_notebook(asked.body["name"], project, "starting"))


def _one(portal: Portal, asked: Asked) -> Json:
    if asked.parts["notebook_id"] not in portal.notebooks:
        raise Problem(404, "NOT_FOUND", "This does not exist, or you are not a member.")
    return portal.notebooks[asked.parts["notebook_id"]]


@route("GET", "/notebooks/{notebook_id}")
def _notebook(portal: Portal, asked: Asked) -> Answer:
    """Each look brings it one step on."""
    notebook = _one(portal, asked)
    shown = json.loads(json.dumps(notebook))
    if notebook["status"] == "stopping":
        _rest(notebook, "stopped")
        if notebook.pop("restarting", False):
            portal.run(notebook, "starting")
    elif notebook["status"] == "starting" and portal.fails_to_start:
        _rest(notebook, "failed")
        notebook["reason"] = {"code": "START_TIMEOUT", "text": "No answer in 60 s.",
                              "action": "Start it again."}  # fmt: skip
    elif notebook["status"] == "starting":
        portal.run(notebook, "running")
    return Answer(body=shown)


def _rest(notebook: Json, status: str) -> None:
    notebook["status"] = notebook["workload"]["status"] = status
    notebook["open_url"] = None


@route("PATCH", "/notebooks/{notebook_id}")
def _rename(portal: Portal, asked: Asked) -> Answer:
    notebook = _one(portal, asked)
    notebook.update(asked.body)
    return Answer(body=notebook)


@route("DELETE", "/notebooks/{notebook_id}")
def _delete(portal: Portal, asked: Asked) -> Answer:
    notebook = _one(portal, asked)
    if notebook["status"] != "stopped":
        raise Problem(409, "CONFLICT", "Stop it first.")
    del portal.notebooks[notebook["id"]]
    return Answer(204)


@route("POST", "/notebooks/{notebook_id}/start")
def _start(portal: Portal, asked: Asked) -> Answer:
    notebook = _one(portal, asked)
    if notebook["status"] == "running":
        raise Problem(409, "SERVER_BUSY", "This server is already starting or running.")
    portal.run(notebook, "starting")
    return Answer(202, notebook)


@route("POST", "/notebooks/{notebook_id}/stop")
def _stop(portal: Portal, asked: Asked) -> Answer:
    notebook = _one(portal, asked)
    portal.run(notebook, "stopping")
    return Answer(202, notebook)


@route("POST", "/notebooks/{notebook_id}/restart")
def _restart(portal: Portal, asked: Asked) -> Answer:
    notebook = _one(portal, asked)
    portal.run(notebook, "stopping")
    notebook["restarting"] = True
    return Answer(202, notebook)


@route("POST", "/notebooks/{notebook_id}/keep-running")
def _keep(portal: Portal, asked: Asked) -> Answer:
    return Answer(body=_one(portal, asked))


class _Handler(BaseHTTPRequestHandler):
    """Turns HTTP into ``Asked`` and ``Answer`` into HTTP."""

    protocol_version = "HTTP/1.1"
    portal: Portal

    def _serve(self) -> None:
        split = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        asked = Asked(
            self.command,
            split.path,
            {k: v[0] for k, v in parse_qs(split.query).items()},
            {k.lower(): v for k, v in self.headers.items()},
            json.loads(self.rfile.read(length)) if length else None,
        )
        answer = self.portal.answer(asked)
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        body = b"" if answer.status == 204 else body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815  # the names the library looks for

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server:
    """A portal on a port of this machine."""

    def __init__(self, portal: Portal) -> None:
        class Handler(_Handler):
            pass

        Handler.portal = portal
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        portal.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
