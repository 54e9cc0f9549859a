"""Names people choose: which become addresses, and which are only shown.

A user name and a slug become hub users, folder names and Kubernetes labels, so their alphabet is
the smallest that all of them accept, and no two of them can be confused (``a--b``, upper case,
look-alike letters and invisible marks are refused rather than repaired).
"""

import re
import unicodedata

from atelier.core.errors import InvalidSpec

ADDRESS = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,29}", re.ASCII)
LONGEST_DISPLAY_NAME = 80
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def parse_address(value: object, *, field: str) -> str:
    """Read a user name or slug: a-z, 0-9 and single inner dashes, 1 to 30 characters."""
    if not isinstance(value, str) or not ADDRESS.fullmatch(value):
        raise InvalidSpec("BAD_NAME", field=field)
    return value


def parse_display_name(value: object, *, field: str) -> str:
    """Read a name that is only shown: any script, no invisible or control characters.

    Returned in Unicode NFC with outer white space gone; 1 to 80 characters.
    """
    if not isinstance(value, str):
        raise InvalidSpec("BAD_DISPLAY_NAME", field=field)
    name = unicodedata.normalize("NFC", value).strip()
    # Right-to-left overrides, zero-width joiners and the like make two names look like one.
    invisible = any(unicodedata.category(c) in _INVISIBLE for c in name)
    if not 1 <= len(name) <= LONGEST_DISPLAY_NAME or invisible:
        raise InvalidSpec("BAD_DISPLAY_NAME", {"most": LONGEST_DISPLAY_NAME}, field=field)
    return name


def slug_from(display_name: str) -> str:
    """Propose an address for a display name; the caller checks that it is free."""
    plain = unicodedata.normalize("NFKD", display_name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not words or not words[0].isalpha():
        words = f"p-{words}".strip("-")
    return words[:30].rstrip("-")
