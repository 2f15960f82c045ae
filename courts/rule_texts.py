"""Owns saying what a rule of the rulebook is, in words and in symbols; computes nothing.

Both are made from the rule itself, so that a page can never say other than the engine does. In
symbols `P` are the full points, `N` and `D` numerator and denominator, `′` marks the baseline year.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.explanations import metric_name
from courts.wording import AT_LEAST, MINUS, bound, bound_sign, percent, with_unit
from scoring.schema import (
    BallotRule,
    Combine,
    Condition,
    ConditionsRule,
    Direction,
    DropRule,
    Interim,
    Item,
    Level,
    Mean,
    Missed,
    PeerMeanRule,
    RateDropRule,
    Rulebook,
    StepSize,
    TargetRule,
    Unit,
)


def plain(number: Decimal) -> str:
    """A number of the rulebook as it stands there: no needless zeros, no exponent."""
    return f"{number.normalize():f}"


def level_label(level: Level) -> str:
    """The level of court in words."""
    return _("基层法院") if level is Level.GRASSROOTS else _("中级法院")


def in_words(item: Item, rulebook: Rulebook) -> tuple[str, ...]:
    """The rule of an item, a sentence a line."""
    rule = item.rule
    match rule:
        case DropRule():
            what = _sum(rule.figures, rulebook)
            lines = [
                _("比上年每下降1%%，得%(points)s分，最多得满分：%(what)s。")
                % {"points": plain(rule.per_percent), "what": what}
            ]
        case RateDropRule():
            lines = [
                _("%(rate)s，比上年每下降1个百分点，得%(points)s分，最多得满分。")
                % {
                    "rate": _rate(rule.numerator, rule.denominator, rulebook),
                    "points": plain(rule.per_point),
                }
            ]
        case TargetRule():
            lines = [_target(rule, rulebook)]
            if rule.missed is Missed.ATTAINMENT:
                lines.append(_("没有达到目标的，按完成比例得分。"))
            else:
                lines.append(_("没有达到目标的，不得分。"))
        case ConditionsRule():
            lines = [_condition(condition, rulebook) for condition in rule.conditions]
            lines.append(
                _("各条件全部满足才得分。")
                if rule.combine is Combine.BOTH
                else _("每满足一个条件，得相等的一份分。")
            )
        case BallotRule():
            lines = [_("领导小组无记名评分的平均分。")]
        case PeerMeanRule():
            lines = [_peers(rule, rulebook)]
    if isinstance(rule, DropRule | RateDropRule):
        if rule.step is StepSize.WHOLE:
            lines.append(_("不足一个单位的部分不计。"))
        if rule.interim is Interim.SAME_MONTH:
            lines.append(_("十二月以前与上年同月比；没有上年同月数的，与上年全年数按月折算比。"))
        else:
            lines.append(_("各月都与上年全年数比。"))
    return tuple(lines)


def in_symbols(item: Item) -> str:
    """The rule of an item as a formula over metric codes."""
    rule = item.rule
    match rule:
        case DropRule():
            now = " + ".join(rule.figures)
            step = "⌊x⌋" if rule.step is StepSize.WHOLE else "x"
            points = f"min(P, max(0, {step} × {plain(rule.per_percent)}))"
            return f"S = {now}; x = (S′ − S) ÷ S′ × 100; {points}"
        case RateDropRule():
            step = "⌊x⌋" if rule.step is StepSize.WHOLE else "x"
            points = f"min(P, max(0, {step} × {plain(rule.per_point)}))"
            return (
                f"r = ({' + '.join(rule.numerator)}) ÷ ({' + '.join(rule.denominator)}) × 100; "
                f"x = r′ − r; {points}"
            )
        case TargetRule():
            return _target_symbols(rule)
        case ConditionsRule():
            parts = [_condition_symbols(condition) for condition in rule.conditions]
            joined = " ∧ ".join(parts) if rule.combine is Combine.BOTH else "; ".join(parts)
            return (
                f"{joined} → P" if rule.combine is Combine.BOTH else f"{joined} → P ÷ {len(parts)}"
            )
        case BallotRule():
            return "Σ ÷ n"
        case PeerMeanRule():
            mean = "Σ(w × p) ÷ Σw" if rule.mean is Mean.WEIGHTED else "Σp ÷ n"
            return f"{mean} × {plain(rule.share)} ÷ 100"


def target_text(item: Item) -> str:
    """The target of an item with unit and direction; empty without one, or if another gives it."""
    rule = item.rule
    if not isinstance(rule, TargetRule) or rule.target is None:
        return ""
    return bound(rule.direction, _with_unit(rule.target, rule))


def target_origin(item: Item) -> str:
    """Where the target comes from, in words; empty where the item has none."""
    rule = item.rule
    if not isinstance(rule, TargetRule):
        return ""
    if rule.target is None:
        return _("按审判绩效考核指标录入")
    return rule.origin.get(get_language() or "")


def _sum(codes: Sequence[str], rulebook: Rulebook) -> str:
    return " + ".join(metric_name(rulebook, code) for code in codes)


def _rate(numerator: Sequence[str], denominator: Sequence[str], rulebook: Rulebook) -> str:
    top, bottom = _sum(numerator, rulebook), _sum(denominator, rulebook)
    top = f"({top})" if len(numerator) > 1 else top
    bottom = f"({bottom})" if len(denominator) > 1 else bottom
    return f"{top} ÷ {bottom}"


def _target(rule: TargetRule, rulebook: Rulebook) -> str:
    rate = _rate(rule.numerator, rule.denominator, rulebook)
    if rule.complement:
        rate = f"1 {MINUS} {rate}"
    target = _("审判绩效考核指标") if rule.target is None else _with_unit(rule.target, rule)
    values = {"rate": rate, "bound": bound(rule.direction, target)}
    return _("%(rate)s，%(bound)s的，得满分。") % values


def _with_unit(target: Decimal, rule: TargetRule) -> str:
    return with_unit(plain(target), Unit.DAYS if rule.average else Unit.PERCENT)


def _target_symbols(rule: TargetRule) -> str:
    rate = f"({' + '.join(rule.numerator)}) ÷ ({' + '.join(rule.denominator)})"
    if rule.complement:
        rate = f"1 {MINUS} {rate}"
    value = rate if rule.average else f"({rate}) × 100"
    sign = bound_sign(rule.direction)
    target = "T" if rule.target is None else plain(rule.target)
    text = f"v = {value}; v {sign} {target} → P"
    if rule.missed is Missed.ATTAINMENT:
        share = f"v ÷ {target}" if rule.direction is Direction.AT_LEAST else f"{target} ÷ v"
        text += f", {share} × P"
    return text


def _condition(condition: Condition, rulebook: Rulebook) -> str:
    rate = _rate(condition.numerator, condition.denominator, rulebook)
    if condition.target is not None:
        against = percent(plain(condition.target))
    else:
        against = _rate(condition.against_numerator, condition.against_denominator, rulebook)
    values = {"rate": rate, "bound": bound(Direction.AT_LEAST, against)}
    return _("条件：%(rate)s，%(bound)s。") % values


def _condition_symbols(condition: Condition) -> str:
    rate = f"({' + '.join(condition.numerator)}) ÷ ({' + '.join(condition.denominator)})"
    if condition.target is not None:
        return f"{rate} {AT_LEAST} {plain(condition.target)} ÷ 100"
    top, bottom = " + ".join(condition.against_numerator), " + ".join(condition.against_denominator)
    return f"{rate} {AT_LEAST} ({top}) ÷ ({bottom})"


def _peers(rule: PeerMeanRule, rulebook: Rulebook) -> str:
    values = {
        "level": level_label(rule.level),
        "share": percent(plain(rule.share)),
        "weight": _sum(rule.weight, rulebook),
    }
    if rule.mean is Mean.WEIGHTED:
        return _("辖区%(level)s该半得分按%(weight)s加权的平均分的%(share)s。") % values
    return _("辖区%(level)s该半得分的平均分的%(share)s。") % values
