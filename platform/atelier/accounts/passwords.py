"""What a password must be like; each refusal names its rule."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from atelier.accounts.login import hashing
from atelier.accounts.models import User
from atelier.core.errors import InvalidSpec

LONGEST = 256
_CODES = {
    "password_too_short": "PASSWORD_TOO_SHORT",
    "password_too_common": "PASSWORD_TOO_COMMON",
    "password_too_similar": "PASSWORD_TOO_SIMILAR",
}


def hashed(password: str, user: User, *, field: str = "new_password") -> str:
    """Return the hash of an acceptable password; raises InvalidSpec naming the rule it breaks."""
    if len(password) > LONGEST:
        raise InvalidSpec("PASSWORD_TOO_LONG", field=field)
    try:
        validate_password(password, user)
    except ValidationError as error:
        code = _CODES.get(error.error_list[0].code or "", "PASSWORD_TOO_COMMON")
        raise InvalidSpec(code, field=field) from error
    with hashing():
        return make_password(password)
