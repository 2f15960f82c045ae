"""Owns making the snapshot of a month from the database, and reading those that were stored.

Everything a month counts by is read once (`inputs_of`) and put into parts (`compose`); nothing is
stored here. A restatement composes from inputs read after its change. A constant number of queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from courts.figures.selectors.caps_in_force import caps_in_force
from courts.figures.selectors.facts import gather
from courts.models import Closing, MonthlyReturn, QualityYear, RulebookEdition, Snapshot
from courts.permissions import Basis
from courts.scores.selectors.scores import month_scores
from courts.snapshots import Parts, made
from courts.snapshots import facts as facts_of
from courts.snapshots import scores as scores_of
from courts.snapshots.canonical import composed
from courts.snapshots.inputs import Contents, apart
from courts.snapshots.parts import COURT, MONTH, REASONS, RULES
from courts.snapshots.verification import Frozen, peers_of
from courts.years.court_changes import court_names
from courts.years.frozen import hold
from courts.years.selectors.counted_months import STATES
from courts.years.selectors.readings import AdoptedReading, decision_in_force, readings_in_force
from courts.years.selectors.supplements import in_force
from courts.years.selectors.years import CourtRow, edition_of, levels_reading_peers, rulebook_in
from scoring.facts import CourtFacts, Month
from scoring.results import Scorecard
from scoring.schema import Rulebook

CAP_FIELDS = ("baseline_cases", "reduction_cases", "cap_cases", "from_month")


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a month counts by. Caps and returns by court code, returns then by side."""

    year: QualityYear
    month: Month
    edition: RulebookEdition
    rulebook: Rulebook
    courts: tuple[CourtRow, ...]
    facts: tuple[CourtFacts, ...]
    demo: frozenset[str]
    readings: Mapping[str, str]
    decisions: tuple[AdoptedReading, ...]
    supplements: tuple[Mapping[str, Any], ...]
    caps: Mapping[str, Mapping[str, int]]
    returns: Mapping[str, Mapping[str, Mapping[str, Any]]]
    before: Mapping[str, Scorecard]


def inputs_of(year: QualityYear, month: Month, *, with_before: bool = True) -> Inputs:
    """What the month counts by as the data stand now, closed or not.

    Without `with_before` the month before, which no points come from, is not scored.
    """
    edition = edition_of(year, month)
    rulebook = rulebook_in(edition)
    gathered = gather(year, [month], Basis.VERIFIED, live=True)
    facts = tuple(gathered.facts[month])
    demo = gathered.demo[month]
    if demo:
        levels = levels_reading_peers(rulebook)
        demo |= {court.code for court in gathered.courts if court.level in levels}
    decided = (decision_in_force(year, month, code, rulebook) for code in rulebook.defaults)
    return Inputs(
        year=year,
        month=month,
        edition=edition,
        rulebook=rulebook,
        courts=gathered.courts,
        facts=facts,
        demo=demo,
        readings=readings_in_force(year, month, rulebook),
        decisions=tuple(one for one in decided if one is not None),
        supplements=_supplements(year),
        caps=_caps(year, month, gathered.courts),
        returns=_returns(year, month, gathered.courts),
        before=_before(year, month) if with_before else {},
    )


def compose(
    inputs: Inputs,
    sides: Sequence[str],
    closings: Iterable[Closing],
    *,
    data_at: datetime,
    restates: Snapshot | None = None,
    reason: str = "",
) -> Parts:
    """The parts of a snapshot of these sides; scores are computed here, from the inputs alone.

    `closings` are the rows of the sides with their people; `restates` and `reason` are of a
    restatement.
    """
    rulebook, month = inputs.rulebook, inputs.month
    listed = [share.side.value for share in rulebook.sides if share.side.value in sides]
    facts = tuple(facts_of.of_sides(one, rulebook, listed) for one in inputs.facts)
    scorer = Frozen(rulebook, month, tuple(listed), inputs.readings, facts)
    cards = {card.court: card for card in scorer.scored().scorecards}
    bare = scorer.scored(decided=False).scorecards if scorer.is_decided else ()
    computed = {card.court: card for card in bare}
    head, written = apart(_head(inputs, listed, closings, data_at, restates, reason))
    parts: list[tuple[str, Mapping[str, Any]]] = [
        (MONTH, head),
        (REASONS, written),
        (RULES, _rules(inputs)),
    ]
    for court, own in zip(inputs.courts, facts, strict=True):
        before = inputs.before.get(court.code)
        parts.append(
            (
                f"court/{court.code}",
                {
                    "code": court.code,
                    "names": {
                        "short": court.short_name,
                        "name": court.name,
                        "ko": court.name_ko,
                    },
                    "level": court.level.value,
                    "order": court.order,
                    "is_demo": court.code in inputs.demo,
                    "facts": facts_of.as_json(own),
                    "sources": _sources(own, month),
                    "returns": {
                        side: inputs.returns.get(court.code, {}).get(side) for side in listed
                    },
                    "cap": inputs.caps.get(court.code),
                    "score": scores_of.as_json(cards[court.code], listed),
                    "computed": scores_of.as_json(computed[court.code], listed)
                    if court.code in computed
                    else None,
                    "before": None if before is None else scores_of.standing(before, listed),
                },
            )
        )
    parts.append(("peers", peers_of(tuple(cards.values()), listed)))
    return made(parts)


