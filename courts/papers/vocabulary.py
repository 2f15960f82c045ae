"""The words by which the wording checker knows subjects, changes and units, by language. No Django.

Terms: a *subject* is what a change is said of, such as a rate or a count; its kind decides in which
unit its changes are printed. The words are those of courts' statistics, and belong to no scheme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NUMBER = r"[0-9][0-9,，]*(?:\.[0-9]+)?"
SIGN = r"[-−–－+＋]"


class Kind(StrEnum):
    """What a subject is; each has changes of its own."""

    RATE = "rate"
    COUNT = "count"
    DAYS = "days"
    POINTS = "points"
    RANK = "rank"


class Measure(StrEnum):
    """In what unit a change is printed."""

    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage_points"
    COUNT = "count"
    DAYS = "days"
    POINTS = "points"
    RANK = "rank"


# What changes of each kind of subject may be printed in.
FITTING: Mapping[Kind, frozenset[Measure]] = {
    Kind.RATE: frozenset({Measure.PERCENTAGE_POINTS}),
    Kind.COUNT: frozenset({Measure.PERCENT, Measure.COUNT}),
    Kind.DAYS: frozenset({Measure.DAYS}),
    Kind.POINTS: frozenset({Measure.POINTS}),
    Kind.RANK: frozenset({Measure.RANK}),
}


_STOPS = "，,、。；;（）()⟦"


@dataclass(frozen=True)
class Vocabulary:
    """One language. Patterns with the groups `verb`, `sign`, `number`, `unit` find changes.

    `verbs` are, by measure and kind of subject, the words a change is said with; `distance` finds
    how far a value lies from a target or another court.
    """

    sentence_end: re.Pattern[str]
    subjects: tuple[tuple[Kind, re.Pattern[str]], ...]
    change: re.Pattern[str]
    distance: re.Pattern[str]
    units: Mapping[str, Measure]
    verbs: Mapping[Kind, frozenset[str]]
    same_period: re.Pattern[str]
    annual_basis: re.Pattern[str]
    # A month named as one alone.
    alone: re.Pattern[str]
    month_on_month: re.Pattern[str]
    cumulative: re.Pattern[str]
    single_month: re.Pattern[str]
    zero_before: re.Pattern[str]
    range: re.Pattern[str]
    blank: re.Pattern[str]
    doubled_unit: re.Pattern[str]
    bare_points: re.Pattern[str]
    share: re.Pattern[str]
    level: str
    # Words of rising (group `up`) and falling (`down`), and whether they stand before the number.
    direction: re.Pattern[str]
    is_before: bool

    def direction_at(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The word of direction that belongs to the number from `start` to before `end`.

        In Chinese the last one before it, in Korean the first one behind, without a stop between.
        """
        if self.is_before:
            clause = max((text.rfind(stop, 0, start) for stop in _STOPS), default=-1) + 1
            matches = list(self.direction.finditer(text, clause, start))
            return matches[-1] if matches else None
        stops = [place for stop in _STOPS if (place := text.find(stop, end)) >= 0]
        return self.direction.search(text, end, min(stops, default=len(text)))


_ZH_UNITS = {
    "个百分点": Measure.PERCENTAGE_POINTS,
    "百分点": Measure.PERCENTAGE_POINTS,
    "个点": Measure.PERCENTAGE_POINTS,
    "%": Measure.PERCENT,
    "％": Measure.PERCENT,
    "件": Measure.COUNT,
    "人": Measure.COUNT,
    "个": Measure.COUNT,
    "天": Measure.DAYS,
    "日": Measure.DAYS,
    "分": Measure.POINTS,
    "位": Measure.RANK,
    "名": Measure.COUNT,
}
_ZH_VERB = (
    "上升|下降|提高|提升|降低|增长|增加|减少|回落|下滑|下跌|缩短|延长|升高|持平|前移|后移|增多"
    "|升幅|降幅|增幅"
)
# How far something rose or fell, as a noun.
_NOUNS = frozenset({"升幅", "降幅", "增幅"})
_ZH_UNIT = "个百分点|百分点|个点|[%％]|件|人|个(?!百分|点)|天|日|分(?!点)|位|名(?!法)"

