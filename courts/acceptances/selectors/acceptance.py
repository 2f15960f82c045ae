"""Owns what the year-end acceptance tells of each court (正文四·3), from December's snapshots.

Where December is not published on both sides the same is told of what counts now, and says so:
nobody signs that. Plain values with words in the active language; nothing of a single ballot.

Long because one court's papers are read in one pass, and all of them make the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts import database_clock
from courts.actions.selectors.told import ToldCourt, told_of_year
from courts.closings.selectors.readable import joined, parts_of
from courts.closings.selectors.snapshots import stored
from courts.figures.selectors.tallies import Tally, tallies
from courts.frame.listing import enumerated
from courts.models import BallotRound, QualityYear, Snapshot, SpecialCase
from courts.snapshots import Parts
from courts.snapshots.canonical import digest
from courts.wording.amounts import level_name, with_unit
from courts.wording.explanations import side_label, status_label
from courts.wording.months import month_name
from courts.years.closings import closings_of
from courts.years.selectors import rule_parts
from courts.years.selectors.rule_parts import BALLOTS
from courts.years.selectors.years import CourtRow, courts_of, rulebook_of, sides_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.results import Status
from scoring.rounding import to_text
from scoring.schema import Item, Rulebook, Unit

SHOWN_OF_HASH = 16


@dataclass(frozen=True, slots=True)
class AcceptedItem:
    """One line of annex 1; `notes` are the numbers of its footnotes."""

    code: str
    label: str
    paragraph: str
    max_points: str
    value: str
    target: str
    points: str
    status: str
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AcceptedSide:
    """One side of annex 1 with its sum."""

    code: str
    label: str
    points: str
    items: tuple[AcceptedItem, ...]


@dataclass(frozen=True, slots=True)
class AcceptedRound:
    """A round of the ballot whose minutes belong to the papers; `mean` is this court's."""

    code: str
    title: str
    month: str
    counted: int
    mean: str
    close_hash: str


@dataclass(frozen=True, slots=True)
class Footnote:
    """A special case behind an item (附件1·五)."""

    number: int
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class AcceptedReading:
    """How an unclear sentence of the notice was read, and who decided it."""

    code: str
    question: str
    option: str
    paragraph: str
    decision: str


@dataclass(frozen=True, slots=True)
class AcceptedRestatement:
    """A month that was restated, and what that did to this court."""

    month: str
    reason: str
    old_sha256: str
    new_sha256: str
    total: str
    rank: str


@dataclass(frozen=True, slots=True)
class SignatureSlot:
    """A part of the papers that other work fills, line by line; `text` where there is nothing."""

    title: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptedCourt:
    """Everything that the acceptance tells of one court."""

    code: str
    name: str
    short_name: str
    order: int
    is_ranked: bool
    total: str
    rank: str
    is_provisional: bool
    is_demo: bool
    sides: tuple[AcceptedSide, ...]
    rounds: tuple[AcceptedRound, ...]
    footnotes: tuple[Footnote, ...]
    restatements: tuple[AcceptedRestatement, ...]
    readings: tuple[AcceptedReading, ...]
    slots: tuple[SignatureSlot, ...]

    @property
    def halves(self) -> tuple[str, ...]:
        return tuple(side.points for side in self.sides)


# What a year's papers leave out where the rules do not have it.
OF_RULES = ("has_total", "has_ranks", "has_ballots", "unranked")


