"""The product's addresses and one that does nothing: session and user loaded, nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from qualityyear.urls import urlpatterns as product


def hello(request: HttpRequest) -> HttpResponse:
    """Say who asks."""
    return HttpResponse(f"hello {request.user.pk}")


urlpatterns = [path("hello/", hello), *product]
