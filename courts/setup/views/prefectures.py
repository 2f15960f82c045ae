"""Owns the page on which administrators bring in the courts of a prefecture."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.files.views.bringing import Step, bring_in
from courts.files.waiting import Area
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
    resource = CourtImport()
    brought = bring_in(
        request,
        area=Area.COURTS,
        act=lambda file, apply: resource.outcome(file=file, user=account_of(request), apply=apply),
    )
    if brought.step is Step.TAKEN and brought.outcome is not None:
        messages.success(request, _("已导入%(count)s个法院。") % {"count": brought.outcome.new})
    if brought.step is not Step.LOOK:
        return redirect("courts:courts_import")
    context = {
        "area": "courts",
        "brought": brought,
        "columns": ",".join(resource.columns),
        "headings": resource.headings,
    }
    return render(request, "courts/setup/import.html", context)
