"""Owns what a heading of a table means: a period, a comparison, a running number, a sum; pure text.

Terms: a heading is *to date* when the figures under it run from January to the return's month,
*alone* when they are of that month by itself. A bare month (`5月`) may be meant either way. Court
systems write the same thing in many ways: `1-5月`, `1—5月份`, `1至5月累计`, `上半年`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from courts.files.cells import Cell
from scoring.facts import Month

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CENTURY = 2000
COURT_HEADINGS = frozenset({"court", "法院", "法院名称", "单位", "单位名称", "법원", "법원명"})
MONTH_HEADINGS = frozenset({"month", "月份", "月", "期间", "时间", "统计期间", "월", "기간"})

_BRACKETS = re.compile(r"[()\[\]【】〔〕]")
_DASHES = re.compile(r"[—–―‐−~〜至到]+")
_CHINESE = {text: number for number, text in enumerate("一二三四五六七八九十", start=1)} | {
    "十一": 11,
    "十二": 12,
}
_YEAR = r"(?:(?P<{}>(?:19|20)\d\d)(?P<{}>年度?|년도?|[-/.])?)?"
_NUMBER = r"(?P<{}>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTH_SIGN = r"(?:月份?|월)"
_TAIL = r"(?:件|건|人|명|天|일|项|数)*"
_SPAN = re.compile(
    _YEAR.format("year", "mark")
    + _NUMBER.format("first")
    + f"{_MONTH_SIGN}?-"
    + _YEAR.format("year2", "mark2")
    + _NUMBER.format("last")
    + f"(?P<sign>{_MONTH_SIGN})?(?:累计|[누루]계|合计)?{_TAIL}"
)
_SINGLE = re.compile(
    _YEAR.format("year", "mark")
    + _NUMBER.format("last")
    + f"(?P<sign>{_MONTH_SIGN})?(?:[底末])?(?P<kind>累计|[누루]계|当月|单月|당월)?{_TAIL}"
)
_UNTIL = re.compile(r"截止?-?|-")
_PARTS = {
    "一季度": 3,
    "第一季度": 3,
    "上半年": 6,
    "前三季度": 9,
    "全年": 12,
    "1분기": 3,
    "상반기": 6,
    "연간": 12,
    "년간": 12,
}
# A day written out, with a time or without, and a month as spreadsheets print it in English.
DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<mark>[-/.年년])(?P<month>1[0-2]|0?[1-9])(?:(?P=mark)|[月월])"
    r"(?P<day>3[01]|[12]\d|0?[1-9])[日일]?(?:t?\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
)
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ENGLISH = re.compile(
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[-.,/']*(?P<year>(?:20)?\d\d)"
)
_LOOSE_YEAR = re.compile(r"(?:19|20)\d\d(?=年|년)")
_DAY = re.compile(r"\d{4}[年년]\d{1,2}[月월]\d{1,2}[日일]|\d{4}([-/.])\d{1,2}\1\d{1,2}")

# 루계 and 년간 as Yanbian writes them, 누계 and 연간 as elsewhere.
_LAST_YEAR = re.compile(r"去年|上年|同期|전년|작년|지난해|last(?:year|period)|sameperiod|lastyear")
_LAST_MONTH = re.compile(r"上月|上期|전월|지난달|lastmonth|previousmonth")
_COMPARED = re.compile(
    r"同比|环比|同期比|增减|增幅|降幅|增长|升降|占比|比率|比例|百分|%|率$|증감|증가|비율|률$"
    r"|change|ratio|percent"
)
_TO_DATE = re.compile(r"累计|[누루]계|年初至今|todate|cumulative|\bytd\b")
_ALONE = frozenset(
    {"本月", "当月", "当月数", "本月数", "单月", "单月数", "当月发生数", "당월", "당월분", "본월"}
)
_VALUE = frozenset({"数值", "value"})
_SERIAL = frozenset(
    {"序号", "序", "编号", "行次", "项次", "栏次", "no", "no.", "#", "번호", "순번", "일련번호"}
    | {"排名", "名次", "位次", "순위", "rank"}
)
_SUM = re.compile(r".*(?:合计|总计|小计|共计|总和)|(?:합|총|소)?계|합계|(?:grand|sub)?total|sum")
_NAME = frozenset(
    {"指标", "指标名称", "指标代码", "代码", "项目", "项目名称", "名称", "内容", "类别", "指标项"}
    | {"지표", "코드", "항목", "metric", "code", "name", "item"}
)


class HeadRole(StrEnum):
    """What the figures under a heading are."""

    NONE = ""
    TO_DATE = "to_date"
    MONTH = "month"  # a bare month, the return's own
    ALONE = "alone"
    OTHER_MONTH = "other_month"
    LAST_MONTH = "last_month"
    LAST_YEAR = "last_year"
    COMPARED = "compared"
    SERIAL = "serial"


# The first of these that one of a column's headings has is the column's.
_STRONGEST = (
    HeadRole.COMPARED,
    HeadRole.LAST_YEAR,
    HeadRole.LAST_MONTH,
    HeadRole.SERIAL,
    HeadRole.OTHER_MONTH,
    HeadRole.TO_DATE,
    HeadRole.ALONE,
    HeadRole.MONTH,
)
# Figures that are written for no return, whatever a person chooses.
NEVER = frozenset({HeadRole.COMPARED, HeadRole.LAST_YEAR, HeadRole.SERIAL})


@dataclass(frozen=True, slots=True)
class HeadPeriod:
    """The months a text names; without a year it is the return's. `is_clear` but for a bare month.

    A text such as 2019.1 may be January or October as spreadsheets print numbers: `is_doubtful`.
    """

    year: int | None
    first: int
    last: int
    is_clear: bool
    is_doubtful: bool = False

    def is_of(self, month: Month) -> bool:
        """Whether it ends with the month, in its year."""
        return self.last == month.month and self.year in (None, month.year)


def folded(text: str) -> str:
    """A heading without what does not tell headings apart: case, width, blanks, unseen marks."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    seen = (sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cf"))
    return "".join("".join(seen).split())


