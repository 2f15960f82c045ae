"""Owns putting steps, statuses and findings into words, in the language that is active.

Pages, command line, bulletins and exports all take their sentences from here. Nothing is computed:
numbers come ready from the steps, and only their exact fractions are rounded for show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

import scoring
from courts.frame.listing import enumerated, itemized
from courts.wording.amounts import (
    bound,
    level_name,
    quotient,
    signed_points,
    summed,
    with_unit,
    written,
)
from scoring.results import Status, Step
from scoring.rounding import to_decimal
from scoring.schema import Level, Operator, Rulebook, Severity, Text, Unit
from scoring.sentences import (
    CONDITION_NUMBER,
    Amount,
    Bound,
    CourtPoints,
    Figures,
    Lines,
    MetricNames,
    Quotient,
    Replacements,
    Sentence,
    Summed,
    Value,
)
from scoring.weights import sum_text, written_weights

Data = Mapping[str, Any]
PAIR = 2

_STATUS_LABELS = {
    Status.SCORED: gettext_lazy("已计分"),
    Status.NO_TARGET: gettext_lazy("待录目标"),
    Status.NOT_REPORTED: gettext_lazy("数据未报"),
    Status.NO_DENOMINATOR: gettext_lazy("分母为零"),
    Status.NO_BASELINE: gettext_lazy("上年为零"),
    Status.PENDING: gettext_lazy("待计票"),
    Status.NOT_DUE: gettext_lazy("未到期"),
    Status.DECIDED: gettext_lazy("单独评分"),
}


class _Words(NamedTuple):
    """What names things: the rulebook its metrics, `courts` the courts by code."""

    rulebook: Rulebook
    courts: Mapping[str, str]
    language: str

    def say(self, sentence: Sentence) -> str:
        """A sentence with all its values filled in."""
        values = {name: self.value(value) for name, value in sentence.values.items()}
        return sentence.template.get(self.language) % values

    def value(self, value: Value) -> str:
        """One value as it stands in a sentence."""
        match value:
            case Text():
                return value.get(self.language)
            case Amount(number, unit):
                return with_unit(number, unit)
            case Level():
                return level_name(self.rulebook, value)
            case Bound(direction, amount):
                return bound(direction, self.value(amount))
            case Summed(codes):
                return summed(self._names(codes))
            case Quotient(part, whole, complement):
                return quotient(self._names(part), self._names(whole), complement=complement)
            case Figures(figures):
                return " + ".join(self._figure(*figure) for figure in figures)
            case MetricNames(codes):
                return itemized(self._names(codes))
            case CourtPoints(courts):
                return enumerated(self._court(*court) for court in courts)
            case Replacements(month, figures):
                return itemized(self._replaced(month, figure) for figure in figures)
            case Lines(sentences):
                return "".join(self.say(sentence) for sentence in sentences)
            case _:
                return str(value)

    def _names(self, codes: Sequence[str]) -> list[str]:
        names = (metric_name(self.rulebook, code) for code in codes)
        terms = zip(names, written_weights(codes), strict=True)
        return [name if weight == 1 else f"{sum_text(weight)} × {name}" for name, weight in terms]

    def _figure(self, code: str, value: int | str | None) -> str:
        shown = written(value, self.rulebook, code) if isinstance(value, int) else value
        shown = _("未填报") if value is None else shown
        return f"{metric_name(self.rulebook, code)} {shown}"

    def _court(self, code: str, points: str, weight: int | None) -> str:
        values = {"court": self.courts.get(code, code), "points": points, "weight": weight}
        if weight is None:
            return f"{values['court']} {points}"
        return _("%(court)s %(points)s（权数 %(weight)s）") % values

    def _replaced(self, month: str, figure: Data) -> str:
        return _("%(metric)s（%(month)s）：%(text)s") % {
            "metric": metric_name(self.rulebook, figure["metric"]),
            "month": month,
            "text": replaced_sentence(figure, self.rulebook),
        }


def sentence(step: Step, rulebook: Rulebook, names: Mapping[str, str]) -> str:
    """One step as one sentence; `names` are the courts' names by code."""
    words = _Words(rulebook, names, get_language() or "")
    text = words.say(step.sentence)
    if step.data.get("condition") is None:
        return text
    numbered = CONDITION_NUMBER.get(words.language)
    return numbered % {"number": step.data["condition"], "text": text}


def spoken(said: Sentence | Value | None, rulebook: Rulebook) -> str:
    """A sentence of a formula that names no courts, or one value; empty for none."""
    if said is None:
        return ""
    words = _Words(rulebook, {}, get_language() or "")
    return words.say(said) if isinstance(said, Sentence) else words.value(said)


def status_label(status: str) -> str:
    """The status in a word or two."""
    return str(_STATUS_LABELS[Status(status)])


def metric_name(rulebook: Rulebook, code: str, language: str | None = None) -> str:
    """A metric's name in a language, by default the active one.

    The code where the rulebook has no such metric: what people wrote about a cell, or an extract
    said of it, stays when another edition takes over its month.
    """
    metric = rulebook.metrics.get(code)
    return code if metric is None else metric.label.get(language or get_language() or "")


