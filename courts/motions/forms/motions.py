"""Owns reading what is said to a motion; the services decide what is done."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.models.reviews import LONGEST_REASON

LONGEST_WORD = 64


class MotionForm(forms.Form):
    """Which act, what was seen of the motion, and why."""

    act = forms.CharField(required=False, max_length=LONGEST_WORD)
    seen = forms.CharField(required=False, max_length=LONGEST_WORD)
    note = forms.CharField(
        required=False,
        max_length=LONGEST_REASON,
        error_messages={"max_length": gettext_lazy("太长，最多500字。")},
    )

    @property
    def complaint(self) -> str:
        """The first thing wrong with it, in a sentence; empty when there is none."""
        return "" if self.is_valid() else str(next(iter(self.errors.values()))[0])
