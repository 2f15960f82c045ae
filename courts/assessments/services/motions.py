"""Owns points that an office gives as motions: made with files, told in words, carried out.

A motion is of one court, which sees it with its reason and files, and may object. Points count
once another person of the office confirms them. A closed month refuses them, and they wait as a
restatement (`courts.years.late_acts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.assessments.selectors.bounds import bounds_of, bounds_words
from courts.assessments.selectors.given import given_line, stored_points
from courts.files.attachments import GivenFile, attached
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.frame.texts import stated
from courts.models import Assessment, Motion, MotionFile, QualityYear, User
from courts.models.reviews import LONGEST_REASON
from courts.motions.kinds import MotionKind, MotionLine, months_named, register, stale
from courts.motions.services.motions import confirm, move
from courts.years.month_locks import check_open, hold
from courts.years.selectors.years import CourtRow, courts_of, rulebook_of
from courts.years.voiding import real_input
from scoring.facts import Month
from scoring.schema import Item

# Places after the point of points.
PLACES = 2


@dataclass(frozen=True, slots=True)
class GivenPoints:
    """What an office gives one court: points and why; None takes given points away.

    `seen` is the version of the points that stood there, 0 for none.
    """

    court: str
    points: Decimal | None
    reason: str
    seen: int


@transaction.atomic
def move_assessed(
    *,
    user: User,
    year: QualityYear,
    item: str,
    month: int,
    given: Sequence[GivenPoints],
    files: Sequence[GivenFile] = (),
) -> tuple[Motion, ...]:
    """Propose points of one item and month, a motion for each court; the files go with each.

    `ReturnError` for an item that no office gives points for, for points outside its bounds, and
    where nothing changes.
    """
    found = assessed_item(year, item, month)
    courts = {court.code: court for court in courts_of(year, Month(year.year, month))}
    stored = stored_points(year, item, month)
    motions = []
    for one in given:
        court = courts.get(one.court)
        if court is None or court.level not in found.points:
            raise ReturnError(_("这个考核项不考核“%(court)s”。请另选法院。") % {"court": one.court})
        reason = stated(one.reason, _("请写明评定理由。"), LONGEST_REASON)
        old = stored.get(one.court)
        if (old.version if old else 0) != one.seen:
            raise stale()
        if one.points is not None:
            _check_points(year, found, month, court, one.points)
        elif old is None:
            continue
        if old is not None and (old.points, old.reason) == (one.points, reason):
            continue
        motions.append(
            move(
                user=user,
                year=year,
                kind=Motion.Kind.ASSESSED,
                sides=frozenset({found.side.value}),
                reason=reason,
                data={
                    "item": item,
                    "months": [month],
                    "courts": [one.court],
                    "points": None if one.points is None else f"{one.points:f}",
                    "version": one.seen,
                },
                files=attached(MotionFile, files),
            )
        )
    if not motions:
        raise ReturnError(_("没有要改的内容。请先改动再保存。"))
    return tuple(motions)


def confirm_assessed(*, user: User, year: QualityYear, picks: Sequence[tuple[int, str]]) -> int:
    """Confirm motions by key as the second person, each as it was seen; how many were.

    What a motion is refused for is raised, with its court; those before it stay confirmed.
    Raises `StaleError`.
    """
    rows = Motion.objects.filter(quality_year=year, kind=Motion.Kind.ASSESSED)
    found = rows.select_related("quality_year__court").in_bulk([pk for pk, _seen in picks])
    for pk, seen in picks:
        if pk not in found:
            raise StaleError(_("没有这件事项。请从列表里重新打开。"))
        confirm(user=user, motion=found[pk], seen=seen)
    return len(picks)


def assessed_item(year: QualityYear, code: str, month: int) -> Item:
    """The item of the month's rules; `ReturnError` where no office gives points for it."""
    if not 1 <= month <= 12:
        raise ReturnError(_("月份应在1至12之间。"))
    item = rulebook_of(year, Month(year.year, month)).item_by_code.get(code)
    if item is None or not item.formula.reads_assessed:
        raise ReturnError(_("那个月的规则里，没有由部门评定的这一考核项。"))
    return item


def _check_points(
    year: QualityYear, item: Item, month: int, court: CourtRow, points: Decimal
) -> None:
    exponent = points.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -PLACES:
        raise ReturnError(_("分数最多两位小数。"))
    least, most = bounds_of(year, item, Month(year.year, month), court.level)
    if points < least or (most is not None and points > most):
        language = get_language() or ""
        text = _("%(court)s：%(bounds)s。")
        values = {"court": court.label(language), "bounds": bounds_words(least, most)}
        raise ReturnError(text % values)


def _lines(motion: Motion) -> tuple[MotionLine, ...]:
    year, data = motion.quality_year, motion.data
    month = data["months"][0]
    stored = stored_points(year, data["item"], month)
    courts = {court.code: court for court in courts_of(year, Month(year.year, month))}
    return (given_line(year, motion, courts, stored),)


def _write(motion: Motion, second: User | None) -> None:
    year, data = motion.quality_year, motion.data
    month, code = data["months"][0], data["courts"][0]
    hold(year)
    item = assessed_item(year, data["item"], month)
    check_open(year, [(year.year, month, item.side.value)])
    courts = courts_of(year, Month(year.year, month))
    court = next((one for one in courts if one.code == code), None)
    old = stored_points(year, item.code, month).get(code)
    if court is None or (old.version if old else 0) != data["version"]:
        raise stale()
    before = None if old is None else f"{old.points:f}"
    if data["points"] is not None:
        points = Decimal(data["points"])
        _check_points(year, item, month, court, points)
        _put(motion, second, court, old, points)
    elif old is not None:
        old.delete()
    if second is not None:
        real_input(year, by=motion.moved_by)
        _record(motion, second, before)


def _put(
    motion: Motion,
    second: User | None,
    court: CourtRow,
    old: Assessment | None,
    points: Decimal,
) -> None:
    row = old or Assessment(
        quality_year=motion.quality_year,
        court_id=court.pk,
        item=motion.data["item"],
        month=motion.data["months"][0],
        version=0,
    )
    row.points, row.reason, row.motion = points, motion.reason, motion
    row.given_by, row.confirmed_by, row.at = motion.moved_by, second, database_clock.now()
    row.version += 1
    try:
        row.full_clean()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    row.save()


def _record(motion: Motion, second: User, before: str | None) -> None:
    data = motion.data
    events.record(
        action="assess",
        year=motion.quality_year,
        actor=motion.moved_by,
        reason=motion.reason,
        data={
            "motion": motion.pk,
            "court": data["courts"][0],
            "item": data["item"],
            "month": str(Month(motion.quality_year.year, data["months"][0])),
            "old": before,
            "new": data["points"],
            "confirmed_by": second.username,
        },
    )


register(Motion.Kind.ASSESSED, MotionKind(_lines, _write, months_named))
