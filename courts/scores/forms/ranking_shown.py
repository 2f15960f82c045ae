"""Owns reading what the office sets for the courts' view of the ranking."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.models.reviews import LONGEST_REASON
from courts.permissions import RankingShown


class RankingShownForm(forms.Form):
    """What courts see from now on, and why; `seen` is what held when the page was drawn."""

    shown = forms.ChoiceField(
        label=gettext_lazy("法院能看到"),
        choices=RankingShown.choices,
        error_messages={
            "required": gettext_lazy("请选择一种显示方式。"),
            "invalid_choice": gettext_lazy("没有这种显示方式。"),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明原因。")},
    )
    seen = forms.ChoiceField(choices=RankingShown.choices, widget=forms.HiddenInput)
