"""What a value can be held against, as a rule says it: the parameters, in words and in symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Protocol, TypeVar

from scoring import faults, sentences
from scoring.faults import RuleFault
from scoring.formulas.rated import RatedRule, unit_of
from scoring.schema import Direction, Interim, Kind, Metric, Reference, Text, Unit
from scoring.sentences import Amount, Bound, Lines, Sentence
from scoring.symbols import AT_LEAST, AT_MOST, plain

ENTERED = Text(
    "按审判绩效考核指标录入",
    "심판성과 평가지표에 따라 입력",
    "as entered from the appraisal targets",
)
# What a reference is called: where a rule is shown, and in front of the bound in an explanation.
REFERENCES: Mapping[Reference, Text] = {
    Reference.APPRAISAL: Text("审判绩效考核指标", "심판성과 평가지표", "Appraisal target"),
    Reference.MEAN: Text("同级各院平均值", "같은 심급 법원의 평균값", "Mean of the level's courts"),
    Reference.MEDIAN: Text(
        "同级各院中位数", "같은 심급 법원의 중앙값", "Median of the level's courts"
    ),
    Reference.LAST_YEAR: Text("本院上年值", "본 법원의 지난해 값", "The court's value last year"),
}
SYMBOLS: Mapping[Reference, str] = {
    Reference.APPRAISAL: "T",
    Reference.MEAN: "mean(v)",
    Reference.MEDIAN: "median(v)",
    Reference.LAST_YEAR: "v′",
}
BETWEEN = Text("%(low)s 至 %(high)s", "%(low)s 이상 %(high)s 이하", "%(low)s to %(high)s")
WITHIN = Text("在%(interval)s之间", "%(interval)s", "within %(interval)s")
INTERVAL = Text("合理区间", "합리적 구간", "Reasonable interval")
LABELS: Mapping[str, Text] = {
    "direction": Text("方向", "방향", "Direction"),
    "target": Text(
        "目标值（appraisal 表示另行录入，mean、median 为同级平均、中位数，last_year 为上年值）",
        "목표치(appraisal은 따로 입력, mean·median은 같은 심급의 평균·중앙값, last_year는 지난해)",
        "Target (appraisal: entered elsewhere; mean, median: of the level; last_year: own value)",
    ),
    "low": Text("合理区间下限", "합리적 구간의 하한", "Interval from"),
    "high": Text("合理区间上限", "합리적 구간의 상한", "Interval to"),
    "complement": Text("取 1 减比率", "1에서 비률을 뺌", "Take one minus the rate"),
    "average": Text("是平均数而非百分比", "퍼센트가 아닌 평균", "An average, no percentage"),
    "origin": Text("目标值来源", "목표치의 출처", "Where the target comes from"),
}


class AimedRule(RatedRule, Protocol):
    """The parameters that all have."""

    @property
    def direction(self) -> Direction | None: ...

    @property
    def target(self) -> Decimal | Reference | None: ...

    @property
    def low(self) -> Decimal | None: ...

    @property
    def high(self) -> Decimal | None: ...

    @property
    def origin(self) -> Text: ...

    @property
    def interim(self) -> Interim: ...


A = TypeVar("A", bound=AimedRule)


def is_interval(rule: AimedRule) -> bool:
    """Whether the value is to lie between two bounds."""
    return rule.low is not None or rule.high is not None


def interval_words(low: str, high: str, unit: Unit) -> Sentence:
    """An interval in words."""
    return Sentence(BETWEEN, {"low": Amount(low, unit), "high": Amount(high, unit)})


def aim_words(rule: AimedRule) -> sentences.Value:
    """What a value should be, in words."""
    unit = unit_of(rule)
    if rule.low is not None and rule.high is not None:
        interval = Lines((interval_words(plain(rule.low), plain(rule.high), unit),))
        return Lines((Sentence(WITHIN, {"interval": interval}),))
    target: Text | Amount
    if isinstance(rule.target, Reference):
        target = REFERENCES[rule.target]
    else:
        target = Amount(plain(rule.target or Decimal(0)), unit)
    return Bound(rule.direction or Direction.AT_LEAST, target)


def aim_symbols(rule: AimedRule) -> tuple[str, str]:
    """The condition on `v` and by how much it is missed, over `v`."""
    if rule.low is not None and rule.high is not None:
        low, high = plain(rule.low), plain(rule.high)
        return f"{low} {AT_MOST} v {AT_MOST} {high}", f"max(0, {low} − v, v − {high})"
    if isinstance(rule.target, Reference):
        target = SYMBOLS[rule.target]
    else:
        target = plain(rule.target or Decimal(0))
    if rule.direction is Direction.AT_MOST:
        return f"v {AT_MOST} {target}", f"max(0, v − {target})"
    return f"v {AT_LEAST} {target}", f"max(0, {target} − v)"


def aim_faults(rule: AimedRule, metrics: Mapping[str, Metric]) -> Iterator[RuleFault]:
    """A direction and a target, or an interval and neither of them."""
    if is_interval(rule):
        for name in ("direction", "target"):
            if getattr(rule, name) is not None:
                yield RuleFault(name, faults.BESIDE_INTERVAL)
        if rule.low is None or rule.high is None:
            yield RuleFault("high" if rule.high is None else "low", faults.MISSING_KEY)
        elif rule.low > rule.high:
            values = {"low": rule.low, "high": rule.high}
            yield RuleFault("low", faults.BAD_INTERVAL, values)
    else:
        for name in ("direction", "target"):
            if getattr(rule, name) is None:
                yield RuleFault(name, faults.MISSING_KEY)
    if rule.target is Reference.LAST_YEAR:
        for name in ("numerator", "denominator"):
            for code in getattr(rule, name):
                if code in metrics and metrics[code].kind is Kind.STOCK:
                    yield RuleFault(name, faults.STOCK_METRIC, {"code": code})
