"""Owns putting steps, statuses and findings into words, in the language that is active.

Pages, command line, bulletins and exports all take their sentences from here. Nothing is computed:
numbers come ready from the steps, and only their exact fractions are rounded for show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

import scoring
from scoring.results import Status, Step
from scoring.rounding import to_text
from scoring.schema import Operator, Rulebook, Severity, Unit

Data = Mapping[str, Any]

_STATUS_LABELS = {
    Status.SCORED: gettext_lazy("已计分"),
    Status.NO_TARGET: gettext_lazy("待录目标"),
    Status.NOT_REPORTED: gettext_lazy("数据未报"),
    Status.NO_DENOMINATOR: gettext_lazy("分母为零"),
    Status.NO_BASELINE: gettext_lazy("上年为零"),
    Status.PENDING: gettext_lazy("待计票"),
    Status.DECIDED: gettext_lazy("单独评分"),
}

_FIGURES_HEADS = {
    ("sum", "current"): gettext_lazy("本年数据"),
    ("sum", "baseline"): gettext_lazy("上年数据"),
    ("numerator", "current"): gettext_lazy("分子"),
    ("numerator", "baseline"): gettext_lazy("上年分子"),
    ("denominator", "current"): gettext_lazy("分母"),
    ("denominator", "baseline"): gettext_lazy("上年分母"),
    ("against_numerator", "current"): gettext_lazy("对照分子"),
    ("against_denominator", "current"): gettext_lazy("对照分母"),
}


class _Words(NamedTuple):
    """What names things: the rulebook its metrics and readings, `courts` the courts by code."""

    rulebook: Rulebook
    courts: Mapping[str, str]
    language: str

    def metric(self, code: str) -> str:
        return metric_name(self.rulebook, code, self.language)

    def metrics(self, codes: list[str]) -> str:
        return _("；").join(self.metric(code) for code in codes)


def sentence(step: Step, rulebook: Rulebook, names: Mapping[str, str]) -> str:
    """One step as one sentence; `names` are the courts' names by code."""
    words = _Words(rulebook, names, get_language() or "")
    text = _SENTENCES[step.kind](step.data, words)
    if step.data.get("condition") is None:
        return text
    return _("条件%(number)s：%(text)s") % {"number": step.data["condition"], "text": text}


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


def with_unit(text: str, unit: str) -> str:
    """A number, already text, with the unit it is in."""
    match Unit(unit):
        case Unit.PERCENT:
            return f"{text}%"
        case Unit.PERCENTAGE_POINTS:
            return _("%(number)s个百分点") % {"number": text}
        case Unit.DAYS:
            return _("%(number)s天") % {"number": text}
        case Unit.POINTS:
            return _("%(number)s分") % {"number": text}


def finding_sentence(finding: scoring.Finding, rulebook: Rulebook) -> str:
    """What a check of a return found: both sides, and how they should stand to each other."""
    check = finding.check
    language = get_language() or ""
    values = {
        "left": " + ".join(metric_name(rulebook, code, language) for code in check.left),
        "left_value": finding.left,
        "right": " + ".join(metric_name(rulebook, code, language) for code in check.right),
        "right_value": finding.right,
    }
    if check.severity is Severity.ERROR:
        if check.operator is Operator.EQUAL:
            return _("%(left)s（%(left_value)s）应等于%(right)s（%(right_value)s）。") % values
        return _("%(left)s（%(left_value)s）不得大于%(right)s（%(right_value)s）。") % values
    if check.operator is Operator.EQUAL:
        return _("%(left)s（%(left_value)s）通常等于%(right)s（%(right_value)s）。") % values
    return _("%(left)s（%(left_value)s）通常不大于%(right)s（%(right_value)s）。") % values


def fall_sentence(fall: scoring.Fall, rulebook: Rulebook) -> str:
    """Which count is below that of an earlier month."""
    text = _(
        "%(metric)s是累计数：%(month)s 的 %(value)s 小于 %(earlier_month)s 的 %(earlier_value)s。"
    )
    return text % {**fall._asdict(), "metric": metric_name(rulebook, fall.metric)}


def unlikely_sentence(found: scoring.Unlikely, rulebook: Rulebook) -> str:
    """Which value is far from what last year or the months before lead to expect."""
    values = {
        "metric": metric_name(rulebook, found.metric),
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "month": found.reference_month,
        "reference": found.reference,
    }
    text = _(
        "%(metric)s %(value)s 与 %(month)s 的 %(reference)s 相差过大："
        "一般在 %(low)s 至 %(high)s 之间，请核对。"
    )
    return text % values


def _number(exact: str) -> str:
    """An exact fraction for show: as an integer when it is one, else with two decimals."""
    value = Fraction(exact)
    return str(value.numerator) if value.denominator == 1 else to_text(value)


