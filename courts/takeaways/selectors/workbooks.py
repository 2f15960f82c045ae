"""Owns what goes into the workbook of a month: the closed month's snapshot, else the live scores.

Whoever sees its own points only gets its own court alone: of the others neither figures nor points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.closings.selectors.snapshots import frozen_of, stored
from courts.models import QualityYear, Snapshot
from courts.permissions import Account, Extent, extent_of, own_code
from courts.scores.selectors.scores import month_scores
from courts.snapshots.facts import decimal
from courts.takeaways.workbook.contents import Published, WorkbookContents, WorkbookCourt
from courts.wording.explanations import listed_sides
from courts.wording.months import month_name
from courts.years.closings import SnapshotRow, closings_of
from courts.years.selectors.years import courts_of, edition_of, sides_of
from scoring.facts import CourtFacts, Month
from scoring.results import Context, Status
from scoring.rounding import cents
from scoring.schema import Rulebook, Side


class NoWorkbookError(LookupError):
    """There is no workbook of that court or side."""


@dataclass(frozen=True, slots=True)
class _Month:
    """A month from either source: facts and what was published, by court."""

    context: Context
    facts: Sequence[CourtFacts]
    published: Mapping[str, Published]
    sides: tuple[Side, ...]
    demo: frozenset[str]
    source: str


def contents_for(user: Account, year: QualityYear, month: Month) -> WorkbookContents:
    """The workbook of a month for an account. `NoWorkbookError` for who has no court in it."""
    if extent_of(user, year) is Extent.ALL:
        return workbook_contents(year, month)
    return workbook_contents(year, month, court=own_code(user))


def workbook_contents(
    year: QualityYear, month: Month, *, court: str | None = None, side: str = ""
) -> WorkbookContents:
    """The workbook of a month: of all courts, or of one without what comes from the others.

    `side` asks for a side that was closed alone.
    """
    language = get_language() or ""
    names = {row.code: row.label(language) for row in courts_of(year, month)}
    if court is not None and court not in names:
        raise NoWorkbookError(_("这个月不考核“%(court)s”。请另选法院或月份。") % {"court": court})
    found = _of_month(year, month, side)
    # A level without items has nothing to work out.
    assessed = found.context.rulebook.items_of
    wanted = [
        facts for facts in found.facts if court in (None, facts.court) and assessed(facts.level)
    ]
    if not wanted:
        raise NoWorkbookError(_("这套规则不考核这个法院。请另选法院。"))
    edition = edition_of(year, month)
    return WorkbookContents(
        title=_("%(month)s考核得分验算") % {"month": month_name(month)},
        about=[
            (_("数据来源"), found.source),
            (_("质量年"), str(year)),
            (_("规则版本"), str(edition)),
            (_("规则校验值"), found.context.rulebook.sha256),
            (_("导出时间"), f"{timezone.localtime(database_clock.now()):%Y-%m-%d %H:%M}"),
        ],
        context=found.context,
        courts=[
            WorkbookCourt(names.get(facts.court, facts.court), facts, found.published[facts.court])
            for facts in wanted
        ],
        sides=found.sides,
        language=language,
        hides_peers=court is not None,
        is_demo=any(facts.court in found.demo for facts in wanted),
    )


def _of_month(year: QualityYear, month: Month, side: str) -> _Month:
    counting = closings_of(year).counting(month.month)
    if side:
        row = counting.get(side)
        if row is None:
            raise NoWorkbookError(_("这个月的这一类别还没有关账。请等管理部门关账。"))
        return _frozen(row, (Side(side),))
    rows = set(counting.values())
    known = sides_of(year, month)
    if len(counting) == len(known) and len(rows) == 1:
        return _frozen(rows.pop(), known)
    return _live(year, month, tuple(counting))


def _frozen(row: SnapshotRow, sides: tuple[Side, ...]) -> _Month:
    """The month as a snapshot has it."""
    snapshot = Snapshot.objects.get(pk=row.pk)
    held, parts = frozen_of(snapshot), stored(snapshot)
    is_whole = set(sides) == set(held.rulebook.share_of)
    return _Month(
        context=held.scored().context,
        facts=held.facts,
        published={
            code: _published(content["score"], is_whole=is_whole)
            for code, content in parts.courts.items()
        },
        sides=sides,
        demo=frozenset(code for code, content in parts.courts.items() if content["is_demo"]),
        source=_("关账后的快照 %(hash)s（%(at)s）")
        % {"hash": row.sha256, "at": _moment(row.made_at)},
    )


def _published(score: Mapping[str, Any], *, is_whole: bool) -> Published:
    items = {
        item["item"]: (Status(item["status"]), _cents(item["points"])) for item in score["items"]
    }
    return Published(
        items,
        _cents(score["total"]) if is_whole else None,
        score["rank"] if is_whole else None,
    )


def _cents(points: str | None) -> int | None:
    return None if points is None else cents(decimal(points, "points"))


def _live(year: QualityYear, month: Month, closed: Sequence[str]) -> _Month:
    """The month as the pages show it: sides that are closed as they were, others as they stand."""
    scores = month_scores(year, month)
    cards = scores.scoreboard.scorecards
    return _Month(
        context=scores.scoreboard.context,
        facts=[card.items[0].facts for card in cards],
        published={card.court: Published.of(card) for card in cards},
        sides=tuple(scores.scoreboard.context.rulebook.share_of),
        demo=scores.demo,
        source=_live_source(closed, scores.scoreboard.context.rulebook),
    )


def _live_source(closed: Sequence[str], rulebook: Rulebook) -> str:
    """What stands in the numbers of a month that is not closed as one."""
    if not closed:
        return _("尚未关账：按现在的数据计算，通报以关账后的快照为准")
    names = listed_sides(rulebook, closed)
    return _("%(sides)s已关账，按关账时的数据；其余按现在的数据计算") % {"sides": names}


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