def inputs_within(inputs: Inputs, sides: Sequence[str]) -> Contents:
    """What a snapshot of these sides says of its inputs, in its own shape; nothing is scored."""
    rulebook = inputs.rulebook
    listed = [share.side.value for share in rulebook.sides if share.side.value in sides]
    contents: dict[str, Any] = {
        RULES: _rules(inputs),
        **{
            COURT + court.code: {
                "facts": facts_of.as_json(facts_of.of_sides(facts, rulebook, listed)),
                "cap": inputs.caps.get(court.code),
            }
            for court, facts in zip(inputs.courts, inputs.facts, strict=True)
        },
    }
    return {name: composed(content) for name, content in contents.items()}


def stored(snapshot: Snapshot) -> Parts:
    """The parts of a stored snapshot; parsed once a process for each hash."""
    return hold(snapshot.sha256, snapshot.text).parts


def frozen_of(snapshot: Snapshot) -> Frozen:
    """The rules and facts of a stored snapshot, ready to be scored."""
    return hold(snapshot.sha256, snapshot.text).frozen


def _head(
    inputs: Inputs,
    sides: Sequence[str],
    closings: Iterable[Closing],
    data_at: datetime,
    restates: Snapshot | None,
    reason: str,
) -> dict[str, Any]:
    root = inputs.year.court
    short_name, name, name_ko, _name_en = court_names(inputs.year, root, inputs.month)
    return {
        "year": inputs.year.code,
        "number": inputs.year.year,
        "month": str(inputs.month),
        "baseline_year": inputs.rulebook.baseline_year,
        "sides": list(sides),
        "prefecture": {
            "code": root.code,
            "names": {"short": short_name, "name": name, "ko": name_ko},
        },
        "closings": [
            {
                "side": one.side,
                "number": one.number,
                "by": str(one.by),
                "at": one.at.isoformat(),
                "gaps": one.gaps,
                "reason": one.reason,
            }
            for one in closings
        ],
        "data_at": data_at.isoformat(),
        "edition": {
            "code": inputs.edition.code,
            "title": inputs.edition.title,
            "sha256": inputs.edition.sha256,
        },
        "ranking_shown": inputs.year.ranking_shown,
        "is_demo": bool(inputs.demo),
        "restates": None if restates is None else restates.sha256,
        "reason": reason,
    }


def _rules(inputs: Inputs) -> dict[str, Any]:
    return {
        "sources": dict(inputs.edition.sources),
        "readings": dict(inputs.readings),
        "decisions": [
            {
                "reading": one.reading,
                "number": one.number,
                "value": one.value,
                "from_month": one.from_month,
                "note": one.note,
                "document": one.document,
                "decided_on": one.decided_on.isoformat(),
                "by": one.by,
                "confirmed_by": one.confirmed_by,
            }
            for one in inputs.decisions
        ],
        "supplements": [dict(one) for one in inputs.supplements],
    }


def _sources(facts: CourtFacts, month: Month) -> dict[str, str]:
    """Where each figure of the month came from: the court's return, or the systems' extract."""
    replaced = facts.replaced.get(str(month), {})
    return {code: "extract" if code in replaced else "return" for code in facts.current}


def _supplements(year: QualityYear) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"code": row.code, "version": row.version, "sha256": row.sha256, "text": row.text}
        for row in in_force([year])[year.pk].values()
    )


def _caps(
    year: QualityYear, month: Month, courts: Collection[CourtRow]
) -> dict[str, dict[str, int]]:
    caps = caps_in_force(year, month)
    return {
        court.code: {name: getattr(caps[court.pk], name) for name in CAP_FIELDS}
        for court in courts
        if court.pk in caps
    }


def _returns(
    year: QualityYear, month: Month, courts: Collection[CourtRow]
) -> dict[str, dict[str, dict[str, Any]]]:
    """How the month's returns stand, also those that do not count."""
    codes = {court.pk: court.code for court in courts}
    rows = MonthlyReturn.objects.filter(
        Q(court__in=codes), year=year.year, month=month.month
    ).select_related("submitted_by", "verified_by")
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows.order_by("court__order", "side"):
        found.setdefault(codes[row.court_id], {})[row.side] = {
            "state": row.state,
            "origin": row.origin,
            "counts": row.state in STATES[Basis.VERIFIED] or row.verified_figures is not None,
            "submitted_by": str(row.submitted_by or ""),
            "submitted_at": row.submitted_at and row.submitted_at.isoformat(),
            "verified_by": str(row.verified_by or ""),
            "verified_at": row.verified_at and row.verified_at.isoformat(),
        }
    return found


def _before(year: QualityYear, month: Month) -> Mapping[str, Scorecard]:
    """The courts with figures in the month before, as they stood then."""
    if month.previous is None:
        return {}
    cards = month_scores(year, month.previous).scoreboard.scorecards
    return {card.court: card for card in cards if any(score.facts.current for score in card.items)}
