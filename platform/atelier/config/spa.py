"""The single-page application's one HTML page, for every address it routes itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from atelier.core.addresses import is_own_path


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Return index.html as built; 503 with what to do when there is no build.

    ``next`` leads somewhere after the sign-in: one that is no path of this site is dropped here,
    before any script sees it.
    """
    wanted = request.GET.get("next")
    if wanted is not None and not is_own_path(wanted):
        # A path of two slashes would be a host to the browser.
        return HttpResponseRedirect(escape_leading_slashes(request.path))
    index = settings.ATELIER_SPA_DIR / "index.html"
    if not index.is_file():
        text = "The portal's pages are not built. `make up` builds them."
        return HttpResponse(text, status=503, content_type="text/plain")
    return HttpResponse(index.read_bytes(), headers={"Cache-Control": "no-cache"})
