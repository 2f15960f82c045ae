"""Owns reading what a desk sends about its return; the services decide what of it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.frame.forms.bodies import read_json
from courts.frame.forms.keys import key_of
from courts.returns.services.returns import CellEntry

MOST_CELLS = 500
LONGEST_REASON = 500
LONGEST_COMMENT = 1000
REASON, BLANK, REPLY = "reason:", "blank:", "reply:"


@dataclass(frozen=True, slots=True)
class SentCells:
    """The cells of one request, the account that typed them, and why if it was for another."""

    user: str
    cells: tuple[CellEntry, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GivenReasons:
    """What a desk says when it hands in: of warnings by the finding's key, of blanks by metric, of
    remarks by their key."""

    version: int
    warnings: Mapping[str, str]
    blanks: Mapping[str, str]
    replies: Mapping[int, str]


def read_cells(body: bytes) -> SentCells:
    """The cells in the body of a request; `ValidationError` when it holds something else."""
    wrong = ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
    try:
        sent = read_json(body, judged=["value"])
        cells = sent["cells"]
        user = str(sent["user"])
        reason = _text(sent.get("reason", ""))
        entries = tuple(
            CellEntry(
                metric=_text(cell["metric"]),
                value=_text(cell["value"]),
                seen_version=_version(cell["seen_version"]),
            )
            for cell in cells
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise wrong from error
    if not entries or len(entries) > MOST_CELLS:
        raise wrong
    return SentCells(user, entries, reason)


def read_reasons(data: Mapping[str, str]) -> GivenReasons:
    """The reasons of a submitted form; `ValidationError` when the version is none."""
    try:
        version = _version(int(data.get("version", "")))
    except ValueError as error:
        raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。")) from error
    replies = {key_of(key): text for key, text in _named(data, REPLY).items() if key_of(key)}
    return GivenReasons(version, _named(data, REASON), _named(data, BLANK), replies)


def _named(data: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): data[name].strip()
        for name in data
        if name.startswith(prefix) and data[name].strip()
    }


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _version(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value


class UnlockForm(forms.Form):
    """Why a locked return should be opened."""

    reason = forms.CharField(
        label=gettext_lazy("申请原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CommentForm(forms.Form):
    """A line about a cell."""

    text = forms.CharField(max_length=LONGEST_COMMENT)


class FollowUpForm(forms.Form):
    """What is to be cleared up about a cell, or what came of it."""

    text = forms.CharField(max_length=LONGEST_REASON)
