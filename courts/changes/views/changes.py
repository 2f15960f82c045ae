"""Owns the page of a year's court changes: what there was, and proposing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.changes import exports
from courts.changes.forms.changes import ChangeForm
from courts.changes.selectors.pages import ChangePage, change_page
from courts.changes.services.motions import move_change
from courts.files import attachments, lists
from courts.files.values import FigureError
from courts.frame.refusals import ReturnError
from courts.frame.views import bodies
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_change_courts
from courts.years.views.slots import year_of

bodies.FILE_BYTES["courts:court_changes"] = attachments.MOST_FILES * attachments.MOST_BYTES


@never_cache
@require_http_methods(READ_OR_POST)
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The year's changes of courts; POST: propose one, and look at what it would do."""
    year = year_of(request, year_code)
    is_proposal, refusal = request.method == "POST", ""
    if is_proposal and not may_change_courts(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以提出法院变动。"))
    page = change_page(request.user, year, request.POST if is_proposal else request.GET)
    if is_proposal:
        motion, refusal = _propose(request, year, page)
        if motion is not None:
            messages.success(request, _("已提出，由另一人看过下面的后果后确认。"))
            return redirect("courts:motion", year_code, motion.pk)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_changes(page.lines, year), wanted)
    context = {
        "area": "rulebook",
        "code": year_code,
        "page": page,
        "shares": [(one, request.POST.get(f"share-{one.metric}", "")) for one in page.shares],
        "form": ChangeForm(),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "courts/changes/list.html", context)


def _propose(request: HttpRequest, year: Any, page: ChangePage) -> tuple[Any, str]:
    """The motion that was made, or why there is none."""
    form = ChangeForm(request.POST, request.FILES)
    if form.complaint:
        return None, form.complaint
    try:
        places = {one.metric: one.places for one in page.shares}
        user, order = account_of(request), form.order(places)
        return move_change(user=user, year=year, order=order, files=form.given_files), ""
    except ReturnError as error:
        return None, error.message
    except FigureError as error:
        return None, str(error)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
