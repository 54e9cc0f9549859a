"""A cluster's API server that answers from a table."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from atelier.operate import cluster

NODES = "/api/v1/nodes"
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
ENDS = "2027-11-24T10:00:00Z"


def node(*images: str, address: str = "192.0.2.7") -> dict[str, Any]:
    return {
        "status": {
            "addresses": [{"type": "InternalIP", "address": address}],
            "images": [{"names": [image]} for image in images],
        }
    }


def storage_class(name: str, *, default: bool) -> dict[str, Any]:
    marks = {cluster.DEFAULT_CLASS: "true"} if default else {}
    return {"metadata": {"name": name, "annotations": marks}}


@dataclass
class TableCluster:
    """Answers by path; remembers what was asked of it."""

    answers: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    message: str = ""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        place, _, query = path.partition("?")
        self.asked.append((method, path, body))
        if self.status != 200:
            return self.status, {"kind": "Status", "message": self.message}
        if method == "POST" and place.endswith("/token"):
            token = f"token of {place.split('/')[-2]}"
            return 201, {"status": {"token": token, "expirationTimestamp": ENDS}}
        if method == "POST":
            return 201, {**body, "metadata": {**body["metadata"], "uid": "u1"}}
        if method == "GET" and place.endswith("/secrets"):
            made = [b for m, p, b in self.asked if m == "POST" and p.endswith("/secrets")]
            earlier = {"metadata": {"name": "earlier"}}
            return 200, {"items": [earlier, *({"metadata": b["metadata"]} for b in made)]}
        return 200, self.answers.get(place, {})


@contextmanager
def running() -> Iterator[TableCluster]:
    """A cluster on which everything is as it should be."""
    table = TableCluster(
        {
            "/version": {"major": "1", "minor": "35+", "gitVersion": "v1.35.4"},
            NODES: {"items": [node(*cluster.images())]},
            CLASSES: {"items": [storage_class("fast", default=True)]},
        }
    )

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, said = table.answer(self.command, self.path, body)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    table.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield table
    server.shutdown()
    thread.join()
    server.server_close()


def write_kubeconfig(path: Path, url: str) -> Path:
    path.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "c", "cluster": {"server": url}}],
                "users": [{"name": "u", "user": {"token": "the-administrator"}}],
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                "current-context": "c",
            }
        )
    )
    return path
