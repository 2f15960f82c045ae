"""The sentences of an explanation: templates in three languages, with typed values to fill in.

A step carries its sentence; `courts` puts names and units into it and knows no kind of step. What
several formulas say stands here, what only one says beside it. Templates name their values as
`%(value)s`; what a value is made of says its type here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scoring.printed import Printed
from scoring.schema import Direction, Level, Text, Unit
from scoring.symbols import MINUS
from scoring.weights import sum_text


class Amount(NamedTuple):
    """A printed number with the unit it is in."""

    number: str
    unit: Unit


class Summed(NamedTuple):
    """Metrics by name that are added up."""

    codes: tuple[str, ...]


class Quotient(NamedTuple):
    """Metrics by name, added up above and below a line; `complement` is what is left to the whole.

    Always in percent or days, as the sentence around it says.
    """

    part: tuple[str, ...]
    whole: tuple[str, ...]
    complement: bool = False


class Bound(NamedTuple):
    """A limit that a value has to keep: at least, or at most, that much."""

    direction: Direction
    amount: Amount | Quotient | Text


class Figures(NamedTuple):
    """Metrics with the figures that are added up; None where one was not reported.

    A text is a figure with the weight it counts for.
    """

    figures: tuple[tuple[str, int | str | None], ...]


class MetricNames(NamedTuple):
    """Metrics by name, one after the other."""

    codes: tuple[str, ...]


class CourtPoints(NamedTuple):
    """Courts with their printed points, and with their weights where they have any."""

    courts: tuple[tuple[str, str, int | None], ...]


class Replacements(NamedTuple):
    """Figures of a month that were not taken as reported: metric, value, reported, settled."""

    month: str
    figures: tuple[Mapping[str, object], ...]


class Lines(NamedTuple):
    """Sentences within a sentence, one after the other."""

    sentences: tuple[Sentence, ...]


Value = (
    str
    | int
    | Text
    | Level
    | Amount
    | Bound
    | Summed
    | Quotient
    | Figures
    | MetricNames
    | CourtPoints
    | Replacements
    | Lines
)


class Sentence(NamedTuple):
    """A template and what stands in it."""

    template: Text
    values: Mapping[str, Value]


def joined(*parts: Sentence) -> Sentence:
    """Several sentences as one."""
    return Sentence(Text("%(parts)s"), {"parts": Lines(parts)})


# --- Figures ---------------------------------------------------------------------------------

HEADS: Mapping[tuple[str, str], Text] = {
    ("sum", "current"): Text("本年数据", "올해 수치", "This year"),
    ("sum", "baseline"): Text("上年数据", "지난해 수치", "Last year"),
    ("numerator", "current"): Text("分子", "분자", "Numerator"),
    ("numerator", "baseline"): Text("上年分子", "지난해 분자", "Numerator last year"),
    ("denominator", "current"): Text("分母", "분모", "Denominator"),
    ("denominator", "baseline"): Text("上年分母", "지난해 분모", "Denominator last year"),
    ("against_numerator", "current"): Text("对照分子", "비교 분자", "Numerator compared with"),
    ("against_denominator", "current"): Text("对照分母", "비교 분모", "Denominator compared with"),
}
ONE_FIGURE = Text(
    "%(head)s（%(month)s）：%(figures)s。",
    "%(head)s(%(month)s): %(figures)s.",
    "%(head)s (%(month)s): %(figures)s.",
)
SUM_OF_FIGURES = Text(
    "%(head)s（%(month)s）：%(figures)s = %(total)s。",
    "%(head)s(%(month)s): %(figures)s = %(total)s.",
    "%(head)s (%(month)s): %(figures)s = %(total)s.",
)
REPLACED = Text("%(figures)s。", "%(figures)s.", "%(figures)s.")


def figures(
    role: str,
    period: str,
    month: str,
    found: Sequence[tuple[str, int | str | None]],
    total: int | str | None,
) -> Sentence:
    """Figures, and their sum where there are several and none is missing."""
    values: dict[str, Value] = {
        "head": HEADS[role, period],
        "month": month,
        "figures": Figures(tuple(found)),
    }
    if total is None or (len(found) == 1 and found[0][1] == total):
        return Sentence(ONE_FIGURE, values)
    return Sentence(SUM_OF_FIGURES, values | {"total": total})


# --- What it is compared with ----------------------------------------------------------------

SAME_MONTH = Text(
    "与上年同月（%(month)s）相比，基数为 %(value)s。",
    "지난해 같은 달(%(month)s)과 비교, 기준은 %(value)s.",
    "Compared with the same month of last year (%(month)s): baseline %(value)s.",
)
ANNUAL = Text(
    "与上年全年（%(month)s）相比，基数为 %(value)s。",
    "지난해 전체(%(month)s)와 비교, 기준은 %(value)s.",
    "Compared with the whole of last year (%(month)s): baseline %(value)s.",
)
PRORATED = Text(
    "上年同月数据不全，取上年全年（%(month)s）的 %(months)s/12，"
    "基数为：%(annual)s × %(months)s ÷ 12 %(sign)s %(value)s。",
    "지난해 같은 달의 수치가 갖추어지지 않아 지난해 전체(%(month)s)의 %(months)s/12, "
    "기준은: %(annual)s × %(months)s ÷ 12 %(sign)s %(value)s.",
    "The same month of last year is incomplete, so %(months)s/12 of the whole year (%(month)s), "
    "baseline: %(annual)s × %(months)s ÷ 12 %(sign)s %(value)s.",
)
# A rate is no amount of cases: there is nothing to take twelfths of.
RATE_OF_SAME_MONTH = Text(
    "与上年同月（%(month)s）的比率相比。",
    "지난해 같은 달(%(month)s)의 비률과 비교.",
    "Compared with the rate of the same month of last year (%(month)s).",
)
RATE_OF_YEAR = Text(
    "与上年全年（%(month)s）的比率相比。",
    "지난해 전체(%(month)s)의 비률과 비교.",
    "Compared with the rate of the whole of last year (%(month)s).",
)
RATE_OF_YEAR_INSTEAD = Text(
    "上年同月数据不全，与上年全年（%(month)s）的比率相比；比率不按月折算。",
    "지난해 같은 달의 수치가 갖추어지지 않아 지난해 전체(%(month)s)의 비률과 비교. "
    "비률은 월별로 환산하지 않음.",
    "The same month of last year is incomplete, so compared with the rate of the whole year "
    "(%(month)s); a rate is not prorated.",
)


def baseline(how: str, month: str, months: int, annual: int, value: Printed) -> Sentence:
    """The baseline of a sum, and how a part of the year was taken."""
    values: dict[str, Value] = {"month": month, "value": value.text}
    if how == "prorated":
        values |= {"months": months, "annual": sum_text(annual), "sign": value.sign()}
        return Sentence(PRORATED, values)
    return Sentence(SAME_MONTH if how == "same_month" else ANNUAL, values)


def baseline_rate(how: str, month: str) -> Sentence:
    """Which rate of last year is the baseline; the rate itself is printed in its own line."""
    template = {"same_month": RATE_OF_SAME_MONTH, "prorated": RATE_OF_YEAR_INSTEAD}
    return Sentence(template.get(how, RATE_OF_YEAR), {"month": month})


# --- Values ----------------------------------------------------------------------------------

RATE = Text(
    "比率：%(numerator)s ÷ %(denominator)s %(sign)s %(value)s。",
    "비률: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
    "Rate: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
)
COMPLEMENT = Text(
    "比率：（分母 − 分子）÷ 分母 = %(numerator)s ÷ %(denominator)s %(sign)s %(value)s。",
    "비률: (분모 − 분자) ÷ 분모 = %(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
    "Rate: (denominator − numerator) ÷ denominator = "
    "%(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
)
AVERAGE = Text(
    "平均：%(numerator)s ÷ %(denominator)s %(sign)s %(value)s。",
    "평균: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
    "Average: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
)
RATE_LAST_YEAR = Text(
    "上年比率：%(numerator)s ÷ %(denominator)s %(sign)s %(value)s。",
    "지난해 비률: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
    "Rate last year: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s.",
)


def rate(template: Text, numerator: int, denominator: int, value: Printed, unit: Unit) -> Sentence:
    """A quotient of two sums."""
    return Sentence(
        template,
        {
            "numerator": sum_text(numerator),
            "denominator": sum_text(denominator),
            "sign": value.sign(),
            "value": Amount(value.text, unit),
        },
    )


# --- Targets ---------------------------------------------------------------------------------

NOT_ENTERED = Text(
    "审判绩效考核指标尚未录入，没有目标值。",
    "심판성과 평가지표를 아직 입력하지 않아 목표치가 없습니다.",
    "The appraisal target has not been entered yet.",
)
TARGET = Text("目标", "목표", "Target")
APPRAISAL_TARGET = Text("审判绩效考核指标", "심판성과 평가지표", "Appraisal target")
UNTOLD = Text("%(source)s：%(bound)s。", "%(source)s: %(bound)s.", "%(source)s: %(bound)s.")
MET = Text(
    "%(source)s：%(bound)s，已完成。",
    "%(source)s: %(bound)s, 달성.",
    "%(source)s: %(bound)s; met.",
)
MISSED = Text(
    "%(source)s：%(bound)s，未完成。",
    "%(source)s: %(bound)s, 미달.",
    "%(source)s: %(bound)s; missed.",
)
MISSED_BUT_FOR_PRINT = Text(
    "%(source)s：%(bound)s，未完成：保留两位小数后与目标相同，精确值并没有达到。",
    "%(source)s: %(bound)s, 미달: 소수점 두자리로는 목표와 같지만 정확한 값은 이르지 못함.",
    "%(source)s: %(bound)s; missed: with two decimals it prints like the target, "
    "but the exact value does not meet it.",
)
MET_AS_PRINTED = Text(
    "%(source)s：%(bound)s，已完成：保留两位小数后与目标相同，按两位小数比较。",
    "%(source)s: %(bound)s, 달성: 소수점 두자리로 목표와 같으며 두자리로 비교함.",
    "%(source)s: %(bound)s; met: with two decimals it prints like the target, "
    "and two decimals are compared.",
)


def target(
    bound: Bound | None,
    *,
    appraisal: bool,
    met: bool | None,
    prints_alike: bool,
    source: Text | None = None,
) -> Sentence:
    """The target, where it comes from, and whether it is met.

    `prints_alike`: with two decimals the value is the target, exactly it is not as good.
    """
    if bound is None:
        return Sentence(NOT_ENTERED, {})
    template = UNTOLD
    if met is not None:
        alike = (MISSED_BUT_FOR_PRINT, MET_AS_PRINTED)
        template = alike[met] if prints_alike else (MISSED, MET)[met]
    source = source or (APPRAISAL_TARGET if appraisal else TARGET)
    return Sentence(template, {"source": source, "bound": bound})


def signed(text: str) -> str:
    """A printed number with a minus as wide as its digits."""
    return text.replace("-", MINUS)


# --- Points ----------------------------------------------------------------------------------

POINTS = Text(
    "得 %(points)s 分，满分 %(max)s 分。",
    "득점 %(points)s점, 만점 %(max)s점.",
    "%(points)s of %(max)s points.",
)
NO_POINTS = Text(
    "不得分，满分 %(max)s 分。", "득점 없음, 만점 %(max)s점.", "No points, of %(max)s."
)
COMPUTED = Text(
    "%(working)s %(sign)s %(before_cap)s，得 %(points)s 分，满分 %(max)s 分。",
    "%(working)s %(sign)s %(before_cap)s, 득점 %(points)s점, 만점 %(max)s점.",
    "%(working)s %(sign)s %(before_cap)s: %(points)s of %(max)s points.",
)
CAPPED = Text(
    "%(working)s %(sign)s %(before_cap)s，超过满分，得 %(points)s 分。",
    "%(working)s %(sign)s %(before_cap)s, 만점을 넘어 득점 %(points)s점.",
    "%(working)s %(sign)s %(before_cap)s, above the maximum: %(points)s points.",
)
FLOORED = Text(
    "%(working)s %(sign)s %(before_cap)s，低于下限，得 %(points)s 分。",
    "%(working)s %(sign)s %(before_cap)s, 하한에 못 미쳐 득점 %(points)s점.",
    "%(working)s %(sign)s %(before_cap)s, below the minimum: %(points)s points.",
)
SHARE_OF_POINTS = Text(
    "按比例计分：%(operand)s × %(share)s",
    "비률에 따라 채점: %(operand)s × %(share)s",
    "By its share: %(operand)s × %(share)s",
)


def points(
    points_text: str,
    most: str | None,
    working: Sentence | None,
    before_cap: Printed,
    *,
    capped: bool,
    floored: bool = False,
    nothing: bool,
) -> Sentence:
    """The points, with the multiplication that gives them where there is one."""
    values: dict[str, Value] = {"points": signed(points_text), "max": most or ""}
    if most is None:
        return _open_points(values, working, before_cap)
    if nothing:
        return Sentence(NO_POINTS, values)
    if working is None:
        return Sentence(POINTS, values)
    values |= {
        "working": Lines((working,)),
        "sign": before_cap.sign(),
        "before_cap": signed(before_cap.text),
    }
    if floored:
        return Sentence(FLOORED, values)
    return Sentence(CAPPED if capped else COMPUTED, values)


OPEN_POINTS = Text("得 %(points)s 分。", "득점 %(points)s점.", "%(points)s points.")
OPEN_COMPUTED = Text(
    "%(working)s %(sign)s %(before_cap)s，得 %(points)s 分。",
    "%(working)s %(sign)s %(before_cap)s, 득점 %(points)s점.",
    "%(working)s %(sign)s %(before_cap)s: %(points)s points.",
)


def _open_points(
    values: dict[str, Value], working: Sentence | None, before_cap: Printed
) -> Sentence:
    """The points of an item that nothing caps."""
    if working is None:
        return Sentence(OPEN_POINTS, values)
    values |= {
        "working": Lines((working,)),
        "sign": before_cap.sign(),
        "before_cap": signed(before_cap.text),
    }
    return Sentence(OPEN_COMPUTED, values)


# --- Why there are none ----------------------------------------------------------------------

NO_TARGET = Text(
    "目标值录入之前不计分。",
    "목표치를 입력할 때까지 채점하지 않습니다.",
    "No points until the target is entered.",
)
NO_DENOMINATOR = Text(
    "分母为零，没有比率可算，不计分。",
    "분모가 0이여서 비률을 계산할수 없으므로 채점하지 않습니다.",
    "The denominator is zero, so there is no rate and no points.",
)
NOT_DUE = Text(
    "按季填报，本月不到期，不计分。",
    "분기별 지표로 이달은 기한이 아니므로 채점하지 않습니다.",
    "Reported by the quarter and not due this month: no points.",
)
NO_BASELINE = Text(
    "上年为零，没有升降幅度可算，不计分，可申请单独评分。",
    "지난해가 0이여서 증감폭을 계산할수 없으므로 채점하지 않습니다. 단독 채점을 신청할수 있습니다.",
    "Last year was zero, so there is no percentage and no points; "
    "a special-case decision can be applied for.",
)
PENDING = Text(
    "领导小组的无记名投票尚未计票，不计分。",
    "령도소조의 무기명투표를 아직 개표하지 않아 채점하지 않습니다.",
    "The anonymous ballots of the leading group are not counted yet: no points.",
)
MISSING = Text(
    "未填报，不计分：%(missing)s。",
    "미보고로 채점하지 않음: %(missing)s.",
    "No points, since not reported: %(missing)s.",
)
MISSING_BASELINE = Text(
    "缺少上年数据（%(month)s），不计分：%(baseline)s。",
    "지난해 수치(%(month)s)가 없어 채점하지 않음: %(baseline)s.",
    "No points, since figures of last year (%(month)s) are missing: %(baseline)s.",
)
MISSING_BOTH = Text(
    "未填报：%(missing)s。缺少上年数据（%(month)s）：%(baseline)s。不计分。",
    "미보고: %(missing)s. 지난해 수치(%(month)s) 없음: %(baseline)s. 채점하지 않습니다.",
    "Not reported: %(missing)s. Figures of last year (%(month)s) missing: %(baseline)s. No points.",
)
DECIDED = Text(
    "院党组决定（%(reference)s）：%(points)s 分；按数据为 %(computed)s 分。",
    "법원 당조 결정(%(reference)s): %(points)s점. 수치에 따르면 %(computed)s점.",
    "Decided by the party group (%(reference)s): %(points)s points; by the figures %(computed)s.",
)
DECIDED_ALONE = Text(
    "院党组决定（%(reference)s）：%(points)s 分；按数据本无得分。",
    "법원 당조 결정(%(reference)s): %(points)s점. 수치에 따른 득점은 없음.",
    "Decided by the party group (%(reference)s): %(points)s points; "
    "by the figures there were none.",
)
SPECIAL_CASE = Text("单独评分", "단독 채점", "Special-case decision")
READING_DEFAULT = Text(
    "解读：%(question)s 采用：%(option)s（默认）。",
    "해석: %(question)s 적용: %(option)s(기본).",
    "Reading: %(question)s Taken: %(option)s (default).",
)
READING_OTHER = Text(
    "解读：%(question)s 采用：%(option)s（非默认）。",
    "해석: %(question)s 적용: %(option)s(기본 아님).",
    "Reading: %(question)s Taken: %(option)s (not the default).",
)
PARAGRAPH = Text("依据：%(paragraph)s。", "근거: %(paragraph)s.", "Paragraph: %(paragraph)s.")
CONDITION_NUMBER = Text(
    "条件%(number)s：%(text)s", "조건%(number)s: %(text)s", "Condition %(number)s: %(text)s"
)
