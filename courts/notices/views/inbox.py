"""Owns the inbox of an account, opening one of its notices, and its calendar of deadlines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts import database_clock
from courts.files.lists import attachment
from courts.frame.views.errors import MissingError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.notices.forms.inbox import MuteForm, ReadForm
from courts.notices.selectors.calendars import as_file
from courts.notices.selectors.calendars import deadlines as deadlines_of
from courts.notices.selectors.inbox import find_notice, inbox
from courts.notices.services.reading import mute, read, read_all

CALENDAR = "text/calendar; charset=utf-8"


@never_cache
@require_http_methods(READ_OR_POST)
def notices(request: HttpRequest) -> HttpResponse:
    """The account's notices; POST: all of them were read, or some kinds are muted."""
    user = account_of(request)
    if request.method == "POST":
        if request.POST.get("act") == "mute":
            muting = MuteForm(request.POST)
            if muting.is_valid():
                mute(user=user, kinds=muting.muted)
        else:
            reading = ReadForm(request.POST)
            if reading.is_valid():
                read_all(user=user, kind=reading.cleaned_data["kind"])
        return redirect("courts:notices")
    return render(request, "courts/notices/inbox.html", {"area": "notices", "inbox": inbox(user)})


@never_cache
@require_http_methods(READ_OR_POST)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: read one notice and go where it leads; a reader is sent to the inbox."""
    found = find_notice(account_of(request), pk)
    if found is None:
        raise MissingError(_("没有这条提醒。请从列表里重新打开。"))
    if request.method != "POST":
        return redirect("courts:notices")
    read(user=account_of(request), notice=found)
    return redirect(found.address)


@never_cache
@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """The account's deadlines as a calendar file."""
    now = database_clock.now()
    body = as_file(deadlines_of(account_of(request), now), now)
    return attachment(body, CALENDAR, _("期限"), "ics", is_demo=False)
