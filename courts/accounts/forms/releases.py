"""Owns the forms of ending another's second factor: asking for it, and deciding as the second."""

from __future__ import annotations

from django import forms

from courts.models.second_factor import LONGEST_REASON


class ReleaseForm(forms.Form):
    """Whose factor, and why."""

    account = forms.CharField(max_length=150)
    reason = forms.CharField(max_length=LONGEST_REASON)


class ReleaseDecisionForm(forms.Form):
    """What becomes of a request."""

    request = forms.IntegerField(min_value=1, max_value=2**31)
    act = forms.ChoiceField(choices=[("confirm", "confirm"), ("refuse", "refuse")])
