"""Owns the shapes of the answers of the API; decimal texts where a float would be wrong.

Points, rates and percents are decimal texts. `null` is "not there": no target, not reported, no
points yet; never zero.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema


class Year(Schema):
    """One quality year."""

    code: str
    year: int
    court: str
    edition: str
    edition_sha256: str
    accepted: bool


class FormerName(Schema):
    """Names that a court had in the months before `before`, such as 2019-06."""

    before: str
    short_name: str
    name: str
    name_ko: str
    name_en: str


class Court(Schema):
    """One court and the months in which it is assessed; names are those of today.

    `level` is a code of the rules, as `grassroots`. `former_names` are in the order of time: the
    name of a month is the first whose `before` is later than the month, else that of today.
    """

    code: str
    order: int
    level: str
    short_name: str
    name: str
    name_ko: str
    name_en: str
    months: list[str]
    former_names: list[FormerName]


class Month(Schema):
    """One month: what of it is published, from which snapshot, and whether it was restated."""

    month: str
    published: list[str]
    sides: list[str]
    snapshots: list[str]
    restated: bool
    demo: bool


class Item(Schema):
    """One item of a scorecard; `exact` is the unrounded value `p/q`, `steps` how points came."""

    item: str
    status: str
    points: str | None
    max_points: str | None
    value: str | None
    exact: str | None
    unit: str
    target: str | None
    steps: list[Any]


class Scorecard(Schema):
    """One court's points; total and rank are null where one side alone is published."""

    court: str
    level: str
    total: str | None
    rank: int | None
    provisional: bool
    halves: dict[str, str]
    items: list[Item]


class Aggregate(Schema):
    """A mean over the ranked courts, where a reader sees the rows of its own court only.

    A mean that would tell the points of each of the others is left out.
    """

    of: str
    courts: int
    total: str | None
    halves: dict[str, str]


class Scorecards(Schema):
    """A month's scorecards."""

    month: str
    published: list[str]
    sides: list[str]
    snapshots: list[str]
    restated: bool
    demo: bool
    courts: list[Scorecard]
    aggregates: list[Aggregate]


class CourtFigures(Schema):
    """A court's figures, year to date, with those of the year before; null was not reported."""

    court: str
    current: dict[str, int | None]
    baseline_month: dict[str, int | None]
    baseline_annual: dict[str, int | None]


class FigureSums(Schema):
    """Sums of figures over the ranked courts, of those figures that each of them reported."""

    of: str
    courts: int
    current: dict[str, int]


class Figures(Schema):
    """A month's figures."""

    month: str
    published: list[str]
    sides: list[str]
    snapshots: list[str]
    restated: bool
    demo: bool
    courts: list[CourtFigures]
    aggregates: list[FigureSums]


class File(Schema):
    """One file of an issue."""

    kind: str
    language: str
    sha256: str


class Bulletin(Schema):
    """One published issue; `restates` is the number of the issue it corrects."""

    number: str
    title: str
    month: str
    sides: list[str]
    state: str
    dated_on: date | None
    published_at: datetime | None
    snapshot: str
    restates: str | None
    files: list[File]


class Sent(Schema):
    """A file that waits; `state` is `waiting` until a person of the office takes or discards it."""

    id: int
    name: str
    state: str
    sha256: str
    figures: int
    sent_at: datetime
    warnings: list[str]


class Faults(Schema):
    """What is wrong with a file, the first hundred; `count` is how many there are."""

    code: str
    message: str
    problems: list[str]
    count: int
