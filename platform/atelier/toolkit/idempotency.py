"""Idempotency-Key: the same key and body give the same answer, another body is refused.

The record is inserted first and in the view's own transaction: a second request with the key waits
on the unique index until the first one commits, then replays its answer.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from atelier.core.errors import Conflict, InvalidSpec
from atelier.toolkit.http import to_json
from atelier.toolkit.models import IdempotencyRecord
from atelier.toolkit.tasks import task

KEPT_FOR = timedelta(days=2)
LONGEST_KEY = 128

View = Callable[..., Response]


def idempotent(view: View) -> View:
    """Make a POST method of a view honour the Idempotency-Key header."""

    @wraps(view)
    def wrapped(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(self, request, *args, **kwargs)
        if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
            raise InvalidSpec("BAD_IDEMPOTENCY_KEY", field="Idempotency-Key")
        with transaction.atomic():
            record = _claim(request, key)
            if record is None:
                return _replay(request, key)
            response = view(self, request, *args, **kwargs)
            # As it is written to the reader, so that the replay is the same to the letter.
            body = orjson.loads(to_json(response.data))
            record.status, record.body = response.status_code, body
            record.save(update_fields=("status", "body"))
            return response

    return wrapped


def _claim(request: Request, key: str) -> IdempotencyRecord | None:
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                user_id=str(request.user.pk), key=key, fingerprint=_fingerprint(request)
            )
    except IntegrityError:
        return None


def _replay(request: Request, key: str) -> Response:
    record = IdempotencyRecord.objects.get(user_id=request.user.pk, key=key)
    if record.fingerprint != _fingerprint(request):
        raise Conflict("IDEMPOTENCY_KEY_REUSED", field="Idempotency-Key")
    return Response(record.body, status=record.status, headers={"Idempotency-Replayed": "true"})


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(request._request.body)
    return digest.hexdigest()


@task("toolkit.forget_idempotency_keys", every=3600)
def forget_old_keys() -> None:
    """Drop answers older than two days."""
    IdempotencyRecord.objects.filter(created__lt=timezone.now() - KEPT_FOR).delete()
