"""The operating-system user the database servers run as, and what such a user can reach."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from atelier.operate.errors import CannotGoOn

# An own user keeps the data away from everything else that runs as nobody; `make up` uses it
# when the administrator has made it (docs/operations.md).
OWN_NAME = "atelier"
FALLBACK_NAME = "nobody"


@dataclass(frozen=True, slots=True)
class UnixUser:
    """A user to become."""

    name: str
    uid: int
    gid: int

    def as_popen_arguments(self) -> dict[str, object]:
        """What makes subprocess drop to this user, other groups included."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_user() -> UnixUser | None:
    """Whom the servers run as when we are root; None means "as ourselves"."""
    if os.geteuid() != 0:
        return None
    for name in (OWN_NAME, FALLBACK_NAME):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return UnixUser(name, entry.pw_uid, entry.pw_gid)
    raise CannotGoOn(
        "PostgreSQL refuses to run as root and there is no user to run it as: "
        f"create one with `useradd --system {OWN_NAME}` and try again."
    )


def first_closed_folder(path: Path) -> Path | None:
    """The first folder on the way to `path` that other users may not enter, if any."""
    resolved = path.resolve()
    for folder in (*reversed(resolved.parents), resolved):
        if folder.is_dir() and not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None
