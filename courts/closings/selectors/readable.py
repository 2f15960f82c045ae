"""Owns what of a year's months a reader gets: published snapshots, cut to the reader's rows.

Of a month that is not published, and only for who may see it, the same is composed from what
counts now. Where a reader sees the own rows only, means and sums over the ranked courts are
added, if `courts.snapshots.aggregates` lets them pass. Never reads a ballot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from courts import database_clock
from courts.closings.selectors.snapshots import compose, inputs_of, stored
from courts.models import QualityYear, Snapshot
from courts.permissions import (
    Extent,
    Reader,
    extent_of,
    may_read_rows,
    may_view_unpublished,
    own_code,
)
from courts.snapshots import Parts
from courts.snapshots.aggregates import told_mean, told_together
from courts.years.closings import Closings, MonthStanding, SnapshotRow, closings_of
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.rounding import to_text

OPEN_TO_READERS = (MonthStanding.PUBLISHED, MonthStanding.RESTATED)


class NotReadableError(LookupError):
    """The year or month is not there for the reader; the text says so."""


# What the courts of a scheme without ranks are called together.
EVERY = "all"


@dataclass(frozen=True, slots=True)
class ReadableMonth:
    """A month as a reader may have it.

    `published` are the sides that count by a published snapshot, `sides` all that are told;
    `snapshots` the hashes of the former, in the order of the sides.
    """

    month: Month
    published: tuple[str, ...]
    sides: tuple[str, ...]
    snapshots: tuple[str, ...]
    is_restated: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Courts that aggregates are over; `name` is their level, or `EVERY`."""

    name: str
    courts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class MonthContent:
    """A month with the contents of its courts, cut to the reader.

    Means of points and sums of figures are over `group`, the same courts for both: from two groups
    the figures of a single court could be worked out. None for who gets no aggregates.
    """

    month: ReadableMonth
    courts: tuple[Mapping[str, Any], ...]
    group: Group | None
    own: str


def readable_months(reader: Reader, year: QualityYear) -> tuple[ReadableMonth, ...]:
    """The months of the year that the reader may read. A constant number of queries."""
    if extent_of(reader, year) is Extent.NONE:
        return ()
    closings = closings_of(year)
    current = frozenset(months_with_figures(year)) if may_view_unpublished(reader, year) else ()
    found = (
        _readable(closings, month, is_current=month in current)
        for month in (Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1))
    )
    return tuple(one for one in found if one is not None)


def month_content(reader: Reader, year: QualityYear, month: Month) -> MonthContent:
    """What the reader gets of one month; `NotReadableError` when it is not for the reader."""
    readable = next((one for one in readable_months(reader, year) if one.month == month), None)
    if readable is None:
        raise NotReadableError(_("%(month)s没有可以读取的数据。") % {"month": month})
    courts = joined(parts_of(year, month, readable.sides))
    return MonthContent(
        readable,
        tuple(court for court in courts if may_read_rows(reader, year, court["code"])),
        _group(reader, year, month, courts),
        own_code(reader),
    )


def parts_of(year: QualityYear, month: Month, sides: Sequence[str]) -> Mapping[str, Parts]:
    """By what each of the sides counts: its published snapshot, else what counts now."""
    rows = _published(closings_of(year), month)
    rest = [side for side in sides if side not in rows]
    now = compose(inputs_of(year, month), rest, [], data_at=database_clock.now()) if rest else None
    return {side: _stored(rows[side].pk) if side in rows else now for side in sides}  # type: ignore[misc]


