"""Owns what the figures of one return do to points and rank; the engine computes both sides.

*Before* is what counts now, the verified figures of every court; *after* is the same with the
figures of the slot put in, nothing else changed. Rank and totals of others never come from figures
that are not verified. Where an extract of the case systems prevails, it does so in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import get_language

import scoring
from courts.figures.selectors.extracts import Extracts
from courts.figures.selectors.facts import Gathered, gather
from courts.frame.remembered import remembered, remembered_rows, stamp_of_page
from courts.models import QualityYear
from courts.permissions import Basis
from courts.scores.selectors.boards import board_of
from courts.wording.amounts import most_text
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import rulebook_of
from scoring.facts import CourtFacts, Month
from scoring.results import Scoreboard, Scorecard
from scoring.rounding import to_text
from scoring.schema import Item


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One item. Points are texts, None where there are none; `last_month` what it had then."""

    code: str
    short: str
    label: str
    full: str
    last_month: str | None
    before: str | None
    after: str | None
    status: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Effect:
    """The items that the figures of this return drive, and what it comes to."""

    items: tuple[EffectLine, ...]
    half_before: str
    half_after: str
    total_before: str
    total_after: str
    rank_before: int | None
    rank_after: int | None
    shows_places: bool
    is_demo: bool
    has_total: bool = True


def effect(slot: Slot, figures: Mapping[str, int] | None = None, *, shows_places: bool) -> Effect:
    """The points with the figures as stored, or with those given. Ten queries at most.

    A place that answers to figures as they are typed tells other courts' totals: an account that
    sees its own points only gets none.
    """
    month, code = slot.month, slot.court.code
    base = remembered(
        stamp_of_page(), ("effects", slot.year.pk, month), lambda: _base(slot.year, month)
    )
    if figures is None:
        figures = _stored(slot)
    gathered = base.gathered
    facts = gathered.facts[month]
    tried = [
        _with(slot, court, figures, gathered.extracts) if court.court == code else court
        for court in facts
    ]
    now = base.now.court(code)
    is_as_counted = tried == list(facts)
    board = (
        base.now if is_as_counted else scoring.score(slot.rulebook, month, tried, base.now.readings)
    )
    then = board.court(code)
    cards = base.earlier.scorecards if base.earlier else ()
    # A court that is new had no month before.
    last = next((card for card in cards if card.court == code), None)
    return Effect(
        items=tuple(
            _line(score.item, last, now, then) for score in then.items if _drives(slot, score.item)
        ),
        half_before=to_text(now.half(slot.side)),
        half_after=to_text(then.half(slot.side)),
        total_before=to_text(now.total),
        total_after=to_text(then.total),
        rank_before=now.rank if shows_places else None,
        rank_after=then.rank if shows_places else None,
        shows_places=shows_places and slot.rulebook.ranked_level is not None,
        has_total=slot.rulebook.has_total,
        is_demo=any(gathered.demo[one] for one in gathered.facts),
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """What counts now of a month and the one before, for all courts; `earlier` None in January."""

    gathered: Gathered
    now: Scoreboard
    earlier: Scoreboard | None


def _base(year: QualityYear, month: Month) -> _Base:
    months = [month] if month.previous is None else [month.previous, month]
    gathered = gather(year, months, Basis.VERIFIED)
    boards = []
    for one in months:
        rulebook = rulebook_of(year, one)
        readings = readings_in_force(year, one, rulebook)
        boards.append(board_of(rulebook, one, gathered.facts[one], readings))
    return _Base(gathered, boards[-1], boards[0] if len(boards) > 1 else None)


def _stored(slot: Slot) -> dict[str, int]:
    row = slot.row()
    if row is None:
        return {}
    figures = remembered_rows(
        ("figures of", row.pk),
        lambda: row.figures.filter(value__isnull=False).order_by().values_list("metric", "value"),
    )
    return {metric: value for metric, value in figures if value is not None}


def _with(
    slot: Slot, court: CourtFacts, figures: Mapping[str, int], extracts: Extracts
) -> CourtFacts:
    """The court with the figures of this side in place of those that count."""
    taken = extracts.over(slot.court.pk, slot.month, {slot.side.value}, figures)
    metrics = slot.rulebook.metrics
    others = {
        code: value
        for code, value in court.current.items()
        if code in metrics and metrics[code].side is not slot.side
    }
    return replace(court, current=others | taken.figures)


def _drives(slot: Slot, item: Item) -> bool:
    metrics = slot.rulebook.metrics
    return any(metrics[code].side is slot.side for code in item.metrics)


def _line(item: Item, last: Scorecard | None, now: Scorecard, then: Scorecard) -> EffectLine:
    language = get_language() or ""
    score = then.item(item.code)
    return EffectLine(
        code=item.code,
        short=item.short.get(language),
        label=item.label.get(language),
        full=most_text(score.cap),
        last_month=_points(last, item),
        before=_points(now, item),
        after=_points(then, item),
        status=score.status.value,
    )


def _points(card: Scorecard | None, item: Item) -> str | None:
    # Last month's rules may not have had the item.
    known = card is not None and item.code in {score.item.code for score in card.items}
    points = card.item(item.code).points if card is not None and known else None
    return None if points is None else to_text(points)
