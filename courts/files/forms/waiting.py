"""Owns files that wait on a page between their preview and their confirmation.

The file goes out with the preview and comes back with the confirmation. It is read and checked
anew each time, so nothing depends on what came back being what went out.
"""

from __future__ import annotations

import base64
import binascii

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.files.sheets import SourceFile

MOST_BYTES = 512 * 1024
LONGEST_NAME = 200
LONGEST_DIGEST = 64


class WaitingForm(forms.Form):
    """A file to look at."""

    file = forms.FileField(
        label=gettext_lazy("CSV 或 XLSX 文件"),
        error_messages={"required": gettext_lazy("请选择文件。")},
    )

    def clean_file(self) -> SourceFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("文件超过%(most)s KB。") % {"most": MOST_BYTES // 1024})
        return SourceFile(file.name or "", file.read())


class ConfirmedForm(forms.Form):
    """The file again, and the digest of what was shown of it."""

    name = forms.CharField(max_length=LONGEST_NAME, widget=forms.HiddenInput)
    content = forms.CharField(max_length=2 * MOST_BYTES, widget=forms.HiddenInput, required=False)
    confirmed = forms.CharField(max_length=LONGEST_DIGEST, widget=forms.HiddenInput)

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except binascii.Error as error:
            raise ValidationError(_("预览已失效，没有写入，请重新选择文件。")) from error

    @property
    def file(self) -> SourceFile:
        return SourceFile(self.cleaned_data["name"], self.cleaned_data["content"])


def confirmed_form(file: SourceFile, digest: str) -> ConfirmedForm:
    """The form that a preview carries."""
    content = base64.b64encode(file.content).decode()
    return ConfirmedForm(initial={"name": file.name, "content": content, "confirmed": digest})
