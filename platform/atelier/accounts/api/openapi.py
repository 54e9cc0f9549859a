"""What drf-spectacular cannot say by itself."""

from typing import Any


def allow_no_platform_role(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Put the empty role back: the library leaves empty choices out (a spectacular hook)."""
    role = result["components"]["schemas"]["PlatformRole"]
    role["enum"] = ["", *(value for value in role["enum"] if value)]
    role["description"] = "What a user may do beyond his projects; empty for nothing"
    return result
