"""The registry of formulas by the name a rulebook gives them, and the two short ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from scoring import sentences, trace
from scoring.drops import Drop, RateDrop
from scoring.facts import Ballots, CourtFacts
from scoring.formula import Formula
from scoring.printed import leading_to
from scoring.rates import PERCENT, Ratio, total
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import cents, half_up, rounded
from scoring.schema import (
    BallotRule,
    ConditionsRule,
    DropRule,
    Item,
    Level,
    Mean,
    PeerMeanRule,
    RateDropRule,
    Rulebook,
    TargetRule,
    Unit,
)
from scoring.sentences import Amount, Sentence
from scoring.targets import Conditions, Target


class Ballot(Formula[BallotRule]):
    """The mean of the anonymous ballots (附件1·二·7)."""

    unit = Unit.POINTS

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        tally = facts.ballots
        if tally is None:
            return self._null(facts, context, Status.PENDING)
        mean = cents(Fraction(tally.points) / tally.count)
        return self._scored(facts, context, min(self.full, mean), tally)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def value(self, working: Ballots) -> Fraction | None:
        return Fraction(working.points) / working.count

    def explain(self, score: ItemScore) -> Iterator[Step]:
        tally: Ballots | None = score.working
        if tally is not None and score.cents is not None:
            yield trace.ballots(tally.count, Fraction(tally.points))
            mean = Fraction(tally.points) * PERCENT / tally.count
            yield trace.points(Ratio.of(mean), self.full, score.cents)
        yield from self._unscored_steps(score, ())


class PeerWorking(NamedTuple):
    """The courts of the mean with cents and weight; `earned` is in cents, before rounding."""

    courts: tuple[tuple[str, int, int | None], ...]
    mean: Fraction
    weighted: bool
    earned: Ratio


class PeerMean(Formula[PeerMeanRule]):
    """A share of the mean that the grassroots courts earn on the same side (附件1·四(一)3).

    The points of other courts come in through `over`, once they are known; a court of whose
    weights a figure is missing weighs nothing, and where nothing weighs the plain mean is taken.
    """

    unit = Unit.POINTS

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        """Without other courts there is no mean."""
        return self._null(facts, context, Status.NO_DENOMINATOR)

    def over(
        self, facts: CourtFacts, context: Context, halves: Sequence[tuple[CourtFacts, int]]
    ) -> ItemScore:
        """Score from the halves, in cents, of the courts the mean is taken of."""
        if not halves:
            return self(facts, context)
        weights = [self._weight(court) for court, _ in halves]
        whole = sum(weight or 0 for weight in weights)
        weighted = whole > 0
        if weighted:
            shares = zip(weights, halves, strict=True)
            mean = Fraction(sum((weight or 0) * half for weight, (_, half) in shares), whole)
        else:
            mean = Fraction(sum(half for _, half in halves), len(halves))
        earned = Ratio.of(mean * Fraction(self.rule.share) / PERCENT)
        courts = tuple(
            (court.court, half, weight if weighted else None)
            for weight, (court, half) in zip(weights, halves, strict=True)
        )
        working = PeerWorking(courts, mean / PERCENT, weighted, earned)
        return self._scored(facts, context, min(self.full, half_up(*earned)), working)

    def _weight(self, court: CourtFacts) -> int | None:
        if self.rule.mean is Mean.PLAIN:
            return None
        return total(court.current, self.rule.weight)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def value(self, working: PeerWorking) -> Fraction | None:
        return working.mean

    def explain(self, score: ItemScore) -> Iterator[Step]:
        working: PeerWorking | None = score.working
        if working is not None and score.cents is not None:
            share = Fraction(self.rule.share) / PERCENT
            mean = leading_to(
                working.mean,
                lambda shown: rounded(shown * share),
                rounded(working.mean * share),
            )
            yield trace.peers(
                working.courts, working.mean, self.rule.share, mean, weighted=working.weighted
            )
            percent = Amount(f"{self.rule.share.normalize():f}", Unit.PERCENT)
            product = Sentence(sentences.SHARE_OF_POINTS, {"operand": mean.text, "share": percent})
            yield trace.points(
                working.earned,
                self.full,
                score.cents,
                working=product,
                operands_exact=mean.exact,
            )
        yield from self._unscored_steps(score, ())


# Formula by its name in a rulebook, with the rule that holds its parameters.
FORMULAS: Mapping[str, tuple[type[Any], type[Formula[Any]]]] = {
    "drop": (DropRule, Drop),
    "rate_drop": (RateDropRule, RateDrop),
    "target": (TargetRule, Target),
    "conditions": (ConditionsRule, Conditions),
    "ballots": (BallotRule, Ballot),
    "peer_mean": (PeerMeanRule, PeerMean),
}


def bind(item: Item, level: Level, rulebook: Rulebook) -> Formula[Any]:
    """The item's formula, ready to score courts of this level."""
    for rule, formula in FORMULAS.values():
        if isinstance(item.rule, rule):
            return formula(item, level, rulebook)
    raise TypeError(type(item.rule))  # pragma: no cover  the loader makes no other rules
