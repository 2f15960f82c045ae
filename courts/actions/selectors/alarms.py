"""Owns raising alarms on the figures of a month, by the rules of the scheme.

Verified figures alone count; every month stands by the rules that were in force for it. Nothing is
written: an alarm is there as long as the figures raise it. Never says why: a cause is for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import scoring
from courts.actions.selectors.registers import register_gaps
from courts.figures.selectors.caps_in_force import caps_in_force
from courts.figures.selectors.facts import Gathered
from courts.frame.remembered import remembered
from courts.outlooks.selectors.outlooks import chance_text
from courts.reviews.selectors.completeness import CompletenessCell, completeness
from courts.scores.selectors.kept_scores import board_in, gathered_to
from courts.years.selectors.entry_windows import local_day
from courts.years.selectors.periods import Period
from courts.years.selectors.supervision import supervision_of
from courts.years.selectors.years import CourtRow, rulebook_of
from scoring.caps import capped_metrics
from scoring.facts import CourtFacts, Month
from scoring.outlook import known_of, project
from scoring.rates import MONTHS_OF_YEAR, PERCENT
from scoring.results import ItemScore, Scoreboard
from scoring.schema import Rulebook, Side
from scoring.seasons import Season
from scoring.supervision import ProposalKind, ProposalRule
from scoring.trace import target_text


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: of which kind, on which court and what, and the figures behind it.

    `values` are plain: they are kept with what was decided, and made into a sentence.
    """

    kind: ProposalKind
    court: CourtRow
    side: str
    subject: str
    month: Month
    values: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The alarm among those of its month."""
        return f"{self.kind.code}:{self.court.code}:{self.side}:{self.subject}"


@dataclass(frozen=True, slots=True)
class _AlarmGround:
    """What the rules look at."""

    period: Period
    rulebook: Rulebook
    gathered: Gathered
    boards: Mapping[Month, Scoreboard]
    now: datetime

    @property
    def month(self) -> Month:
        return self.period.month

    def facts(self, month: Month) -> Sequence[CourtFacts]:
        return self.gathered.facts[month]

    def courts(self) -> Iterator[tuple[CourtRow, CourtFacts]]:
        """The courts with their facts of the month, in the order of the notice."""
        return zip(self.gathered.courts, self.facts(self.month), strict=True)


def alarms(period: Period, now: datetime) -> tuple[Alarm, ...]:
    """Every alarm of a month, rule by rule, courts in the order of the notice.

    A constant number of queries. The period is one of verified figures.
    """
    return remembered(
        period.stamp,
        ("alarms", period.year.pk, period.basis, period.month, local_day(now)),
        lambda: _alarms(period, now),
    )


def _alarms(period: Period, now: datetime) -> tuple[Alarm, ...]:
    gathered = gathered_to(period)
    months = [Month(period.month.year, number) for number in range(1, period.month.month + 1)]
    seen = _AlarmGround(
        period=period,
        rulebook=rulebook_of(period.year, period.month),
        gathered=gathered,
        boards={month: board_in(period, gathered, month) for month in months},
        now=now,
    )
    kinds = supervision_of(period.year).proposals
    return tuple(alarm for kind in kinds for alarm in _FINDERS[kind.rule](seen, kind))


def _alarm(
    seen: _AlarmGround, kind: ProposalKind, court: CourtRow, side: Side, subject: str, **values: Any
) -> Alarm:
    said = {"rule": kind.rule.value, "subject": subject, "side": side.value, **values}
    return Alarm(kind, court, side.value, subject, seen.month, said)


def _cap_in_danger(seen: _AlarmGround, kind: ProposalKind) -> Iterator[Alarm]:
    """Courts whose year ends over the cap with at least that chance, in percent. One query."""
    rule = seen.rulebook.caps
    if rule is None:
        return
    item, codes = seen.rulebook.item_by_code[rule.item], capped_metrics(seen.rulebook)
    caps = caps_in_force(seen.period.year, seen.month)
    season = Season(seen.rulebook, seen.month, seen.gathered.facts[seen.month])
    for court, facts in seen.courts():
        known, cap = known_of(seen.rulebook, season, facts, codes), caps.get(court.pk)
        if known is None or cap is None:
            continue
        found = project(season, known, cap.cap_cases)
        risk = found.risk or 0.0
        if PERCENT * risk < kind.at_least:
            continue
        yield _alarm(
            seen,
            kind,
            court,
            item.side,
            item.code,
            cases=known.to_date,
            cap=cap.cap_cases,
            low=found.low,
            high=found.high,
            risk=chance_text(risk),
        )


def _target_missed(seen: _AlarmGround, kind: ProposalKind) -> Iterator[Alarm]:
    """Items that missed their target in at least that many months in a row."""
    for court, _facts in seen.courts():
        for score in seen.boards[seen.month].court(court.code).items:
            months = months_missed(seen.boards, seen.month, court.code, score.item.code)
            if months >= kind.at_least:
                yield _alarm(
                    seen,
                    kind,
                    court,
                    score.item.side,
                    score.item.code,
                    months=months,
                    value=score.value_text or "",
                    target="" if score.target is None else target_text(score.target),
                    unit=score.unit.value,
                )


def months_missed(boards: Mapping[Month, Scoreboard], month: Month, court: str, item: str) -> int:
    """In how many months in a row, up to this one, the court missed the item's target."""
    number = 0
    at: Month | None = month
    while at is not None and at in boards:
        cards = (card for card in boards[at].scorecards if card.court == court)
        scores = (one for card in cards for one in card.items)
        score = next((one for one in scores if one.item.code == item), None)
        if score is None or not is_missed(score):
            break
        number, at = number + 1, at.previous
    return number


