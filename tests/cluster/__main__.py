"""The commands of the test cluster: up, down, status, is-up, build, load IMAGE.tar, state."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "platform") not in sys.path:  # nothing has prepared the paths for us
    sys.path.insert(0, str(ROOT / "platform"))

from atelier.operate.bootstrap import as_sentence  # noqa: E402  # needs the path above
from atelier.operate.console import complain, say  # noqa: E402
from atelier.operate.errors import CannotGoOn  # noqa: E402
from tests.cluster import needs  # noqa: E402
from tests.cluster.down import down  # noqa: E402
from tests.cluster.places import Places  # noqa: E402
from tests.cluster.status import status  # noqa: E402
from tests.cluster.up import build, is_up, load, up  # noqa: E402


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    commands = arguments.add_subparsers(required=True, dest="command")
    for name, says in (
        ("up", "start it, built first where needed, and load the project's images"),
        ("down", "stop it and leave nothing behind"),
        ("is-up", "say by the exit code alone whether it runs"),
        ("status", "what runs, or what was left behind"),
        ("build", "only build what `up` needs, once a machine"),
        ("state", "print the folder that holds admin.kubeconfig and the logs"),
    ):
        commands.add_parser(name, help=says)
    commands.add_parser("load", help="put an image archive into the cluster").add_argument(
        "archive", type=Path, nargs="+"
    )
    return arguments


def run(asked: argparse.Namespace, places: Places) -> bool:
    if asked.command == "up":
        up(places)
        return True
    if asked.command == "status":
        return status(places)
    if asked.command == "is-up":
        return is_up(places)
    if asked.command == "state":
        say(str(places.state))
        return True
    needs.check(places)
    if asked.command == "down":
        return down(places)
    if asked.command == "build":
        build(places)
        return True
    if not is_up(places):
        raise CannotGoOn("There is no test cluster to load images into: `make cluster-up` first.")
    for archive in asked.archive:
        load(places, archive)
    return True


def main(arguments: list[str]) -> int:
    """Run one command; what goes wrong is said in one sentence."""
    asked = parser().parse_args(arguments)
    try:
        return 0 if run(asked, Places.here()) else 1
    except CannotGoOn as stop:
        complain(str(stop))
        return 1
    except KeyboardInterrupt:
        complain("Stopped. The same command goes on from here.")
        return 130
    except OSError as error:
        complain(as_sentence(error))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
