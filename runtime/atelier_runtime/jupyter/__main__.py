"""`python -m atelier_runtime.jupyter`."""

from . import quick

quick.import_single_user()

from .app import main  # noqa: E402  # after the quick import, or it would import the slow way

main()
