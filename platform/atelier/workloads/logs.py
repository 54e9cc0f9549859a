"""Reading what runs have printed, from the copies in the database: no engine is asked here."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from atelier.core.errors import InvalidSpec
from atelier.core.resources import LARGEST
from atelier.toolkit.tasks import ring
from atelier.workloads.log_copies import CHUNK, COLLECT, MOST_KEPT
from atelier.workloads.models import Attempt, LogChunk, LogEnd, LogState, Member, Workload
from atelier.workloads.selectors import reason

PAGE = 64 * 1024
LEAST_PAGE = 16  # so that a page always holds a whole character
LONGEST_PAGE = 2**20
SOURCE = "engine"

LOOKS_FOR = timedelta(seconds=30)
LOOKS_AGAIN = timedelta(seconds=15)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


def place_of(offset: str | None, limit: str | None) -> tuple[int, int]:
    """Read where a page begins and how long it may be, in bytes; raises InvalidSpec."""
    start = _number(offset, "offset", least=0, most=LARGEST, default=0)
    return start, _number(limit, "limit", least=LEAST_PAGE, most=LONGEST_PAGE, default=PAGE)


def _number(raw: str | None, field: str, *, least: int, most: int, default: int) -> int:
    if raw is None:
        return default
    if not _NUMBER.fullmatch(raw) or not least <= int(raw) <= most:
        raise InvalidSpec("NOT_AN_AMOUNT", {"least": least, "most": most}, field=field)
    return int(raw)


def watch(workload: Workload) -> None:
    """Note that somebody looks, so that a worker copies what is new; writes now and then only."""
    now = timezone.now()
    last = _last_attempt(workload)
    if last is None or last.log_state != LogState.OPEN:
        return
    until = last.log_watched_until
    if until is not None and until > now + LOOKS_AGAIN:
        return
    Attempt.objects.filter(pk=last.pk).update(log_watched_until=now + LOOKS_FOR)
    if until is None or until <= now:
        ring(COLLECT, workload.pk)


def page(workload: Workload, offset: int, limit: int, lang: str) -> dict[str, Any]:
    """Return the text from a byte offset on; a character is never cut in two.

    Bytes that are no UTF-8 read as a replacement character; colours (ANSI) stay as they are.
    """
    log = _Log.of(workload)
    data = log.read(offset, limit)
    is_last = log.is_closed and offset + len(data) >= log.size
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(data, final=is_last)
    pending = len(decoder.getstate()[0])
    return {
        "offset": offset,
        "next_offset": offset + len(data) - pending,
        "text": text,
        "is_end": is_last,
        "complete": False,
        "source": SOURCE,
        "notice": log.notice(lang) if is_last else None,
    }


def pieces(workload: Workload, lang: str = "en") -> Iterator[bytes]:
    """Return the very bytes that are kept, and a last line where some are missing."""
    log = _Log.of(workload)
    yield from log.chunks()
    notice = log.notice(lang)
    if notice is not None:
        yield f"\n[Atelier: {notice['text']}]\n".encode()


@dataclass(frozen=True, slots=True)
class _Log:
    """The log of a run: what the first place of its last attempt printed.

    A place whose pod was replaced has several members, one after the other.
    """

    members: tuple[Member, ...]
    is_closed: bool

    @classmethod
    def of(cls, workload: Workload) -> "_Log":
        last = _last_attempt(workload)
        if last is None:
            return cls((), workload.is_over)
        found = list(Member.objects.filter(attempt=last).order_by("role", "index", "id"))
        first = [m for m in found if (m.role, m.index) == (found[0].role, found[0].index)]
        return cls(tuple(first), workload.is_over and last.log_state == LogState.CLOSED)

    @property
    def size(self) -> int:
        return sum(m.log_size for m in self.members)

    def notice(self, lang: str) -> dict[str, str] | None:
        """Return why something is missing, as a person reads it, or None."""
        ends = {m.log_end for m in self.members}
        if LogEnd.CUT in ends:
            return reason("LOG_CUT", {"limit": f"{MOST_KEPT // 2**20} MiB"}, lang)
        return reason("LOG_LOST", {}, lang) if LogEnd.LOST in ends else None

    def read(self, offset: int, limit: int) -> bytes:
        """Return at most ``limit`` bytes from ``offset`` on."""
        found, base = b"", 0
        for member in self.members:
            start = offset + len(found) - base
            wanted = min(limit - len(found), member.log_size - start)
            if start >= 0 and wanted > 0:
                found += _bytes_of(member, start, wanted)
            base += member.log_size
        return found

    def chunks(self) -> Iterator[bytes]:
        """Return what is kept, chunk by chunk."""
        for member in self.members:
            rows = LogChunk.objects.filter(member=member, offset__lt=member.log_size)
            for data in rows.order_by("offset").values_list("data", flat=True).iterator(8):
                yield bytes(data)


def _bytes_of(member: Member, start: int, length: int) -> bytes:
    near = Q(offset__gt=start - CHUNK, offset__lt=start + length)
    rows = LogChunk.objects.filter(near, member=member).order_by("offset")
    found = list(rows.values_list("offset", "data"))
    if not found:
        return b""
    return b"".join(bytes(data) for _, data in found)[start - found[0][0] :][:length]


def _last_attempt(workload: Workload) -> Attempt | None:
    return Attempt.objects.filter(workload=workload).order_by("-number").first()
