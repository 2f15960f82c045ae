"""Owns reading what people send between a closed month and its last restatement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.figures.selectors.corrections import MOST_ROWS, CorrectedRow
from courts.files.values import FigureError, read_value
from courts.models.consultations import (
    LONGEST_NOTE,
    MOST_DAYS,
    MOST_OBJECTION_DAYS,
    Silence,
)
from courts.models.restatements import LONGEST_LINE, LONGEST_REASON, LONGEST_TEXT

LONGEST_WORD = 64
MOST_LINES = 500
# Corrected figures on one page; more are proposed one page after the other.
ROWS = 5


class TermsForm(forms.Form):
    """How long courts are asked, what silence means, how long they may object, and why."""

    consultation_days = forms.IntegerField(
        label=gettext_lazy("签发前征求各法院意见的天数（0至30，0为不征求）"),
        min_value=0,
        max_value=MOST_DAYS,
    )
    silence = forms.ChoiceField(label=gettext_lazy("逾期未答复的内容"), choices=Silence.choices)
    objection_days = forms.IntegerField(
        label=gettext_lazy("通报后法院可以提出异议的天数（1至60）"),
        min_value=1,
        max_value=MOST_OBJECTION_DAYS,
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明原因。")},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        """The terms as the service takes them."""
        names = ("consultation_days", "silence", "objection_days")
        return {name: self.cleaned_data[name] for name in names}


def read_answers(data: Mapping[str, Any]) -> list[tuple[str, str, str, int]]:
    """Line, verdict, note and version seen of each line that has a verdict; `ValueError`."""
    found: list[tuple[str, str, str, int]] = []
    for name, verdict in data.items():
        kind, _colon, line = name.partition(":")
        if kind != "verdict" or not verdict:
            continue
        if len(line) > LONGEST_LINE or len(found) >= MOST_LINES:
            raise ValueError(_("没有读懂发来的数据，请刷新页面后再试。"))
        seen = str(data.get(f"seen:{line}", "0"))
        if not (seen.isascii() and seen.isdigit() and len(seen) < LONGEST_WORD):
            raise ValueError(_("没有读懂发来的数据，请刷新页面后再试。"))
        found.append((line, str(verdict), str(data.get(f"note:{line}", "")), int(seen)))
    return found


def read_lines(data: Any) -> dict[str, int]:
    """The lines that are settled together, each with the version seen; `ValueError`."""
    found: dict[str, int] = {}
    for one in data.getlist("line"):
        line, _at, seen = one.partition("@")
        if not (seen.isascii() and seen.isdigit() and len(one) <= LONGEST_LINE + LONGEST_WORD):
            raise ValueError(_("没有读懂发来的数据，请刷新页面后再试。"))
        found[line] = int(seen)
    if not found or len(found) > MOST_LINES:
        raise ValueError(_("没有读懂发来的数据，请刷新页面后再试。"))
    return found


class SettleForm(forms.Form):
    """What came of a court's contested or silent lines."""

    court = forms.CharField(max_length=LONGEST_WORD)
    settlement = forms.CharField(
        max_length=LONGEST_NOTE,
        error_messages={"required": gettext_lazy("请写明处理结果。")},
    )


class IssueActForm(forms.Form):
    """Signing, publishing or withdrawing an issue that was seen in a version."""

    act = forms.ChoiceField(
        choices=[(name, name) for name in ("sign", "publish", "withdraw")],
        error_messages={"invalid_choice": gettext_lazy("没有这种操作。请刷新页面后再试。")},
    )
    seen = forms.IntegerField(min_value=1)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)

    @property
    def complaint(self) -> str:
        """The first thing wrong with it; empty when there is none."""
        return "" if self.is_valid() else str(next(iter(self.errors.values()))[0])


class ObjectionForm(forms.Form):
    """One line and what is wrong with it."""

    line = forms.CharField(
        max_length=LONGEST_LINE,
        error_messages={"required": gettext_lazy("请选择本院的一项数据或得分。")},
    )
    text = forms.CharField(
        label=gettext_lazy("异议和理由"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写明异议和理由。")},
    )


class ObjectionAnswerForm(forms.Form):
    """How an objection is answered, or that it is taken back."""

    act = forms.ChoiceField(
        choices=[(name, name) for name in ("answer", "withdraw")],
        error_messages={"invalid_choice": gettext_lazy("没有这种操作。请刷新页面后再试。")},
    )
    seen = forms.IntegerField(min_value=1)
    outcome = forms.CharField(required=False, max_length=LONGEST_WORD)
    answer = forms.CharField(required=False, max_length=LONGEST_TEXT)
    value = forms.CharField(required=False, max_length=LONGEST_WORD)
    restatement = forms.IntegerField(required=False, min_value=1)

    @property
    def complaint(self) -> str:
        """The first thing wrong with it; empty when there is none."""
        return "" if self.is_valid() else str(next(iter(self.errors.values()))[0])


class RestatementActForm(forms.Form):
    """What is said to a restatement."""

    act = forms.ChoiceField(
        choices=[(name, name) for name in ("approve", "refuse", "withdraw")],
        error_messages={"invalid_choice": gettext_lazy("没有这种操作。请刷新页面后再试。")},
    )
    seen = forms.CharField(required=False, max_length=LONGEST_WORD)
    note = forms.CharField(required=False, max_length=LONGEST_REASON)

    @property
    def complaint(self) -> str:
        """The first thing wrong with it; empty when there is none."""
        return "" if self.is_valid() else str(next(iter(self.errors.values()))[0])


class ReasonForm(forms.Form):
    """Why figures of closed months are corrected."""

    reason = forms.CharField(
        label=gettext_lazy("更正的原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("更正须写明原因。")},
    )


def typed_rows(data: Any, given: Sequence[CorrectedRow]) -> list[dict[str, Any]]:
    """The rows of the page: as they were sent, else those given in its address; empty ones last."""
    sent = [number for number in range(MOST_ROWS) if f"court-{number}" in data]
    names = CorrectedRow._fields
    rows = [{name: str(data.get(f"{name}-{number}", "")) for name in names} for number in sent]
    rows = rows or [row._asdict() for row in given]
    rows += [dict.fromkeys(names, "")] * max(0, ROWS - len(rows))
    return [{**row, "number": number, "label": number + 1} for number, row in enumerate(rows)]


def read_rows(data: Any, offered: Any) -> list[dict[str, Any]]:
    """The corrected figures of the page's rows, those left empty left out; `ValueError`."""
    choices = {
        name: {one.value for one in getattr(offered, f"{name}s")}
        for name in ("court", "month", "metric")
    }
    found = []
    for number in range(MOST_ROWS):
        row = {name: str(data.get(f"{name}-{number}", "")) for name in choices}
        value = str(data.get(f"value-{number}", "")).strip()
        if not value and not row["metric"]:
            continue
        if any(row[name] not in known for name, known in choices.items()):
            text = _("第%(number)s行：请从列表中选择法院、月份和指标。")
            raise ValueError(text % {"number": number + 1})
        try:
            places = offered.places.get(row["metric"], 0)
            found.append({**row, "value": read_value(value, places)})
        except FigureError as error:
            text = _("第%(number)s行：%(error)s")
            raise ValueError(text % {"number": number + 1, "error": error}) from error
    if not found:
        raise ValueError(_("请写明要更正的数据。"))
    return found