@dataclass(frozen=True, slots=True)
class YearAcceptance:
    """The acceptance of a year; `missing` says what keeps it from being signed.

    `unranked` are sentences on why courts have no rank; none where all have one, or none can.
    """

    code: str
    year: int
    title: str
    root_name: str
    side_labels: tuple[str, ...]
    courts: tuple[AcceptedCourt, ...]
    snapshots: tuple[str, ...]
    data_at: str
    missing: tuple[str, ...]
    is_demo: bool
    has_total: bool
    has_ranks: bool
    has_ballots: bool
    unranked: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The hash of what the papers tell: equal papers have equal ones.

        What the rules have at all is theirs to say, and not what the papers tell.
        """
        told = asdict(self)
        return digest({key: told[key] for key in told if key not in OF_RULES})


def year_acceptance(year: QualityYear) -> YearAcceptance:
    """The papers of all courts of a year. The number of queries grows with its restatements."""
    december = Month(year.year, MONTHS_OF_YEAR)
    parts = parts_of(year, december, sides_of(year))
    missing = tuple(_missing(year))
    first = next(iter(parts.values()))
    rulebook = _rulebook(tuple(sorted(first.rules["sources"].items())))
    if not missing and len({one.sha256 for one in parts.values()}) > 1:
        missing = (_apart(rulebook),)
    language = get_language() or ""
    # Courts that ended before December have their months in the issues of those months.
    listed = courts_of(year, december)
    rows = {court["code"]: court for court in joined(parts)}
    context = _Context(
        rulebook=rulebook,
        language=language,
        cases=_cases(year),
        rounds=_rounds(year),
        tallies=tallies(year),
        restated=_restated(year),
        tells_reasons=year.ranking_shown == QualityYear.RankingShown.FULL,
        readings=_readings(rulebook, first, language),
        told=told_of_year(year),
    )
    courts = tuple(_court(court, rows[court.code], context) for court in listed)
    return YearAcceptance(
        code=year.code,
        year=year.year,
        title=rulebook.title.get(language),
        root_name=_name(next(one for one in listed if one.pk == year.court_id), language),
        side_labels=tuple(share.label.get(language) for share in rulebook.sides),
        courts=courts,
        snapshots=() if missing else tuple(dict.fromkeys(one.sha256 for one in parts.values())),
        # What counts now has no moment of its own that two looks would share.
        data_at="" if missing else max(one.month["data_at"] for one in parts.values()),
        missing=missing,
        is_demo=any(court.is_demo for court in courts),
        has_total=rulebook.has_total,
        has_ranks=rulebook.ranked_level is not None,
        has_ballots=BALLOTS in rule_parts.parts_of(rulebook),
        unranked=tuple(_unranked(rulebook, listed, rows)),
    )


def _apart(rulebook: Rulebook) -> str:
    """What is to be done where the sides of December were told of apart."""
    if rulebook.has_total:
        return _("12月各类别分开通报，还没有总分和名次；须合并通报。")
    return _("12月各类别分开通报；须合并通报。")


def court_acceptance(page: YearAcceptance, code: str) -> AcceptedCourt | None:
    """One court's papers; None where the year assesses no such court."""
    return next((court for court in page.courts if court.code == code), None)


@lru_cache(maxsize=16)
def _rulebook(sources: tuple[tuple[str, str], ...]) -> Rulebook:
    """The rules that a snapshot was scored by, parsed once a process."""
    return scoring.load_sources(dict(sources))


@dataclass(frozen=True, slots=True)
class _Context:
    """What the papers of all courts are made from."""

    rulebook: Rulebook
    language: str
    cases: Mapping[str, Sequence[SpecialCase]]
    rounds: Mapping[str, BallotRound]
    tallies: Mapping[int, Sequence[Tally]]
    restated: Sequence[tuple[Snapshot, Parts, Parts]]
    tells_reasons: bool
    readings: tuple[AcceptedReading, ...]
    told: Mapping[str, ToldCourt]


