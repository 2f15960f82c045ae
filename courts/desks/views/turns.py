"""Owns the address behind the year switch: to the same kind of page in another year."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.desks.selectors.turns import KEPT, turned
from courts.frame.views.errors import MissingError
from courts.permissions import Basis
from courts.years.selectors.slots import NoSlotError


@never_cache
@require_safe
def turn(request: HttpRequest, year_code: str) -> HttpResponse:
    """Go on to the year of the address from the page that `from` names; 404 for no such year."""
    parts = urlsplit(request.GET.get("from", "/"))
    try:
        match = resolve(parts.path)
        name, kwargs = match.url_name or "", match.kwargs
    except Resolver404:
        name, kwargs = "", {}
    query = {key: found[0] for key, found in parse_qs(parts.query).items() if key in KEPT}
    basis = query.get("basis", "")
    if basis not in Basis.values:
        basis = Basis.VERIFIED.value
    try:
        page = turned(request.user, year_code, name, kwargs, basis)
    except NoSlotError as error:
        raise MissingError(str(error)) from error
    view = f"courts:{page.name}"
    holds = get_resolver().namespace_dict["courts"][1].reverse_dict.getlist(page.name)[0][0][0][1]
    return redirect(
        reverse(view, kwargs={key: page.kwargs[key] for key in holds}, query=query or None)
    )
