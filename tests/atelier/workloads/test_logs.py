"""R11: logs outlive what printed them, byte for byte; the web never asks an engine for them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from atelier.accounts.models import User
from atelier.core.errors import EngineUnavailable, InvalidSpec, NotFound
from atelier.engines.base import LogPiece, Phase
from atelier.engines.memory import MemoryEngine, look
from atelier.toolkit import outbox
from atelier.workloads import engines, log_copies, logs, orphans
from atelier.workloads.models import Attempt, LogChunk, LogEnd, LogState, Member, Workload
from atelier.workloads.status import Status
from tests.atelier.workloads.conftest import Start, reconcile

pytestmark = pytest.mark.django_db(transaction=True)


class Talker(MemoryEngine):
    """Plays its scripts and keeps what its runs are made to say, as long as it keeps the runs."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, bytes] = {}
        self.is_deaf = False  # cannot be asked for logs, though for everything else
        self.breaks = False

    def read_log(self, name: str, *, role: str, index: int, offset: int, limit: int) -> LogPiece:
        self.calls.append(("read_log", name))
        if self.is_deaf:
            raise EngineUnavailable
        if self.breaks:
            raise RuntimeError("a poisoned log")
        if name not in self._runs:
            raise NotFound
        data = self.said.get(name, b"")
        is_over = look(self._runs[name], self.clock()).phase in {Phase.SUCCEEDED, Phase.FAILED}
        return LogPiece(
            offset, data[offset : offset + limit], is_over and offset + limit >= len(data)
        )

    @property
    def asked(self) -> int:
        return sum(verb == "read_log" for verb, _ in self.calls)


@pytest.fixture
def engine() -> Iterator[Talker]:
    made = Talker()
    with engines.replaced("memory", made):
        yield made


@pytest.fixture
def run(engine: Talker, alice: User, start: Start) -> Workload:
    workload = start(alice)
    reconcile(3)
    workload.refresh_from_db()
    assert workload.status == Status.RUNNING
    return workload


def end(engine: Talker, workload: Workload, **how: Any) -> None:
    engine.end(workload.engine_name, **how)
    reconcile(2)
    outbox.deliver_due()
    workload.refresh_from_db()


def save() -> None:
    Attempt.objects.filter(log_state=LogState.WANTED).update(log_due_at=timezone.now())
    log_copies.save_due()


def kept(workload: Workload) -> bytes:
    return b"".join(logs.pieces(workload))


def text(workload: Workload, limit: int = logs.PAGE) -> str:
    shown, offset = "", 0
    while True:
        page = logs.page(workload, offset, limit, "en")
        shown += page["text"]
        if page["next_offset"] == offset:
            return shown
        offset = page["next_offset"]


# --- while somebody looks -----------------------------------------------------------------------


def test_nothing_is_copied_as_long_as_nobody_looks(engine: Talker, run: Workload) -> None:
    engine.said[run.engine_name] = b"hello"

    log_copies.collect(run.pk)

    assert engine.asked == 0
    assert log_copies.watched() == []


def test_what_is_new_is_copied_while_somebody_looks(engine: Talker, run: Workload) -> None:
    logs.watch(run)
    for words in (b"one ", b"one two ", b"one two three"):
        engine.said[run.engine_name] = words
        log_copies.collect(run.pk)

    assert log_copies.watched() == [run.pk]
    assert text(run) == "one two three"
    page = logs.page(run, 0, logs.PAGE, "en")
    assert (page["is_end"], page["next_offset"]) == (False, 13)


def test_reading_asks_no_engine_and_writes_only_now_and_then(
    engine: Talker, run: Workload, django_assert_num_queries: Any
) -> None:
    logs.watch(run)

    with django_assert_num_queries(1):
        logs.watch(run)
    with django_assert_num_queries(2):
        logs.page(run, 0, logs.PAGE, "en")
    assert engine.asked == 0


def test_an_engine_that_is_away_loses_nothing(engine: Talker, run: Workload) -> None:
    engine.said[run.engine_name] = b"hello"
    logs.watch(run)
    engine.is_deaf = True
    log_copies.collect(run.pk)
    assert text(run) == ""

    engine.is_deaf = False
    log_copies.collect(run.pk)

    assert text(run) == "hello"


def test_two_who_copy_at_once_repeat_nothing(engine: Talker, run: Workload) -> None:
    engine.said[run.engine_name] = bytes(range(256)) * 8 * 1024  # two MiB
    logs.watch(run)

    def copy(_: int) -> None:
        try:
            log_copies.collect(run.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(copy, range(18)))
    end(engine, run)
    save()

    assert kept(run) == engine.said[run.engine_name]


# --- at the end ---------------------------------------------------------------------------------


def test_the_engine_forgets_only_what_was_copied(engine: Talker, run: Workload) -> None:
    engine.said[run.engine_name] = b"last words"
    end(engine, run)

    assert ("forget", run.engine_name) not in engine.calls
    assert Attempt.objects.get().log_state == LogState.WANTED
    assert not logs.page(run, 0, logs.PAGE, "en")["is_end"]
    save()

    assert ("forget", run.engine_name) in engine.calls
    assert Attempt.objects.get().log_state == LogState.CLOSED
    page = logs.page(run, 0, logs.PAGE, "en")
    assert (page["text"], page["is_end"], page["notice"]) == ("last words", True, None)