def side_label(rulebook: Rulebook, side: str, language: str | None = None) -> str:
    """What the rulebook calls a side, in a language, by default the active one."""
    wanted = language or get_language() or ""
    found = next((share for share in rulebook.sides if share.side == side), None)
    return side if found is None else found.label.get(wanted)


def sides_label(
    rulebook: Rulebook, sides: Collection[str] | None = None, language: str | None = None
) -> str:
    """The names of these sides of a rulebook, by default of all, in its order."""
    wanted = language or get_language() or ""
    shown = [share for share in rulebook.sides if sides is None or share.side in sides]
    names = [share.label.get(wanted) for share in shown]
    # Two are a pair, more a list.
    return _("和").join(names) if len(names) <= PAIR else enumerated(names)


def listed_sides(rulebook: Rulebook, sides: Iterable[str]) -> str:
    """The names of these sides, in the order given and the active language."""
    return enumerated(side_label(rulebook, side) for side in sides)


def newly_sentence(newly: scoring.NewlyCounted) -> str:
    """How much of a change from the month before is an item that had no points then; or nothing."""
    if not newly.items:
        return ""
    language = get_language() or ""
    values = {
        "items": enumerated(f"{item.code} {item.short.get(language)}" for item in newly.items),
        "points": with_unit(signed_points(to_decimal(newly.cents)), Unit.POINTS),
    }
    return _("其中%(items)s新计入%(points)s") % values


def finding_sentence(finding: scoring.Finding, rulebook: Rulebook) -> str:
    """What a check of a return found: both sides, and how they should stand to each other."""
    check = finding.check
    language = get_language() or ""
    values = {
        "left": " + ".join(metric_name(rulebook, code, language) for code in check.left),
        "left_value": written(finding.left, rulebook, *check.left),
        "right": " + ".join(metric_name(rulebook, code, language) for code in check.right),
        "right_value": written(finding.right, rulebook, *check.right),
    }
    if check.severity is Severity.ERROR:
        if check.operator is Operator.EQUAL:
            return _("%(left)s（%(left_value)s）应等于%(right)s（%(right_value)s）。") % values
        return _("%(left)s（%(left_value)s）不得大于%(right)s（%(right_value)s）。") % values
    if check.operator is Operator.EQUAL:
        return _("%(left)s（%(left_value)s）通常等于%(right)s（%(right_value)s）。") % values
    return _("%(left)s（%(left_value)s）通常不大于%(right)s（%(right_value)s）。") % values


def fall_sentence(fall: scoring.Fall, rulebook: Rulebook, courts: int = 1) -> str:
    """Which count is below that of an earlier month, which `courts` reported that are one now."""
    text = _(
        "%(metric)s是累计数：%(month)s 的 %(value)s 小于 %(earlier_month)s 的 %(earlier_value)s。"
    )
    if courts > 1:
        text = _(
            "%(metric)s是累计数：%(month)s 的 %(value)s 小于合并前各院 %(earlier_month)s 的合计 "
            "%(earlier_value)s。"
        )
    values = {
        **fall._asdict(),
        "metric": metric_name(rulebook, fall.metric),
        "value": written(fall.value, rulebook, fall.metric),
        "earlier_value": written(fall.earlier_value, rulebook, fall.metric),
    }
    return text % values


def fall_elsewhere_sentence(fall: scoring.Fall, rulebook: Rulebook) -> str:
    """That the court another was merged into reported less than both before; tells no figure."""
    text = _("%(metric)s是累计数：接收法院 %(month)s 的数小于合并前各院 %(earlier_month)s 的合计。")
    return text % {**fall._asdict(), "metric": metric_name(rulebook, fall.metric)}


def unlikely_sentence(found: scoring.Unlikely, rulebook: Rulebook) -> str:
    """Which value is far from what last year or the months before lead to expect."""
    values = {
        "metric": metric_name(rulebook, found.metric),
        "value": written(found.value, rulebook, found.metric),
        "low": written(found.low, rulebook, found.metric),
        "high": written(found.high, rulebook, found.metric),
        "month": found.reference_month,
        "reference": written(found.reference, rulebook, found.metric),
    }
    text = _(
        "%(metric)s %(value)s 与 %(month)s 的 %(reference)s 相差过大："
        "一般在 %(low)s 至 %(high)s 之间，请核对。"
    )
    return text % values


def replaced_sentence(figure: Data, rulebook: Rulebook) -> str:
    """Which source a figure is from and what the court reported, without a full stop."""
    code = figure["metric"]
    reported = _("法院填报 %(reported)s") % {
        "reported": written(figure["reported"], rulebook, code)
    }
    if figure["reported"] is None:
        reported = _("法院未填报")
    values = {"value": written(figure["value"], rulebook, code), "reported": reported}
    if figure["settled"]:
        return _("提取数据 %(value)s，%(reported)s，已定以提取数据为准") % values
    return _("提取数据 %(value)s，%(reported)s，差异未处理") % values
