"""Owns reading what the page that edits an issue sends; the services decide what of it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.bulletins.services.prose import BlockEntry
from courts.forms.bodies import read_json
from courts.models import Bulletin

ACTS = ("look", "check", "save", "add", "leave_out", "restore")
MOST_KEYS = 500


@dataclass(frozen=True, slots=True)
class SentBlock:
    """What the page asks for: the act, and the block it is about."""

    act: str
    user: str
    language: str
    since: int
    open_block: str
    entry: BlockEntry


def read_sent(body: bytes) -> SentBlock:
    """What the body of a request says; `ValidationError` when it holds something else."""
    wrong = ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
    try:
        sent = read_json(body)
        found = SentBlock(
            act=_text(sent["act"]),
            user=_text(sent["user"]),
            language=_text(sent["language"]),
            since=_whole(sent["since"]),
            open_block=_text(sent.get("open", "")),
            entry=BlockEntry(
                key=_text(sent.get("block", "")),
                seen=_whole(sent.get("seen", 0)),
                text=_text(sent.get("text", "")),
                keys=_texts(sent.get("keys", {})),
                reasons=_texts(sent.get("reasons", {})),
            ),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise wrong from error
    if found.act not in ACTS:
        raise wrong
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value


def _texts(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_KEYS:
        raise TypeError
    return {_text(key): _text(text) for key, text in value.items()}


class IssueForm(forms.ModelForm):
    """What stands around the prose: number, date, title, carrier, the Korean issue."""

    class Meta:
        model = Bulletin
        fields = ["carrier", "number_year", "number", "dated_on", "title", "in_korean", "title_ko"]
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "title_ko": forms.Textarea(attrs={"rows": 2}),
            "dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": gettext_lazy("换行处就是纸面上标题的换行处。"),
            "number": gettext_lazy("红头文件是发文字号中的号，编号简报是第几期。"),
        }

    seen = forms.IntegerField(widget=forms.HiddenInput)

    field_order = [*Meta.fields, "seen"]