def in_every_language(*texts: StrOrPromise) -> tuple[str, ...]:
    """Headings as files of every language have them: people take a list away and bring it back.

    The texts are lazy ones.
    """
    found: list[str] = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.extend(str(text) for text in texts)
    return tuple(dict.fromkeys(found))


def period_of(cell: Cell) -> HeadPeriod | None:
    """The months a cell names; None when it names none."""
    if isinstance(cell, date):
        return HeadPeriod(cell.year, cell.month, cell.month, is_clear=False)
    text = _DASHES.sub("-", _BRACKETS.sub("", folded(str(cell))))
    if text in _PARTS:
        return HeadPeriod(None, 1, _PARTS[text], is_clear=True)
    match = DAY.fullmatch(text)
    if match is not None:
        month = int(match["month"])
        return HeadPeriod(int(match["year"]), month, month, is_clear=False)
    match = _ENGLISH.fullmatch(text)
    if match is not None:
        month = _ENGLISH_MONTHS.index(match["month"][:3]) + 1
        return HeadPeriod(int(match["year"][-2:]) + CENTURY, month, month, is_clear=False)
    match = _SPAN.fullmatch(text)
    if match is not None and (match["sign"] or (match["mark"] or "").startswith(("年", "년"))):
        year = match["year"] or match["year2"]
        first, last = _number(match["first"]), _number(match["last"])
        return HeadPeriod(int(year) if year else None, first, last, is_clear=True)
    until = _UNTIL.match(text)
    match = _SINGLE.fullmatch(text[until.end() :] if until else text)
    if match is None or (until and not match["sign"]):
        return None
    last = _number(match["last"])
    return HeadPeriod(
        year=int(match["year"]) if match["year"] else None,
        first=last
        if match["kind"] in ("当月", "单月", "당월") or not (until or match["kind"])
        else 1,
        last=last,
        is_clear=bool(until or match["kind"]),
        is_doubtful=match["mark"] == "." and match["last"] == "1",
    )


