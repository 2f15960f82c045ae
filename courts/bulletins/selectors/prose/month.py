"""Owns reading a month for its bulletin: courts, scores, figures and names, from a snapshot alone.

Terms: an *area* is a group of courts told of together: all, those that are ranked (基层法院), or
the others; the two are always told apart. Of an earlier month the snapshot that counts is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from courts.figures.selectors.as_seen import months_seen
from courts.frame.listing import enumerated
from courts.snapshots import Parts
from courts.snapshots.verification import Frozen
from courts.wording.amounts import level_name
from courts.wording.court_names import short_korean_names
from courts.wording.rule_texts import is_change
from courts.years.court_changes import NO_CHANGES, CourtChanges, Figures
from scoring.bulletins import NO_RULES, BulletinRules
from scoring.facts import CourtFacts, Month
from scoring.readings import resolved
from scoring.schema import Item, Level, Rulebook, Side
from scoring.supplements import Average, Better, Supplement, load_supplement


class Area(StrEnum):
    """Courts that are told of together."""

    ALL = "all"
    RANKED = "ranked"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class ItemHeld:
    """One item of one court as the snapshot holds it. `points` and `value` are as printed."""

    code: str
    status: str
    points: str | None
    max_points: str | None
    value: str | None
    exact: Fraction | None
    unit: str
    target: Decimal | None
    computed: str | None

    @property
    def is_decided(self) -> bool:
        return self.status == "decided"

    @property
    def is_full(self) -> bool:
        """Whether all points of the item were earned."""
        if self.points is None or self.max_points is None:
            return False
        return Decimal(self.points) == Decimal(self.max_points)


@dataclass(frozen=True)
class CourtMonth:
    """One court in the month."""

    code: str
    names: Mapping[str, str]
    level: Level
    facts: CourtFacts
    content: Mapping[str, Any]
    short_korean: str = ""

    @cached_property
    def items(self) -> Mapping[str, ItemHeld]:
        return {one["item"]: _held(one) for one in self.content["score"]["items"]}

    @property
    def total(self) -> str | None:
        total: str | None = self.content["score"]["total"]
        return total

    @property
    def rank(self) -> int | None:
        rank: int | None = self.content["score"]["rank"]
        return rank

    @property
    def is_provisional(self) -> bool:
        return bool(self.content["score"]["provisional"])

    def half(self, side: str) -> str:
        """Points of one side, as printed."""
        text: str = self.content["score"]["halves"][side]
        return text

    @property
    def before(self) -> Mapping[str, Any] | None:
        """Points, total and rank of the month before; None without any."""
        before: Mapping[str, Any] | None = self.content["before"]
        return before

    def return_of(self, side: str) -> Mapping[str, Any] | None:
        """How the court's return of a side stood; None when there was none."""
        held: Mapping[str, Any] | None = self.content["returns"].get(side)
        return held

    @property
    def cap_cases(self) -> int | None:
        cap = self.content["cap"]
        return None if cap is None else int(cap["cap_cases"])

    def name(self, language: str) -> str:
        """The short name to print, in Korean where there is one."""
        return (language == "ko" and self.short_korean) or self.names["short"]


