"""Owns reading what people send about special cases: applications, words, decisions, searches."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.cases.selectors.case_pages import ApplicationPage
from courts.cases.selectors.special_cases import CaseSearch
from courts.cases.services.special_cases import PartyMeeting
from courts.files.attachments import GivenFile
from courts.files.forms.attachments import FilesField, ManyFiles, read_files
from courts.models.special_cases import LONGEST_NAME, LONGEST_NOTE, LONGEST_TEXT

LONGEST_WORD = 64
DATE_ERROR = gettext_lazy("请写成 2019-12-31 这样的日期。")


class ApplicationForm(forms.Form):
    """An item, a month, why, and the files that show it; of what the page offers."""

    item = forms.CharField(
        max_length=LONGEST_WORD,
        error_messages={"required": gettext_lazy("请选择考核项。")},
    )
    month = forms.IntegerField(
        min_value=1,
        max_value=12,
        error_messages={"required": gettext_lazy("请选择月份。")},
    )
    reasons = forms.CharField(
        label=gettext_lazy("申请理由"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("请写明申请理由。")},
    )
    attachments = FilesField(
        label=gettext_lazy("附件"),
        required=False,
        widget=ManyFiles(attrs={"accept": ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"}),
    )

    def refuse_unknown(self, page: ApplicationPage) -> None:
        """Add errors for an item or month that the page does not offer."""
        given = self.cleaned_data
        if "item" in given and given["item"] not in {item.code for item in page.items}:
            self.add_error("item", _("请从列表中选择考核项。"))
        if "month" in given and given["month"] not in {number for number, _name in page.months}:
            self.add_error("month", _("请选择有数据的月份。"))

    @property
    def given_files(self) -> list[GivenFile]:
        """The files, read."""
        return read_files(self.cleaned_data["attachments"])


class WordForm(forms.Form):
    """A sentence with an act: an office's word, or why something is withdrawn."""

    office = forms.CharField(max_length=LONGEST_WORD, required=False)
    seen = forms.IntegerField(min_value=1)
    note = forms.CharField(
        max_length=LONGEST_NOTE,
        error_messages={"required": gettext_lazy("请写明意见或原因。")},
    )


class TrialForm(forms.Form):
    """Points to try on the page without deciding anything."""

    points = forms.DecimalField(
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        error_messages={
            "required": gettext_lazy("请写明分数。"),
            "invalid": gettext_lazy("分数须是数字，最多两位小数。"),
            "min_value": gettext_lazy("分数不能小于0。"),
            "max_decimal_places": gettext_lazy("分数最多两位小数。"),
        },
    )


class MeetingForm(forms.Form):
    """The meeting that decided, with a note; `seen` is the version that was looked at."""

    seen = forms.IntegerField(min_value=1)
    meeting_on = forms.DateField(
        label=gettext_lazy("会议日期"),
        error_messages={
            "required": gettext_lazy("请写明会议日期。"),
            "invalid": DATE_ERROR,
        },
    )
    meeting = forms.CharField(
        label=gettext_lazy("会议名称（次数）"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("请写明会议名称（次数）。")},
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=LONGEST_NOTE, required=False)

    @property
    def held(self) -> PartyMeeting:
        """The meeting as the service takes it."""
        return PartyMeeting(self.cleaned_data["meeting_on"], self.cleaned_data["meeting"])


class CaseDecisionForm(TrialForm, MeetingForm):
    """The points that were decided, and by which meeting."""


class CaseSearchForm(forms.Form):
    """What a list is narrowed to; what is wrong or empty does not narrow it."""

    state = forms.CharField(required=False, max_length=LONGEST_WORD)
    court = forms.CharField(required=False, max_length=LONGEST_WORD)
    item = forms.CharField(required=False, max_length=LONGEST_WORD)
    side = forms.CharField(required=False, max_length=LONGEST_WORD)

    @property
    def search(self) -> CaseSearch:
        """The search as the selector takes it."""
        self.is_valid()
        return CaseSearch(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class CaseDaysForm(forms.Form):
    """In how many days both offices verify."""

    days = forms.IntegerField(
        label=gettext_lazy("应在几日内核实（1至90）"),
        min_value=1,
        max_value=90,
        error_messages={"required": gettext_lazy("请写明天数；要取消期限，请用下面的按钮。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明原因。")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> None:
        found = self.cleaned_data
        if found.get("days") is not None and found["days"] == found.get("seen"):
            raise forms.ValidationError(_("期限本来就是这么多天，没有改动。"))
