"""A small load generator: clients that keep one connection each and ask as fast as answers come."""

import asyncio
import time
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it."""

    rate: float  # answers a second
    p50: float  # milliseconds
    p99: float
    failures: int


def request_of(path: str, headers: dict[str, str]) -> bytes:
    """Return the bytes of a GET."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"transfer-encoding: chunked" in head:
        return status, await _chunks(reader)
    start = head.index(b"content-length:") + len(b"content-length:")
    length = int(head[start : head.index(b"\r\n", start)])
    return status, await reader.readexactly(length)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return body


async def fetch(port: int, request: bytes) -> tuple[int, bytes]:
    """Return status and body of one request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await _answer(reader)
    writer.close()
    return answer


async def _client(port: int, request: bytes, until: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times: list[float] = []
    failures = 0
    while (began := time.perf_counter()) < until:
        writer.write(request)
        status, _ = await _answer(reader)
        times.append(time.perf_counter() - began)
        failures += status != 200
    writer.close()
    return times, failures


async def run(port: int, request: bytes, *, clients: int = 8, seconds: float = 3.0) -> Load:
    """Ask ``request`` from ``clients`` connections for ``seconds``."""
    began = time.perf_counter()
    results = await asyncio.gather(
        *(_client(port, request, began + seconds) for _ in range(clients))
    )
    took = time.perf_counter() - began
    times = sorted(t for part, _ in results for t in part)
    cuts = quantiles(times, n=100)
    failures = sum(f for _, f in results)
    return Load(len(times) / took, cuts[49] * 1000, cuts[98] * 1000, failures)