def _unranked(
    rulebook: Rulebook, listed: Sequence[CourtRow], rows: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Why courts have no rank: by the rulebook's levels, or by a rule for the court alone."""
    ranked = rulebook.ranked_level
    if ranked is None:
        return
    without = {court.level for court in listed if rows[court.code]["score"]["rank"] is None}
    apart = [
        level_name(rulebook, one.level)
        for one in rulebook.levels
        if one.level in without and one.level != ranked
    ]
    values = {"ranked": level_name(rulebook, ranked), "levels": enumerated(apart)}
    if apart:
        yield _("名次只在%(ranked)s之间排列，%(levels)s不参加排名。") % values
    if ranked in without:
        yield _("%(ranked)s中没有名次的，按规则不参加排名。") % values


def _missing(year: QualityYear) -> Iterable[str]:
    """What is to be done before anybody signs. Two queries."""
    closings, rulebook = closings_of(year), rulebook_of(year)
    for month in range(1, MONTHS_OF_YEAR + 1):
        rows = closings.counting(month)
        for side in closings.sides:
            row = rows.get(side)
            is_last = month == MONTHS_OF_YEAR
            if (row is None and is_last) or (row is not None and row.published_at is None):
                place = {
                    "month": month_name(Month(year.year, month)),
                    "side": side_label(rulebook, side),
                }
                yield _("%(month)s%(side)s还没有通报。") % place


def _court(court: CourtRow, row: Mapping[str, Any], context: _Context) -> AcceptedCourt:
    cases = context.cases.get(court.code, ())
    footnotes = tuple(
        Footnote(number, case.item, _case_text(case)) for number, case in enumerate(cases, 1)
    )
    score, items = row["score"], {item["item"]: item for item in row["score"]["items"]}
    by_code = context.rulebook.item_by_code
    sides = tuple(
        AcceptedSide(
            code=share.side.value,
            label=share.label.get(context.language),
            points=score["halves"].get(share.side.value, "—"),
            items=tuple(
                _item(by_code[code], told, footnotes, context.language)
                for code, told in items.items()
                if told["side"] == share.side.value
            ),
        )
        for share in context.rulebook.sides
    )
    return AcceptedCourt(
        code=court.code,
        name=_name(court, context.language),
        short_name=court.label(context.language),
        order=court.order,
        is_ranked=score["rank"] is not None,
        total=score["total"] or "—",
        rank="—" if score["rank"] is None else str(score["rank"]),
        is_provisional=row["provisional"],
        is_demo=row["is_demo"],
        sides=sides,
        rounds=tuple(_round(one, context) for one in context.tallies.get(court.pk, ())),
        footnotes=footnotes,
        restatements=tuple(_restatement(context, court.code, *one) for one in context.restated),
        readings=context.readings,
        slots=_slots(context.told.get(court.code, ToldCourt())),
    )


def _name(court: CourtRow, language: str) -> str:
    return court.full_name(language)


def _item(
    item: Item, told: Mapping[str, Any], footnotes: Sequence[Footnote], language: str
) -> AcceptedItem:
    unit = Unit(told["unit"])
    is_plain = told["status"] == Status.SCORED.value
    return AcceptedItem(
        code=item.code,
        label=item.label.get(language),
        paragraph=item.paragraph,
        max_points="—" if told["max_points"] is None else told["max_points"],
        value="—" if told["value"] is None else with_unit(told["value"], unit),
        target="—"
        if told["target"] is None
        else with_unit(f"{Decimal(told['target']).normalize():f}", unit),
        points="—" if told["points"] is None else told["points"],
        status="" if is_plain else status_label(told["status"]),
        notes=tuple(note.number for note in footnotes if note.item == item.code),
    )


def _cases(year: QualityYear) -> dict[str, list[SpecialCase]]:
    """The decisions that stand, by court, in the order of months. One query."""
    rows = SpecialCase.objects.filter(quality_year=year, state=SpecialCase.State.DECIDED)
    found: dict[str, list[SpecialCase]] = {}
    for case in rows.select_related("court", "quality_year").order_by("month", "pk"):
        found.setdefault(case.court.code, []).append(case)
    return found


def _case_text(case: SpecialCase) -> str:
    computed = "—" if case.computed is None else to_text(case.computed)
    text = _(
        "%(month)s，%(item)s：按数据计%(computed)s分，院党组决定%(points)s分"
        "（%(meeting)s，%(day)s）。理由：%(reasons)s"
    )
    return text % {
        "month": month_name(Month(case.quality_year.year, case.month)),
        "item": case.item,
        "computed": computed,
        "points": to_text(case.points) if case.points is not None else "—",
        "meeting": case.meeting,
        "day": case.meeting_on,
        "reasons": case.reasons,
    }


def _rounds(year: QualityYear) -> dict[str, BallotRound]:
    """The rounds whose sums were taken up, by code. Two queries."""
    rows = BallotRound.objects.filter(quality_year=year, state=BallotRound.State.TALLIED)
    return {row.code: row for row in rows.prefetch_related("events")}


def _round(tally: Tally, context: _Context) -> AcceptedRound:
    row = context.rounds[tally.code]
    closing = next((event.hash for event in row.events.all() if event.kind == "close"), "")
    return AcceptedRound(
        code=row.code,
        title=row.title,
        month=month_name(Month(row.quality_year.year, row.month)),
        counted=tally.counted,
        mean=to_text(tally.points / tally.counted),
        close_hash=closing,
    )


def _restated(year: QualityYear) -> list[tuple[Snapshot, Parts, Parts]]:
    """The published restatements, each with what stood before. One query, and the texts."""
    rows = Snapshot.objects.filter(
        quality_year=year, restates__isnull=False, published_at__isnull=False
    )
    return [
        (row, stored(row.restates), stored(row))
        for row in rows.select_related("restates", "quality_year").order_by("published_at", "pk")
        if row.restates is not None
    ]


def _restatement(
    context: _Context, code: str, row: Snapshot, old: Parts, new: Parts
) -> AcceptedRestatement:
    """What a restatement did to a court; why, where courts may read of each other."""

    def told(parts: Parts, key: str) -> str:
        content = parts.courts.get(code)
        value = None if content is None else content["score"][key]
        return "—" if value is None else str(value)

    return AcceptedRestatement(
        month=month_name(Month(row.quality_year.year, row.month)),
        reason=new.head["reason"] if context.tells_reasons else _changed(code, old, new),
        old_sha256=old.sha256,
        new_sha256=new.sha256,
        total=f"{told(old, 'total')} → {told(new, 'total')}",
        rank=f"{told(old, 'rank')} → {told(new, 'rank')}",
    )


def _changed(code: str, old: Parts, new: Parts) -> str:
    """Whether the court's own data changed: what people wrote may name other courts."""
    facts = [parts.courts.get(code, {}).get("facts") for parts in (old, new)]
    return _("本院数据有更正") if facts[0] != facts[1] else _("本院数据没有变动")


def _readings(rulebook: Rulebook, parts: Parts, language: str) -> tuple[AcceptedReading, ...]:
    """The readings in force in December, with what was decided about them."""
    decided = {one["reading"]: one for one in parts.rules["decisions"]}
    found = []
    for code, value in parts.rules["readings"].items():
        reading = rulebook.reading_by_code[code]
        one = decided.get(code)
        text = _("规则默认")
        if one is not None:
            words = (one["document"], one["decided_on"], one["by"], one["confirmed_by"])
            text = " · ".join(filter(None, words))
        found.append(
            AcceptedReading(
                code=code,
                question=reading.question.get(language),
                option=reading.option(value).label.get(language),
                paragraph=reading.paragraph,
                decision=text,
            )
        )
    return tuple(found)


def _slots(told: ToldCourt) -> tuple[SignatureSlot, ...]:
    """What was supervised and what came of it, and what the court did about it."""
    return (
        SignatureSlot(_("督导检查"), _("本年度没有对本院的督导。"), told.actions),
        SignatureSlot(_("整改措施"), _("本年度没有登记整改措施。"), told.measures),
    )


def day_of(page: YearAcceptance) -> date:
    """The day of the papers: that of the data, or today where nothing is published."""
    if not page.data_at:
        return database_clock.today()
    return timezone.localtime(datetime.fromisoformat(page.data_at)).date()
