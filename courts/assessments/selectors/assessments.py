"""Owns what the page of given points shows: of one item and month, every court's or one's own.

A constant number of queries. Courts that see their own points only see their own row, its reason
and its history; what was attached is theirs where it is of them alone (`permissions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.assessments.selectors.bounds import bounds_of, bounds_words
from courts.assessments.selectors.given import (
    given_line,
    motion_points,
    points_text,
    stored_points,
)
from courts.frame.choices import Choice
from courts.models import Motion, QualityYear
from courts.motions.kinds import seen_of
from courts.permissions import (
    Account,
    assessed_courts,
    may_assess,
    may_second,
    may_view_assessments,
    may_view_dashboard,
    may_view_motions,
)
from courts.wording.months import month_name
from courts.years.closings import closings_of
from courts.years.selectors.entry_windows import first_moment, month_after
from courts.years.selectors.years import CourtRow, courts_of, rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Item, Rulebook


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One court: the points that count and why, and what waits: `seen` is what to confirm it by.

    `waiting` is the motion's key, 0 for none.
    """

    code: str
    name: str
    points: str
    reason: str
    given_by: str
    confirmed_by: str
    at: datetime | None
    version: int
    bounds: str
    waiting: int = 0
    waiting_points: str = ""
    waiting_reason: str = ""
    seen: str = ""
    may_second: bool = False


@dataclass(frozen=True, slots=True)
class PastAssessment:
    """What was once proposed for a court, and what became of it."""

    pk: int
    court: str
    points: str
    reason: str
    state_label: str
    moved_by: str
    moved_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    objection: str


@dataclass(frozen=True, slots=True)
class AssessmentsPage:
    """The points of one item in one month; no item where the month's rules have none such."""

    item: Item | None
    item_label: str
    month: Month
    month_name: str
    items: tuple[Choice, ...]
    months: tuple[Choice, ...]
    lines: tuple[GivenLine, ...]
    past: tuple[PastAssessment, ...]
    lacking: int
    is_locked: bool
    may_assess: bool
    to_confirm: int
    opens_motions: bool


def assessed_items(rulebook: Rulebook, sides: Iterable[str] | None = None) -> tuple[Item, ...]:
    """The items whose points an office gives, of these sides where any are named."""
    wanted = None if sides is None else frozenset(sides)
    return tuple(
        item
        for item in rulebook.items
        if item.formula.reads_assessed and (wanted is None or item.side.value in wanted)
    )


def assessments_page(user: Account, year: QualityYear, month: int, code: str) -> AssessmentsPage:
    """The page of a month (0: the latest that is over) and an item (the first for another code)."""
    if not may_view_assessments(user, year):
        raise PermissionDenied(_("只有管理部门和有关法院的填报岗可以查看评定分。"))
    of = Month(year.year, month or last_ended(year))
    rulebook = rulebook_of(year, of)
    items = assessed_items(rulebook)
    item = next((one for one in items if one.code == code), items[0] if items else None)
    language = get_language() or ""
    courts = _shown(user, year, item, of)
    motions = [] if item is None else _motions(year, item.code, of.month)
    lines = () if item is None else tuple(_lines(user, year, item, of, courts, motions))
    return AssessmentsPage(
        item=item,
        item_label="" if item is None else item.label.get(language),
        month=of,
        month_name=month_name(of),
        items=tuple(
            Choice(one.code, f"{one.code} {one.label.get(language)}", one is item) for one in items
        ),
        months=tuple(
            Choice(str(number), month_name(Month(year.year, number)), number == of.month)
            for number in range(1, MONTHS_OF_YEAR + 1)
        ),
        lines=lines,
        past=tuple(_past(courts, motions)),
        lacking=sum(not line.points for line in lines),
        is_locked=item is not None and closings_of(year).is_locked(of.month, item.side.value),
        may_assess=item is not None and may_assess(user, year, item.side.value),
        to_confirm=sum(line.may_second for line in lines),
        opens_motions=may_view_motions(user, year) or not may_view_dashboard(user, year),
    )


def last_ended(year: QualityYear, now: datetime | None = None) -> int:
    """The last month of the year that is over, 1 while none is."""
    moment = now or database_clock.now()
    ended = (
        number
        for number in range(MONTHS_OF_YEAR, 0, -1)
        if first_moment(month_after(Month(year.year, number))) <= moment
    )
    return next(ended, 1)


def _shown(user: Account, year: QualityYear, item: Item | None, month: Month) -> list[CourtRow]:
    own = assessed_courts(user, year)
    everybody = may_view_dashboard(user, year)
    return [
        court
        for court in courts_of(year, month)
        if item is not None and court.level in item.points and (everybody or court.pk in own)
    ]


def _lines(
    user: Account,
    year: QualityYear,
    item: Item,
    month: Month,
    courts: list[CourtRow],
    motions: Iterable[Motion],
) -> Iterable[GivenLine]:
    language = get_language() or ""
    stored = stored_points(year, item.code, month.month)
    waiting = {
        motion.data["courts"][0]: motion
        for motion in motions
        if motion.state == Motion.State.WAITING
    }
    bounds = {level: bounds_words(*bounds_of(year, item, month, level)) for level in item.points}
    by_code = {court.code: court for court in courts}
    for court in courts:
        row, motion = stored.get(court.code), waiting.get(court.code)
        line = GivenLine(
            code=court.code,
            name=court.label(language),
            points="" if row is None else points_text(row.points),
            reason="" if row is None else row.reason,
            given_by="" if row is None else str(row.given_by),
            confirmed_by="" if row is None else str(row.confirmed_by or ""),
            at=None if row is None else row.at,
            version=0 if row is None else row.version,
            bounds=bounds[court.level],
        )
        if motion is not None:
            line = replace(
                line,
                waiting=motion.pk,
                waiting_points=motion_points(motion),
                waiting_reason=motion.reason,
                seen=seen_of((given_line(year, motion, by_code, stored),)),
                # What a court objects to is answered on its own page.
                may_second=not motion.objection and may_second(user, motion),
            )
        yield line


def _past(courts: Iterable[CourtRow], motions: Iterable[Motion]) -> Iterable[PastAssessment]:
    language = get_language() or ""
    names = {court.code: court.label(language) for court in courts}
    for motion in motions:
        code = motion.data["courts"][0]
        if code in names:
            yield PastAssessment(
                pk=motion.pk,
                court=names[code],
                points=motion_points(motion),
                reason=motion.reason,
                state_label=motion.get_state_display(),
                moved_by=str(motion.moved_by),
                moved_at=motion.moved_at,
                decided_by=str(motion.decided_by or ""),
                decided_at=motion.decided_at,
                note=motion.note,
                objection=motion.objection,
            )


def _motions(year: QualityYear, item: str, month: int) -> list[Motion]:
    """Every motion about the item in the month, the latest first. One query."""
    rows = Motion.objects.filter(
        quality_year=year, kind=Motion.Kind.ASSESSED, data__item=item
    ).select_related("quality_year__court", "moved_by", "decided_by")
    found = rows.defer("content").order_by("-moved_at", "-pk")
    return [motion for motion in found if motion.data["months"] == [month]]
