"""Owns the forms of a file that is looked at before it is confirmed.

What a preview carries is the key of the waiting table (`courts.files.waiting`) and the digest of
what was shown of it; the table itself stays in the database.
"""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.files.forms.fields import BroughtFileField
from courts.files.resources import Outcome
from courts.files.sheets import SourceFile, as_table
from courts.files.waiting import call_back, discard, keep
from courts.frame.refusals import ReturnError
from courts.models import QualityYear, User

MOST_BYTES = 512 * 1024
LONGEST_KEY = 64
LONGEST_DIGEST = 64


class WaitingForm(forms.Form):
    """A file to look at, read here and once."""

    file = BroughtFileField(label=gettext_lazy("CSV 或 XLSX 文件"), most_bytes=MOST_BYTES)

    def clean_file(self) -> SourceFile:
        file: UploadedFile = self.cleaned_data["file"]
        return as_table(SourceFile(file.name or "", file.read(), is_shown=True))


class ConfirmedForm(forms.Form):
    """The key of the waiting table, the digest of what was shown, and the tick where one is due."""

    key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput)
    confirmed = forms.CharField(max_length=LONGEST_DIGEST, widget=forms.HiddenInput)
    agreed = forms.BooleanField(required=False)

    def called_back(self, *, user: User, area: str, year: QualityYear | None = None) -> SourceFile:
        """The table that was shown; it waits no longer. `ReturnError` for any other."""
        if not self.is_valid():
            raise ReturnError(_("预览已失效，没有写入，请重新选择文件。"))
        return call_back(user=user, area=area, year=year, key=self.cleaned_data["key"])[0]


def confirmed_form(
    file: SourceFile, outcome: Outcome, *, user: User, area: str, year: QualityYear | None = None
) -> ConfirmedForm | None:
    """The form that a preview carries; none where something is wrong with the file.

    An earlier preview waits no longer then either: it would be taken for that of this file.
    """
    if outcome.problems:
        discard(user=user, area=area)
        return None
    key = keep(user=user, area=area, year=year, file=file)
    return ConfirmedForm(initial={"key": key, "confirmed": outcome.digest})
