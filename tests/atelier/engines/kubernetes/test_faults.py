"""What an API server, or the way to it, does wrong: nothing is lost, doubled or called gone."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from atelier.core.errors import EngineUnavailable, NotFound, Refused
from atelier.engines.base import Phase
from atelier.engines.kubernetes import KubernetesEngine
from atelier.engines.kubernetes.client import PAGE
from tests.atelier.engines.kubernetes.conftest import begin, engine_at, spec, spec_named
from tests.atelier.engines.kubernetes.faults import (
    FakeApi,
    Faulty,
    Reply,
    cuts_after,
    drops,
    hangs,
    loses_reply,
    says,
    says_afterwards,
)

GRACE = timedelta(seconds=1)
NAME = "atelier-p1/w1-1"


def jobs(api: FakeApi) -> list[str]:
    return [name for plural, _, name in api.objects if plural == "jobs"]


# --- R2: a 409 has two meanings, a 403 too ------------------------------------------------------


def test_r02_a_conflict_with_somebody_who_writes_is_tried_again(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    busy = says(409, "Conflict", "Operation cannot be fulfilled on resourcequotas")
    with faulty.fault(busy, method="POST", times=2):
        engine.apply(spec(), generation=0)

    assert jobs(api) == ["w1-1"]
    assert faulty.count("POST", "/jobs") == 3


def test_r02_a_conflict_without_end_is_an_engine_that_cannot_be_asked(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    with faulty.fault(says(409, "Conflict"), method="POST"), pytest.raises(EngineUnavailable):
        engine.apply(spec(), generation=0)

    assert jobs(api) == []


def test_r02_a_name_that_we_took_before_is_ours(api: FakeApi, engine: KubernetesEngine) -> None:
    engine.apply(spec(), generation=0)
    made = dict(api.objects)

    engine.apply(spec(), generation=0)

    assert api.objects == made


def labels_of(api: FakeApi, engine: KubernetesEngine) -> dict[str, str]:
    engine.apply(spec(), generation=0)
    labels: dict[str, str] = api.objects["jobs", "atelier-p1", "w1-1"]["metadata"]["labels"]
    api.remove("jobs", "atelier-p1", "w1-1")
    return labels


@pytest.mark.parametrize(
    "change",
    [
        {"atelier.dev/instance": "another"},
        {"atelier.dev/workload": "w2"},
        {"atelier.dev/attempt": "2"},
        {"atelier.dev/run": "w1-2"},
        None,
    ],
)
def test_r02_a_name_that_somebody_else_has_is_refused_and_left_alone(
    api: FakeApi, engine: KubernetesEngine, change: dict[str, str] | None
) -> None:
    mine = labels_of(api, engine)
    foreign = spec_named(spec(), **({} if change is None else mine | change))
    api.put("jobs", "atelier-p1", foreign)

    with pytest.raises(Refused) as refused:
        engine.apply(spec(), generation=0)

    assert (refused.value.code, refused.value.params) == ("FOREIGN_OBJECT", {"name": NAME})
    assert jobs(api) == ["w1-1"]


@pytest.mark.parametrize("change", [{"atelier.dev/instance": "another"}, {"atelier.dev/run": "x"}])
def test_r02_what_is_not_ours_is_neither_seen_nor_stopped_nor_removed(
    api: FakeApi, engine: KubernetesEngine, change: dict[str, str]
) -> None:
    api.put("jobs", "atelier-p1", spec_named(spec(), **(labels_of(api, engine) | change)))

    assert engine.observe([NAME])[NAME].phase == Phase.GONE
    engine.stop(NAME, grace=GRACE)
    engine.forget(NAME)

    assert jobs(api) == ["w1-1"]


def test_r02_an_object_of_an_earlier_generation_stays_and_says_so(
    api: FakeApi, engine: KubernetesEngine
) -> None:
    engine.apply(spec(), generation=1)
    made = dict(api.objects)

    engine.apply(spec(), generation=2)

    assert api.objects == made
    assert engine.observe([NAME])[NAME].generation == 1


def test_r02_deleting_meets_the_object_that_was_looked_at_and_no_other(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    engine.apply(spec(), generation=0)

    def replaced(request: Any, go: Callable[[], Reply]) -> Reply:
        api.remove("jobs", "atelier-p1", "w1-1")
        api.put("jobs", "atelier-p1", spec_named(spec()))
        return go()

    with faulty.fault(replaced, method="DELETE", times=1):
        engine.stop(NAME, grace=GRACE)

    assert jobs(api) == ["w1-1"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((403, "Forbidden", 'pods "x" is forbidden: exceeded quota: project'), "CLUSTER_QUOTA"),
        ((403, "Forbidden", "cannot create resource jobs"), "NAMESPACE_PENDING"),
        ((403, "Forbidden", "because it is being terminated"), "NAMESPACE_PENDING"),
        ((404, "NotFound", "namespaces not found"), "NAMESPACE_PENDING"),
        ((401, "Unauthorized", ""), "ENGINE_UNREACHABLE"),
        ((500, "InternalError", ""), "ENGINE_UNREACHABLE"),
        ((503, "ServiceUnavailable", ""), "ENGINE_UNREACHABLE"),
    ],
)
def test_r02_what_may_pass_is_said_again_later(
    faulty: Faulty, engine: KubernetesEngine, answer: tuple[int, str, str], code: str
) -> None:
    with faulty.fault(says(*answer), method="POST"), pytest.raises(EngineUnavailable) as away:
        engine.apply(spec(), generation=0)

    assert away.value.code == code
    engine.apply(spec(), generation=0)


@pytest.mark.parametrize(
    "answer",
    [
        (422, "Invalid", "spec.template.spec: Invalid value"),
        (403, "Forbidden", 'violates PodSecurity "restricted:latest"'),
        (403, "Forbidden", 'admission webhook "x" denied the request: no'),
        (400, "BadRequest", "unknown field"),
    ],
)
def test_r02_what_will_never_be_taken_is_refused_in_the_clusters_words(
    faulty: Faulty, engine: KubernetesEngine, answer: tuple[int, str, str]
) -> None:
    with faulty.fault(says(*answer), method="POST"), pytest.raises(Refused) as refused:
        engine.apply(spec(), generation=0)

    assert refused.value.code == "ADMISSION_DENIED"
    assert refused.value.params == {"detail": answer[2]}


# --- R3: an answer that got lost ----------------------------------------------------------------


@pytest.mark.parametrize("trouble", [loses_reply, says_afterwards(504), cuts_after(5)])
def test_r03_a_reply_lost_after_the_commit_makes_one_job(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, trouble: Callable[..., Reply]
) -> None:
    with faulty.fault(trouble, method="POST", path="/jobs"), pytest.raises(EngineUnavailable):
        engine.apply(spec(), generation=0)
    assert faulty.count("POST", "/jobs") == 1  # never sent twice by itself
    uid = api.objects["jobs", "atelier-p1", "w1-1"]["metadata"]["uid"]

    engine.apply(spec(), generation=0)

    assert jobs(api) == ["w1-1"]
    assert api.objects["jobs", "atelier-p1", "w1-1"]["metadata"]["uid"] == uid


def test_r03_a_service_without_its_job_is_no_run_and_the_next_try_completes_it(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    from tests.atelier.engines.rigs import Task

    both = spec(task=Task(members=2))
    with faulty.fault(drops, method="POST", path="/jobs"), pytest.raises(EngineUnavailable):
        engine.apply(both, generation=0)

    assert engine.observe([NAME])[NAME].phase == Phase.GONE
    assert [o.name for o in engine.inventory()] == [NAME]
    engine.apply(both, generation=0)
    assert sorted(plural for plural, _, _ in api.objects) == ["jobs", "services"]


def test_a_lost_deletion_is_a_deletion(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    engine.apply(spec(), generation=0)
    with faulty.fault(loses_reply, method="DELETE"), pytest.raises(EngineUnavailable):
        engine.stop(NAME, grace=GRACE)

    engine.stop(NAME, grace=GRACE)
    engine.forget(NAME)

    assert jobs(api) == []


# --- R8: unseen is not gone ---------------------------------------------------------------------


@contextmanager
def refused(faulty: Faulty) -> Iterator[None]:
    faulty.down()
    yield
    faulty.up()


def answered(*given: Any, **about: Any) -> Callable[[Faulty], AbstractContextManager[Any]]:
    return lambda faulty: faulty.fault(*given, **about)


@contextmanager
def silent(faulty: Faulty) -> Iterator[None]:
    released = threading.Event()
    with faulty.fault(hangs(released)):
        yield
    released.set()


TROUBLES: dict[str, Callable[[Faulty], AbstractContextManager[Any]]] = {
    "refused": refused,
    "silent": silent,
    "500": answered(says(500)),
    "503": answered(says(503, Retry_After="1")),
    "401": answered(says(401)),
    "dropped": answered(drops),
    "cut in the middle": answered(cuts_after(20)),
    "empty": answered(lambda request, go: Reply.of(200, b"")),
    "a page of a proxy": answered(lambda request, go: Reply.of(200, b"<html>wait</html>")),
    "no list": answered(lambda request, go: Reply.of(200, {"items": "none"})),
    "not an object": answered(lambda request, go: Reply.of(200, [])),
    "410 for ever": answered(says(410, "Expired")),
    "the jobs only": answered(says(500), path="/jobs"),
    "the pods only": answered(says(500), path="/pods"),
    "no rights": answered(says(403, "Forbidden", "cannot list resource")),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_r08_a_look_that_fails_says_nothing_about_the_run(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, trouble: str
) -> None:
    engine.apply(spec(), generation=0)
    begin(api, spec())

    with TROUBLES[trouble](faulty), pytest.raises(EngineUnavailable):
        engine.observe([NAME])

    assert engine.observe([NAME])[NAME].phase == Phase.RUNNING


@pytest.mark.parametrize("trouble", [t for t in TROUBLES if t not in {"the pods only", "no list"}])
def test_r08_every_verb_says_so_and_none_calls_it_gone(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine, trouble: str
) -> None:
    engine.apply(spec(), generation=0)
    made = dict(api.objects)

    with TROUBLES[trouble](faulty):
        for ask in (
            lambda: engine.stop(NAME, grace=GRACE),
            lambda: engine.forget(NAME),
            lambda: list(engine.inventory()),
        ):
            with pytest.raises(EngineUnavailable):
                ask()

    assert api.objects == made


def test_r08_events_that_cannot_be_read_hide_nothing_else(
    faulty: Faulty, engine: KubernetesEngine
) -> None:
    engine.apply(spec(), generation=0)

    with faulty.fault(says(500), path="/events"):
        assert engine.observe([NAME])[NAME].phase == Phase.PENDING


def test_r08_what_cannot_be_seen_in_one_project_is_seen_in_the_others(
    api: FakeApi, faulty: Faulty
) -> None:
    engine = engine_at(faulty, "atelier-p1", "atelier-p2")
    other = spec("w2-1", "atelier-p2")
    engine.apply(spec(), generation=0)
    engine.apply(other, generation=0)
    begin(api, other)

    with faulty.fault(says(403, "Forbidden", "cannot list"), path="atelier-p1"):
        seen = engine.observe([NAME, other.name])
        held = list(engine.inventory())

    assert {name: o.phase for name, o in seen.items()} == {other.name: Phase.RUNNING}
    assert [o.name for o in held] == [other.name]
    engine.close()


def test_r08_a_connection_that_breaks_once_is_not_noticed(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    engine.apply(spec(), generation=0)
    begin(api, spec())

    with faulty.fault(drops, method="GET", path="/jobs", times=1):
        assert engine.observe([NAME])[NAME].phase == Phase.RUNNING


def test_r08_a_server_that_asks_for_patience_gets_it(
    faulty: Faulty, engine: KubernetesEngine
) -> None:
    with faulty.fault(says(429, "TooManyRequests", Retry_After="0"), times=2) as met:
        engine.apply(spec(), generation=0)

    assert met.met == 2


def test_r08_a_server_that_asks_for_patience_for_ever_is_away(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    with (
        faulty.fault(says(429, "TooManyRequests", Retry_After="0")),
        pytest.raises(EngineUnavailable),
    ):
        engine.apply(spec(), generation=0)

    assert jobs(api) == []


def test_r08_a_list_whose_pages_expire_begins_anew_and_is_whole(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    for n in range(PAGE + 20):
        api.put("jobs", "atelier-p1", spec_named(spec(f"w{n}-1"), **LABELS, **run(f"w{n}-1")))

    def second_page_is_too_old(request: Any, go: Callable[[], Reply]) -> Reply:
        if "continue" not in request.query or expired:
            return go()
        expired.append(request)
        return says(410, "Expired")(request, go)

    expired: list[Any] = []
    with faulty.fault(second_page_is_too_old, method="GET", path="/jobs"):
        held = list(engine.inventory())

    assert len({o.name for o in held}) == PAGE + 20
    assert expired


LABELS = {"atelier.dev/instance": "a1", "app.kubernetes.io/managed-by": "atelier"}


def run(name: str) -> dict[str, str]:
    return {"atelier.dev/run": name, "atelier.dev/workload": name.partition("-")[0]}


def test_s10_one_odd_object_hides_no_other(api: FakeApi, engine: KubernetesEngine) -> None:
    odd = spec("w2-1")
    engine.apply(spec(), generation=0)
    begin(api, spec())
    engine.apply(odd, generation=0)
    api.objects["jobs", "atelier-p1", "w2-1"]["status"] = {"conditions": [None, 7, {"type": []}]}
    begin(api, odd, containerStatuses="none", conditions={"a": 1}, phase=["Running"])

    seen = engine.observe([NAME, odd.name])

    assert seen[NAME].phase == Phase.RUNNING
    assert seen[odd.name].phase in set(Phase)


# --- many runs ----------------------------------------------------------------------------------

COMPLETE = {"conditions": [{"type": "Complete", "status": "True"}]}


def many(api: FakeApi, count: int) -> list[str]:
    """Put so many finished Jobs there; returns the names of their runs."""
    runs = [f"w{n:04}-1" for n in range(count)]
    for name in runs:
        body = spec_named(spec(name), **LABELS, **run(name))
        api.put("jobs", "atelier-p1", body | {"status": COMPLETE})
    return [f"atelier-p1/{name}" for name in runs]


def test_some_runs_are_picked_out_by_name(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    names = many(api, 700)[:500]

    seen = engine.observe(names)

    assert list(map(str, seen)) == names
    assert {o.phase for o in seen.values()} == {Phase.SUCCEEDED}
    assert len(faulty.requests) == 4
    assert max(len(str(r.query)) for r in faulty.requests) < 8000


def test_p11_many_runs_of_a_namespace_are_its_pages(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    names = many(api, 2 * PAGE + 1)
    pod = {
        "metadata": {"name": "w0007-1-0-x", "labels": LABELS | run("w0007-1")},
        "status": {
            "phase": "Failed",
            "containerStatuses": [{"state": {"terminated": {"exitCode": 3}}}],
        },
    }
    api.put("pods", "atelier-p1", pod)

    seen = engine.observe(names[: PAGE + 1])

    assert list(seen) == names[: PAGE + 1]
    assert {o.phase for o in seen.values()} == {Phase.SUCCEEDED}
    assert {name: [m.exit_code for m in o.members] for name, o in seen.items() if o.members} == {
        "atelier-p1/w0007-1": [3]
    }
    assert [r.path.rpartition("/")[2] for r in faulty.requests] == ["jobs"] * 3 + ["pods"]
    assert {r.query["limit"] for r in faulty.requests} == {str(PAGE)}
    assert not any(" in (" in r.query["labelSelector"] for r in faulty.requests)


def hides(run_name: str) -> Callable[..., Reply]:
    """Leave a run out of lists that do not ask for it by its name."""

    def change(request: Any, go: Callable[[], Reply]) -> Reply:
        page = json.loads(b"".join(go().pieces))
        if " in (" not in request.query["labelSelector"]:
            page["items"] = [i for i in page["items"] if i["metadata"]["name"] != run_name]
        return Reply.of(200, page)

    return change


def test_r08_a_run_that_a_long_list_lacks_is_looked_for_before_it_is_gone(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    names = many(api, PAGE + 2)
    api.remove("jobs", "atelier-p1", "w0300-1")

    with faulty.fault(hides("w0200-1"), method="GET", path="/jobs"):
        seen = engine.observe(names)

    gone = [name for name, o in seen.items() if o.phase == Phase.GONE]
    assert gone == ["atelier-p1/w0300-1"]
    assert len(seen) == PAGE + 2
    assert faulty.count("GET", "/jobs") == 3


def test_r08_a_second_look_that_fails_calls_nothing_gone(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    names = many(api, 600)
    api.remove("jobs", "atelier-p1", "w0300-1")

    def by_name_fails(request: Any, go: Callable[[], Reply]) -> Reply:
        by_name = " in (" in request.query["labelSelector"]
        return says(500)(request, go) if by_name else go()

    with faulty.fault(by_name_fails, method="GET"), pytest.raises(EngineUnavailable):
        engine.observe(names)


@pytest.mark.parametrize("trouble", [says(500), says(410, "Expired"), drops, cuts_after(100)])
@pytest.mark.parametrize("plural", ["jobs", "pods"])
def test_r08_a_list_that_breaks_off_after_some_pages_shows_nothing(
    api: FakeApi,
    faulty: Faulty,
    engine: KubernetesEngine,
    trouble: Callable[..., Reply],
    plural: str,
) -> None:
    names = many(api, PAGE + 1)
    for n in range(PAGE + 1):
        pod = {"metadata": {"name": f"p{n}", "labels": LABELS | run(f"w{n:04}-1")}}
        api.put("pods", "atelier-p1", pod)

    def later_pages(request: Any, go: Callable[[], Reply]) -> Reply:
        return trouble(request, go) if "continue" in request.query else go()

    with (
        faulty.fault(later_pages, method="GET", path=f"/{plural}"),
        pytest.raises(EngineUnavailable),
    ):
        engine.observe(names)


def test_r08_a_long_list_whose_pages_expire_once_is_read_anew_and_whole(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    names = many(api, PAGE + 20)
    expired: list[Any] = []

    def second_page_is_too_old(request: Any, go: Callable[[], Reply]) -> Reply:
        if "continue" not in request.query or expired:
            return go()
        expired.append(request)
        return says(410, "Expired")(request, go)

    with faulty.fault(second_page_is_too_old, method="GET", path="/jobs"):
        seen = engine.observe(names)

    assert {o.phase for o in seen.values()} == {Phase.SUCCEEDED}
    assert list(seen) == names
    assert expired


def test_p11_many_runs_that_wait_read_their_events_once(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    names = many(api, 600)
    for (plural, namespace, _), job in list(api.objects.items()):
        api.put(plural, namespace, job | {"status": {}})

    seen = engine.observe(names)

    assert {o.phase for o in seen.values()} == {Phase.PENDING}
    assert faulty.count("GET", "/events") == 1


# --- logs ---------------------------------------------------------------------------------------


def read(engine: KubernetesEngine, offset: int = 0, limit: int = 100) -> Any:
    return engine.read_log(NAME, role="main", index=0, offset=offset, limit=limit)


def test_a_log_that_breaks_off_is_no_end(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    engine.apply(spec(), generation=0)
    begin(api, spec())

    for trouble in (
        says(500),
        drops,
        lambda request, go: cuts_after(3)(request, lambda: Reply.of(200, b"0123456789")),
    ):
        with faulty.fault(trouble, path="/log"), pytest.raises(EngineUnavailable):
            read(engine)

    with faulty.fault(lambda request, go: Reply.of(200, b"0123456789"), path="/log"):
        assert read(engine, 4, 3).data == b"456"
        assert read(engine, 4).data == b"456789"
        assert read(engine, 10).data == b""
        with pytest.raises(NotFound):  # rotated: what stood there is gone
            read(engine, 20)


def test_a_log_of_a_container_that_is_only_being_made_is_empty_and_one_that_went_is_not_found(
    api: FakeApi, faulty: Faulty, engine: KubernetesEngine
) -> None:
    engine.apply(spec(), generation=0)
    begin(api, spec())

    with faulty.fault(says(400, "BadRequest", "ContainerCreating"), path="/log"):
        assert (read(engine, 7).offset, read(engine, 7).data) == (7, b"")
    with faulty.fault(says(404, "NotFound"), path="/log"), pytest.raises(NotFound):
        read(engine)
    with faulty.fault(says(403, "Forbidden"), path="/pods"), pytest.raises(EngineUnavailable):
        read(engine)
