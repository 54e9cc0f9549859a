"""`make reset`: back to nothing, after asking.

What is on a cluster goes too when an administrator's kubeconfig is named, and else stays: then it
is said by which commands it goes.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from atelier.operate.console import say
from atelier.operate.down import down
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn
from atelier.operate.installation import Installation

if TYPE_CHECKING:
    from atelier.operate.clearing import Belongings


def reset(here: Installation, *, confirmed: bool, kubeconfig: str = "") -> None:
    """Stop everything and delete the state folder, and on the cluster what is named there."""
    folder = here.home.folder
    if not here.home.exists and not here.home.half_restored.exists():
        say(f"There is nothing to delete in {folder}.")
        return
    say(f"This deletes every user, project, notebook and file of the platform in {folder}.")
    say("`make backup` saves them first.")
    on_cluster = _look_at_cluster(here, kubeconfig)
    if not confirmed and not _asked():
        raise CannotGoOn("Nothing was deleted.")
    if here.home.exists:
        down(here)
    if on_cluster is not None:
        on_cluster.delete()
    shutil.rmtree(folder)
    _remove_link(folder)
    say(f"{folder} is gone. `make up` sets up a new platform.")


def _look_at_cluster(here: Installation, kubeconfig: str) -> Belongings | None:
    """Say what will become of what is on the cluster; returns what is to be deleted there."""
    # What was half restored may belong to an installation that runs elsewhere.
    if not here.home.has_been_on_cluster or here.home.half_restored.exists():
        return None
    # Half a second and sixty megabytes that only this needs.
    from atelier.operate import clearing  # noqa: PLC0415

    if not kubeconfig:
        say("What it has on a cluster stays there, jobs go on. An administrator removes it with")
        for command in clearing.commands(here.home.instance):
            say(f"  {command}")
        say("or names a kubeconfig: `make reset KUBECONFIG=…`.")
        return None
    found = clearing.look(Path(kubeconfig).expanduser().absolute(), here.home.instance)
    say(f"It also deletes {found.in_words()}.")
    return found


def _asked() -> bool:
    try:
        return input("Type yes to delete them: ").strip() == "yes"
    except EOFError:
        raise CannotGoOn(
            "Nothing was deleted: there is nobody to ask. `make reset CONFIRM=yes` does not ask."
        ) from None


def _remove_link(folder: Path) -> None:
    """As root the checkout may hold a link to a folder elsewhere (home.locate)."""
    link = ROOT / ".atelier"
    if link.is_symlink() and not link.exists() and link.readlink() == folder:
        link.unlink()
