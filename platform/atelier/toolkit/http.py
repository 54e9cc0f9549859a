"""How answers look: problem+json for everything that goes wrong, cursors, ETags."""

import json
import logging
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DatabaseError, DataError, InterfaceError, OperationalError, models
from django.http import Http404, HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from atelier.core.errors import (
    AtelierError,
    InvalidSpec,
    PreconditionFailed,
    PreconditionMissing,
    Throttled,
    TooLarge,
    Unavailable,
)
from atelier.core.reasons import REASONS, describe
from atelier.toolkit.context import Caller
from atelier.toolkit.middleware import language_of

logger = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


def to_json(body: object) -> bytes:
    """Return ``body`` as the API writes JSON; times end in Z, as DRF's own fields write them."""
    try:
        return orjson.dumps(body, default=str, option=orjson.OPT_UTC_Z)
    except TypeError:
        # Half of a surrogate pair that somebody sent, in the name of what is wrong with it: escaped
        # it is JSON all the same.
        return json.dumps(body, default=str).encode("ascii")


BEARER_CHALLENGE = 'Bearer realm="atelier"'


class ORJSONRenderer(BaseRenderer):
    """JSON by orjson: a list of fifty rows costs a tenth of the standard encoder's time."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return ``data`` as UTF-8 JSON."""
        return b"" if data is None else to_json(data)


