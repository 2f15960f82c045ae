"""Owns reading what the office sends about appraisal targets and caps."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.rulebooks.services.target_edits import LONGEST_REASON, TargetValues

LONGEST_DOCUMENT = 200
MOST_CASES = 9_999_999


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("变更原因"),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("请说明原因。")},
    )


class TargetForm(forms.Form):
    """The value of a target, and the document it stands in."""

    percent = forms.DecimalField(
        label=gettext_lazy("目标值（%）"), min_value=0, max_digits=9, decimal_places=4
    )
    document = forms.CharField(label=gettext_lazy("依据文件"), max_length=LONGEST_DOCUMENT)
    decided_on = forms.DateField(
        label=gettext_lazy("文件日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请写成 2019-12-31 这样的日期。")},
    )
    reason = _reason()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def values(self) -> TargetValues:
        given = self.cleaned_data
        return TargetValues(given["percent"], given["document"], given["decided_on"])


def only_to_try(form: TargetForm) -> None:
    """What a value does can be seen before anything else of it is known."""
    for name in ("document", "decided_on", "reason"):
        form.fields[name].required = False


class NewTargetForm(TargetForm):
    """A target with its item and whom it is for; the choices are set by whoever shows the form."""

    item = forms.ChoiceField(label=gettext_lazy("考核项"))
    scope = forms.ChoiceField(label=gettext_lazy("适用于"))
    field_order = ("item", "scope", "percent", "document", "decided_on", "reason")

    @property
    def level(self) -> str:
        return self._part("level")

    @property
    def court(self) -> str:
        return self._part("court")

    def _part(self, kind: str) -> str:
        found, _colon, value = self.cleaned_data["scope"].partition(":")
        return value if found == kind else ""


class RemoveForm(forms.Form):
    """Why a target goes."""

    reason = _reason()
    version = forms.IntegerField(widget=forms.HiddenInput)


class ProposeForm(forms.Form):
    """Why the proposed caps are taken."""

    reason = _reason()


class CapForm(forms.Form):
    """The cases of the year before, and how many fewer are asked for."""

    baseline_cases = forms.IntegerField(
        label=gettext_lazy("上年合计（件）"), min_value=0, max_value=MOST_CASES
    )
    reduction_cases = forms.IntegerField(
        label=gettext_lazy("减少目标（件）"), min_value=0, max_value=MOST_CASES
    )
    reason = _reason()
    version = forms.IntegerField(widget=forms.HiddenInput)
