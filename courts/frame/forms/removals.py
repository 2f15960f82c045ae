"""Owns the form by which a filter or a row is taken away: which, and why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.models.reviews import LONGEST_REASON


class RemovalForm(forms.Form):
    """That a limit in force is to be no more, and why."""

    reason = forms.CharField(
        label=gettext_lazy("取消的原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明原因。")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