def test_forgetting_waits_as_long_as_the_log_cannot_be_read(engine: Talker, run: Workload) -> None:
    engine.said[run.engine_name] = b"last words"
    engine.is_deaf = True
    end(engine, run)
    for _ in range(3 * log_copies.MOST_TRIES):
        save()
    assert ("forget", run.engine_name) not in engine.calls

    engine.is_deaf = False
    save()

    assert kept(run) == b"last words"
    assert list(engine.inventory()) == []


def test_what_is_gone_before_it_was_copied_leaves_a_mark(engine: Talker, run: Workload) -> None:
    engine.said[run.engine_name] = b"first words"
    logs.watch(run)
    log_copies.collect(run.pk)
    engine.lose(run.engine_name)
    reconcile(2)
    outbox.deliver_due()
    run.refresh_from_db()
    save()

    page = logs.page(run, 0, logs.PAGE, "fr")
    assert (page["text"], page["is_end"]) == ("first words", True)
    assert page["notice"]["code"] == "LOG_LOST"
    assert kept(run).startswith(b"first words\n[Atelier: ")


def test_a_log_that_breaks_the_engine_is_given_up_in_time(
    engine: Talker, run: Workload, alice: User, start: Start
) -> None:
    engine.breaks = True
    end(engine, run)
    for _ in range(log_copies.MOST_TRIES):
        save()

    assert Member.objects.get(attempt__workload=run).log_end == LogEnd.LOST
    assert Attempt.objects.get(workload=run).log_state == LogState.CLOSED
    assert list(engine.inventory()) == []


def test_what_never_ran_has_nothing_to_lose(engine: Talker, alice: User, start: Start) -> None:
    workload = start(alice)
    reconcile(1)
    engine.lose(f"{workload.pk}-1")
    engine.submissions.clear()
    reconcile(2)
    Workload.objects.get(pk=workload.pk)
    save()

    assert logs.page(workload, 0, logs.PAGE, "en")["notice"] is None


def test_a_long_log_is_cut_with_a_mark(
    engine: Talker, run: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_copies, "MOST_KEPT", 3 * log_copies.CHUNK + 5)
    engine.said[run.engine_name] = b"0123456789" * (log_copies.CHUNK // 2)
    end(engine, run)
    save()

    member = Member.objects.get()
    assert (member.log_size, member.log_end) == (3 * log_copies.CHUNK + 5, LogEnd.CUT)
    last = logs.page(run, member.log_size - 4, logs.PAGE, "en")
    assert last["is_end"]
    assert last["notice"]["code"] == "LOG_CUT"
    assert ("forget", run.engine_name) in engine.calls


def test_the_orphans_sweep_leaves_what_waits_for_its_copy(engine: Talker, run: Workload) -> None:
    engine.said[run.engine_name] = b"last words"
    engine.is_deaf = True
    end(engine, run)
    Attempt.objects.update(started_at=timezone.now() - timedelta(hours=1))

    assert orphans.resolve("memory") == []
    Attempt.objects.update(finished_at=timezone.now() - timedelta(minutes=10))
    orphans.resolve("memory")
    assert ("forget", run.engine_name) not in engine.calls


def test_a_run_tried_twice_keeps_both_logs_and_shows_the_last(
    engine: Talker, alice: User, start: Start
) -> None:
    from atelier.workloads import queue

    workload = start(alice, kind="batch")
    queue.admit_waiting()
    reconcile(3)
    first = f"{workload.pk}-1"
    engine.said = {first: b"first", f"{workload.pk}-2": b"second"}
    engine.end(first, exit_code=1)
    reconcile(3)
    outbox.deliver_due()
    save()
    workload.refresh_from_db()
    end(engine, workload, exit_code=0)
    save()

    assert kept(workload) == b"second"
    sizes = dict(Member.objects.values_list("attempt__number", "log_size"))
    assert sizes == {1: 5, 2: 6}


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [logs.LEAST_PAGE, 17, 18, 19, 1000])
def test_characters_are_never_cut_in_two(engine: Talker, run: Workload, limit: int) -> None:
    words = "aé€😀\x1b[31m" * 50
    engine.said[run.engine_name] = words.encode()
    end(engine, run)
    save()

    assert text(run, limit) == words


def test_bytes_that_are_no_text_are_shown_as_such_and_kept_as_they_are(
    engine: Talker, run: Workload
) -> None:
    data = b"a\xff\xfeb\x00c\xe2\x82"
    engine.said[run.engine_name] = data
    end(engine, run)
    save()

    assert text(run) == "a��b\x00c�"
    assert kept(run) == data


def test_a_hundred_thousand_lines_and_a_very_long_one(engine: Talker, run: Workload) -> None:
    data = b"".join(b"line %d\n" % n for n in range(100_000)) + b"x" * 2_000_000
    engine.said[run.engine_name] = data
    end(engine, run)
    save()

    assert kept(run) == data
    assert text(run, logs.LONGEST_PAGE).encode() == data
    assert len(logs.page(run, len(data) - 10, logs.PAGE, "en")["text"]) == 10
    assert LogChunk.objects.count() <= len(data) // log_copies.CHUNK + 1


@pytest.mark.parametrize(
    ("offset", "limit"),
    [("-1", None), ("x", None), ("1e3", None), ("", None), ("٣", None), ("9" * 17, None),
     (None, "0"), (None, "15"), (None, str(logs.LONGEST_PAGE + 1)), (None, "1.5"), (None, "016")],
)  # fmt: skip
def test_a_place_that_makes_no_sense_is_refused(offset: str | None, limit: str | None) -> None:
    with pytest.raises(InvalidSpec) as refused:
        logs.place_of(offset, limit)

    assert refused.value.field == ("limit" if offset is None else "offset")
