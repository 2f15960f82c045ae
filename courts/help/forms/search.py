"""Owns reading what somebody looks up in the manual."""

from __future__ import annotations

from django import forms


class ManualSearchForm(forms.Form):
    """A few words; too long a question is none."""

    q = forms.CharField(max_length=100, required=False)

    @property
    def words(self) -> str:
        """What is looked up; nothing, if the question cannot be read."""
        return self.cleaned_data["q"] if self.is_valid() else ""
