"""Sums and quotients: exact, and None for what was not reported."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import CourtFacts, Level, Month
from scoring.rates import BaselineFinder, Ratio, missing, summing, total
from scoring.schema import Interim

FIGURES = {"a": 3, "b": 0, "c": 7}


def test_a_sum_needs_every_figure() -> None:
    assert total(FIGURES, ["a", "b", "c"]) == 10
    assert total(FIGURES, ["b"]) == 0
    assert total(FIGURES, ["a", "d"]) is None
    assert total({}, ["a"]) is None


def test_prepared_sums_are_the_same_sums() -> None:
    assert summing(["a", "b", "c"])(FIGURES) == 10
    assert summing(["c"])(FIGURES) == 7
    for codes in (["d"], ["a", "d"]):
        with pytest.raises(KeyError):
            summing(codes)(FIGURES)


def test_missing_figures_are_named_in_order() -> None:
    assert missing(FIGURES, ["x", "a", "d"]) == ("x", "d")
    assert missing(FIGURES, ["b"]) == ()


def test_a_ratio_is_exact() -> None:
    assert Ratio.of(Decimal("53.48")).fraction == Fraction(5348, 100)
    assert Ratio.of(3) == Ratio(3, 1)
    assert Ratio(6, 4).fraction == Fraction(3, 2)


def facts(month: dict[str, int], annual: dict[str, int]) -> CourtFacts:
    return CourtFacts("x", Level.GRASSROOTS, baseline_month=month, baseline_annual=annual)


SAME = {"a": 1, "b": 2, "c": 3}
YEAR = {"a": 10, "b": 20, "c": 30}


@pytest.mark.parametrize(
    ("month", "interim", "same", "annual", "how", "totals", "share"),
    [
        (12, Interim.SAME_MONTH, SAME, YEAR, "annual", (30, 30), (1, 1)),
        (12, Interim.ANNUAL, SAME, YEAR, "annual", (30, 30), (1, 1)),
        (11, Interim.SAME_MONTH, SAME, YEAR, "same_month", (3, 3), (1, 1)),
        (11, Interim.ANNUAL, SAME, YEAR, "annual", (30, 30), (1, 1)),
        (1, Interim.SAME_MONTH, {}, YEAR, "prorated", (30, 30), (1, 12)),
        (11, Interim.SAME_MONTH, {"a": 1, "b": 2}, YEAR, "prorated", (30, 30), (11, 12)),
        (11, Interim.SAME_MONTH, SAME, {}, "same_month", (3, 3), (1, 1)),
    ],
)
def test_where_a_baseline_comes_from(
    month: int,
    interim: Interim,
    same: dict[str, int],
    annual: dict[str, int],
    how: str,
    totals: tuple[int, ...],
    share: tuple[int, int],
) -> None:
    found = BaselineFinder(2018, interim, ["a", "b"], ["c"])(
        facts(same, annual), Month(2019, month)
    )
    assert found is not None
    assert (found.how, found.totals) == (how, totals)
    assert (found.multiplier, found.divisor) == share
    assert found.month == Month(2018, month if how == "same_month" else 12)


@pytest.mark.parametrize(
    ("month", "interim", "same", "annual"),
    [
        (12, Interim.SAME_MONTH, SAME, {}),
        (12, Interim.SAME_MONTH, SAME, {"a": 10, "b": 20}),
        (6, Interim.ANNUAL, SAME, {"a": 10, "c": 30}),
        (6, Interim.SAME_MONTH, {"a": 1}, {"b": 20, "c": 30}),
        (6, Interim.SAME_MONTH, {}, {}),
    ],
)
def test_no_baseline_without_all_its_figures(
    month: int, interim: Interim, same: dict[str, int], annual: dict[str, int]
) -> None:
    finder = BaselineFinder(2018, interim, ["a", "b"], ["c"])
    assert finder(facts(same, annual), Month(2019, month)) is None
