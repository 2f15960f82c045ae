"""Owns what the page of closing sends: which sides, and why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON


class AnySidesField(forms.MultipleChoiceField):
    """Codes of sides; the service knows which there are."""

    def valid_value(self, value: str) -> bool:
        return bool(value)


class CloseForm(forms.Form):
    """The sides to close or to open again, and the reason."""

    sides = AnySidesField(label=_("类别"), required=True)
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
