"""Owns the health check of a running server: “ok”, or “unavailable” and to a few the reason."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.upkeep.services import health


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 or 503 within a second, whatever the database does.

    The reason (`courts.upkeep.services.health.Reason`) is added for the machine itself and for
    whoever brings the token of `MONITORING_TOKEN`.
    """
    reason = health.ask()
    if reason is None:
        return HttpResponse("ok", content_type="text/plain")
    text = "unavailable"
    if health.is_known(request.headers, request.META.get("REMOTE_ADDR", "")):
        text = f"{text}: {reason}"
    return HttpResponse(text, status=503, content_type="text/plain")
