"""Whether a server answers yet: asked every 30 ms, so that nobody waits for a poll."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

RETRY_SECONDS = 0.03
# A lost first packet costs a second by TCP's own timer; asking anew is quicker.
CONNECT_SECONDS = 0.4
ANSWER_SECONDS = 10.0


async def answers(url: str, path: str) -> None:
    """Return once the server at a URL answers a request for a path.

    The first request usually waits in the socket's queue until Jupyter takes it; the loop is for
    a port nobody listens on yet, a connection that breaks, and a server that first says 503.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    while True:
        try:
            status = await status_of(host, port, path)
        except (OSError, ValueError, EOFError, TimeoutError):
            status = 0
        if 200 <= status < 500:
            return
        await asyncio.sleep(RETRY_SECONDS)


async def status_of(host: str, port: int, path: str) -> int:
    """The HTTP status of one request; 0 for something that is not HTTP."""
    async with asyncio.timeout(CONNECT_SECONDS):
        reader, writer = await asyncio.open_connection(host, port)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            line = await reader.readline()
        return int(line.split()[1]) if line.count(b" ") >= 2 else 0
    finally:
        writer.close()