def means(content: MonthContent) -> Mapping[str, str | None]:
    """Means of printed points over the group: by side, and `total`; None where there is none.

    Of the total only beside those of all sides: from it and the one the other could be worked out.
    """
    courts = () if content.group is None else content.group.courts
    told: dict[str, str | None] = {}
    for side in content.month.sides:
        told[side] = _mean(
            {one["code"]: one["score"]["halves"].get(side) for one in courts},
            {one["code"]: _most(one["score"], side) for one in courts},
            content.own,
        )
    totals = [court["score"]["total"] for court in courts]
    if not courts or None in totals or None in told.values():
        return told | {"total": None}
    mean = sum((Fraction(Decimal(one)) for one in totals), Fraction()) / len(totals)
    return told | {"total": to_text(mean)}


def _mean(earned: Mapping[str, str | None], most: Mapping[str, Fraction], own: str) -> str | None:
    """The mean of a printed value, rounded half up; None where a court has none."""
    known = {code: Fraction(Decimal(one)) for code, one in earned.items() if one is not None}
    if len(known) < len(earned) or not known:
        return None
    mean = told_mean(known, most, own)
    return None if mean is None else to_text(mean)


def _most(score: Mapping[str, Any], side: str) -> Fraction:
    """The points that a court could have earned on a side."""
    held = (one["max_points"] for one in score["items"] if one["side"] == side)
    return sum((Fraction(Decimal(one)) for one in held), Fraction())


def _readable(closings: Closings, month: Month, *, is_current: bool) -> ReadableMonth | None:
    rows = _published(closings, month)
    sides = closings.sides if is_current else tuple(rows)
    if not sides:
        return None
    return ReadableMonth(
        month=month,
        published=tuple(rows),
        sides=sides,
        snapshots=tuple(dict.fromkeys(row.sha256 for row in rows.values())),
        is_restated=any(row.restates is not None for row in rows.values()),
        is_demo=any(row.is_demo for row in rows.values()),
    )


def _published(closings: Closings, month: Month) -> dict[str, SnapshotRow]:
    """By what each published side of the month counts, in the order of the sides."""
    return {
        side: row
        for side in closings.sides
        if closings.standing(month.month, side) in OPEN_TO_READERS
        and (row := closings.snapshot(month.month, side)) is not None
    }


def _stored(pk: int) -> Parts:
    return stored(Snapshot.objects.get(pk=pk))


def joined(parts: Mapping[str, Parts]) -> tuple[Mapping[str, Any], ...]:
    """The courts with what each side's own snapshot says of them.

    Total and rank stand only where all sides come from one snapshot that has them.
    """
    is_single = len({one.sha256 for one in parts.values()}) == 1
    found: dict[str, dict[str, Any]] = {}
    for side, one in parts.items():
        for code, content in one.courts.items():
            score = content["score"]
            held = found.setdefault(
                code,
                {
                    **{name: content[name] for name in ("code", "names", "level", "order")},
                    "is_demo": False,
                    "facts": dict.fromkeys(("current", "baseline_month", "baseline_annual")),
                    "score": {"items": [], "halves": {}, "total": None, "rank": None},
                    "provisional": False,
                },
            )
            held["is_demo"] |= content["is_demo"]
            held["provisional"] |= score["provisional"]
            own = held["score"]
            own["items"] += [item for item in score["items"] if item["side"] == side]
            own["halves"] |= {key: text for key, text in score["halves"].items() if key == side}
            if is_single:
                own["total"], own["rank"] = score["total"], score["rank"]
            for period in held["facts"]:
                held["facts"][period] = {
                    **(held["facts"][period] or {}),
                    **content["facts"][period],
                }
    return tuple(found.values())


def _group(
    reader: Reader, year: QualityYear, month: Month, courts: Sequence[Mapping[str, Any]]
) -> Group | None:
    """The courts whose sums the reader may have; None for who sees every row anyway."""
    if extent_of(reader, year) is not Extent.OWN:
        return None
    ranked = rulebook_of(year, month).ranked_level
    told = told_together(
        {court["code"]: court["level"] for court in courts}, ranked, own_code(reader)
    )
    return (
        Group(ranked or EVERY, tuple(one for one in courts if one["code"] in told))
        if told
        else None
    )