def _figures(data: Data, words: _Words) -> str:
    blank = _("未填报")
    parts = [
        f"{words.metric(figure['metric'])} {blank if figure['value'] is None else figure['value']}"
        for figure in data["figures"]
    ]
    values = {
        "head": _FIGURES_HEADS[data["role"], data["period"]],
        "month": data["month"],
        "figures": " + ".join(parts),
        "total": data["total"],
    }
    if len(parts) == 1 or data["total"] is None:
        return _("%(head)s（%(month)s）：%(figures)s。") % values
    return _("%(head)s（%(month)s）：%(figures)s = %(total)s。") % values


def _replaced(data: Data, words: _Words) -> str:
    texts = [replaced_sentence(figure) for figure in data["figures"]]
    named = [
        _("%(metric)s（%(month)s）：%(text)s")
        % {"metric": words.metric(figure["metric"]), "month": data["month"], "text": text}
        for figure, text in zip(data["figures"], texts, strict=True)
    ]
    return _("；").join(named) + _("。")


def replaced_sentence(figure: Data) -> str:
    """Which source a figure is from and what the court reported, without a full stop."""
    reported = _("法院填报 %(reported)s") % figure
    if figure["reported"] is None:
        reported = _("法院未填报")
    values = {"value": figure["value"], "reported": reported}
    if figure["settled"]:
        return _("提取数据 %(value)s，%(reported)s，已定以提取数据为准") % values
    return _("提取数据 %(value)s，%(reported)s，差异未处理") % values


def _baseline(data: Data, _words: _Words) -> str:
    values = {
        "month": data["month"],
        "months": data["months"],
        "value": _number(data["exact"]),
    }
    match data["how"]:
        case "same_month":
            return _("与上年同月（%(month)s）相比，基数为 %(value)s。") % values
        case "prorated":
            return (
                _("上年同月数据不全，取上年全年（%(month)s）的 %(months)s/12，基数为 %(value)s。")
                % values
            )
        case _annual:
            return _("与上年全年（%(month)s）相比，基数为 %(value)s。") % values


def _rate(data: Data, _words: _Words) -> str:
    values = {
        "numerator": data["numerator"],
        "denominator": data["denominator"],
        "value": with_unit(data["value"], data["unit"]),
    }
    if data["unit"] == Unit.DAYS:
        return _("平均：%(numerator)s ÷ %(denominator)s = %(value)s。") % values
    if data["period"] == "baseline":
        return _("上年比率：%(numerator)s ÷ %(denominator)s = %(value)s。") % values
    if data["complement"]:
        return (
            _("比率：（分母 − 分子）÷ 分母 = %(numerator)s ÷ %(denominator)s = %(value)s。")
            % values
        )
    return _("比率：%(numerator)s ÷ %(denominator)s = %(value)s。") % values


def _drop(data: Data, _words: _Words) -> str:
    values = {
        "baseline": _number(data["baseline"]),
        "current": _number(data["current"]),
        "value": with_unit(data["value"], data["unit"]),
    }
    fell = Fraction(data["exact"]) > 0
    if data["unit"] == Unit.PERCENTAGE_POINTS:
        values |= {name: f"{values[name]}%" for name in ("baseline", "current")}
        if fell:
            return _("下降：%(baseline)s − %(current)s = %(value)s。") % values
        return _("没有下降：%(baseline)s − %(current)s = %(value)s。") % values
    if fell:
        return _("降幅：（%(baseline)s − %(current)s）÷ %(baseline)s = %(value)s。") % values
    return _("没有下降：（%(baseline)s − %(current)s）÷ %(baseline)s = %(value)s。") % values


def _whole(data: Data, _words: _Words) -> str:
    return _("只计整数部分：%(value)s 计为 %(counted)s。") % data


def _bound(direction: str, value: str) -> str:
    if direction == "at_least":
        return _("不低于 %(value)s") % {"value": value}
    return _("不高于 %(value)s") % {"value": value}


def _target(data: Data, _words: _Words) -> str:
    if data["target"] is None:
        return _("审判绩效考核指标尚未录入，没有目标值。")
    values = {"bound": _bound(data["direction"], with_unit(data["target"], data["unit"]))}
    appraisal = data["source"] == "appraisal"
    if data["met"] is None:
        text = _("审判绩效考核指标：%(bound)s。") if appraisal else _("目标：%(bound)s。")
    elif data["met"]:
        text = (
            _("审判绩效考核指标：%(bound)s，已完成。")
            if appraisal
            else _("目标：%(bound)s，已完成。")
        )
    else:
        text = (
            _("审判绩效考核指标：%(bound)s，未完成。")
            if appraisal
            else _("目标：%(bound)s，未完成。")
        )
    return text % values


