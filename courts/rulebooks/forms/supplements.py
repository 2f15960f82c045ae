"""Owns reading which supplement somebody wants to take up: one that is offered, or a file."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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

    file = forms.FileField(
        label=gettext_lazy("附则文件（toml）"),
        error_messages={"required": gettext_lazy("请选择文件。")},
    )
    reason = _reason()

    def clean_file(self) -> SourceFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("文件太大了。"))
        return SourceFile(file.name, file.read())
