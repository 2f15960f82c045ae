"""Owns the health check of a running server: “ok”, or “unavailable” and to a few the reason."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.frame import replica
from courts.upkeep.services import health


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 or 503 within a second, whatever the database does.

    The reason (`courts.upkeep.services.health.Reason`) is added for the machine itself and for
    whoever brings the token of `MONITORING_TOKEN`; so is what was last seen of a replica.
    """
    reason = health.ask()
    is_known = health.is_known(request.headers, request.META.get("REMOTE_ADDR", ""))
    if reason is None:
        text = f"ok\nreplica: {replica.watch.seen()}" if is_known and replica.is_on() else "ok"
        return HttpResponse(text, content_type="text/plain")
    text = f"unavailable: {reason}" if is_known else "unavailable"
    return HttpResponse(text, status=503, content_type="text/plain")