def _condition(data: Data, _words: _Words) -> str:
    values = {
        "value": with_unit(data["value"], Unit.PERCENT),
        "bound": _bound(data["direction"], with_unit(data["target"], Unit.PERCENT)),
    }
    if data["met"]:
        return _("%(value)s，应%(bound)s，已满足。") % values
    return _("%(value)s，应%(bound)s，未满足。") % values


def _attainment(data: Data, _words: _Words) -> str:
    return _("未完成的目标按完成程度计分：%(share)s%%。") % data


def _points(data: Data, _words: _Words) -> str:
    if data["rate"] is None:
        return _("得 %(points)s 分，满分 %(max)s 分。") % data
    in_points = data["unit"] == Unit.PERCENTAGE_POINTS
    if data["capped"]:
        text = (
            _("每下降1个百分点计 %(rate)s 分，共 %(before_cap)s 分，超过上限，得满分 %(max)s 分。")
            if in_points
            else _("每下降1%%计 %(rate)s 分，共 %(before_cap)s 分，超过上限，得满分 %(max)s 分。")
        )
    elif Fraction(data["exact"]) == 0:
        text = _("不得分，满分 %(max)s 分。")
    elif in_points:
        text = _("每下降1个百分点计 %(rate)s 分，得 %(points)s 分，满分 %(max)s 分。")
    else:
        text = _("每下降1%%计 %(rate)s 分，得 %(points)s 分，满分 %(max)s 分。")
    return text % data


def _ballots(data: Data, _words: _Words) -> str:
    return _("共 %(count)s 张选票，合计 %(sum)s 分，平均 %(mean)s 分。") % data


def _peers(data: Data, words: _Words) -> str:
    template = (
        _("%(court)s %(points)s（权数 %(weight)s）") if data["weighted"] else "%(court)s %(points)s"
    )
    courts = [
        template % {**peer, "court": words.courts.get(peer["court"], peer["court"])}
        for peer in data["courts"]
    ]
    values = {
        "courts": _("、").join(courts),
        "mean": data["mean"],
        "share": with_unit(data["share"], Unit.PERCENT),
    }
    if data["weighted"]:
        return _("各院得分：%(courts)s；加权平均 %(mean)s 分，按 %(share)s 计。") % values
    return _("各院得分：%(courts)s；平均 %(mean)s 分，按 %(share)s 计。") % values


def _status(data: Data, words: _Words) -> str:
    match Status(data["status"]):
        case Status.NO_TARGET:
            return _("目标值录入之前不计分。")
        case Status.NOT_REPORTED:
            return _not_reported(data, words)
        case Status.NO_DENOMINATOR:
            return _("分母为零，没有比率可算，不计分。")
        case Status.NO_BASELINE:
            return _("上年为零，没有升降幅度可算，不计分，可申请单独评分。")
        case Status.PENDING:
            return _("领导小组的无记名投票尚未计票，不计分。")
        case other:
            return status_label(other)


def _not_reported(data: Data, words: _Words) -> str:
    values = {
        "missing": words.metrics(data["missing"]),
        "baseline": words.metrics(data["missing_baseline"]),
        "month": data["baseline_month"],
    }
    if not data["missing_baseline"]:
        return _("未填报，不计分：%(missing)s。") % values
    if not data["missing"]:
        return _("缺少上年数据（%(month)s），不计分：%(baseline)s。") % values
    text = _("未填报：%(missing)s。缺少上年数据（%(month)s）：%(baseline)s。不计分。")
    return text % values


def _decision(data: Data, _words: _Words) -> str:
    values = {**data, "reference": data["reference"] or _("单独评分")}
    if data["computed"] is None:
        return _("院党组决定（%(reference)s）：%(points)s 分；按数据本无得分。") % values
    return _("院党组决定（%(reference)s）：%(points)s 分；按数据为 %(computed)s 分。") % values


def _reading(data: Data, words: _Words) -> str:
    reading = words.rulebook.reading_by_code[data["reading"]]
    values = {
        "question": reading.question.get(words.language),
        "option": reading.option(data["value"]).label.get(words.language),
    }
    if data["default"]:
        return _("解读：%(question)s 采用：%(option)s（默认）。") % values
    return _("解读：%(question)s 采用：%(option)s（非默认）。") % values


def _paragraph(data: Data, _words: _Words) -> str:
    return _("依据：%(paragraph)s。") % data


_SENTENCES: Mapping[str, Callable[[Data, _Words], str]] = {
    "figures": _figures,
    "replaced": _replaced,
    "baseline": _baseline,
    "rate": _rate,
    "drop": _drop,
    "whole": _whole,
    "target": _target,
    "condition": _condition,
    "attainment": _attainment,
    "points": _points,
    "ballots": _ballots,
    "peers": _peers,
    "status": _status,
    "decision": _decision,
    "reading": _reading,
    "paragraph": _paragraph,
}
