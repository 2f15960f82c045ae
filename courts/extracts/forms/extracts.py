"""Owns reading what is sent about extracts and differences; the services decide what is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from courts.extracts.selectors.differences import DifferenceSearch
from courts.extracts.services.differences import SeenCell
from courts.extracts.services.extracts import LONGEST_NAME, LONGEST_SOURCE
from courts.files.forms.fields import BroughtFileField
from courts.files.sheets import MOST_BYTES, SourceFile

LONGEST_WORD = 64
LONGEST_REASON = 500
_UNREAD = dict.fromkeys(
    ("required", "invalid", "min_value"), gettext_lazy("没有读懂发来的数据，请刷新页面后再试。")
)


class ExtractForm(forms.Form):
    """A file, and the system it was taken from."""

    source = forms.CharField(
        label=gettext_lazy("出自哪个系统"),
        max_length=LONGEST_SOURCE,
        error_messages={"required": gettext_lazy("请写明数据出自哪个系统。")},
    )
    file = BroughtFileField(
        label=gettext_lazy("文件（CSV 或 Excel）"), max_length=LONGEST_NAME, most_bytes=MOST_BYTES
    )

    @property
    def given(self) -> SourceFile:
        """The file with its name and bytes."""
        file = self.cleaned_data["file"]
        return SourceFile(file.name or "", file.read(), is_shown=True)


class SearchForm(forms.Form):
    """What to look for among differences; what is empty does not narrow it."""

    court = forms.CharField(required=False, max_length=LONGEST_WORD)
    month = forms.CharField(required=False, max_length=LONGEST_WORD)
    side = forms.CharField(required=False, max_length=LONGEST_WORD)
    state = forms.CharField(required=False, max_length=LONGEST_WORD)

    @property
    def search(self) -> DifferenceSearch:
        """The search; nothing that is wrong narrows it."""
        self.is_valid()
        return DifferenceSearch(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class SettleForm(forms.Form):
    """Which value stands, and why."""

    stands = forms.CharField(required=False, max_length=LONGEST_WORD)
    note = forms.CharField(
        required=False,
        max_length=LONGEST_REASON,
        error_messages={"max_length": gettext_lazy("处理意见太长，最多500字。")},
    )

    @property
    def complaint(self) -> str:
        """The first thing wrong with it, in a sentence; empty when there is none."""
        return "" if self.is_valid() else str(next(iter(self.errors.values()))[0])


class DifferenceForm(SettleForm):
    """What a person says of one difference, with the values they saw."""

    act = forms.CharField(required=False, max_length=LONGEST_WORD)
    text = forms.CharField(
        required=False,
        max_length=LONGEST_REASON,
        error_messages={"max_length": gettext_lazy("说明太长，最多500字。")},
    )
    version = forms.IntegerField(min_value=0, error_messages=_UNREAD)
    extract_value = forms.IntegerField(min_value=0, error_messages=_UNREAD)
    court_value = forms.IntegerField(min_value=0, required=False, error_messages=_UNREAD)

    def seen(self, metric: str) -> SeenCell:
        """The cell as the person saw it."""
        found: dict[str, Any] = self.cleaned_data
        return SeenCell(metric, found["version"], found["extract_value"], found["court_value"])
