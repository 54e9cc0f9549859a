"""A real HTTP server before an API server (a true one, or a small imitation) that does harm.

``Faulty`` answers requests from its backend; a ``Fault`` says which requests meet which trouble and
how often. Everything goes over real sockets, so what a client sees is what a network does.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from atelier.engines.kubernetes import Cluster
from atelier.engines.kubernetes.access import Access

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    headers: Mapping[str, str]

    @property
    def is_watch(self) -> bool:
        return self.query.get("watch") == "1"


@dataclass(slots=True)
class Reply:
    """``pieces`` are sent one by one, each when it is there."""

    status: int
    pieces: Iterator[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, body: Any, **headers: str) -> "Reply":
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return cls(status, iter([data]), headers)


class Backend(Protocol):
    def answer(self, request: Request) -> Reply: ...


class Cut(Exception):
    """Close the connection here."""


def status(code: int, reason: str = "", message: str = "") -> Json:
    return {"kind": "Status", "code": code, "reason": reason, "message": message}


@dataclass(slots=True)
class Fault:
    """Trouble for the requests that match, ``times`` of them (None: all).

    ``change`` gets the request and the way to the backend and returns what is answered instead.
    """

    change: Callable[[Request, Callable[[], Reply]], Reply]
    method: str = ""
    path: str = ""
    watch: bool | None = None
    times: int | None = None
    met: int = 0

    def meets(self, request: Request) -> bool:
        fits = (
            request.method.startswith(self.method)
            and self.path in request.path
            and self.watch in {None, request.is_watch}
        )
        if not fits or (self.times is not None and self.met >= self.times):
            return False
        self.met += 1
        return True


def says(code: int, reason: str = "", message: str = "", **headers: str) -> Callable[..., Reply]:
    """Answer with an error instead of asking."""
    return lambda request, go: Reply.of(code, status(code, reason, message), **headers)


def says_afterwards(code: int, reason: str = "", message: str = "") -> Callable[..., Reply]:
    """Let it happen, and answer with an error."""

    def change(request: Request, go: Callable[[], Reply]) -> Reply:
        b"".join(go().pieces)
        return Reply.of(code, status(code, reason, message))

    return change


def loses_reply(request: Request, go: Callable[[], Reply]) -> Reply:
    """Let it happen, and close the connection without a word."""
    b"".join(go().pieces)
    raise Cut


def drops(request: Request, go: Callable[[], Reply]) -> Reply:
    """Close the connection at once."""
    raise Cut


def hangs(until: threading.Event) -> Callable[..., Reply]:
    """Say nothing until told."""

    def change(request: Request, go: Callable[[], Reply]) -> Reply:
        until.wait(60)
        raise Cut

    return change


def cuts_after(count: int) -> Callable[..., Reply]:
    """Close the connection after so many bytes of the answer's body."""

    def change(request: Request, go: Callable[[], Reply]) -> Reply:
        reply = go()

        def pieces() -> Iterator[bytes]:
            left = count
            for piece in reply.pieces:
                yield piece[:left]
                left -= len(piece)
                if left <= 0:
                    raise Cut

        return Reply(reply.status, pieces(), reply.headers)

    return change


def lines(change_line: Callable[[bytes], Iterator[bytes]]) -> Callable[..., Reply]:
    """Change each line of a watch; a Cut raised there closes the connection."""

    def change(request: Request, go: Callable[[], Reply]) -> Reply:
        reply = go()
        return Reply(
            reply.status,
            (new for line in reply.pieces for new in change_line(line)),
            reply.headers,
        )

    return change


