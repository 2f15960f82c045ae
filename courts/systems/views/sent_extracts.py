"""Owns the page on which the office looks through what a system sent, and moves or discards it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.files.previews import preview_of
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.systems.forms.tokens import DiscardForm
from courts.systems.selectors.tokens import find_sent
from courts.systems.services.sent_extracts import discard, file_of, look_through, take
from courts.years.views.slots import overseen_year


@never_cache
@require_http_methods(READ_OR_POST)
def sent_extract(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """What taking the file in would do; POST: move it, or let it go with a reason."""
    year = overseen_year(request, year_code)
    sent = find_sent(year, pk)
    if sent is None:
        raise MissingError(_("没有这份等待查看的文件，可能已经办理或被新的文件取代。"))
    user = account_of(request)
    form = DiscardForm(request.POST if request.POST.get("act") == "discard" else None)
    try:
        if form.is_valid():
            discard(user=user, sent=sent, reason=form.cleaned_data["reason"])
            messages.success(request, _("已放弃这份文件，什么也没有写入。"))
            return redirect("courts:extracts", year_code)
        if request.POST.get("act") == "take":
            motion = take(user=user, sent=sent)
            messages.success(request, _("提取数据已提出，由本部门另一人确认后才写入、计分。"))
            return redirect("courts:motion", year_code, motion.pk)
        result = look_through(user=user, sent=sent)
    except ReturnError as error:
        messages.error(request, error.message)
        return redirect("courts:extracts", year_code)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    context = {
        "area": "desk",
        "code": year_code,
        "result": result,
        "source": sent.token.name,
        "sent": sent,
        "discard_form": form,
        "preview": preview_of(file_of(sent), result.errors, result.warnings, result.telling),
    }
    return render(request, "courts/extracts/preview.html", context)
