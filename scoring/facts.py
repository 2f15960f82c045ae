"""All that the engine may know of a court in a month: plain values, no database.

Figures are year to date, integers ≥ 0; a figure that was not reported is absent from its mapping
(zero is a value, absence is not). Terms: *baseline* is the year the notice compares with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring.schema import Level

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


class Month(NamedTuple):
    """A calendar month, written `2019-12`; months of a year-to-date figure end with it."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM`; ValueError for anything else."""
        match = _MONTH.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a month such as 2019-12")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def previous(self) -> Month | None:
        """The month before within the same year; None in January."""
        return Month(self.year, self.month - 1) if self.month > 1 else None


@dataclass(frozen=True, slots=True)
class Ballots:
    """The tallied ballots of one court: their number and the sum of their points.

    A round without ballots is not tallied: ValueError.
    """

    count: int
    points: Fraction

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a tally has at least one ballot")


@dataclass(frozen=True, slots=True)
class Decision:
    """Points for one item that the party group put in place of the computed ones (附件1·五)."""

    points: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Assessed:
    """Points that an office gave for an item and a second person confirmed."""

    points: Decimal
    reference: str = ""


class Replaced(NamedTuple):
    """What a court reported where the figure taken is another source's; None: not reported.

    `settled` says that the difference between the two was decided, in favour of the other source.
    """

    reported: int | None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class CourtFacts:
    """One court in one month.

    `current` holds the month's figures, `baseline_month` those of the same month of the baseline
    year, `baseline_annual` those of its December. `targets` are appraisal targets in percent by
    item code, already narrowed down to this court. `ballots` is None until tallied. `assessed` are
    the confirmed points of the month by item code.
    `replaced` tells, by month (`2019-12`) and metric, which figures were not taken as reported.
    """

    court: str
    level: Level
    current: Mapping[str, int] = field(default_factory=dict)
    baseline_month: Mapping[str, int] = field(default_factory=dict)
    baseline_annual: Mapping[str, int] = field(default_factory=dict)
    targets: Mapping[str, Decimal] = field(default_factory=dict)
    ballots: Ballots | None = None
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    replaced: Mapping[str, Mapping[str, Replaced]] = field(default_factory=dict)
    assessed: Mapping[str, Assessed] = field(default_factory=dict)
