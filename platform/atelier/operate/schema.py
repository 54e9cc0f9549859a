"""The OpenAPI document: written from the code, or compared with the checked-in one.

Run as `python -m atelier.operate.schema [--check]` with the platform's settings in the environment.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

from atelier.operate.check import SCHEMA
from atelier.operate.console import complain, say


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atelier.config.settings")
    django.setup()
    document = generated()
    if "--check" not in arguments:
        SCHEMA.write_text(document)
        say(f"Wrote {SCHEMA}.")
        return 0
    if not SCHEMA.is_file() or SCHEMA.read_text() != document:
        complain(f"{SCHEMA} is not what the code gives: run `make schema` and look at the change.")
        return 1
    return 0


def generated() -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "openapi.json"
        call_command("spectacular", format="openapi-json", file=str(file), fail_on_warn=True)
        return file.read_text().rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
