"""Named places where a test may kill the process, to show that nothing is lost there.

``ATELIER_FAILPOINT=settle.moved`` ends the process by SIGKILL when it first comes by that place;
``ATELIER_FAILPOINT=settle.moved:3`` the third time. Without the variable a place costs one lookup.
"""

import os
import signal

_name, _, _count = os.environ.get("ATELIER_FAILPOINT", "").partition(":")
_left = int(_count or 1)


def failpoint(name: str) -> None:
    """End the process here, without any clean-up, if the environment asks for it."""
    global _left
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