class StrictJSONParser(JSONParser):
    """JSON without NaN and infinities, not too large and not too deep."""

    strict = True

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read the body; DRF itself would read one of any size from the stream."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(params={"limit": f"{limit // 1024} kB"})
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError from error


# --- problems -------------------------------------------------------------------------------


def problem(
    request: HttpRequest | Request,
    status: int,
    code: str,
    params: Mapping[str, Any] | None = None,
    *,
    field: str | None = None,
    errors: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Return the RFC 9457 body for ``code`` in the reader's language."""
    plain = getattr(request, "_request", request)
    caller: Caller = getattr(plain, "atelier_caller", Caller())
    params = {k: v for k, v in (params or {}).items()}
    if status == 503:
        params.setdefault("retry_after", RETRY_AFTER_SECONDS)
    sentence = describe(code, params, _language(plain))
    return {
        "type": "about:blank",
        "title": sentence.text,
        "status": status,
        "code": code,
        "detail": sentence.text,
        "action": sentence.action,
        "field": field,
        "errors": errors or [],
        "params": params,
        "request_id": caller.request_id,
    }


def _language(request: Any) -> str:
    try:
        return language_of(request)
    except DatabaseError:
        # request.user is lazy: with the database away, the sentence is in the default language.
        return "en"


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Translate every expected exception of a view, once; unexpected ones go on to handler500."""
    request: Request = context["request"]
    if isinstance(error, AtelierError):
        return _of_ours(request, error)
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.warning("database unavailable", extra={"error": type(error).__name__})
        return _respond(problem(request, 503, "UNAVAILABLE"))
    if isinstance(error, Http404):
        return _respond(problem(request, 404, "NOT_FOUND"))
    if isinstance(error, SuspiciousOperation):
        return _respond(_of_suspicion(request, error))
    if isinstance(error, PermissionDenied):
        return _respond(problem(request, 403, "NOT_ALLOWED"))
    if isinstance(error, exceptions.APIException):
        return _of_drf(request, error)
    return None


def _of_suspicion(request: Request | HttpRequest, error: SuspiciousOperation) -> dict[str, Any]:
    if isinstance(error, RequestDataTooBig):
        limit = f"{(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024} kB"
        return problem(request, 413, "TOO_LARGE", {"limit": limit})
    return problem(request, 400, "INVALID")


def _of_ours(request: Request, error: AtelierError) -> Response:
    params = dict(error.params)
    if isinstance(error, Unavailable):
        params.setdefault("retry_after", error.retry_after)
    errors = []
    if isinstance(error, InvalidSpec) and error.field:
        text = describe(error.code, params, _language(request._request)).text
        errors = [{"field": error.field, "code": error.code, "detail": text}]
    body = problem(request, error.status, error.code, params, field=error.field, errors=errors)
    response = _respond(body)
    if isinstance(error, (Throttled, Unavailable)) and "retry_after" in params:
        response["Retry-After"] = str(params["retry_after"])
    if error.status == 401:
        response["WWW-Authenticate"] = BEARER_CHALLENGE
    return response


_DRF_CODES: tuple[tuple[type[exceptions.APIException], int, str], ...] = (
    (exceptions.ParseError, 400, "MALFORMED"),
    (exceptions.UnsupportedMediaType, 415, "UNSUPPORTED_MEDIA_TYPE"),
    (exceptions.NotAuthenticated, 401, "NOT_SIGNED_IN"),
    (exceptions.AuthenticationFailed, 401, "BAD_TOKEN"),
    (exceptions.PermissionDenied, 403, "NOT_ALLOWED"),
    (exceptions.NotFound, 404, "NOT_FOUND"),
    (exceptions.MethodNotAllowed, 405, "METHOD_NOT_ALLOWED"),
    (exceptions.NotAcceptable, 406, "UNSUPPORTED_MEDIA_TYPE"),
)


def _of_drf(request: Request, error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        return _of_validation(request, error)
    if isinstance(error, exceptions.Throttled):
        params = {"retry_after": int(getattr(error, "wait", None) or 1)}
        response = _respond(problem(request, 429, "TOO_MANY_ATTEMPTS", params))
        response["Retry-After"] = str(params["retry_after"])
        return response
    for kind, status, code in _DRF_CODES:
        if isinstance(error, kind):
            if kind is exceptions.PermissionDenied and str(error.detail).startswith("CSRF"):
                code = "CSRF"
            response = _respond(problem(request, status, code))
            if status == 401:
                response["WWW-Authenticate"] = BEARER_CHALLENGE
            return response
    return _respond(problem(request, error.status_code, "INVALID"))


def _of_validation(request: Request, error: exceptions.ValidationError) -> Response:
    errors = list(_flatten(error.detail, _language(request._request)))
    first = errors[0]["field"] if errors else None
    return _respond(problem(request, 400, "VALIDATION_FAILED", field=first or None, errors=errors))


def _flatten(detail: Any, lang: str, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            inner = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            yield from _flatten(value, lang, inner)
    elif isinstance(detail, list):
        for i, item in enumerate(detail):
            here = f"{path}.{i}" if isinstance(item, (dict, list)) else path
            yield from _flatten(item, lang, here)
    else:
        yield _one_error(detail, lang, path)


def _one_error(detail: Any, lang: str, path: str) -> dict[str, str]:
    code = _FIELD_CODES.get(str(getattr(detail, "code", "invalid")), "INVALID")
    return {"field": path, "code": code, "detail": describe(code, {}, lang).text}


# DRF's own codes for a field; whatever is not here reads INVALID.
_FIELD_CODES = {
    "required": "FIELD_REQUIRED",
    "blank": "FIELD_REQUIRED",
    "empty": "FIELD_REQUIRED",
    "null": "FIELD_REQUIRED",
    "max_length": "FIELD_TOO_LONG",
    "max_string_length": "FIELD_TOO_LONG",
    "min_length": "FIELD_TOO_SHORT",
    "max_value": "FIELD_OUT_OF_RANGE",
    "min_value": "FIELD_OUT_OF_RANGE",
    "invalid_choice": "FIELD_NOT_A_CHOICE",
    "does_not_exist": "FIELD_NOT_A_CHOICE",
    "not_a_list": "NOT_A_LIST",
    "not_a_dict": "NOT_AN_OBJECT",
} | {code: code for code in REASONS}


def _respond(body: dict[str, Any]) -> Response:
    response = Response(body, status=body["status"], content_type=PROBLEM_TYPE)
    if body["status"] == 503:
        response["Retry-After"] = str(body["params"]["retry_after"])
    return response


def plain_problem(request: HttpRequest, status: int, code: str) -> HttpResponse:
    """Return the same problem outside DRF (middleware, error handlers, CSRF failures)."""
    body = problem(request, status, code)
    response = HttpResponse(orjson.dumps(body), status=status, content_type=PROBLEM_TYPE)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request without the sign of this site."""
    return plain_problem(request, 403, "CSRF")


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that Django itself found suspicious: its host, size or session."""
    error = exception if isinstance(exception, SuspiciousOperation) else SuspiciousOperation()
    body = _of_suspicion(request, error)
    return HttpResponse(orjson.dumps(body), status=body["status"], content_type=PROBLEM_TYPE)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that does not exist."""
    return plain_problem(request, 404, "NOT_FOUND")


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer what no view caught: 503 when the database is away, else 500 with the request id."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return plain_problem(request, 503, "UNAVAILABLE")
    return plain_problem(request, 500, "INTERNAL")


# --- reading requests -----------------------------------------------------------------------


def known_filters(request: Request, known: Collection[str] = ()) -> dict[str, str]:
    """Return the query parameters; one outside ``known`` is an InvalidSpec naming it."""
    known = set(known)
    for name in request.query_params:
        if name not in known | {"cursor", "limit"}:
            shown = {"name": name[:80], "known": ", ".join(sorted(known)) or "–"}
            raise InvalidSpec("UNKNOWN_PARAMETER", shown, field=name[:80])
        if "\x00" in str(request.query_params[name]):  # PostgreSQL text cannot hold it
            raise InvalidSpec("INVALID", field=name)
    return {name: str(value) for name, value in request.query_params.items()}


def flag(asked: Mapping[str, str], name: str) -> bool | None:
    """Return the filter ``name`` as true, false, or None where it is absent."""
    raw = asked.get(name)
    if raw is None:
        return None
    if raw not in {"true", "false"}:
        raise InvalidSpec("FIELD_NOT_A_CHOICE", field=name)
    return raw == "true"


PAGING = [
    OpenApiParameter("cursor", str, description="`next` or `previous` of an earlier answer"),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
]
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 128},
    OpenApiParameter.HEADER,
    description="The same key and body give the same answer, once done",
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read"
)