@dataclass(frozen=True)
class BulletinMonth:
    """A month as its snapshot tells it; `earlier` are the months before, the last one last.

    `restated` is the month as the snapshot told it that this one corrects. `changes` are those of
    the courts, whose keys are in `keys` by code: of closed months they stay what they are.
    """

    parts: Parts
    frozen: Frozen
    earlier: tuple[BulletinMonth, ...] = ()
    restated: BulletinMonth | None = None
    changes: CourtChanges = NO_CHANGES
    keys: Mapping[str, int] = field(default_factory=dict)

    @property
    def rulebook(self) -> Rulebook:
        return self.frozen.rulebook

    @property
    def month(self) -> Month:
        return self.frozen.month

    @property
    def head(self) -> Mapping[str, Any]:
        """What the snapshot says of the closing itself."""
        return self.parts.head

    @property
    def sides(self) -> tuple[str, ...]:
        return self.frozen.sides

    @property
    def is_whole(self) -> bool:
        """Whether all sides are told of."""
        return len(self.sides) == len(self.rulebook.sides)

    @property
    def has_totals(self) -> bool:
        """Whether all sides are told of and added up, so that there are totals."""
        return self.is_whole and self.rulebook.has_total

    @property
    def data_at(self) -> datetime:
        return datetime.fromisoformat(self.head["data_at"])

    @cached_property
    def courts(self) -> tuple[CourtMonth, ...]:
        """In the order of the notice."""
        facts = {one.court: one for one in self.frozen.facts}
        korean = short_korean_names(
            {code: content["names"]["ko"] for code, content in self.parts.courts.items()}
        )
        return tuple(
            CourtMonth(
                code, content["names"], Level(content["level"]), facts[code], content, korean[code]
            )
            for code, content in sorted(
                self.parts.courts.items(), key=lambda item: (item[1]["order"], item[0])
            )
        )

    @cached_property
    def court(self) -> Mapping[str, CourtMonth]:
        return {court.code: court for court in self.courts}

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items of the sides told of, with their rules as the readings in force have them."""
        found = resolved(self.rulebook, {**self.rulebook.defaults, **self.frozen.readings})
        return tuple(item for item in found if item.side.value in self.sides)

    @cached_property
    def item(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    def months_to_date(self, court: CourtMonth) -> Mapping[Month, Figures]:
        """The court's figures of the months told of, up to this one, as this one sees them.

        Of a merged court those of before are of all its parts, or not there where a part is not.
        """
        told = (*self.earlier, self)
        if court.code not in self.keys:
            held = ((one.month, one.court.get(court.code)) for one in told)
            return {month: found.facts.current for month, found in held if found is not None}
        reported = {
            key: {one.month: one.court[code].facts.current for one in told if code in one.court}
            for code, key in self.keys.items()
        }
        return months_seen(self.changes, self.keys[court.code], self.month, reported)

    def of_area(self, area: Area) -> tuple[CourtMonth, ...]:
        """The courts of an area, in order."""
        ranked = self.rulebook.ranked_level
        if area is Area.ALL:
            return self.courts
        is_ranked = area is Area.RANKED
        return tuple(court for court in self.courts if (court.level is ranked) == is_ranked)

    def area_name(self, area: Area, language: str) -> str:
        """What the courts of an area are called together."""
        if area is Area.ALL:
            return self.words.area.get(language) or _("全部法院")
        if area is Area.RANKED:
            return level_name(self.rulebook, self.rulebook.ranked_level)
        others = self.of_area(area)
        if len(others) == 1:
            return others[0].name(language)
        levels = dict.fromkeys(court.level for court in others)
        return enumerated(level_name(self.rulebook, level) for level in levels)

    # --- What stands beside the rules ----------------------------------------------------------

    @cached_property
    def supplements(self) -> tuple[Supplement, ...]:
        return tuple(
            load_supplement(f"{one['code']}.toml", one["text"])
            for one in self.parts.rules["supplements"]
        )

    @cached_property
    def words(self) -> BulletinRules:
        """What bulletins say in the scheme's words; nothing where no supplement says it."""
        said = (one.bulletin for one in self.supplements if one.bulletin is not NO_RULES)
        return next(said, NO_RULES)

    @cached_property
    def better(self) -> Mapping[str, Better]:
        """Which way is good, by item."""
        return {code: way for one in self.supplements for code, way in one.better.items()}

    @cached_property
    def averages(self) -> Mapping[str, Average]:
        """The averages of the year before, by item."""
        return {code: held for one in self.supplements for code, held in one.average.items()}

    @cached_property
    def averages_year(self) -> int:
        return next((one.year for one in self.supplements if one.year is not None), 0)

    def measured_name(self, item: Item, language: str) -> str:
        """What an item measures: what the supplement calls it, else its label.

        An item that is called after a change, such as 再审率降幅, is quoted: its value is none.
        """
        text = self.words.names.get(item.code)
        if text is None and is_change(item):
            return _("“%(item)s”一项的数值") % {"item": item.label.get(language)}
        return (text or item.label).get(language)

    def side_label(self, side: str, language: str) -> str:
        label = next(one.label for one in self.rulebook.sides if one.side == Side(side))
        return label.get(language)


def _held(data: Mapping[str, Any]) -> ItemHeld:
    computed = data["computed"]
    return ItemHeld(
        code=data["item"],
        status=data["status"],
        points=data["points"],
        max_points=data["max_points"],
        value=data["value"],
        exact=None if data["exact"] is None else Fraction(data["exact"]),
        unit=data["unit"],
        target=None if data["target"] is None else Decimal(data["target"]),
        computed=None if computed is None else computed["points"],
    )
