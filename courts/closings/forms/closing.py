"""Owns what the page of closing sends: which sides, and why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON
from courts.years.closings import SIDES


class CloseForm(forms.Form):
    """The sides to close or to open again, and the reason."""

    sides = forms.MultipleChoiceField(
        label=_("类别"), choices=[(side, side) for side in SIDES], required=True
    )
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