class Cursor(CursorPagination):
    """Newest first, 50 a page, at most 200; ``next`` and ``previous`` are cursors, not links."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = "-created"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page; a limit or cursor that makes no sense is an InvalidSpec."""
        limit = request.query_params.get("limit")
        if limit is not None and not _LIMIT.fullmatch(limit):
            raise InvalidSpec("NOT_AN_AMOUNT", {"least": 1, "most": 200}, field="limit")
        try:
            return super().paginate_queryset(queryset, request, view) or []
        except (exceptions.NotFound, DjangoValidationError, ValueError, DataError) as error:
            # A cursor carries a value of the column it is ordered by, as text anybody can write.
            raise InvalidSpec("BAD_CURSOR", field="cursor") from error

    def get_paginated_response(self, data: Any) -> Response:
        """Return results with the cursors around them."""
        return Response({"results": data, **self.links()})

    def links(self) -> dict[str, str | None]:
        """Return the cursors of the neighbouring pages."""
        return {
            "next": _cursor_of(self.get_next_link()),
            "previous": _cursor_of(self.get_previous_link()),
        }

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page for the OpenAPI document."""
        cursor = {"type": "string", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": cursor, "previous": cursor},
        }


_LIMIT = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


def paginate(
    request: Request, rows: "models.QuerySet[Any, Any]", *, ordering: str = "-created"
) -> tuple[list[Any], dict[str, str | None]]:
    """Return one page of ``rows`` and its neighbours, to be spread beside ``results``."""
    page = Cursor()
    page.ordering = ordering
    return page.paginate_queryset(rows, request), page.links()


def page_response(results: Any, links: Mapping[str, str | None]) -> Response:
    """Return the answer of a list route."""
    return Response({"results": results, **links})


def _cursor_of(link: str | None) -> str | None:
    if link is None:
        return None
    return parse_qs(urlsplit(link).query)["cursor"][0]


# --- ETags ----------------------------------------------------------------------------------


def etag_of(version: int | str) -> str:
    """Return the strong ETag of a version."""
    return f'"v{version}"'


def require_match(request: Request, etag: str, current: Any) -> None:
    """Refuse an edit that was not made from the present state.

    Raises PreconditionMissing without If-Match, PreconditionFailed (with ``current``, JSON-able,
    in its parameters) when it names another version.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionMissing
    if given.strip() not in {etag, "*"}:
        raise PreconditionFailed(params={"current": current, "etag": etag})
