"""The commands behind the Makefile."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from atelier.operate import bootstrap, check, images, node, suite
from atelier.operate.backup import backup, restore
from atelier.operate.clean import clean
from atelier.operate.console import complain, say
from atelier.operate.down import down
from atelier.operate.engine import Asked
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn
from atelier.operate.installation import Installation
from atelier.operate.lock import lock
from atelier.operate.reset import reset
from atelier.operate.status import logs, status
from atelier.operate.up import up

Command = Callable[[argparse.Namespace], bool]


def on_installation(act: Callable[[Installation, argparse.Namespace], object]) -> Command:
    """A command that works on an installation and fails by raising."""

    def command(asked: argparse.Namespace) -> bool:
        act(Installation.here(), asked)
        return True

    return command


def run_checks(_: argparse.Namespace) -> bool:
    return check.all_passed(check.check())


def run_suite(_: argparse.Namespace) -> bool:
    return suite.test()


def run_bench(_: argparse.Namespace) -> bool:
    if not (ROOT / "bench" / "__main__.py").is_file():
        raise CannotGoOn("This checkout has no bench/: there is nothing to measure yet.")
    return subprocess.run([sys.executable, "-m", "bench"], cwd=ROOT).returncode == 0


def run_soak(_: argparse.Namespace) -> bool:
    command = [sys.executable, "-m", "pytest", "-m", "soak", "-o", "timeout=0"]
    return subprocess.run(command, cwd=ROOT).returncode == 0


def write_schema(_: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        paths = os.pathsep.join(str(ROOT / source) for source in check.SOURCES)
        settings = {**check.placeholder_settings(Path(folder)), "PYTHONPATH": paths}
        command = [sys.executable, "-m", "atelier.operate.schema"]
        return subprocess.run(command, env={**os.environ, **settings}).returncode == 0


def write_client(asked: argparse.Namespace) -> bool:
    """The TypeScript types of the SPA, from the OpenAPI document."""
    if not write_schema(asked):
        return False
    own = node.Node.of_this_python()
    node.packages(own)
    done = subprocess.run(
        [*own.npm, "run", "--silent", "gen:api"],
        cwd=node.FRONTEND,
        env={**os.environ, **own.variables},
    )
    if done.returncode == 0:
        say("Wrote frontend/src/api/schema.gen.ts.")
    return done.returncode == 0


def write_locks(_: argparse.Namespace) -> bool:
    lock()
    return True


def build_images(_: argparse.Namespace) -> bool:
    images.images()
    return True


def run_clean(_: argparse.Namespace) -> bool:
    clean()
    return True


def run_manage(asked: argparse.Namespace) -> bool:
    here = Installation.here()
    if not here.home.exists:
        raise CannotGoOn("Nothing has been set up here yet: `make up` does it.")
    return here.manage(asked.arguments).returncode == 0


def nothing_more(_: argparse.Namespace) -> bool:
    """The bootstrap has done it already."""
    say("Everything is prepared.")
    return True


def _reset(here: Installation, asked: argparse.Namespace) -> None:
    reset(here, confirmed=asked.confirmed, kubeconfig=asked.kubeconfig)


def _engine_asked(asked: argparse.Namespace) -> Asked:
    return Asked(asked.engine, asked.kubeconfig, asked.pod_address)


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(prog="python -m atelier.operate", description=__doc__)
    commands = arguments.add_subparsers(required=True)

    def add(name: str, act: Command) -> argparse.ArgumentParser:
        made = commands.add_parser(name)
        made.set_defaults(act=act)
        return made

    def add_with_file(name: str, act: Callable[[Installation, str], None]) -> None:
        command = on_installation(lambda here, asked: act(here, asked.file))
        add(name, command).add_argument("file", nargs="?", default="")

    starting = add("up", on_installation(lambda here, asked: up(here, _engine_asked(asked))))
    for word in ("engine", "kubeconfig", "pod-address"):
        starting.add_argument(f"--{word}", default="")
    add("down", on_installation(lambda here, _: down(here)))
    add("status", on_installation(lambda here, _: status(here)))
    of_logs = add(
        "logs", on_installation(lambda here, asked: logs(here, asked.service, follow=asked.follow))
    )
    of_logs.add_argument("service", nargs="?", default="")
    of_logs.add_argument("--follow", action="store_true")
    add_with_file("backup", backup)
    add_with_file("restore", restore)
    of_reset = add("reset", on_installation(_reset))
    of_reset.add_argument("--confirmed", action="store_true")
    of_reset.add_argument("--kubeconfig", default="")
    add("manage", run_manage).add_argument("arguments", nargs=argparse.REMAINDER)
    for name, act in (
        ("prepare", nothing_more),
        ("test", run_suite),
        ("check", run_checks),
        ("bench", run_bench),
        ("soak", run_soak),
        ("lock", write_locks),
        ("schema", write_schema),
        ("client", write_client),
        ("images", build_images),
        ("clean", run_clean),
    ):
        add(name, act)
    return arguments


def main(arguments: list[str]) -> int:
    """Run one command; what goes wrong is said in one sentence."""
    asked = parser().parse_args(arguments)
    try:
        return 0 if asked.act(asked) else 1
    except CannotGoOn as stop:
        complain(str(stop))
        return 1
    except KeyboardInterrupt:
        complain("Stopped. The same command goes on from here.")
        return 130
    except OSError as error:
        complain(bootstrap.as_sentence(error))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
