"""Owns reading what an office sends about a year: its deadline, answers to requests, searches."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.returns.selectors.histories import AuditSearch
from courts.reviews.forms.reviews import LONGEST_REASON, UntilForm

FIRST_DAY, LAST_DAY = 1, 28
LONGEST_WORD = 64


class UnlockDecisionForm(UntilForm):
    """The answer to a request to unlock: granted until a day, or refused with a note."""

    until = forms.DateField(
        label=gettext_lazy("开放至（含当日）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请写成 2019-12-31 这样的日期。")},
    )
    note = forms.CharField(
        label=gettext_lazy("答复"), max_length=LONGEST_REASON, required=False, strip=True
    )
    grant = forms.TypedChoiceField(
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
        coerce=lambda value: value == "yes",
    )


class DeadlineForm(forms.Form):
    """The day of the following month on which entering ends."""

    day = forms.IntegerField(
        label=gettext_lazy("次月第几日截止（1至28）"),
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        error_messages={"required": gettext_lazy("请写明截止日；要取消期限，请用下面的按钮。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明原因。")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> None:
        found = self.cleaned_data
        if found.get("day") is not None and found["day"] == found.get("seen"):
            raise ValidationError(_("期限本来就是这一天，没有改动。"))


class AuditForm(forms.Form):
    """What to look for in the history of figures; what is empty does not narrow it."""

    court = forms.CharField(required=False, max_length=LONGEST_WORD)
    person = forms.CharField(label=gettext_lazy("人员"), required=False, max_length=LONGEST_WORD)
    metric = forms.CharField(required=False, max_length=LONGEST_WORD)
    since = forms.DateField(
        label=gettext_lazy("自"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("至（含当日）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> None:
        found = self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            raise ValidationError(_("结束日期早于开始日期。请改正其中一个。"))

    @property
    def search(self) -> AuditSearch:
        """The search; nothing that is wrong narrows it."""
        found = self.cleaned_data
        return AuditSearch(
            court=found.get("court", ""),
            person=found.get("person", ""),
            metric=found.get("metric", ""),
            since=found.get("since"),
            until=found.get("until"),
        )
