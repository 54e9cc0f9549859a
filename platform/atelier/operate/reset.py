"""`make reset`: back to nothing, after asking."""

from __future__ import annotations

import shutil
from pathlib import Path

from atelier.operate.console import say
from atelier.operate.down import down
from atelier.operate.environments import ROOT
from atelier.operate.errors import CannotGoOn
from atelier.operate.installation import Installation


def reset(here: Installation, *, confirmed: bool) -> None:
    """Stop everything and delete the state folder."""
    folder = here.home.folder
    if not here.home.exists and not here.home.half_restored.exists():
        say(f"There is nothing to delete in {folder}.")
        return
    say(f"This deletes every user, project, notebook and file of the platform in {folder}.")
    say("`make backup` saves them first.")
    if not confirmed and not _asked():
        raise CannotGoOn("Nothing was deleted.")
    if here.home.exists:
        down(here)
    shutil.rmtree(folder)
    _remove_link(folder)
    say(f"{folder} is gone. `make up` sets up a new platform.")


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