def is_missed(score: ItemScore) -> bool:
    """Whether a value is held against a target and falls short of it."""
    return any(one.is_target and one.met is False for one in score.measured)


def _rank_fallen(seen: _AlarmGround, kind: ProposalKind) -> Iterator[Alarm]:
    """Courts that lost at least that many places since the month before."""
    before = seen.month.previous
    if before is None:
        return
    known = {facts.court for facts in seen.facts(before) if facts.current}
    for court, _facts in seen.courts():
        if court.code not in known:
            continue
        rank = seen.boards[seen.month].court(court.code).rank
        earlier = seen.boards[before].court(court.code).rank
        if rank is None or earlier is None:
            continue
        if rank - earlier >= kind.at_least:
            side = _weaker_side(seen, before, court)
            yield _alarm(
                seen, kind, court, side, "", before=earlier, rank=rank, places=rank - earlier
            )


def _weaker_side(seen: _AlarmGround, before: Month, court: CourtRow) -> Side:
    """The side that lost more points since, the first of the rulebook where both lost alike."""
    now = seen.boards[seen.month].court(court.code)
    then = seen.boards[before].court(court.code)
    return min(
        (one.side for one in seen.rulebook.sides), key=lambda side: now.half(side) - then.half(side)
    )


def _overdue(seen: _AlarmGround, kind: ProposalKind) -> Iterator[Alarm]:
    """Courts with returns overdue by at least that many days, one alarm a side."""
    state = completeness(seen.period.year, seen.now, with_filled=False)
    late: dict[tuple[str, Side], list[CompletenessCell]] = {}
    for cell in state.to_remind:
        if cell.month <= seen.month and cell.days >= kind.at_least:
            late.setdefault((cell.court.code, cell.side), []).append(cell)
    for court in seen.gathered.courts:
        for side in seen.rulebook.share_of:
            cells = late.get((court.code, side), [])
            if cells:
                yield _alarm(
                    seen,
                    kind,
                    court,
                    side,
                    "",
                    count=len(cells),
                    month=min(cell.month.month for cell in cells),
                    days=max(cell.days for cell in cells),
                )


def _unlikely(seen: _AlarmGround, kind: ProposalKind) -> Iterator[Alarm]:
    """Figures far outside what last year and the months before make likely.

    None of a court with fewer of them than the rule asks for.
    """
    for court, facts in seen.courts():
        found = list(scoring.unlikely(seen.rulebook, seen.month, _months_of(seen, court, facts)))
        if len(found) < kind.at_least:
            continue
        for one in found:
            side = seen.rulebook.metrics[one.metric].side
            yield _alarm(
                seen, kind, court, side, one.metric, value=one.value, low=one.low, high=one.high
            )


def _months_of(
    seen: _AlarmGround, court: CourtRow, facts: CourtFacts
) -> dict[Month, Mapping[str, int]]:
    """Figures of one court by month: those of the year, and of the baseline year."""
    baseline = seen.rulebook.baseline_year
    found: dict[Month, Mapping[str, int]] = {}
    if facts.baseline_annual:
        found[Month(baseline, MONTHS_OF_YEAR)] = facts.baseline_annual
    if facts.baseline_month:
        found[Month(baseline, seen.month.month)] = facts.baseline_month
    for month in seen.boards:
        current = seen.gathered.seen_figures(court, month, seen.month)
        if current:
            found[month] = current
    return found


def _register_differs(seen: _AlarmGround, kind: ProposalKind) -> Iterator[Alarm]:
    """Figures from which a register differs by at least that many cases."""
    courts = {court.code: court for court in seen.gathered.courts}
    for gap in register_gaps(seen.period.year, seen.month, seen.gathered.courts):
        if abs(gap.figure - gap.lines) < kind.at_least or gap.court not in courts:
            continue
        side = seen.rulebook.metrics[gap.metric].side
        yield _alarm(
            seen, kind, courts[gap.court], side, gap.metric, figure=gap.figure, lines=gap.lines
        )


_FINDERS: Mapping[ProposalRule, Callable[[_AlarmGround, ProposalKind], Iterator[Alarm]]] = {
    ProposalRule.CAP_IN_DANGER: _cap_in_danger,
    ProposalRule.TARGET_MISSED: _target_missed,
    ProposalRule.RANK_FALLEN: _rank_fallen,
    ProposalRule.OVERDUE: _overdue,
    ProposalRule.UNLIKELY: _unlikely,
    ProposalRule.REGISTER_DIFFERS: _register_differs,
}
