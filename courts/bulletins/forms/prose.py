"""Owns reading what the page that edits an issue sends; the services decide what of it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.bulletins.services.prose import BlockEntry, IssueValues
from courts.frame.forms.bodies import read_json
from courts.models import Bulletin

ACTS = ("look", "check", "save", "add", "leave_out", "restore", "numbers")
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
    form: str = "paragraph"


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
            form=_text(sent.get("form", "paragraph")),
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


class IssueForm(forms.Form):
    """What stands around the prose: number, date, title, carrier, the Korean issue."""

    carrier = forms.ChoiceField(label=gettext_lazy("载体"), choices=Bulletin.Carrier.choices)
    number_year = forms.IntegerField(
        label=gettext_lazy("编号年份"), min_value=2000, max_value=2099, required=False
    )
    number = forms.IntegerField(
        label=gettext_lazy("号"),
        min_value=1,
        max_value=99_999,
        required=False,
        help_text=gettext_lazy("红头文件是发文字号中的号，编号简报是第几期。"),
    )
    dated_on = forms.DateField(
        label=gettext_lazy("成文日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请写成 2019-12-31 这样的日期。")},
    )
    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("换行处就是纸面上标题的换行处。"),
        error_messages={"required": gettext_lazy("请写明标题。")},
    )
    in_korean = forms.BooleanField(label=gettext_lazy("另出朝鲜文本"), required=False)
    title_ko = forms.CharField(
        label=gettext_lazy("朝鲜文标题"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, object]:
        """A number and its year belong together; line ends are those of this system."""
        given = super().clean() or {}
        if (given.get("number") is None) != (given.get("number_year") is None):
            self.add_error("number", _("编号和编号年份须一起填写。"))
        if given.get("in_korean") and not given.get("title_ko"):
            self.add_error("title_ko", _("请写明标题。"))
        for name in ("title", "title_ko"):
            given[name] = "\n".join(str(given.get(name) or "").split("\r\n"))
        return given

    @property
    def values(self) -> IssueValues:
        given = self.cleaned_data
        return IssueValues(
            **{name: given[name] for name in IssueValues.__dataclass_fields__ if name in given}
        )
