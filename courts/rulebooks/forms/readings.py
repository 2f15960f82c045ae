"""Owns reading what an office sends when it adopts an option of a reading."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.models.readings import LONGEST_DOCUMENT, LONGEST_NOTE

LONGEST_VALUE = 64


class AdoptionForm(forms.Form):
    """Which option, from which month, why, by which document; how much had been decided before."""

    value = forms.CharField(max_length=LONGEST_VALUE, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    from_month = forms.IntegerField(min_value=1, max_value=12, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("理由"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("采用一种理解须写明理由，最多500字。")},
    )
    document = forms.CharField(label=_("依据文件"), max_length=LONGEST_DOCUMENT, required=False)
    decided_on = forms.DateField(
        label=_("决定日期"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("请写明决定日期。"),
            "invalid": _("请写成 2019-12-31 这样的日期。"),
        },
    )
