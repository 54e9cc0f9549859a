"""A person's notebook server, used the way a program with a browser's cookies would."""

from __future__ import annotations

import asyncio
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.e2e.running import Person, Platform

PATIENCE = 60.0


class Jupyter:
    """One server behind its address, after the sign-in that a browser goes through."""

    def __init__(self, open_url: str, cookies: httpx.Cookies) -> None:
        self.root = open_url.partition("/lab")[0]
        self._http = httpx.Client(
            cookies=cookies, timeout=PATIENCE, follow_redirects=True, trust_env=False
        )
        opened = self._http.get(open_url)
        if opened.status_code != 200 or not str(opened.url).startswith(self.root):
            self._http.close()
            raise AssertionError(f"{opened.status_code} {opened.url} {opened.text[:300]}")

    def read(self, path: str) -> str:
        """Return a text file of the home."""
        answer = self._http.get(f"{self.root}/api/contents/{path}", params={"type": "file"})
        answer.raise_for_status()
        return str(answer.json()["content"])

    def run(self, code: str) -> str:
        """Run code in a kernel of its own and return what it printed."""
        kernel = self.keep_kernel()
        try:
            return self.run_in(kernel, code)
        finally:
            self._http.delete(f"{self.root}/api/kernels/{kernel}", headers=self._sign())

    def keep_kernel(self) -> str:
        """Start a kernel that lives on."""
        made = self._http.post(f"{self.root}/api/kernels", json={}, headers=self._sign())
        made.raise_for_status()
        return str(made.json()["id"])

    def run_in(self, kernel: str, code: str) -> str:
        """Run code in this kernel and return what it printed."""
        work = self._execute(kernel, code)
        # Playwright's own loop runs in this thread.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, work).result()

    def __enter__(self) -> Jupyter:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _sign(self) -> dict[str, str]:
        path = urlsplit(self.root).path + "/"
        marks = [c for c in self._http.cookies.jar if c.name == "_xsrf" and c.path == path]
        return {"X-XSRFToken": marks[0].value or ""} if marks else {}

    async def _execute(self, kernel: str, code: str) -> str:
        async with asyncio.timeout(PATIENCE):
            return await self._talk(kernel, code)

    async def _talk(self, kernel: str, code: str) -> str:
        address = f"{self.root.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels"
        request = HTTPRequest(
            address, headers={"Cookie": self._cookies(), "Origin": self._origin()}
        )
        socket = await websocket_connect(request)
        try:
            return await _printed(socket, code)
        finally:
            socket.close()
            # Closing is a conversation; left alone it ends as a warning in some later test.
            while await socket.read_message() is not None:
                pass

    def _cookies(self) -> str:
        request = self._http.build_request("GET", f"{self.root}/api")
        return request.headers.get("cookie", "")

    def _origin(self) -> str:
        parts = urlsplit(self.root)
        return f"{parts.scheme}://{parts.netloc}"


async def _printed(socket: WebSocketClientConnection, code: str) -> str:
    message = uuid.uuid4().hex
    await socket.write_message(json.dumps(_execute_request(message, code)))
    printed = ""
    while True:
        said = await socket.read_message()
        assert isinstance(said, str), "the kernel hung up"
        answer = json.loads(said)
        if answer.get("parent_header", {}).get("msg_id") != message:
            continue
        content = answer["content"]
        if answer["msg_type"] == "stream":
            printed += content["text"]
        elif answer["msg_type"] == "error":
            raise RuntimeError("\n".join(content["traceback"]))
        elif answer["msg_type"] == "status" and content["execution_state"] == "idle":
            return printed


def _execute_request(message: str, code: str) -> dict[str, Any]:
    return {
        "header": {"msg_id": message, "msg_type": "execute_request", "username": "",
                   "session": message, "version": "5.3", "date": ""},
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "buffers": [],
        "content": {"code": code, "silent": False, "store_history": True,
                    "user_expressions": {}, "allow_stdin": False, "stop_on_error": True},
    }  # fmt: skip


def sign_in(platform: Platform, person: Person) -> httpx.Cookies:
    """Sign in to the portal; the hub takes the rest from there by itself."""
    with httpx.Client(
        base_url=f"{platform.url}/api/v1", timeout=PATIENCE, trust_env=False
    ) as browser:
        browser.get("/session")
        csrf = browser.cookies["atelier_csrf"]
        signed_in = browser.post(
            "/session",
            json={"username": person.username, "password": person.password},
            headers={"X-CSRFToken": csrf, "Origin": platform.url},
        )
        assert signed_in.status_code == 200, signed_in.text
        return browser.cookies
