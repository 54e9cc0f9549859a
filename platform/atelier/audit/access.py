"""Who may read records: a question answered by the layer that knows projects."""

from typing import Any

from atelier.toolkit.hooks import Provider


def _nobody(user: Any, project: str) -> str | None:
    return None


# (user, id or slug of a project) -> the project's id if the user leads it; raises NotFound or
# NotAllowed otherwise.
led_project: Provider[[Any, str], str | None] = Provider("audit.led_project", _nobody)