CHINESE = Vocabulary(
    sentence_end=re.compile(r"[。；！？!?;\n]"),
    subjects=(
        (Kind.DAYS, re.compile(r"用时|天数|时长|审理期限|周期")),
        (Kind.RATE, re.compile(r"率|占比|比重|比例")),
        (Kind.RANK, re.compile(r"名次|排名|位次")),
        (Kind.POINTS, re.compile(r"得分|总分|分值|均分|平均分")),
        (
            Kind.COUNT,
            re.compile(r"案件|件数|案数|总量|数量|[收存结立]案|旧存|新收|执结(?!率)|人数|[0-9]件"),
        ),
    ),
    change=re.compile(
        rf"(?P<verb>{_ZH_VERB})(?:了|约|近|为|达)?(?P<sign>{SIGN}?)(?P<number>{NUMBER})"
        rf"(?P<blank>\s*)(?P<unit>{_ZH_UNIT})"
    ),
    distance=re.compile(
        # 比目标高…, 低于目标…; a bound such as 不低于90% is none.
        rf"(?:[比较][^，。；（）]{{1,16}}?[高低多少][出了]?|相差|[高低]于[^0-9，。；（）]{{1,10}})"
        rf"(?P<sign>{SIGN}?)(?P<number>{NUMBER})(?P<blank>\s*)(?P<unit>{_ZH_UNIT})"
    ),
    units=_ZH_UNITS,
    verbs={
        Kind.RATE: _NOUNS | {"上升", "下降", "提高", "降低", "回落", "升高", "提升", "下滑"},
        Kind.COUNT: _NOUNS | {"上升", "下降", "增加", "减少"},
        Kind.DAYS: frozenset({"缩短", "延长"}),
        Kind.POINTS: _NOUNS | {"上升", "下降", "提高", "降低", "增加", "减少"},
        Kind.RANK: frozenset({"上升", "下降"}),
    },
    same_period=re.compile(r"同比|上年同期|去年同期"),
    alone=re.compile(r"当月|单月"),
    annual_basis=re.compile(r"按月折算|折算数|与[0-9]{4}年全年"),
    month_on_month=re.compile(r"环比|比上月"),
    cumulative=re.compile(rf"{NUMBER}\s*[-—~～－–至]\s*{NUMBER}\s*月|累计|年初以来|截至"),
    single_month=re.compile(r"当月|单月|本月|(?<![-—~～－–至0-9])(?:1[0-2]|[1-9])月(?![底末初])"),
    zero_before=re.compile(
        r"(?:上年|去年|[0-9]{4}年)(?:同期|全年|同月)?(?:为|是|均为)?0(?![.0-9])|[由从]0(?![.0-9])"
    ),
    range=re.compile(
        r"(?<![0-9.\-–—〔])(?P<low>(?P<named>(?<=附表)|(?<=附件)|(?<=第))?[0-9]{1,4})"
        r"(?:月|日|年|%)?\s*(?P<sign>[-~～－–]|--)\s*"
        r"(?P<high>[0-9]{1,4})(?(named)|(?=\s*(?:月|日|天|件|%|分|名|位|年|人|号|个)))"
    ),
    blank=re.compile(
        r"[0-9][ \t\u00a0\u3000]+(?:[%％]|个百分点|百分点|件|天|位|名|分|人|个|月|日|年|倍)"
        r"|[0-9]\s*％"
    ),
    doubled_unit=re.compile(r"[%％]\s*个?百分点"),
    bare_points=re.compile(r"[0-9]\s*百分点|[0-9]\s*个点(?!位)"),
    share=re.compile(rf"占[^，。；、]{{0,20}}?(?P<number>{NUMBER})\s*[%％]"),
    level="持平",
    direction=re.compile(
        r"(?P<up>上升|提高|提升|增长|增加|升高|延长|增多|前移|高于|多于|升|高|多)"
        r"|(?P<down>下降|降低|减少|回落|下滑|下跌|缩短|后移|低于|少于|降|低|少)"
    ),
    is_before=True,
)