class Faulty:
    """The server; ``requests`` are those it met, in order."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.port = 0
        self._server: ThreadingHTTPServer | None = None
        self._open: set[socket.socket] = set()
        self.up()

    def up(self) -> None:
        """Listen, at the same port as before."""
        server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections, and break those that are open."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.break_connections()

    def break_connections(self) -> None:
        """Reset every open connection."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    @property
    def access(self) -> Access:
        return Access(f"http://127.0.0.1:{self.port}", lambda: None)

    def cluster(self, **more: Any) -> Cluster:
        """Return a client of it, less patient than usual."""
        return Cluster(self.access, **{"connect_seconds": 2.0, "read_seconds": 2.0, **more})

    @contextmanager
    def fault(self, change: Callable[..., Reply], **about: Any) -> Iterator[Fault]:
        """Make trouble within the block."""
        made = Fault(change, **about)
        self.faults.append(made)
        try:
            yield made
        finally:
            self.faults.remove(made)

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        fault = next((f for f in list(self.faults) if f.meets(request)), None)
        if fault is None:
            return self.backend.answer(request)
        return fault.change(request, lambda: self.backend.answer(request))

    def count(self, method: str, path: str) -> int:
        return sum(r.method == method and path in r.path for r in self.requests)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken connections are what this is for."""


def _handler(faulty: Faulty) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            faulty._open.add(self.connection)

        def finish(self) -> None:
            faulty._open.discard(self.connection)
            super().finish()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            request = Request(self.command, parts.path, query, body, dict(self.headers))
            try:
                reply = faulty.answer(request)
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for piece in reply.pieces:
                    if piece:
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                        self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")
            except (Cut, OSError):
                self.close_connection = True

        do_GET = do_POST = do_DELETE = do_PATCH = _serve

        def log_message(self, format: str, *args: Any) -> None:
            """Be quiet."""

    return Handler


# --- the backends -------------------------------------------------------------------------------


class RealApi:
    """Passes everything on to a true API server."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def answer(self, request: Request) -> Reply:
        watch = request.is_watch
        token = self._cluster.access.authorization()
        response = self._cluster._pool.request(
            request.method,
            self._cluster.access.url + request.path,
            fields=dict(request.query) if request.method == "GET" else None,
            body=request.body or None if request.method != "GET" else None,
            headers={
                **{k: v for k, v in request.headers.items() if k in {"Accept", "Content-Type"}},
                **({"Authorization": token} if token else {}),
            },
            preload_content=not watch,
            redirect=False,
            timeout=60,
        )
        if not watch:
            return Reply.of(response.status, response.data)
        return Reply(response.status, self._lines(response))

    @staticmethod
    def _lines(response: Any) -> Iterator[bytes]:
        rest = b""
        try:
            for piece in response.stream(65536):
                *whole, rest = (rest + piece).split(b"\n")
                yield from (line + b"\n" for line in whole)
        finally:
            response.close()


