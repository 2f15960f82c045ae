"""Owns the page on which administrators bring in the courts of a prefecture."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.files.forms.waiting import ConfirmedForm, WaitingForm, confirmed_form
from courts.files.resources import carried_out
from courts.files.waiting import Area, discard
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_import_courts
from courts.setup.resources import CourtImport


@never_cache
@require_http_methods(READ_OR_POST)
def courts_import(request: HttpRequest) -> HttpResponse:
    """A file of courts: choose, look, confirm."""
    if not may_import_courts(request.user):
        raise RefusedError(_("只有系统管理员可以导入法院。"))
    user, resource = account_of(request), CourtImport()
    form = WaitingForm(request.POST or None, request.FILES or None)
    outcome = waiting = None
    if "discard" in request.POST:
        discard(user=user, area=Area.COURTS)
        return redirect("courts:courts_import")
    if "confirmed" in request.POST:
        confirmed, form = ConfirmedForm(request.POST), WaitingForm()
        try:
            file = confirmed.called_back(user=user, area=Area.COURTS)
        except ReturnError as error:
            messages.error(request, error.message)
            return redirect("courts:courts_import")
        outcome, moved = carried_out(
            lambda: resource.outcome(file=file, user=user, apply=True),
            confirmed.cleaned_data["confirmed"],
        )
        if not moved and not outcome.problems:
            messages.success(request, _("已导入%(count)s个法院。") % {"count": outcome.new})
            return redirect("courts:courts_import")
        messages.error(request, _("数据在预览之后有了变化，没有写入。以下是现在的情况。"))
        waiting = confirmed_form(file, outcome, user=user, area=Area.COURTS)
    elif form.is_valid():
        file = form.cleaned_data["file"]
        outcome = resource.outcome(file=file, user=user, apply=False)
        waiting = confirmed_form(file, outcome, user=user, area=Area.COURTS)
    context = {
        "area": "courts",
        "form": form,
        "outcome": outcome,
        "waiting": waiting,
        "columns": ",".join(resource.columns),
        "headings": resource.headings,
    }
    return render(request, "courts/setup/import.html", context)
