"""What only real processes can show; what every engine keeps is in ``test_contract``."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from atelier.core.errors import NotFound, Refused
from atelier.core.resources import Resources
from atelier.engines.base import MemberSpec, Observation, Phase, WorkloadSpec
from atelier.engines.local import LocalEngine, keeper
from tests.atelier.engines.local.waiting import until, until_over

ROOT = Path(__file__).resolve().parents[4]
UID = 70_001
MIB = 2**20
NO_GRACE = timedelta()
LONG_GRACE = timedelta(seconds=60)
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps users apart")


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not below pytest's own folder, which other users may not enter.
    with tempfile.TemporaryDirectory(prefix="atelier-local-") as made:
        Path(made).chmod(0o711)
        yield Path(made)
        engine = LocalEngine(Path(made) / "engine")
        for held in engine.inventory():
            engine.stop(held.name, grace=NO_GRACE)
            until_over(engine, held.name)
            engine.forget(held.name)


@pytest.fixture
def engine(folder: Path) -> LocalEngine:
    return LocalEngine(folder / "engine")


def shell(script: str, name: str = "w1-1", **more: Any) -> WorkloadSpec:
    values: dict[str, Any] = {
        "members": (MemberSpec("main", 1, Resources(1000, 512 * MIB)),),
        "command": ("sh", "-c", script),
        "uid": UID if os.geteuid() == 0 else None,
        **more,
    }
    workload = name.partition("-")[0]
    return WorkloadSpec(name, workload, 1, "p1", "atelier-p1", "alice", **values)


def run(engine: LocalEngine, script: str, **more: Any) -> Observation:
    spec = shell(script, **more)
    engine.apply(spec, generation=0)
    return until_over(engine, spec.name)


def log(engine: LocalEngine, name: str = "w1-1") -> bytes:
    return engine.read_log(name, role="main", index=0, offset=0, limit=MIB).data


def says(engine: LocalEngine, words: bytes, name: str = "w1-1") -> bytes:
    """Wait until the log holds ``words``; return all of it."""
    return until(lambda: log(engine, name), lambda printed: words in printed)


def state(engine: LocalEngine, name: str = "w1-1") -> dict[str, Any]:
    return keeper.read_json(engine.root / f"{name}.run" / "main-0" / keeper.STATE) or {}


def is_running(pid: int) -> bool:
    stat = keeper.stat_of(pid)
    return stat is not None and not stat.is_dead


# --- where it runs ------------------------------------------------------------------------------


def test_it_runs_in_a_session_and_folder_of_its_own(engine: LocalEngine) -> None:
    run(engine, "pwd; ps -o sid= -p $$; echo $$; umask")

    folder, session, pid, mask = log(engine).decode().split()
    assert folder == str(engine.root / "w1-1.run" / "main-0" / "work")
    assert session == pid
    assert mask == "0077"


@root_only
def test_it_runs_as_its_user_who_sees_nobody_elses_folder(engine: LocalEngine) -> None:
    run(engine, "id -u; id -G; touch mine", name="w1-1")
    run(engine, f"ls {engine.root}/w1-1.run/main-0/work; cat {engine.root}/w1-1.run/main-0/log; "
        f"ls {engine.root}; echo x > {engine.root}/w2-1.run/main-0/state.json",
        name="w2-1", uid=UID + 1)  # fmt: skip

    assert log(engine, "w1-1").decode().split() == [str(UID), str(UID)]
    assert log(engine, "w2-1").count(b"ermission denied") == 4
    assert engine.observe(["w2-1"])["w2-1"].phase == Phase.FAILED


@root_only
def test_nothing_is_ever_run_as_root(engine: LocalEngine) -> None:
    for uid in (None, 0):
        with pytest.raises(Refused) as refused:
            engine.apply(shell("id", uid=uid), generation=0)
        assert refused.value.code == "NO_USER_TO_RUN_AS"
    assert list(engine.inventory()) == []


def test_it_sees_its_own_variables_and_none_of_the_workers(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATELIER_SECRET_KEY", "canary-of-the-worker")
    run(engine, "env", env={"COLOUR": "blue", "PATH": "/evil", "HOME": "/root"})

    seen = dict(line.split("=", 1) for line in log(engine).decode().splitlines())
    assert seen["COLOUR"] == "blue"
    assert seen["PATH"].startswith("/usr/local/sbin:")
    assert seen["HOME"].endswith("/work")
    assert seen["USER"] == "alice"
    assert "canary" not in str(seen)
    assert set(seen) <= {
        "COLOUR", "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "PWD", "OLDPWD",
        "SHLVL", "_", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ATELIER_RUN",
    }  # fmt: skip


def test_its_environment_comes_first_on_the_path(folder: Path) -> None:
    tools = folder / "runtime" / "bin"
    tools.mkdir(parents=True)
    folder.joinpath("runtime").chmod(0o755)
    tools.chmod(0o755)
    tool = tools / "python"
    tool.write_text("#!/bin/sh\necho of the runtime\n")
    tool.chmod(0o755)
    engine = LocalEngine(folder / "engine", runtimes={"runtime": tool})
    spec = shell("", command=("python", "-c", "1"), settings={"local_runtime": "runtime"})
    engine.apply(spec, generation=0)
    until_over(engine, "w1-1")

    assert log(engine) == b"of the runtime\n"


def test_an_environment_that_is_not_here_is_refused(engine: LocalEngine) -> None:
    with pytest.raises(Refused) as refused:
        engine.apply(shell("true", settings={"local_runtime": "tensorflow"}), generation=0)

    assert refused.value.code == "ENVIRONMENT_NOT_LOCAL"


# --- how it ends --------------------------------------------------------------------------------


def test_a_signal_reads_as_shells_have_it(engine: LocalEngine) -> None:
    seen = run(engine, "kill -SEGV $$")

    assert (seen.phase, seen.reason, seen.reason_params) == (
        Phase.FAILED, "EXIT_NONZERO", {"exit_code": 139},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("command", "code"), [(("no-such-program",), 127), (("/etc/hostname",), 126)]
)
def test_what_cannot_be_started_says_so_in_its_log(
    engine: LocalEngine, command: tuple[str, ...], code: int
) -> None:
    engine.apply(shell("", command=command), generation=0)
    seen = until_over(engine, "w1-1")

    assert [m.exit_code for m in seen.members] == [code]
    assert command[0].encode() in log(engine)


def test_it_may_use_its_grace_to_end_well(engine: LocalEngine) -> None:
    script = "trap 'echo saved; exit 0' TERM; echo ready; while true; do sleep 0.1; done"
    engine.apply(shell(script), generation=0)
    says(engine, b"ready")
    engine.stop("w1-1", grace=LONG_GRACE)

    assert until_over(engine, "w1-1").phase == Phase.SUCCEEDED
    assert log(engine).endswith(b"saved\n")


def test_a_shorter_grace_later_counts(engine: LocalEngine) -> None:
    script = "trap '' TERM; echo ready; while true; do sleep 0.1; done"
    engine.apply(shell(script), generation=0)
    says(engine, b"ready")
    engine.stop("w1-1", grace=timedelta(days=1))
    assert engine.observe(["w1-1"])["w1-1"].phase == Phase.STOPPING
    engine.stop("w1-1", grace=NO_GRACE)

    assert until_over(engine, "w1-1").members[0].exit_code == 137


def detached(engine: LocalEngine, then: str) -> int:
    """Start what leaves a process behind that detached itself twice; return its pid."""
    leave = "(setsid sh -c 'trap \"\" TERM HUP; echo $$ > pid; exec sleep 600' &) &"
    engine.apply(shell(f"{leave} while [ ! -s pid ]; do sleep 0.05; done; {then}"), generation=0)
    file = engine.root / "w1-1.run" / "main-0" / "work" / "pid"
    return int(until(lambda: file.read_text().strip() if file.exists() else ""))


def test_what_it_leaves_behind_ends_with_it(engine: LocalEngine) -> None:
    pid = detached(engine, "exit 0")

    assert until_over(engine, "w1-1").phase == Phase.SUCCEEDED
    assert not is_running(pid)


def test_what_detached_itself_is_ended_with_a_stop(engine: LocalEngine) -> None:
    pid = detached(engine, "sleep 600")
    assert is_running(pid)
    engine.stop("w1-1", grace=NO_GRACE)
    until_over(engine, "w1-1")

    assert not is_running(pid)


def test_more_memory_than_allowed_ends_it_with_its_reason(engine: LocalEngine) -> None:
    greedy = "import time\nheld = []\nwhile True:\n held.append(b'x' * 2**22)\n time.sleep(0.01)"
    spec = shell("", command=("python3", "-c", greedy),
                 members=(MemberSpec("main", 1, Resources(1000, 64 * MIB)),))  # fmt: skip
    engine.apply(spec, generation=0)
    seen = until_over(engine, "w1-1")

    assert (seen.reason, seen.reason_params["limit"]) == ("OUT_OF_MEMORY", "64 MiB")
    assert (seen.members[0].peak_memory_bytes or 0) > 64 * MIB


def test_the_memory_of_all_its_processes_counts_together(engine: LocalEngine) -> None:
    child = "import time; held = b'x' * (24 * 2**20); time.sleep(600)"
    parent = f'for n in 1 2 3 4; do python3 -c "{child}" & done; wait'
    seen = run(engine, parent, members=(MemberSpec("main", 1, Resources(1000, 64 * MIB)),))

    assert seen.reason == "OUT_OF_MEMORY"


def test_a_deadline_ends_it_with_its_reason(engine: LocalEngine) -> None:
    seen = run(engine, "sleep 600", lifetime=timedelta(seconds=1))

    assert (seen.phase, seen.reason, seen.reason_params) == (
        Phase.FAILED, "DEADLINE_PASSED", {"seconds": 1},
    )  # fmt: skip


def test_everything_ends_with_the_reason_it_is_stopped_for(engine: LocalEngine) -> None:
    for name in ("w1-1", "w2-1"):
        engine.apply(shell("sleep 600", name), generation=0)
    run(engine, "true", name="w3-1")

    stopped = engine.stop_everything(grace=LONG_GRACE, reason="PLATFORM_STOPPED")

    assert sorted(stopped) == ["w1-1", "w2-1"]
    assert {until_over(engine, name).reason for name in stopped} == {"PLATFORM_STOPPED"}
    assert engine.observe(["w3-1"])["w3-1"].phase == Phase.SUCCEEDED


# --- who dies on the way ------------------------------------------------------------------------


def test_a_run_outlives_the_worker_that_started_it(engine: LocalEngine) -> None:
    program = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from tests.atelier.engines.local.test_engine import *\n"
        "LocalEngine(Path(sys.argv[3])).apply(shell('sleep 2; echo done'), generation=0)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    started = subprocess.run(
        [sys.executable, "-c", program, str(ROOT), str(ROOT / "platform"), str(engine.root)],
        timeout=120,
        check=False,
    )

    assert started.returncode == -signal.SIGKILL
    assert engine.observe(["w1-1"])["w1-1"].phase == Phase.RUNNING
    assert until_over(engine, "w1-1").phase == Phase.SUCCEEDED
    assert log(engine) == b"done\n"


def test_a_worker_killed_before_anything_was_started_is_made_good(engine: LocalEngine) -> None:
    spec = shell("echo once")
    engine._make(spec, engine._run(spec.name))  # what it had done when it was killed

    assert engine.observe(["w1-1"])["w1-1"].phase == Phase.GONE
    assert [o.workload_id for o in engine.inventory()] == ["w1"]
    engine.apply(spec, generation=0)
    assert until_over(engine, "w1-1").phase == Phase.SUCCEEDED
    assert log(engine) == b"once\n"


def test_many_who_start_the_same_start_one(engine: LocalEngine) -> None:
    spec = shell("echo once; sleep 1")

    def apply(_: int) -> None:
        until(lambda: _applied(engine, spec))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(apply, range(8)))
    until_over(engine, "w1-1")

    assert log(engine) == b"once\n"
    assert not list(engine.root.glob(".half-*"))


def _applied(engine: LocalEngine, spec: WorkloadSpec) -> bool:
    from atelier.core.errors import EngineUnavailable

    try:
        engine.apply(spec, generation=0)
    except EngineUnavailable:  # somebody else is at it: said again, as the kernel does
        return False
    return True


def test_without_its_keeper_it_runs_on_and_its_end_is_not_made_up(engine: LocalEngine) -> None:
    engine.apply(shell("while [ ! -e stop ]; do sleep 0.1; done"), generation=0)
    os.kill(state(engine)["keeper"]["pid"], signal.SIGKILL)
    until(lambda: not keeper.is_alive(state(engine)["keeper"]))

    assert engine.observe(["w1-1"])["w1-1"].phase == Phase.RUNNING
    (engine.root / "w1-1.run" / "main-0" / "work" / "stop").touch()
    seen = until_over(engine, "w1-1")
    assert (seen.phase, seen.reason) == (Phase.FAILED, "END_NOT_SEEN")


def test_without_its_keeper_it_can_be_stopped_with_all_it_started(engine: LocalEngine) -> None:
    pid = detached(engine, "trap '' TERM; while true; do sleep 0.1; done")
    os.kill(state(engine)["keeper"]["pid"], signal.SIGKILL)
    until(lambda: not keeper.is_alive(state(engine)["keeper"]))
    engine.stop("w1-1", grace=NO_GRACE)
    engine.stop("w1-1", grace=NO_GRACE)

    until_over(engine, "w1-1")
    until(lambda: not is_running(pid))
    engine.forget("w1-1")
    assert list(engine.inventory()) == []


def test_a_machine_that_was_restarted_lost_what_ran_on_it(engine: LocalEngine) -> None:
    engine.apply(shell("sleep 600"), generation=0)
    before = state(engine)
    file = engine.root / "w1-1.run" / "main-0" / keeper.STATE
    keeper.write_json(file, {**before, "boot_id": "of-another-boot"})

    seen = engine.observe(["w1-1"])["w1-1"]
    assert (seen.phase, seen.reason) == (Phase.FAILED, "NODE_LOST")
    keeper.write_json(file, before)


def test_a_number_that_is_somebody_elses_now_is_not_ours(engine: LocalEngine) -> None:
    engine.apply(shell("sleep 600"), generation=0)
    before = state(engine)
    file = engine.root / "w1-1.run" / "main-0" / keeper.STATE
    other = {"pid": os.getpid(), "start_ticks": 1}
    keeper.write_json(file, {**before, "keeper": other, "child": other})

    engine.stop("w1-1", grace=NO_GRACE)  # would end these tests
    seen = engine.observe(["w1-1"])["w1-1"]
    assert (seen.phase, seen.reason) == (Phase.FAILED, "END_NOT_SEEN")
    keeper.write_json(file, before)


# --- what it printed ----------------------------------------------------------------------------


def test_bytes_stay_as_they_were_printed(engine: LocalEngine) -> None:
    run(engine, r"printf 'a\000b\377\033[31mred\r\n'; printf 'err' >&2")

    assert log(engine) == b"a\x00b\xff\x1b[31mred\r\nerr"


def test_a_log_is_read_from_any_place_and_past_its_end(engine: LocalEngine) -> None:
    run(engine, "printf 0123456789")

    piece = engine.read_log("w1-1", role="main", index=0, offset=4, limit=3)
    assert (piece.offset, piece.data, piece.is_end) == (4, b"456", False)
    rest = engine.read_log("w1-1", role="main", index=0, offset=7, limit=3)
    assert (rest.data, rest.is_end) == (b"789", True)
    past = engine.read_log("w1-1", role="main", index=0, offset=99, limit=3)
    assert (past.data, past.is_end) == (b"", True)
    with pytest.raises(NotFound):
        engine.read_log("w1-1", role="main", index=1, offset=0, limit=3)


# --- what is left -------------------------------------------------------------------------------


def test_nothing_is_left_when_it_is_forgotten(engine: LocalEngine) -> None:
    run(engine, "mkdir -p a/b; touch a/b/c; ln -s / root; chmod 000 a")
    engine.forget("w1-1")

    assert [f.name for f in engine.root.iterdir()] == [keeper.BELL]
    assert Path("/etc").is_dir()


def test_what_a_killed_worker_left_half_made_is_removed_in_time(engine: LocalEngine) -> None:
    run(engine, "true")
    old, new = engine.root / ".half-old", engine.root / ".half-new"
    for half in (old, new):
        (half / "main-0").mkdir(parents=True)
    long_ago = time.time() - 3600
    os.utime(old, (long_ago, long_ago))
    list(engine.inventory())

    assert not old.exists()
    assert new.exists()
    shutil.rmtree(new)


def test_names_of_any_kind_stay_below_the_root(engine: LocalEngine) -> None:
    for name in ("../../etc/w1-1", "a/b-1", "..", ".", "é-1"):
        engine.apply(replace(shell("true"), name=name), generation=0)
        assert until_over(engine, name).phase == Phase.SUCCEEDED

    assert len(list(engine.inventory())) == 5
    assert {o.name for o in engine.inventory()} == {"../../etc/w1-1", "a/b-1", "..", ".", "é-1"}


def test_the_bell_rings_when_something_happens(engine: LocalEngine) -> None:
    rung = Event()
    listener = Thread(target=engine.watch, args=(rung.set,))
    listener.start()
    run(engine, "sleep 0.5")

    assert rung.wait(60)
    engine.quiet()
    listener.join(60)