class FakeApi:
    """Keeps objects in memory and answers as far as the engine asks: no controllers, no checks."""

    def __init__(self, *namespaces: str) -> None:
        self.namespaces = set(namespaces)
        self.objects: dict[tuple[str, str, str], Json] = {}
        self.oldest = 0
        self._version = 0
        self._history: list[tuple[int, str, str, str, Json]] = []
        self._news = threading.Condition()

    def put(self, plural: str, namespace: str, body: Json) -> Json:
        """Write an object, as a controller or somebody else would."""
        with self._news:
            name = body["metadata"]["name"]
            known = (plural, namespace, name) in self.objects
            self._version += 1
            metadata = {
                "uid": f"uid-{self._version}",
                "creationTimestamp": "2026-11-24T12:00:00Z",
                **body["metadata"],
                "namespace": namespace,
                "resourceVersion": str(self._version),
            }
            made = {**body, "metadata": metadata}
            self.objects[plural, namespace, name] = made
            self._tell("MODIFIED" if known else "ADDED", plural, namespace, made)
            return made

    def remove(self, plural: str, namespace: str, name: str) -> None:
        with self._news:
            gone = self.objects.pop((plural, namespace, name))
            self._version += 1
            gone["metadata"]["resourceVersion"] = str(self._version)
            self._tell("DELETED", plural, namespace, gone)

    def forget_history(self) -> None:
        """Keep no versions up to now: whoever goes on from one of them is too late."""
        with self._news:
            self._version += 1
            self.oldest = self._version

    def _tell(self, kind: str, plural: str, namespace: str, thing: Json) -> None:
        self._history.append(
            (self._version, kind, plural, namespace, json.loads(json.dumps(thing)))
        )
        self._news.notify_all()

    def answer(self, request: Request) -> Reply:
        steps = request.path.strip("/").split("/")
        place = steps.index("namespaces")
        namespace, plural, name = steps[place + 1], steps[place + 2], "/".join(steps[place + 3 :])
        if namespace not in self.namespaces:
            if request.method == "GET" and not name:
                return Reply.of(200, {"metadata": {"resourceVersion": "1"}, "items": []})
            return Reply.of(404, status(404, "NotFound", f"namespaces {namespace} not found"))
        if request.method == "POST":
            return self._create(plural, namespace, json.loads(request.body))
        if request.method == "DELETE":
            return self._delete(plural, namespace, name, json.loads(request.body or b"{}"))
        if request.is_watch:
            return self._watch(plural, namespace, request)
        return (
            self._list(plural, namespace, request)
            if not name
            else self._get(plural, namespace, name)
        )

    def _create(self, plural: str, namespace: str, body: Json) -> Reply:
        with self._news:
            if (plural, namespace, body["metadata"]["name"]) in self.objects:
                return Reply.of(409, status(409, "AlreadyExists"))
            return Reply.of(201, self.put(plural, namespace, body))

    def _get(self, plural: str, namespace: str, name: str) -> Reply:
        found = self.objects.get((plural, namespace, name))
        return Reply.of(200, found) if found else Reply.of(404, status(404, "NotFound"))

    def _delete(self, plural: str, namespace: str, name: str, options: Json) -> Reply:
        found = self.objects.get((plural, namespace, name))
        if found is None:
            return Reply.of(404, status(404, "NotFound"))
        wanted = (options.get("preconditions") or {}).get("uid")
        if wanted and wanted != found["metadata"]["uid"]:
            return Reply.of(409, status(409, "Conflict"))
        self.remove(plural, namespace, name)
        return Reply.of(200, status(200))

    def _list(self, plural: str, namespace: str, request: Request) -> Reply:
        selector = request.query.get("labelSelector", "")
        with self._news:
            items = [
                o
                for (p, ns, _), o in self.objects.items()
                if (p, ns) == (plural, namespace) and matches(selector, o)
            ]
            version = str(self._version)
        limit = int(request.query.get("limit") or 500)
        begin = int(request.query.get("continue") or 0)
        about = {"resourceVersion": version}
        if begin + limit < len(items):
            about["continue"] = str(begin + limit)
        return Reply.of(200, {"metadata": about, "items": items[begin : begin + limit]})

    def _watch(self, plural: str, namespace: str, request: Request) -> Reply:
        since = int(request.query["resourceVersion"])
        if since < self.oldest:
            gone = {"type": "ERROR", "object": status(410, "Expired")}
            return Reply.of(200, json.dumps(gone).encode() + b"\n")
        selector = request.query.get("labelSelector", "")
        ends = time.monotonic() + float(request.query["timeoutSeconds"])
        return Reply(200, self._events(plural, namespace, selector, since, ends))

    def _events(
        self, plural: str, namespace: str, selector: str, since: int, ends: float
    ) -> Iterator[bytes]:
        heard = since
        yield b"\n"  # the answer's head is sent at once
        while time.monotonic() < ends:
            with self._news:
                fresh = [e for e in self._history if e[0] > heard]
                if not fresh:
                    self._news.wait(0.5)
            if not fresh:
                about = {"metadata": {"resourceVersion": str(heard)}}
                yield json.dumps({"type": "BOOKMARK", "object": about}).encode() + b"\n"
            for version, kind, p, ns, thing in fresh:
                heard = version
                if (p, ns) == (plural, namespace) and matches(selector, thing):
                    yield json.dumps({"type": kind, "object": thing}).encode() + b"\n"


def matches(selector: str, thing: Json) -> bool:
    """Tell whether labels match ``a=b``, ``a`` and ``a in (b,c)``, joined by commas."""
    labels = thing["metadata"].get("labels") or {}
    rest = selector
    if " in (" in rest:
        key, _, values = rest[rest[: rest.index(" in (")].rfind(",") + 1 :].partition(" in (")
        if labels.get(key) not in values.rstrip(")").split(","):
            return False
        rest = rest[: rest.index(f"{key} in (")].rstrip(",")
    for term in filter(None, rest.split(",")):
        key, equals, value = term.partition("=")
        if key not in labels or (equals and labels[key] != value):
            return False
    return True
