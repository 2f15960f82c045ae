"""Owns reading what an office sends about returns; the services decide what of it is done.

Days stand for their whole length: what is open until a day closes when that day is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from courts.frame.forms.keys import _version
from courts.years.selectors.entry_windows import start_of

LONGEST_REASON = 500
REMARK = "remark:"
AT = "@"


@dataclass(frozen=True, slots=True)
class GivenReview:
    """What an office says of one return: the version it saw, remarks by metric, a note."""

    version: int
    remarks: Mapping[str, str]
    note: str


def read_review(data: Mapping[str, Any]) -> GivenReview:
    """The remarks of a sent form; `ValidationError` when the version is none."""
    version = _version(data.get("version", ""))
    return GivenReview(version, typed_remarks(data), data.get("note", "").strip())


def typed_remarks(data: Mapping[str, Any]) -> Mapping[str, str]:
    """The remarks that say something, by metric, whatever else was sent."""
    return {
        name.removeprefix(REMARK): text.strip()
        for name, text in data.items()
        if name.startswith(REMARK) and text.strip()
    }


def read_picks(data: QueryDict) -> Mapping[str, int]:
    """The returns that were ticked, by their keys, each with the version that was seen."""
    picks = {}
    for text in data.getlist("pick"):
        key, _at, version = text.rpartition(AT)
        picks[key] = _version(version)
    return picks


class UntilForm(forms.Form):
    """A day until which something is open; `moment` is when that day is over."""

    until = forms.DateField(
        label=gettext_lazy("开放至（含当日）"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("请写明开放至哪一天。"),
            "invalid": gettext_lazy("请写成 2019-12-31 这样的日期。"),
        },
    )

    @property
    def moment(self) -> datetime | None:
        day = self.cleaned_data.get("until")
        return None if day is None else start_of(day, days_later=1)

    @property
    def complaint(self) -> str:
        """The first thing that is wrong, in words."""
        return str(next(iter(self.errors.values()))[0]) if self.errors else ""


class ReopenForm(UntilForm):
    """Why, and until when, a verified return is opened again."""

    reason = forms.CharField(
        label=gettext_lazy("重新打开的原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("重新打开须说明原因。")},
    )
    field_order: Sequence[str] = ("reason", "until")

    @property
    def end(self) -> datetime:
        """When the day until which it is open is over; only of a form that is right."""
        return start_of(self.cleaned_data["until"], days_later=1)


class ReviewTextForm(forms.Form):
    """One text: an objection, or what came of it."""

    text = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={
            "required": gettext_lazy("请写明内容，不要超过字数。"),
            "max_length": gettext_lazy("请写明内容，不要超过字数。"),
        },
    )
