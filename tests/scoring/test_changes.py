"""What of a change of the total comes from an item that was pending the month before."""

from __future__ import annotations

from fractions import Fraction

import scoring
from scoring import Ballots, CourtFacts, Level, Month, Scorecard, newly_counted

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
NOVEMBER, DECEMBER = Month(2019, 11), Month(2019, 12)


def card(month: Month, ballots: Ballots | None = None, **figures: int) -> Scorecard:
    facts = CourtFacts(
        court="yanji",
        level=Level.GRASSROOTS,
        current=figures,
        baseline_annual={"appeals_filed": 1000},
        ballots=ballots,
    )
    return scoring.score(RULEBOOK, month, [facts]).court("yanji")


# Five ballots: 12 + 10 + 11 + 9 + 12 = 54, 10.8 points, half of which are of the total.
TALLY = Ballots(5, Fraction(54))


def test_a_ballot_that_came_in_between() -> None:
    before, now = card(NOVEMBER, appeals_filed=900), card(DECEMBER, TALLY, appeals_filed=950)
    found = newly_counted(now, before)
    assert [item.code for item in found.items] == ["L7"]
    assert found.cents == 540


def test_the_share_is_what_the_printed_total_gains() -> None:
    """949 of 1,000 are 5.1 % fewer at 0.2: 1.02. With 10.81 points more the halves are 11.83, whose
    half is printed 5.92; without them 0.51. So the tally brings 5.41, not 5.405."""
    before = card(NOVEMBER, appeals_filed=949)
    now = card(DECEMBER, Ballots(4, Fraction(4324, 100)), appeals_filed=949)
    assert (now.item("L3.2").cents, now.item("L7").cents, now.total_cents) == (102, 1081, 592)
    assert newly_counted(now, before).cents == 541


def test_nothing_came_in() -> None:
    counted = card(NOVEMBER, TALLY), card(DECEMBER, TALLY)
    pending = card(NOVEMBER), card(DECEMBER)
    for before, now in (counted, pending):
        assert newly_counted(now, before) == ((), 0)


def test_what_was_not_reported_before_is_no_such_item() -> None:
    before, now = card(NOVEMBER), card(DECEMBER, appeals_filed=900)
    assert now.total_cents > 0
    assert newly_counted(now, before) == ((), 0)