def _number(text: str) -> int:
    return _CHINESE[text] if text in _CHINESE else int(text)


def role_of(cell: Cell, month: Month) -> HeadRole:
    """What the figures under one heading are, for the return of this month."""
    if cell == "":
        return HeadRole.NONE
    text = folded(str(cell)) if not isinstance(cell, date) else ""
    if text in _words()["serial"]:
        return HeadRole.SERIAL
    if _COMPARED.search(text):
        return HeadRole.COMPARED
    if text in _words()["last_year"] or _LAST_YEAR.search(text):
        return HeadRole.LAST_YEAR
    if text in _words()["last_month"] or _LAST_MONTH.search(text):
        return HeadRole.LAST_MONTH
    period = period_of(cell)
    # Two plain digits may as well number the column.
    if period is not None and (not text.isdigit() or len(text) == 6 or text.startswith("0")):
        return _role_of_period(period, month)
    if any(int(year) != month.year for year in _LOOSE_YEAR.findall(text)):
        return HeadRole.LAST_YEAR
    if text in _words()["alone"]:
        return HeadRole.ALONE
    if text in _words()["to_date"] or _TO_DATE.search(text):
        return HeadRole.TO_DATE
    return HeadRole.NONE


def _role_of_period(period: HeadPeriod, month: Month) -> HeadRole:
    if period.year not in (None, month.year):
        return HeadRole.LAST_YEAR
    if period.last != month.month:
        return HeadRole.OTHER_MONTH
    if not period.is_clear:
        # In January the month alone is all there is of the year.
        return HeadRole.TO_DATE if month.month == 1 else HeadRole.MONTH
    if period.first == 1:
        return HeadRole.TO_DATE
    return HeadRole.ALONE if period.first == period.last else HeadRole.OTHER_MONTH


def strongest(roles: list[HeadRole]) -> HeadRole:
    """The role of a column from those of the headings above it."""
    return next((role for role in _STRONGEST if role in roles), HeadRole.NONE)


def is_sum(text: str) -> bool:
    """Whether a row or column of that name is a sum of the others."""
    name = folded(text).rstrip(":")
    return bool(_SUM.fullmatch(name)) or name in _words()["sum"]


def is_name_heading(text: str) -> bool:
    """Whether it stands above the names of metrics."""
    return folded(text) in _words()["name"]


def strange_period(text: str, month: Month) -> str:
    """The part of a title that names another year or month than the return's; empty: none."""
    plain = _DASHES.sub("-", _DAY.sub("", folded(text)))
    for year in _LOOSE_YEAR.findall(plain):
        if int(year) != month.year:
            return str(year)
    for match in re.finditer(r"(?:(\d{1,2})月?-)?(\d{1,2})月", plain):
        if int(match[2]) != month.month:
            return match[0]
    return ""


@cache
def _words() -> dict[str, frozenset[str]]:
    """The vocabularies, with the headings of this product's own tables in each language.

    Made whole before anybody sees it: several threads may ask at once.
    """
    own = {
        "serial": (_SERIAL, ()),
        "last_year": (frozenset(), (_lazy("去年同期"),)),
        "last_month": (frozenset(), (_lazy("上月累计"),)),
        "alone": (_ALONE, (_lazy("当月数"),)),
        "to_date": (_VALUE, (_lazy("本月累计"),)),
        "sum": (frozenset(), (_lazy("合计"),)),
        "name": (_NAME, (_lazy("指标"), _lazy("代码"))),
    }
    return {
        name: words | {folded(text) for text in in_every_language(*texts)}
        for name, (words, texts) in own.items()
    }
