"""Owns reading a template that somebody brings, and what a second person says to it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.bulletins.template_trials import MOST_BYTES
from courts.files.forms.fields import BroughtFileField
from courts.models.reviews import LONGEST_REASON


class TemplateForm(forms.Form):
    """A .docx file, and why."""

    file = BroughtFileField(
        label=gettext_lazy("模板文件（docx）"),
        most_bytes=MOST_BYTES,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("请说明原因。")},
    )


class DecisionForm(forms.Form):
    """Which template, and what becomes of it."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("use", "refuse", "withdraw")])
    template = forms.IntegerField(min_value=1)
    note = forms.CharField(max_length=LONGEST_REASON, required=False)
