"""Effects at the hub that follow from what happens here, delivered through the outbox."""

from typing import Any

from atelier.accounts.hooks import Cause
from atelier.accounts.models import User
from atelier.notebooks.hub import hub
from atelier.notebooks.models import NotebookServer
from atelier.toolkit import outbox

END_ACCESS = "notebooks.end-hub-access"
REMOVE_SERVER = "notebooks.remove-hub-server"


def on_access_ended(user: User, cause: Cause) -> None:
    """Have the user's access to running servers ended; the kernel stops them where it must."""
    closed = cause is Cause.DEACTIVATED
    outbox.send(END_ACCESS, username=user.username, servers_too=closed)


def end_access(payload: dict[str, Any]) -> None:
    """Delete the user's tokens at the hub: those of browsers, and of a closed account's servers."""
    hub().delete_tokens(str(payload["username"]), also_servers=bool(payload["servers_too"]))


def remove_later(server: NotebookServer) -> None:
    """Have the hub forget a deleted server."""
    outbox.send(REMOVE_SERVER, username=server.owner.username, server=server.hub_server)


def remove_server(payload: dict[str, Any]) -> None:
    """Forget a server at the hub; one that is not there is a success.

    Its name is never used again, so no later start can be hit. The hub's default server ('') and
    names people gave at the hub may come back: their entries stay.
    """
    name = str(payload["server"])
    if name.startswith("n") and len(name) == 16:
        hub().remove(str(payload["username"]), name)
