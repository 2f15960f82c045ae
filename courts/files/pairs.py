"""Owns what is looked for in a table, and what comes out of it: pairs, questions, what is left out.

Plain values; how a table is read is the business of `pairing` and `placing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courts.files.cells import Cell
from courts.files.headings import HeadRole, folded, strange_period
from courts.files.tracks import is_text, text_of
from scoring.facts import Month

LONGEST_TITLE = 60
_BRACKETED = re.compile(r"\([^()]*\)$")
_NUMBERED = re.compile(r"^(?:\(?[0-9一二三四五六七八九十]{1,3}[)、.:]|其中:|[*·●])")
# A number of several steps, such as 1.2; a Korean name may begin with a digit of its own.
_OF_STEPS = re.compile(r"^(?:[0-9]{1,2}\.)*[0-9]{1,2}[)、.:]?(?=[^0-9])")
# Signs before and after a name that are no part of it.
_AROUND = "\"'“”‘’「」*·●:;,、。 "

# The cells of a table by the number of their row, as a spreadsheet counts.
Rows = Mapping[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: metrics and courts by their folded names, the month of the figures.

    `court` is the code of the one looked for; empty: all of them, and then `here` is the court
    of a table that names none. `elsewhere` are names of metrics that stand in another return.
    `column` and `lines` are a person's answers to questions: a track's key, a line's by metric.
    `places` are the decimals of metrics that have any.
    """

    metrics: Mapping[str, str]
    courts: Mapping[str, str]
    month: Month
    court: str = ""
    here: str = ""
    elsewhere: frozenset[str] = frozenset()
    column: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    def metric(self, cell: Cell) -> str | None:
        """The metric a cell names; without what stands in brackets after it, or numbers it."""
        if not isinstance(cell, str) or not cell:
            return None
        text = folded(cell)
        if text in self.metrics:
            return self.metrics[text]
        bare = text.strip(_AROUND)
        for numbered in (bare, _NUMBERED.sub("", bare), _OF_STEPS.sub("", bare)):
            for known in (numbered, _BRACKETED.sub("", numbered).strip(_AROUND)):
                if known in self.metrics:
                    return self.metrics[known]
        return None

    def court_of(self, cell: Cell) -> str | None:
        """The code of the court a cell names."""
        return self.courts.get(folded(cell)) if isinstance(cell, str) and cell else None


@dataclass(frozen=True, slots=True)
class Pair:
    """A metric of a court and the cell that holds its value; `name` is what named it."""

    court: str
    metric: str
    cell: Cell
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row or column that is not taken, as it is called there, and why."""

    address: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PairOption:
    """One answer: its key, its place and heading, the first of its values."""

    key: str
    heading: str
    sample: str


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can tell; `key` is `column`, or `line:` and a metric."""

    key: str
    sentence: str
    options: tuple[PairOption, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that stands for no metric as far as is known, and a value beside it."""

    name: str
    address: str
    sample: str


@dataclass(slots=True)
class Pairing:
    """What a table says: the pairs, what was left out, what must be asked, what is in the way."""

    by_row: bool = True
    pairs: list[Pair] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    tracks: tuple[PairOption, ...] = ()
    column: str = ""
    unknown: list[Unknown] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    doubles: list[list[Pair]] = field(default_factory=list)

    def drop(self, address: str, name: Cell, reason: str) -> None:
        self.dropped.append(Dropped(address, text_of(name), reason))


def names_metrics(rows: Rows, sought: Sought) -> bool:
    """Whether any cell names a metric, of this return or another."""
    return any(
        sought.metric(cell) or (isinstance(cell, str) and folded(cell) in sought.elsewhere)
        for cells in rows.values()
        for cell in cells
    )


def doubts(rows: Rows, first: int, sought: Sought) -> Iterable[str]:
    """A sentence for each title above that speaks of another month, year or court."""
    for number, cells in rows.items():
        filled = [cell for cell in cells if cell != ""]
        if number >= first or len(filled) != 1 or not is_text(filled[0]):
            continue
        title = text_of(filled[0])
        named = {c for name, c in sought.courts.items() if len(name) > 1 and name in folded(title)}
        is_other = bool(sought.court and named) and sought.court not in named
        if is_other or strange_period(title, sought.month):
            text = _("标题“%(title)s”写的不是本报表的法院、年份或月份，请核对是否拿错了表。")
            yield text % {"title": title[:60]}


def drop_reason(role: HeadRole) -> str:
    """Why figures under such a heading are not taken."""
    return {
        HeadRole.COMPARED: _("增减或比率，不是本月累计"),
        HeadRole.LAST_YEAR: _("其他年份的数"),
        HeadRole.SERIAL: _("序号，不是数据"),
        HeadRole.OTHER_MONTH: _("其他月份的数"),
        HeadRole.LAST_MONTH: _("上月的数"),
        HeadRole.ALONE: _("当月数，不是累计"),
        HeadRole.MONTH: _("当月数，不是累计"),
    }.get(role, _("没有采用"))
