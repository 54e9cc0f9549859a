"""One JSON object a line: capped, escaped, with the request id and without secrets."""

import json
import logging
import re
from datetime import UTC, datetime

from atelier.toolkit.context import caller

LONGEST_TEXT = 2000
# Celery hangs the whole task, arguments and all, on its records as ``data``.
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "data"}
_SECRET = re.compile(
    r"(?i)(bearer\s+|atl_|authorization['\"]?\s*[:=]\s*['\"]?(?:bearer|token)?\s*|"
    r"cookie['\"]?\s*[:=]\s*['\"]?|token['\"]?\s*[:=]\s*['\"]?|password['\"]?\s*[:=]\s*['\"]?)"
    r"[^\s'\",;&]+"
)


def clean(value: object) -> str:
    """Return ``value`` as text for a log: tokens and passwords masked, at most 2,000 characters."""
    # Cut first: masking a megabyte of user text would cost more than it saves.
    text = str(value)[: LONGEST_TEXT * 2]
    return _SECRET.sub(r"\1[masked]", text)[:LONGEST_TEXT]


class JsonFormatter(logging.Formatter):
    """Formats records as JSON lines; line breaks in user text cannot forge a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": clean(record.getMessage()),
        }
        if request_id := caller().request_id:
            line["request"] = request_id
        for key, value in vars(record).items():
            if key not in _STANDARD and not key.startswith("_"):
                line[key] = clean(value)
        if record.exc_info:
            line["error"] = clean(self.formatException(record.exc_info)[-LONGEST_TEXT:])
        return json.dumps(line, ensure_ascii=True)
