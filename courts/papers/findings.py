"""What the wording checker finds, in words that name the rule. No Django.

The messages are Chinese templates with named placeholders, so that a page can show them in another
language; `gettext_noop` only marks them for the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


def gettext_noop(message: str) -> str:
    """Mark a text for translation and leave it as it is."""
    return message


class Severity(StrEnum):
    """An error keeps a bulletin from being published."""

    ERROR = "error"
    WARNING = "warning"


class Rule(NamedTuple):
    """One rule: its code, and what a text that breaks it is told."""

    code: str
    template: str
    severity: Severity = Severity.ERROR


RATE_UNIT = Rule("rate_unit", gettext_noop("比率的变化用个百分点表示，不用%(unit)s。"))
COUNT_UNIT = Rule("count_unit", gettext_noop("数量的变化用%%或件表示，不用%(unit)s。"))
DAYS_UNIT = Rule("days_unit", gettext_noop("用时的变化写缩短或延长几天。"))
POINTS_UNIT = Rule("points_unit", gettext_noop("得分的变化用分表示，不用%(unit)s。"))
RANK_UNIT = Rule("rank_unit", gettext_noop("名次的变化写上升或下降几位。"))
RATE_APART = Rule("rate_apart", gettext_noop("两个比率之差用个百分点表示，不用%(unit)s。"))
SIGN_TWICE = Rule("sign_twice", gettext_noop("动词已经说明升降，数字前不再带正负号。"))
NO_CHANGE = Rule("no_change", gettext_noop("没有变化应写持平。"))
FROM_ZERO = Rule("from_zero", gettext_noop("上年同期为0的没有百分比，只写“上年同期为0件”。"))
SAME_PERIOD = Rule(
    "same_period",
    gettext_noop("同比只用于与上年同期相比；只有全年数时写“与上年全年按月折算数相比”。"),
)
SUMMED_MONTHS = Rule("summed_months", gettext_noop("同比比较的是1月至本月的累计数，单月数用环比。"))
MONTH_ON_MONTH = Rule("month_on_month", gettext_noop("环比只用于单月数，请写明是哪个月的数。"))
FEW_CASES = Rule("few_cases", gettext_noop("总数不超过10件的比率，须同时写出件数。"))
RANGE = Rule("range", gettext_noop("起止之间用“—”，不用%(sign)s。"))
BLANK = Rule("blank", gettext_noop("数字与单位之间不留空格，百分号用半角。"))
UNIT_TWICE = Rule("unit_twice", gettext_noop("百分号和百分点不能同时使用。"))
BARE_POINTS = Rule("bare_points", gettext_noop("应写“个百分点”。"))
# Which word it should be depends on what is said of it: 上升, 增加, 延长, 高 …
DIRECTION_UP = Rule(
    "direction_up",
    gettext_noop(
        "“%(word)s”与数据相反：按现在的数据，%(number)s是上升（增加、高于）。"
        "请改用相应的词，或恢复生成的文字。"
    ),
)
DIRECTION_DOWN = Rule(
    "direction_down",
    gettext_noop(
        "“%(word)s”与数据相反：按现在的数据，%(number)s是下降（减少、低于）。"
        "请改用相应的词，或恢复生成的文字。"
    ),
)
UNKNOWN_FIELD = Rule("unknown_field", gettext_noop("没有“%(text)s”这个实时数字。"))
UNFINISHED_FIELD = Rule("unfinished_field", gettext_noop("实时数字的括号不成对。"))
TYPED = Rule("typed", gettext_noop("%(text)s是手填的数字，请写明依据。"))
RATE_VERB = Rule("rate_verb", gettext_noop("比率的变化写上升或下降。"), Severity.WARNING)
COUNT_VERB = Rule(
    "count_verb",
    gettext_noop("件数写增加、减少，百分比写上升、下降。"),
    Severity.WARNING,
)
POINTS_VERB = Rule("points_verb", gettext_noop("得分的变化写上升或下降。"), Severity.WARNING)

RULES: tuple[Rule, ...] = tuple(rule for rule in globals().values() if isinstance(rule, Rule))


class Finding(NamedTuple):
    """One place that breaks a rule: from `start` to before `end` in the text."""

    rule: Rule
    start: int
    end: int
    values: Mapping[str, object] = {}

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def message(self) -> str:
        """The sentence in Chinese."""
        return self.rule.template % self.values


def at(rule: Rule, match: re.Match[str], offset: int = 0) -> Finding:
    """What a pattern found, the text of which begins at `offset`; its groups fill the message."""
    values = {name: text for name, text in match.groupdict().items() if text is not None}
    return Finding(rule, offset + match.start(), offset + match.end(), values)


def between(rule: Rule, start: int, end: int, **values: object) -> Finding:
    """What stands from `start` to before `end`."""
    return Finding(rule, start, end, values)
