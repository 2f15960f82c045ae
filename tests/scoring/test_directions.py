"""Indicators against the year before: by hand, on every basis."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import scoring
from scoring import CourtFacts, Level, Month, Rulebook, Text
from scoring.bulletins import Against
from scoring.directions import Basis, Moved, Verdict, moved
from scoring.schema import Unit
from scoring.supplements import Average, Better, Evidence

JUNE, DECEMBER = Month(2019, 6), Month(2019, 12)
BASELINE = Against.BASELINE


def court(now: dict[str, int], annual=None, month=None, code: str = "yanji") -> CourtFacts:
    return CourtFacts(
        code, Level.GRASSROOTS, now, baseline_month=month or {}, baseline_annual=annual or {}
    )


def compared(
    rulebook: Rulebook,
    item: str,
    *courts: CourtFacts,
    month: Month = DECEMBER,
    better: Better = Better.LOWER,
    against: Against = BASELINE,
    average: Average | None = None,
    **readings: str,
) -> Moved:
    board = scoring.score(rulebook, month, courts, readings)
    scores = [card.item(item) for card in board.scorecards]
    return moved(scores, better, month, against, average)


def test_a_sum_of_the_whole_year(rulebook: Rulebook) -> None:
    fallen = compared(rulebook, "L3.2", court({"appeals_filed": 90}, {"appeals_filed": 100}))
    assert (fallen.now, fallen.before, fallen.basis) == (Fraction(90), Fraction(100), Basis.SAME)
    assert fallen.verdict is Verdict.BETTER
    rose = compared(rulebook, "L3.2", court({"appeals_filed": 101}, {"appeals_filed": 100}))
    assert rose.verdict is Verdict.WORSE
    level = compared(rulebook, "L3.2", court({"appeals_filed": 100}, {"appeals_filed": 100}))
    assert level.verdict is Verdict.EQUAL


def test_months_before_december(rulebook: Rulebook) -> None:
    """100 in the year are 50 in six months; the same month, where it is there, goes before."""
    figures = {"appeals_filed": 50}
    prorated = compared(rulebook, "L3.2", court(figures, {"appeals_filed": 101}), month=JUNE)
    assert (prorated.before, prorated.basis) == (Fraction(101, 2), Basis.PRORATED)
    assert prorated.verdict is Verdict.BETTER
    same = compared(
        rulebook,
        "L3.2",
        court(figures, {"appeals_filed": 101}, {"appeals_filed": 40}),
        month=JUNE,
    )
    assert (same.before, same.basis, same.verdict) == (Fraction(40), Basis.SAME, Verdict.WORSE)
    annual = compared(
        rulebook,
        "L3.2",
        court(figures, {"appeals_filed": 101}, {"appeals_filed": 40}),
        month=JUNE,
        interim_baseline="annual",
    )
    assert (annual.before, annual.basis) == (Fraction(101), Basis.ANNUAL)


def test_a_rate_is_never_prorated(rulebook: Rulebook) -> None:
    """30 of 120 petitions are 25 percent, whatever the months; 1 of 10 now are 10."""
    codes = ("retrial_decided", "retrial_escalated", "retrial_directed", "retrial_designated")
    now = dict.fromkeys(codes, 0) | {"retrial_decided": 1, "retrial_petitions_closed": 10}
    before = dict.fromkeys(codes, 0) | {"retrial_decided": 30, "retrial_petitions_closed": 120}
    found = compared(rulebook, "L6.1", court(now, before), month=JUNE)
    assert (found.now, found.before, found.basis) == (Fraction(10), Fraction(25), Basis.ANNUAL)
    assert found.verdict is Verdict.BETTER


def test_a_rate_that_the_engine_compares_with_nothing(rulebook: Rulebook) -> None:
    """L3.1, 1 − 20/100, has 80 percent; the year before 1 − 30/100, by its own figures."""
    now = {"appeals_filed": 20, "first_instance_closed": 100}
    before = {"appeals_filed": 30, "first_instance_closed": 100}
    higher: dict[str, Any] = {"better": Better.HIGHER}
    found = compared(rulebook, "L3.1", court(now, before), **higher)
    assert (found.now, found.before, found.verdict) == (Fraction(80), Fraction(70), Verdict.BETTER)
    same = compared(rulebook, "L3.1", court(now, before, now), month=JUNE, **higher)
    assert (same.before, same.basis, same.verdict) == (Fraction(80), Basis.SAME, Verdict.EQUAL)
    whole = compared(rulebook, "L3.1", court(now, before), month=JUNE, **higher)
    assert (whole.before, whole.basis) == (Fraction(70), Basis.ANNUAL)
    without = compared(rulebook, "L3.1", court(now), **higher)
    assert (without.before, without.basis, without.verdict) == (None, None, Verdict.UNKNOWN)


def test_courts_together(rulebook: Rulebook) -> None:
    """90 + 20 against 100 + 30; who has not reported is left out on both sides."""
    one = court({"appeals_filed": 90}, {"appeals_filed": 100})
    other = court({"appeals_filed": 20}, {"appeals_filed": 30}, code="tumen")
    silent = court({}, {"appeals_filed": 1000}, code="antu")
    found = compared(rulebook, "L3.2", one, other, silent)
    assert (found.now, found.before) == (Fraction(110), Fraction(130))
    assert compared(rulebook, "L3.2", silent) == Moved(found.item, Better.LOWER, None, None, None)
    # One court without a year before: nothing to compare the sum with.
    bare = court({"appeals_filed": 5}, code="antu")
    assert compared(rulebook, "L3.2", one, bare).before is None
    # Courts compared by different parts of the year are not added up.
    by_month = replace(other, baseline_month={"appeals_filed": 9})
    mixed = compared(rulebook, "L3.2", one, by_month, month=JUNE)
    assert (mixed.now, mixed.before, mixed.basis) == (Fraction(110), None, Basis.MIXED)


def test_against_averages(rulebook: Rulebook) -> None:
    average = Average(
        "Q7",
        Decimal("155.25"),
        Unit.DAYS,
        Text("延边州"),
        Evidence.IMPLIED,
        "附件1·三(二)7",
        Text(""),
    )
    facts = court({"closing_days": 15525, "enforcement_closed": 100})
    averages: dict[str, Any] = {"against": Against.AVERAGES}
    found = compared(rulebook, "Q7", facts, average=average, **averages)
    assert (found.now, found.before, found.basis) == (Fraction("155.25"),) * 2 + (Basis.AVERAGE,)
    assert (found.verdict, found.average) == (Verdict.EQUAL, average)
    # Without an average, the courts' own figures are the year before.
    before = {"closing_days": 200, "enforcement_closed": 1}
    own = compared(rulebook, "Q7", replace(facts, baseline_annual=before), **averages)
    assert (own.before, own.verdict) == (Fraction(200), Verdict.BETTER)


def test_an_item_that_is_no_sum_and_no_quotient(rulebook: Rulebook) -> None:
    staff = {
        "enforcement_staff": 3,
        "court_staff": 20,
        "enforcement_quota_judges": 4,
        "enforcement_established_staff": 10,
        "trial_quota_judges": 4,
        "trial_established_staff": 10,
    }
    found = compared(rulebook, "Q11", court(staff), better=Better.HIGHER)
    assert (found.now, found.before, found.verdict) == (Fraction(15), None, Verdict.UNKNOWN)
    both = compared(rulebook, "Q11", court(staff), court(staff, code="tumen"))
    assert both.now is None
