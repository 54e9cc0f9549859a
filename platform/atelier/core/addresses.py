"""Addresses that people hand in."""

import re
from urllib.parse import urlsplit

# What browsers turn into something else: a backslash is a slash to them, tabs and line breaks
# vanish, and a second slash makes a host of what follows.
_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~!$&'()*+,;=:@/?%\[\]]*", re.ASCII)
_ENCODED_CONTROL = re.compile(r"%(?:[01][0-9A-Fa-f]|7[Ff]|5[Cc]|2[Ff])")
LONGEST = 4000


def is_own_path(value: str) -> bool:
    """Tell whether ``value`` is a path on this site that every reader takes for one.

    An encoded slash, backslash or control character is allowed in the query only.
    """
    if len(value) > LONGEST or not _PATH.fullmatch(value):
        return False
    parts = urlsplit(value)
    if parts.scheme or parts.netloc:
        return False
    return not _ENCODED_CONTROL.search(parts.path) and not re.search(
        r"%(?:0[AaDd9]|00)", parts.query
    )
