"""What fields of rules and their choices are called where an edition is written.

Here stands what several formulas have; a formula names its own fields and choices in `labels`.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.schema import Text

FIELDS: Mapping[str, Text] = {
    "figures": Text("计入的指标", "계산에 넣는 지표", "Metrics that count"),
    "numerator": Text("分子", "분자", "Numerator"),
    "denominator": Text("分母", "분모", "Denominator"),
    "zero_denominator": Text("分母为零时", "분모가 0일 때", "When the denominator is zero"),
    "step": Text("不足1%的部分", "1% 미만의 부분", "Parts of a percent"),
    "change": Text("得分的变化", "득점하는 변화", "What earns points"),
    "interim": Text("12月以前的基数", "12월 이전의 기준수", "Baseline before December"),
    "zero_baseline": Text("基数为零时", "기준수가 0일 때", "When the baseline is zero"),
    "comparison": Text("与目标怎么比", "목표와 비교하는 방법", "How it is held against a target"),
}
CHOICES: Mapping[str, Text] = {
    "at_least": Text("不低于目标", "목표 이상", "at least the target"),
    "at_most": Text("不高于目标", "목표 이하", "at most the target"),
    "fall": Text("下降", "하락", "a fall"),
    "rise": Text("上升", "상승", "a rise"),
    "pro_rata": Text("按比例得分", "비례 득점", "in proportion"),
    "whole": Text("不计", "계산하지 않음", "does not count"),
    "same_month": Text(
        "上年同月，缺则按月折算",
        "지난해 같은 달, 없으면 월별 환산",
        "same month of the year before, else prorated",
    ),
    "annual": Text("上年全年", "지난해 전체", "the whole year before"),
    "none": Text("不计分", "채점하지 않음", "not scored"),
    "zero": Text("得零分", "0점", "no points"),
    "full": Text("得满分", "만점", "full points"),
    "exact": Text("按精确值", "정확한 값으로", "exact values"),
    "as_printed": Text("按两位小数", "소수점 두자리로", "as printed"),
}
