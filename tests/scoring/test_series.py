"""Tests of single months of an item, and of rates of cases among cases."""

from __future__ import annotations

from fractions import Fraction

import pytest

import scoring
from scoring.schema import Direction, Unit
from scoring.series import has_months, month_value, part_of_whole, pooled

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
ITEM = RULEBOOK.item_by_code


def test_a_month_alone_is_the_difference() -> None:
    before = {"appeals_filed": 80, "first_instance_closed": 900}
    now = {"appeals_filed": 101, "first_instance_closed": 1200}
    # 21 more appeals; L3.1 is the share without an appeal: 100 - 100 × 21 / 300 = 93.
    assert month_value(ITEM["L3.2"], now, before) == 21
    assert month_value(ITEM["L3.1"], now, before) == 93
    # January has nothing before it.
    assert month_value(ITEM["L3.2"], before, {}) == 80


def test_days_a_case_and_plain_rates() -> None:
    before = {"closing_days": 900, "enforcement_closed": 10, "closed_in_time": 8}
    now = {"closing_days": 2700, "enforcement_closed": 30, "closed_in_time": 21}
    assert month_value(ITEM["Q7"], now, before) == 90
    assert month_value(ITEM["Q5"], now, before) == 65
    sent = {"retrial_petitions_closed": 3}
    for code in RULEBOOK.item_by_code["L6.1"].rule.numerator:
        sent[code] = 0
    sent["retrial_decided"] = 1
    assert month_value(ITEM["L6.1"], sent, {}) == Fraction(100, 3)


def test_what_cannot_be_told() -> None:
    assert month_value(ITEM["L3.2"], {}, {}) is None
    assert month_value(ITEM["L3.2"], {"appeals_filed": 5}, {"first_instance_closed": 3}) is None
    same = {"appeals_filed": 5, "first_instance_closed": 9}
    assert month_value(ITEM["L3.1"], same, same) is None
    assert month_value(ITEM["L7"], same, {}) is None
    assert month_value(ITEM["Q11"], {"enforcement_staff": 5, "court_staff": 30}, {}) is None


def test_stocks_have_no_months() -> None:
    assert has_months(RULEBOOK, ITEM["L1"])
    assert has_months(RULEBOOK, ITEM["Q7"])
    for code in ("Q1", "C1", "Q11", "L7"):
        assert not has_months(RULEBOOK, ITEM[code])


def test_rates_of_cases_among_cases() -> None:
    found = part_of_whole(RULEBOOK, ITEM["Q5"])
    assert found == (("closed_in_time",), ("enforcement_closed",), False)
    rest = part_of_whole(RULEBOOK, ITEM["L3.1"])
    assert rest == (("appeals_filed",), ("first_instance_closed",), True)
    for code in ("L1", "Q7", "Q11"):
        assert part_of_whole(RULEBOOK, ITEM[code]) is None


def test_which_way_is_better() -> None:
    assert ITEM["Q5"].drawing == (Unit.PERCENT, Direction.AT_LEAST)
    assert ITEM["Q7"].drawing == (Unit.DAYS, Direction.AT_MOST)
    # Drops are drawn by what falls.
    assert ITEM["L3.2"].drawing == (None, Direction.AT_MOST)
    assert ITEM["L6.1"].drawing == (Unit.PERCENT, Direction.AT_MOST)
    assert ITEM["Q11"].drawing == (Unit.PERCENT, Direction.AT_LEAST)
    for code in ("L7", "GM"):
        assert ITEM[code].drawing == (Unit.POINTS, Direction.AT_LEAST)


def test_courts_together() -> None:
    courts = [
        {"closed_in_time": 90, "enforcement_closed": 100},
        {"closed_in_time": 1, "enforcement_closed": 20},
        {"enforcement_closed": 7},
        {},
    ]
    # 91 of 120 cases, whatever the courts' own rates are.
    assert pooled(ITEM["Q5"], courts) == (Fraction(9100, 120), 2, 4)
    assert pooled(ITEM["Q5"], []) == (None, 0, 0)
    days = [{"closing_days": 900, "enforcement_closed": 10}]
    assert pooled(ITEM["Q7"], days).value == 90
    with pytest.raises(ValueError, match="no rate"):
        pooled(ITEM["L1"], courts)
