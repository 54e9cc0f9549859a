"""The platform's settings with what tests need otherwise."""

from atelier.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests call the doors (tasks) themselves; nothing rings behind their back.
ATELIER_DOORBELLS = False
ALLOWED_HOSTS = ["testserver", "localhost"]
REST_FRAMEWORK["TEST_REQUEST_DEFAULT_FORMAT"] = "json"  # noqa: F405  # from the star above