_KO_UNITS = {
    "퍼센트포인트": Measure.PERCENTAGE_POINTS,
    "%포인트": Measure.PERCENTAGE_POINTS,
    "%p": Measure.PERCENTAGE_POINTS,
    "%": Measure.PERCENT,
    "％": Measure.PERCENT,
    "건": Measure.COUNT,
    "명": Measure.COUNT,
    "일": Measure.DAYS,
    "점": Measure.POINTS,
    "계단": Measure.RANK,
    "위": Measure.RANK,
}
_KO_UNIT = "퍼센트포인트|%포인트|%p|[%％]|건|명|일(?![0-9가-힣])|점|계단|위"
_KO_VERB = "상승|하락|증가|감소|제고|저하|단축|연장|늘|줄|높아|낮아|올라|내려"

KOREAN = Vocabulary(
    sentence_end=re.compile(r"[.;!?](?=\s|$)|[。；\n]"),
    subjects=(
        (Kind.DAYS, re.compile(r"소요시간|소요일수|평균시간|기일|평균일수")),
        (Kind.RATE, re.compile(r"[률율](?![가-힣]*건수)|비중|점유률")),
        (Kind.RANK, re.compile(r"순위|등수")),
        (Kind.POINTS, re.compile(r"득점|총점|점수|평균점")),
        (Kind.COUNT, re.compile(r"건수|사건|총량|[0-9]건|이월|신규접수|인원수")),
    ),
    change=re.compile(
        rf"(?P<sign>{SIGN}?)(?P<number>{NUMBER})(?P<blank>\s*)(?P<unit>{_KO_UNIT})"
        rf"(?:을|를|가|이)?\s*(?P<verb>{_KO_VERB})"
    ),
    distance=re.compile(
        rf"(?P<sign>{SIGN}?)(?P<number>{NUMBER})(?P<blank>\s*)(?P<unit>{_KO_UNIT})"
        r"(?:을|를|가|이)?\s*(?:높다|낮다|높고|낮고|높은|낮은|높았|낮았|높음|낮음|많|적)"
    ),
    units=_KO_UNITS,
    verbs={
        Kind.RATE: frozenset({"상승", "하락", "제고", "저하", "높아", "낮아", "올라", "내려"}),
        Kind.COUNT: frozenset({"상승", "하락", "증가", "감소", "늘", "줄"}),
        Kind.DAYS: frozenset({"단축", "연장"}),
        Kind.POINTS: frozenset({"상승", "하락", "증가", "감소", "높아", "낮아", "늘", "줄"}),
        Kind.RANK: frozenset({"상승", "하락"}),
    },
    same_period=re.compile(r"동기비|동기대비|지난해 같은 기간|작년 같은 기간"),
    alone=re.compile(r"당월|단월"),
    annual_basis=re.compile(r"월별 환산|환산수|[0-9]{4}년 전체"),
    month_on_month=re.compile(r"전월비|전월대비|지난달보다"),
    cumulative=re.compile(rf"{NUMBER}\s*[-—~～－–]\s*{NUMBER}\s*월|루계|년초부터|현재까지"),
    single_month=re.compile(r"당월|이달|단월|(?<![-—~～－–0-9])(?:1[0-2]|[1-9])월(?!말|초)"),
    zero_before=re.compile(r"(?:지난해|작년|[0-9]{4}년)[^,.。]{0,8}?\s0(?![.0-9])|0건에서"),
    range=re.compile(
        r"(?<![0-9.\-–—〔])(?P<low>[0-9]{1,4})(?:월|일|년|%)?\s*(?P<sign>[-～－–]|--)\s*"
        r"(?P<high>[0-9]{1,4})(?=\s*(?:월|일|건|%|점|명|위|년|호|개))"
    ),
    blank=re.compile(
        r"[0-9][ \t\u00a0\u3000]+(?:[%％]|퍼센트포인트|건|일(?![가-힣])|점|명|위|월|년|배)"
        r"|[0-9]\s*％"
    ),
    doubled_unit=re.compile(r"%\s*퍼센트포인트|%\s*%p"),
    bare_points=re.compile(r"[0-9]\s*포인트(?!지)"),
    share=re.compile(rf"(?P<number>{NUMBER})\s*[%％]를?\s*차지"),
    level="같은 수준",
    direction=re.compile(
        r"(?P<up>상승|증가|제고|연장|늘|높|올라|많)|(?P<down>하락|감소|저하|단축|줄|낮|내려|적|떨어)"
    ),
    is_before=False,
)

VOCABULARIES: Mapping[str, Vocabulary] = {"zh": CHINESE, "ko": KOREAN}
