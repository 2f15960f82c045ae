"""Owns reading what an account says of its notices."""

from __future__ import annotations

from django import forms

from courts.models import NoticeKind


class ReadForm(forms.Form):
    """Notices of a kind, or all, were read."""

    kind = forms.ChoiceField(choices=NoticeKind.choices, required=False)


class MuteForm(forms.Form):
    """The kinds of which the account still wants to be told; the others are muted."""

    kinds = forms.MultipleChoiceField(choices=NoticeKind.choices, required=False)

    @property
    def muted(self) -> set[str]:
        """The kinds that were not ticked, of a valid form."""
        return set(NoticeKind.values) - set(self.cleaned_data["kinds"])
