"""Owns reading what a desk sends about a file for its return; the service decides what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.files.forms.fields import BroughtFileField
from courts.files.sheets import SourceFile
from courts.returns.services.uploads import MOST_BYTES, Pick

HEADING, METRIC = "heading", "metric"
AT = "@"
MOST_PAIRS = 500
LONGEST_VALUE = 20


class UploadFileForm(forms.Form):
    """The file itself."""

    file = BroughtFileField(
        label=gettext_lazy("表格文件（.xlsx、.csv、.xls 等）"),
        most_bytes=MOST_BYTES,
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.txt,.htm,.html,.mht,.mhtml,.xml"}
        ),
    )

    def clean_file(self) -> SourceFile:
        """The name and the bytes."""
        given = self.cleaned_data["file"]
        return SourceFile(given.name, given.read(), is_shown=True)


@dataclass(frozen=True, slots=True)
class GivenPicks:
    """Which file was looked at, each ticked figure as it was seen, and whether doubts were read."""

    sha256: str
    picks: Mapping[str, Pick]
    agreed: bool


def read_upload_picks(data: QueryDict) -> GivenPicks:
    """The ticked figures; `ValidationError` when they cannot be read."""
    picks: dict[str, Pick] = {}
    for text in data.getlist("pick")[:MOST_PAIRS]:
        metric, *values = text.split(AT)
        if not metric or len(values) != 2 or not all(map(_is_value, values)):
            raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
        stored, given = (int(value) if value else None for value in values)
        picks[metric] = Pick(stored, given)
    return GivenPicks(data.get("sha256", ""), picks, agreed=data.get("agreed") == "yes")


def _is_value(text: str) -> bool:
    """Whether it is the value of a figure, or that of a blank one."""
    return text == "" or (text.isascii() and text.isdigit() and len(text) <= LONGEST_VALUE)


def read_headings(data: QueryDict) -> Mapping[str, str]:
    """The metric chosen for each heading, in the order the page listed them."""
    pairs = zip(data.getlist(HEADING), data.getlist(METRIC), strict=False)
    return dict(list(pairs)[:MOST_PAIRS])


def read_version(data: QueryDict) -> int:
    """The version of a saved mapping as it was seen; `ValidationError` when there is none."""
    text = data.get("version", "")
    if not (text.isascii() and text.isdigit()):
        raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
    return int(text)
