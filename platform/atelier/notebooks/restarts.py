"""The second half of a restart: the old run has ended, so the next one is asked for.

The wish is on the row (``restart_wanted``) from the moment it was asked for, and the message is
written in the transaction that ends the old run: whatever crashes in between loses nothing.
"""

import logging
from typing import Any

from atelier.core.errors import Refused
from atelier.notebooks import services
from atelier.notebooks.models import NotebookServer
from atelier.toolkit import outbox

logger = logging.getLogger(__name__)

RESTART = "notebooks.restart"


def ask(server: NotebookServer) -> None:
    """Have ``server`` started again after the present transaction.

    Not within it: there the old run still holds its reservation, and the new one may need it.
    """
    outbox.send(RESTART, server=server.pk)


def restart_now(payload: dict[str, Any]) -> None:
    """Start again what is waiting for it; harmless when repeated."""
    try:
        services.finish_restart(server_id=str(payload["server"]))
    except Refused as refusal:
        # The people who asked are gone from the request: the reason stands on the server.
        services.refuse_restart(server_id=str(payload["server"]), refusal=refusal)
        logger.info("restart refused", extra={"server": payload["server"], "code": refusal.code})
