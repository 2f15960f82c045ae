"""Owns the page that Prometheus reads; not there unless a token is set, and to nobody else."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.upkeep.selectors.measures import as_text
from courts.upkeep.services import health


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The measures as Prometheus reads them; 404 without the token of `MONITORING_TOKEN`."""
    token = settings.MONITORING_TOKEN
    if not token or not health.has_token(request.headers, token):
        raise Http404
    text = as_text(health.ask())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")
