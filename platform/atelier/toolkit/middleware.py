"""Middleware around every request: its id and caller, security headers, no-store on answers."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from atelier.core.reasons import LANGUAGES
from atelier.toolkit.context import Caller, acting

Handler = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


def client_address(request: HttpRequest) -> str:
    """Return the address of the client, believing exactly the configured number of proxies."""
    hops = [h.strip() for h in request.headers.get("X-Forwarded-For", "").split(",") if h.strip()]
    trusted = settings.ATELIER_TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted][:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def language_of(request: HttpRequest) -> str:
    """Return the user's own language, else the browser's first one that is spoken here.

    A program that sends a token says by its header what its own words are in: the two must match.
    """
    if "Authorization" in request.headers and "Accept-Language" in request.headers:
        return accepted_language(request)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.language)
    return accepted_language(request)


def accepted_language(request: HttpRequest) -> str:
    """Return the first language of Accept-Language that is spoken here."""
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"


class CallerMiddleware:
    """Give every request an id and make its caller known to what runs below."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        new = Caller(
            request_id,
            client_address(request),
            language=accepted_language(request),
            user_agent=request.headers.get("User-Agent", "")[:300],
        )
        request.atelier_caller = new  # type: ignore[attr-defined]  # read by the problem writer
        with acting(new):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class SecurityHeadersMiddleware:
    """Headers that hold for every answer of the portal."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", settings.ATELIER_CSP)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith(("/api/", "/internal/", "/oauth/")):
            response.setdefault("Cache-Control", "no-store")
        return response
