"""Owns the steps of every page that brings a list in: choose, look, confirm, or discard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from courts.files.forms.waiting import ConfirmedForm, WaitingForm, confirmed_form
from courts.files.previews import Preview, preview_of_outcome, unsure_sentence
from courts.files.resources import Outcome, carried_out
from courts.files.sheets import SourceFile
from courts.files.waiting import discard
from courts.frame.refusals import ReturnError, RuleError
from courts.frame.views.posts import account_of


class Step(Enum):
    """What a request came to: a page to show, a file discarded or refused, or one taken in."""

    LOOK = auto()
    BACK = auto()
    TAKEN = auto()


@dataclass(slots=True)
class Brought:
    """A page that brings a list in: its form, and the preview with its confirmation or without."""

    form: WaitingForm
    step: Step = Step.LOOK
    outcome: Outcome | None = None
    preview: Preview | None = None
    waiting: ConfirmedForm | None = None


def bring_in(
    request: HttpRequest,
    *,
    area: str,
    act: Callable[[SourceFile, bool], Outcome],
    year: Any = None,
) -> Brought:
    """Carry out one step; only what was shown exactly so is written.

    `act` says what a file would do, and does it when its second argument is true; what it raises of
    `ReturnError` and `RuleError` is said on the page.
    """
    user = account_of(request)
    if "discard" in request.POST:
        discard(user=user, area=area)
        return Brought(WaitingForm(), Step.BACK)
    if "confirmed" in request.POST:
        confirmed = ConfirmedForm(request.POST)
        try:
            file = confirmed.called_back(user=user, area=area, year=year)
            unsure = file.is_opaque and not confirmed.cleaned_data["agreed"]
            outcome, moved = carried_out(
                lambda: act(file, not unsure), confirmed.cleaned_data["confirmed"]
            )
        except (ReturnError, RuleError) as error:
            messages.error(request, error.message)
            return Brought(WaitingForm(), Step.BACK)
        if not moved and not outcome.problems and not unsure:
            return Brought(WaitingForm(), Step.TAKEN, outcome)
        text = _("数据在预览之后有了变化，没有写入。以下是现在的情况。")
        messages.error(request, unsure_sentence() if unsure else text)
        form = WaitingForm()
    else:
        form = WaitingForm(*(request.POST, request.FILES) if request.method == "POST" else ())
        if not form.is_valid():
            if form.is_bound:
                discard(user=user, area=area)
            return Brought(form)
        file = form.cleaned_data["file"]
        outcome = act(file, False)
    waiting = confirmed_form(file, outcome, user=user, area=area, year=year)
    return Brought(form, Step.LOOK, outcome, preview_of_outcome(file, outcome), waiting)
