"""Owns reading what people send about alarms and actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.actions.selectors.actions import ActionSearch
from courts.actions.services.actions import Order, Sent
from courts.cases.forms.special_cases import DATE_ERROR
from courts.files.forms.attachments import FilesField, ManyFiles
from courts.models.actions import LONGEST_CODE, LONGEST_LINE, LONGEST_TEXT

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_KEY = 4 * LONGEST_CODE


def _day(label: StrOrPromise, *, required: bool = True) -> forms.DateField:
    messages = {"required": _("请写明日期。"), "invalid": DATE_ERROR}
    return forms.DateField(label=label, required=required, error_messages=messages)


def _text(
    label: StrOrPromise, missing: StrOrPromise, longest: int = LONGEST_TEXT
) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, error_messages={"required": missing})


class ActionVersionForm(forms.Form):
    """What every act brings: the version that was looked at."""

    seen = forms.IntegerField(min_value=0)


class TakeUpForm(ActionVersionForm):
    """An alarm that becomes an action."""

    key = forms.CharField(max_length=LONGEST_KEY)
    asks = _text(_("督导要求"), _("请写明督导要求。"))
    due_on = _day(_("答复期限"))
    department = forms.CharField(max_length=LONGEST_LINE, required=False)


class PutOffForm(ActionVersionForm):
    """An alarm that is looked at again on a day."""

    key = forms.CharField(max_length=LONGEST_KEY)
    until = _day(_("暂缓至"))
    reason = _text(_("理由"), _("请写明理由。"), 500)


class DeclineForm(ActionVersionForm):
    """An alarm that nothing is done about."""

    key = forms.CharField(max_length=LONGEST_KEY)
    reason = _text(_("理由"), _("请写明理由。"), 500)


class OrderForm(forms.Form):
    """A new action."""

    court = forms.CharField(max_length=LONGEST_CODE, error_messages={"required": _("请选择法院。")})
    side = forms.CharField(max_length=16, required=False)
    subject = forms.CharField(max_length=LONGEST_CODE, required=False)
    month = forms.IntegerField(
        min_value=1, max_value=12, error_messages={"required": _("请选择月份。")}
    )
    department = forms.CharField(max_length=LONGEST_LINE, required=False)
    asks = _text(_("督导要求"), _("请写明督导要求。"))
    due_on = _day(_("答复期限"))
    visit_on = _day(_("计划督导日期"), required=False)
    cause_code = forms.CharField(max_length=LONGEST_CODE, required=False)
    cause = forms.CharField(max_length=LONGEST_TEXT, required=False)

    def order(self, side: str) -> Order:
        """The order as the service takes it, on that side."""
        return Order(**(self.cleaned_data | {"side": side}))


class VisitPlanForm(ActionVersionForm):
    """The planned day of a visit; empty: none is planned."""

    visit_on = _day(_("计划督导日期"), required=False)


class VisitForm(ActionVersionForm):
    """What a visit found; the cause has a code of the rulebook, own words, or both."""

    visited_on = _day(_("督导日期"))
    findings = _text(_("督导发现"), _("请写明督导发现。"))
    cause_code = forms.CharField(max_length=LONGEST_CODE, required=False)
    cause = forms.CharField(max_length=LONGEST_TEXT, required=False)


class CauseForm(ActionVersionForm):
    """The cause in the words of the court, with a code of the rulebook if one fits."""

    cause_code = forms.CharField(max_length=LONGEST_CODE, required=False)
    cause = _text(_("原因"), _("请写明原因。"))


class MeasureForm(ActionVersionForm):
    """A measure of the court, the person who answers for it, and its last day."""

    text = _text(_("措施"), _("请写明措施。"))
    owner = _text(_("责任人"), _("请写明责任人。"), LONGEST_LINE)
    due_on = _day(_("期限"))


class FinishForm(ActionVersionForm):
    """That a measure was carried out; `measure` by primary key."""

    measure = forms.IntegerField(min_value=1)
    done_on = _day(_("完成日期"))
    note = _text(_("完成情况"), _("请写明完成情况。"))


class AnswerForm(ActionVersionForm):
    """The answer of the court, with the files that prove it."""

    text = _text(_("答复"), _("请写明答复。"))
    attachments = FilesField(
        required=False, widget=ManyFiles(attrs={"accept": ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"})
    )

    @property
    def sent(self) -> list[Sent]:
        """The files, read."""
        return [Sent(one.name, one.read()) for one in self.cleaned_data["attachments"]]


class NoteForm(ActionVersionForm):
    """What the office notes when it takes or returns an answer, closes or withdraws an action."""

    note = _text(_("意见"), _("请写明意见。"))


class ActionSearchForm(forms.Form):
    """What the list is narrowed to; what is wrong or empty does not narrow it."""

    court = forms.CharField(required=False, max_length=LONGEST_CODE)
    state = forms.CharField(required=False, max_length=LONGEST_CODE)
    subject = forms.CharField(required=False, max_length=LONGEST_CODE)

    @property
    def search(self) -> ActionSearch:
        self.is_valid()
        return ActionSearch(**{name: self.cleaned_data.get(name, "") for name in self.fields})
