"""Owns what a live number opens to: the figures it is made of, its paragraph, who verified them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.issues import Prose, prose_of
from courts.bulletins.selectors.prose.month import CourtMonth
from courts.bulletins.selectors.prose.numbers import LiveNumber
from courts.frame.listing import noted
from courts.models import Bulletin
from courts.wording.amounts import figure


class NoNumberError(LookupError):
    """The issue has no live number of that key."""


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One figure of one court: its value, where it came from, and who verified the return."""

    court: str
    metric: str
    value: str
    source: str
    verified_by: str


@dataclass(frozen=True, slots=True)
class NumberPage:
    """One live number: `exact` is its value as a fraction where print rounded it."""

    text: str
    label: str
    paragraph: str
    exact: str
    period: str
    figures: tuple[NumberLine, ...]
    closed_by: tuple[str, ...]
    sha256: str


def number_page(bulletin: Bulletin, key: str) -> NumberPage:
    """What a number of the issue opens to; `NoNumberError` for an unknown key."""
    language = "ko" if (get_language() or "").startswith("ko") else "zh"
    prose = prose_of(bulletin, language)
    number = prose.drafted.ledger.numbers.get(key)
    if number is None:
        raise NoNumberError(_("这份通报没有这个数字。"))
    month = prose.month
    baseline = month.rulebook.baseline_year
    return NumberPage(
        text=number.text,
        label=number.label,
        paragraph=number.paragraph,
        exact=number.exact,
        period=str(baseline) if number.of_baseline else str(month.month),
        figures=tuple(
            line
            for code in number.courts
            if code in month.court
            for line in _figures(prose, month.court[code], number)
        ),
        closed_by=tuple(noted(one["by"], one["at"][:10]) for one in month.head["closings"]),
        sha256=month.parts.sha256,
    )


# What a number is, by the last part of its key.
KINDS = {
    "value": gettext_lazy("数值"),
    "before": gettext_lazy("上年"),
    "change": gettext_lazy("变化"),
    "percent": gettext_lazy("变化幅度"),
    "distance": gettext_lazy("与目标相差"),
    "points": gettext_lazy("得分"),
    "mean": gettext_lazy("平均"),
    "current": gettext_lazy("本年数"),
    "annual": gettext_lazy("上年全年数"),
    "cap": gettext_lazy("全年上限"),
    "cap_share": gettext_lazy("占上限"),
    "average_change": gettext_lazy("与平均值相差"),
    "count": gettext_lazy("个数"),
}


@dataclass(frozen=True, slots=True)
class OfferedNumber:
    """A number to put into a text: whose it is, of what, which of its numbers, and its print."""

    key: str
    text: str
    whose: str
    what: str
    kind: str

    def as_json(self) -> list[str]:
        return [self.key, self.text, self.whose, self.what, self.kind]


def offered_numbers(prose: Prose) -> tuple[OfferedNumber, ...]:
    """The live numbers that may be put into a text, those of all courts first.

    Numbers whose label says neither whose nor of what they are stand under the month.
    """
    found = []
    for key, number in prose.drafted.ledger.numbers.items():
        if not number.label or not any(letter.isdecimal() for letter in number.text):
            continue
        whose, _dot, what = number.label.partition(" · ")
        kind = key.rpartition(":")[2]
        found.append(
            OfferedNumber(
                key=key,
                text=number.text,
                whose=whose if what else _("本月"),
                what=what or whose,
                kind=str(KINDS.get(kind, "")) or _("其他"),
            )
        )
    order = {name: place for place, name in enumerate(dict.fromkeys(one.whose for one in found))}
    return tuple(sorted(found, key=lambda one: order[one.whose]))


def _figures(prose: Prose, court: CourtMonth, number: LiveNumber) -> list[NumberLine]:
    """The court's figures; without metrics, none."""
    rulebook, language = prose.month.rulebook, prose.language
    facts = court.facts
    figures = facts.current
    if number.of_baseline:
        same = all(code in facts.baseline_month for code in number.metrics)
        figures = facts.baseline_month if same else facts.baseline_annual
    found = []
    for code in number.metrics:
        metric, value = rulebook.metrics[code], figures.get(code)
        held = court.return_of(metric.side.value) or {}
        source = ""
        if not number.of_baseline:
            replaced = court.content["sources"].get(code) == "extract"
            source = _("系统提取") if replaced else _("报表")
        found.append(
            NumberLine(
                court=court.name(language),
                metric=metric.label.get(language),
                value=_("未报") if value is None else figure(value, rulebook, code),
                source=source,
                verified_by="" if number.of_baseline else str(held.get("verified_by", "")),
            )
        )
    return found
