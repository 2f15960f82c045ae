"""Recomputing a snapshot from its own rules and facts; no database, no Django, within bounds.

What it proves: the points follow from the facts by the rules, and the hash is that of the text. It
never proves who made the text; only a hash that was published elsewhere does. Of an extract the
withheld courts, ranks, and points that come from other courts' points are not checked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from courts.snapshots import facts as facts_of
from courts.snapshots import scores as scores_of
from courts.snapshots.canonical import SnapshotError, array, record, text
from courts.snapshots.parts import Parts, parse
from scoring.engine import score
from scoring.facts import CourtFacts, Month
from scoring.faults import RulebookError
from scoring.loader import load_sources
from scoring.readings import ReadingError
from scoring.results import Scoreboard, Scorecard, Status
from scoring.rounding import cents
from scoring.schema import Rulebook
from scoring.sums import added_up

MOST_SOURCE_LETTERS = 2_000_000
MOST_COURTS = 2_000


class Unchecked(StrEnum):
    """What a file that withholds parts does not let anybody check."""

    COURTS = "courts"
    RANKS = "ranks"
    PEERS = "peers"


class PartDifference(NamedTuple):
    """A value that the recomputation does not come to; `place` is a path within the part."""

    part: str
    place: str
    held: Any
    found: Any


@dataclass(frozen=True, slots=True)
class Verification:
    """What a file was found to be. `matches` is None where no hash was given to compare with."""

    sha256: str
    matches: bool | None
    month: str
    sides: tuple[str, ...]
    courts: tuple[str, ...]
    items: int
    differences: tuple[PartDifference, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def is_equal(self) -> bool:
        return not self.differences and self.matches is not False


@dataclass(frozen=True, slots=True)
class Frozen:
    """A month as its snapshot holds it, ready to be scored."""

    rulebook: Rulebook
    month: Month
    sides: tuple[str, ...]
    readings: Mapping[str, str]
    facts: tuple[CourtFacts, ...]

    def scored(self, *, decided: bool = True) -> Scoreboard:
        """The scores of the courts whose facts are here."""
        courts = self.facts if decided else [replace(one, decisions={}) for one in self.facts]
        return score(self.rulebook, self.month, courts, self.readings)

    @property
    def is_decided(self) -> bool:
        """Whether any points were decided in place of computed ones."""
        return any(one.decisions for one in self.facts)


def frozen(parts: Parts) -> Frozen:
    """The rules and facts of a snapshot; `SnapshotError` where they are not what they must be."""
    head, rules = parts.month, parts.rules
    record(head, "the month", "month", "sides", "edition")
    record(rules, "the rules", "sources", "readings")
    sources = record(rules["sources"], "the sources")
    if sum(len(text(one, "a source")) for one in sources.values()) > MOST_SOURCE_LETTERS:
        raise SnapshotError("too_much", "the texts of the rules are too long")
    if len(parts.courts) > MOST_COURTS:
        raise SnapshotError("too_much", "too many courts")
    try:
        rulebook = load_sources(sources)
    except RulebookError as error:
        raise SnapshotError("rules", f"the rules cannot be read: {error}") from error
    try:
        month = Month.parse(text(head["month"], "the month"))
    except ValueError as error:
        raise SnapshotError("shape", str(error)) from error
    if month.year != rulebook.year:
        raise SnapshotError("shape", f"the rules assess {rulebook.year}, not {month}")
    known = tuple(share.side.value for share in rulebook.sides)
    sides = tuple(text(one, "a side") for one in array(head["sides"], "sides"))
    if not sides or not set(sides) <= set(known):
        raise SnapshotError("shape", f"the sides are some of {', '.join(known)}")
    facts = []
    for code, content in parts.courts.items():
        record(content, f"the part of {code}", "level", "facts", "score")
        facts.append(
            facts_of.from_json(code, content["level"], content["facts"], rulebook.label_of_level)
        )
    return Frozen(rulebook, month, sides, _readings(rules["readings"]), tuple(facts))


def _readings(data: Any) -> dict[str, str]:
    held = record(data, "readings")
    return {code: text(value, f"the reading {code}") for code, value in held.items()}


def verify(raw: bytes, expected: str | None = None) -> Verification:
    """Recompute every point of a file; `SnapshotError` when it is no snapshot at all."""
    parts = parse(raw)
    month = frozen(parts)
    try:
        board = month.scored()
        bare = month.scored(decided=False) if month.is_decided else None
    except ReadingError as error:
        raise SnapshotError("readings", str(error)) from error
    found = list(_of_rules(parts, month.rulebook))
    cards = {card.court: card for card in board.scorecards}
    bare_cards = {} if bare is None else {card.court: card for card in bare.scorecards}
    items = 0
    for code, content in parts.courts.items():
        items += len(cards[code].items)
        found += _of_court(parts, month, content, cards[code], bare_cards.get(code))
    if parts.peers is not None:
        steps = peers_of(board.scorecards, month.sides)
        found += [
            PartDifference("peers", *one) for one in scores_of.differences(parts.peers, steps)
        ]
    return Verification(
        sha256=parts.sha256,
        matches=None if expected is None else expected.strip().lower() == parts.sha256,
        month=str(month.month),
        sides=month.sides,
        courts=tuple(parts.courts),
        items=items,
        differences=tuple(found),
        unchecked=() if parts.is_whole else tuple(Unchecked),
    )


def peers_of(cards: Sequence[Scorecard], sides: Collection[str]) -> dict[str, Any]:
    """The content of the part `peers`: by court, the whole steps of items that read others."""
    steps = {card.court: scores_of.peer_steps(card, sides) for card in cards}
    return {"steps": {court: of_items for court, of_items in steps.items() if of_items}}


def _of_rules(parts: Parts, rulebook: Rulebook) -> list[PartDifference]:
    edition = record(parts.month["edition"], "the edition", "sha256")
    if edition["sha256"] == rulebook.sha256:
        return []
    return [PartDifference("month", "edition.sha256", edition["sha256"], rulebook.sha256)]


def _of_court(
    parts: Parts,
    month: Frozen,
    content: Mapping[str, Any],
    card: Scorecard,
    bare: Scorecard | None,
) -> list[PartDifference]:
    part = f"court/{card.court}"
    found = []
    for key, scores in (("score", card), ("computed", bare)):
        held = content.get(key)
        again = None if scores is None else scores_of.as_json(scores, month.sides)
        if again is not None and isinstance(held, Mapping) and not parts.is_whole:
            again = _as_far_as_known(month.rulebook, card, again, held)
        found += [PartDifference(part, *one) for one in scores_of.differences(held, again, key)]
    return found


def _as_far_as_known(
    rulebook: Rulebook, card: Scorecard, again: dict[str, Any], held: Mapping[str, Any]
) -> dict[str, Any]:
    """What an extract lets be recomputed, and the rest as it stands: ranks, peers' points."""
    peers = {score.item.code for score in card.items if score.reads_peers}
    again["rank"] = held.get("rank")
    if not peers:
        return again
    stated = {
        one.get("item"): one for one in array(held.get("items"), "items") if isinstance(one, dict)
    }
    again["items"] = [
        stated.get(item["item"], item) if item["item"] in peers else item for item in again["items"]
    ]
    known = _added_up_again(rulebook, card, stated, held)
    summed = scores_of.as_json(known, tuple(again["halves"]))
    again["halves"], again["total"] = summed["halves"], summed["total"]
    if "overrides" in summed:
        again["overrides"] = summed["overrides"]
    else:
        again.pop("overrides", None)
    # Whether another court's points are provisional stands in that court's part alone.
    again["provisional"] = held.get("provisional")
    again["provisional_sides"] = held.get("provisional_sides")
    return again


def _added_up_again(
    rulebook: Rulebook, card: Scorecard, stated: Mapping[Any, Any], held: Mapping[str, Any]
) -> Scorecard:
    """The card with its sums made from the points that the file states for peers' items."""
    items = []
    for one in card.items:
        items.append(one)
        told = stated.get(one.item.code)
        if one.reads_peers and told is not None:
            points = told.get("points")
            items[-1] = one._replace(
                status=_status(told.get("status")),
                cents=None if points is None else _cents(points),
            )
    lacking = held.get("provisional_sides")
    borrowed = [
        side for side in rulebook.share_of if isinstance(lacking, list) and side.value in lacking
    ]
    sums = added_up(rulebook, items, borrowed)
    return card._replace(half_cents=sums.halves, total_cents=sums.total, overrides=sums.overrides)


def _status(text_: Any) -> Status:
    try:
        return Status(text_)
    except ValueError as error:
        raise SnapshotError("shape", f"no status of an item: {text_!r}") from error


def _cents(points: Any) -> int:
    return cents(facts_of.decimal(points, "points"))
