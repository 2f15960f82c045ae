"""Owns reading which supplement somebody wants to take up: one that is offered, or a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.files.forms.fields import BroughtFileField
from courts.files.sheets import SourceFile
from courts.models.reviews import LONGEST_REASON
from courts.rulebooks.services.supplements import MOST_BYTES


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("请说明原因。")},
    )


class OfferForm(forms.Form):
    """The code of an offered supplement, and why."""

    offer = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = _reason()


class SupplementFileForm(forms.Form):
    """A supplement as a TOML file, and why."""

    file = BroughtFileField(label=gettext_lazy("附则文件（toml）"), most_bytes=MOST_BYTES)
    reason = _reason()

    def clean_file(self) -> SourceFile:
        file = self.cleaned_data["file"]
        return SourceFile(file.name, file.read())
