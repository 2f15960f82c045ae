"""Whole tables beside the engine: the same points, statuses, sums, totals and ranks, cell by cell.

Random years of every rulebook there is, and of a scheme for each way that a formula can be asked.
Small figures bring up zeros, ties and bounds; some tables have figures that 64 bits do not hold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scoring
from scoring import Ballots, CourtFacts, Decision, Level, Month, Rulebook, Side
from scoring.column_board import ColumnBoard, score_columns
from scoring.columns import NUMBER_OF, FigureColumn
from scoring.exact import Exact, half_up, in_any, larger, where
from scoring.facts import Assessed
from scoring.formula import Formula
from scoring.formulas import FORMULAS
from scoring.packing import fact_table
from scoring.rounding import half_up as half_up_of_one
from scoring.schema import NO_TEXT, Condition, Override
from scoring.spreadsheet import Kind
from tests import toy_formulas
from tests.courts.made_rulebooks import MADE
from tests.scoring import random_years, schemes
from tests.scoring.test_periods import MONEY

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
WRITTEN = Path(__file__).with_name("formulas")
NAMES = ("yanbian-2019", *sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
SCHEMES = [
    pytest.param(scheme, id=f"{scheme['formula']}: {scheme['name']}")
    for path in sorted(WRITTEN.glob("*.toml"))
    for scheme in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["scheme"]
]
Row = tuple[Month, list[CourtFacts]]


@cache
def book(name: str) -> Rulebook:
    folder = scoring.BUNDLED if (scoring.BUNDLED / name).is_dir() else EXAMPLES
    return scoring.load_rulebook(folder / name)


# --- Random tables ---------------------------------------------------------------------------


def random_rows(
    rulebook: Rulebook, random: Random, months: Sequence[int], courts: int = 5
) -> list[Row]:
    levels = [named.level for named in rulebook.levels]
    own = [random.choice(levels) for _court in range(courts)]
    return [
        (
            Month(rulebook.year, number),
            [court(rulebook, random, f"c{place}", level) for place, level in enumerate(own)],
        )
        for number in months
    ]


def court(rulebook: Rulebook, random: Random, code: str, level: Level) -> CourtFacts:
    largest = random.choice((3, 40, 40, 1500))
    current = figures(rulebook, random, largest)
    items = [item for item in rulebook.items if level in item.points]
    points = [Decimal(random.randint(-500, 3000)) / 100 for _number in range(4)]
    ballots = Ballots(random.randint(1, 7), Fraction(random.randint(0, 90), random.choice((1, 2))))
    return CourtFacts(
        court=code,
        level=level,
        current=current,
        baseline_month=random.choice(({}, figures(rulebook, random, largest))),
        baseline_annual=random.choice((current, figures(rulebook, random, largest), {})),
        targets={
            item.code: Decimal(random.choice(("5", "33.33", "50", "88.125")))
            for item in items
            if random.random() < 0.7
        },
        ballots=random.choice((None, ballots)),
        decisions={
            item.code: Decision(random.choice(points)) for item in items if random.random() < 0.03
        },
        assessed={
            item.code: Assessed(random.choice(points)) for item in items if random.random() < 0.7
        },
    )


def complete(rulebook: Rulebook, random: Random, rows: Sequence[Row]) -> list[Row]:
    """The same courts, had they everything."""

    def filled(facts: CourtFacts) -> CourtFacts:
        everything = [
            {code: random.randint(1, 60) for code in rulebook.metrics} for _part in range(3)
        ]
        return replace(
            facts,
            current=everything[0],
            baseline_month=everything[1],
            baseline_annual=everything[2],
            targets={item.code: Decimal(50) for item in rulebook.items},
            ballots=Ballots(3, Fraction(20)),
            assessed={item.code: Assessed(Decimal(2)) for item in rulebook.items},
            decisions={},
        )

    return [(month, [filled(facts) for facts in courts]) for month, courts in rows]


def figures(rulebook: Rulebook, random: Random, largest: int) -> dict[str, int]:
    lacks = random.choice((0.0, 0.0, 0.1, 1.0))
    return {
        code: random.choice((0, random.randint(0, largest), random.randint(0, largest)))
        for code in rulebook.metrics
        if random.random() >= lacks
    }


def random_readings(rulebook: Rulebook, random: Random) -> dict[str, str]:
    return {one.code: random.choice(one.values) for one in rulebook.readings}


# --- Beside the engine -----------------------------------------------------------------------


def as_engine(
    rulebook: Rulebook, rows: Sequence[Row], readings: Mapping[str, str] | None = None
) -> ColumnBoard:
    """The table's board, which agrees with the engine's of every row in everything."""
    board = score_columns(rulebook, fact_table(rulebook, rows), readings)
    items = {item.code: board.item(item.code) for item in rulebook.items}
    for row, (month, facts) in enumerate(rows):
        for place, card in enumerate(scoring.score(rulebook, month, facts, readings).scorecards):
            where_ = (str(month), card.court)
            assert board.totals[row, place] == card.total_cents, where_
            assert board.ranks[row, place] == (card.rank or 0), where_
            for share in rulebook.sides:
                assert board.half(share.side)[row, place] == card.half_cents[share.side], where_
                is_open = share.side in card.provisional_sides
                assert bool(board.provisional(share.side)[row, place]) is is_open, where_
            scored = {one.item.code: one for one in card.items}
            for code, (statuses, cents) in items.items():
                one = scored.get(code)
                expected = (-1, 0) if one is None else (NUMBER_OF[one.status], one.cents or 0)
                assert (statuses[row, place], cents[row, place]) == expected, (*where_, code)
    return board


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(6))
def test_every_rulebook(name: str, seed: int) -> None:
    rulebook, random = book(name), Random(f"{name} {seed}")
    months = random.sample(range(1, 13), 4)
    readings = random_readings(rulebook, random)
    rows = random_rows(rulebook, random, [*months, 12])
    as_engine(rulebook, rows, readings)
    as_engine(rulebook, complete(rulebook, random, rows), readings)


@given(random_years.months, random_years.courts(), random_years.readings)
def test_random_years(
    rulebook: Rulebook, month: Month, courts: list[CourtFacts], readings: dict[str, str]
) -> None:
    """Figures on the very bounds, and decided points."""
    as_engine(rulebook, [(month, courts)], readings)


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.code)
def test_made_rulebooks(made) -> None:
    rulebook = scoring.load_sources(dict(made.files))
    as_engine(rulebook, random_rows(rulebook, Random(made.code), range(1, 13)))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_way_to_ask(scheme: Mapping[str, str]) -> None:
    written = schemes.item(scheme["formula"], scheme.get("rule", ""), scheme["points"])
    rulebook = schemes.rulebook([written], scheme["points"])
    random = Random(scheme["name"])
    board = as_engine(rulebook, random_rows(rulebook, random, range(1, 13), 7))
    _statuses, cents = board.item("A1")
    assert len(np.unique(cents)) > 1
    as_engine(rulebook, complete(rulebook, random, random_rows(rulebook, random, (6, 12), 3)))


RATE = 'numerator = ["part"]\ndenominator = ["whole"]\n'
MORE = {
    "weighed days as printed": (
        "graded",
        (
            'numerator = [{ metric = "days", weight = 0.35 }]\ndenominator = ["whole", "more"]\n'
            'average = true\ndirection = "at_most"\ntarget = 1.15\nper_point = 7.5\nfloor = -3\n'
            'comparison = "as_printed"\nstep = "whole"'
        ),
    ),
    "interval as printed": (
        "target",
        RATE + 'low = 33.33\nhigh = 66.67\ncomparison = "as_printed"\nzero_denominator = "full"',
    ),
    "mean as printed": (
        "graded",
        RATE + 'direction = "at_most"\ntarget = "mean"\nper_point = 1\ncomparison = "as_printed"',
    ),
    "last year's complement": (
        "target",
        RATE + 'direction = "at_least"\ntarget = "last_year"\ncomplement = true\n'
        'zero_denominator = "full"',
    ),
    "whole of last year": (
        "graded",
        RATE + 'direction = "at_least"\ntarget = "last_year"\nper_point = 0.3\n'
        'interim = "annual"\ncomparison = "as_printed"',
    ),
    "attained of a target that is entered": (
        "target",
        RATE + 'direction = "at_most"\ntarget = "appraisal"\nmissed = "attainment"',
    ),
    "rank as printed": (
        "ranked",
        RATE + 'best = "low"\nper_rank = 3.5\ncomparison = "as_printed"\nzero_denominator = "full"',
    ),
    "linear as printed": (
        "linear",
        RATE + 'full_at = 90\nnone_at = 10.5\ncomparison = "as_printed"\nzero_denominator = "full"',
    ),
    "rise by whole percents": (
        "drop",
        (
            'figures = [{ metric = "part", weight = 0.5 }, "other"]\nper_percent = 1\n'
            'change = "rise"\nstep = "whole"\nzero_baseline = "zero"'
        ),
    ),
    "rate that rises": (
        "rate_drop",
        RATE + 'per_point = 1\nchange = "rise"\nzero_baseline = "zero"\nzero_denominator = "full"',
    ),
    "conditions each": (
        "conditions",
        (
            'combine = "half_each"\nzero_denominator = "full"\ncomparison = "as_printed"\n'
            '[[items.rule.conditions]]\nnumerator = ["part"]\ndenominator = ["whole"]\n'
            "target = 33.33\n"
            '[[items.rule.conditions]]\nnumerator = ["other"]\ndenominator = ["whole"]\n'
            'against_numerator = ["part"]\nagainst_denominator = ["more"]'
        ),
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_readings_and_weights_of_each_formula(name: str) -> None:
    files = schemes.sources([schemes.item(*MORE[name])])
    rulebook = scoring.load_sources(files)
    rows = random_rows(rulebook, Random(name), range(1, 13), 8)
    as_engine(rulebook, rows)
    # The same on a side whose points are a share of what applies.
    head = files["rulebook.toml"]
    head = head.replace("weight = 50\n", "weight = 50\nmean_of_applicable = true\n")
    as_engine(scoring.load_sources({**files, "rulebook.toml": head}), rows)


def test_each_formula_of_the_registry_has_columns_of_its_own() -> None:
    formulas: list[type[Formula[Any]]] = [*FORMULAS.values(), toy_formulas.PerCase]
    for formula in formulas:
        assert formula.columns is not Formula.columns, formula.name
        assert formula.reads_peers is (formula.columns_over is not Formula.columns_over)


def test_a_formula_without_columns_is_asked_court_by_court(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toys = toy_formulas.registered(monkeypatch)
    as_engine(toys, random_rows(toys, Random(1), (3, 12)))
    # What reads others does so either way.
    for formula in FORMULAS.values():
        monkeypatch.setattr(formula, "columns", Formula.columns)
        monkeypatch.setattr(formula, "columns_over", Formula.columns_over)
    for name in ("yanbian-2019", "ranks", "five-parts"):
        as_engine(book(name), random_rows(book(name), Random(name), (3, 12), 4))


def test_every_effect_of_an_override() -> None:
    """On a side and on the total: at most, times a number, times a side, not ranked."""
    rulebook = book("yanbian-2019")
    below = Condition(item="L1", side=None, below=Decimal(20), at_least=None)
    enough = Condition(item="", side=Side.ENFORCEMENT, below=None, at_least=Decimal(30))
    foreign = Condition(item="GM", side=None, below=Decimal(9), at_least=None)
    plain = Override("a", NO_TEXT, "", None, None, None, None, not_ranked=False)
    overrides = (
        replace(plain, most=Decimal(45)),
        replace(plain, condition=below, on=Side.LITIGATION, most=Decimal(15)),
        replace(plain, condition=enough, on=Side.ENFORCEMENT, times=Decimal("0.875")),
        replace(plain, times=Side.ENFORCEMENT),
        replace(plain, condition=enough, not_ranked=True),
        replace(plain, condition=foreign, most=Decimal(10)),
    )
    for number in range(1, len(overrides) + 1):
        changed = replace(rulebook, overrides=overrides[:number], sha256=f"overrides {number}")
        as_engine(changed, random_rows(changed, Random(number), (1, 6, 12), 9))


def test_figures_that_64_bits_do_not_hold() -> None:
    random = Random(64)
    for name, factor in product(("yanbian-2019", "ranks"), (10**6, 10**9 + 7, 10**13, 10**20)):
        rulebook = book(name)
        rows = [
            (
                month,
                [
                    replace(
                        facts,
                        current={code: value * factor for code, value in facts.current.items()},
                    )
                    for facts in courts
                ],
            )
            for month, courts in random_rows(rulebook, random, (5, 12))
        ]
        as_engine(rulebook, rows, random_readings(rulebook, random))


OF_MONEY = 'numerator = ["paid"]\ndenominator = ["owed"]\n'
MONEY_RULES = {
    "target": OF_MONEY + 'direction = "at_least"\ntarget = 33.33\nmissed = "attainment"',
    "graded": OF_MONEY + 'direction = "at_least"\ntarget = "mean"\nper_point = 0.7',
    "linear": OF_MONEY + 'full_at = 90\nnone_at = 10.5\ncomparison = "as_printed"',
    "ranked": OF_MONEY + 'best = "high"\nper_rank = 3.5',
    "rate_drop": OF_MONEY + "per_point = 1",
    "drop": 'figures = ["paid", "owed"]\nper_percent = 1',
}


@pytest.mark.parametrize("formula", MONEY_RULES)
def test_amounts_up_to_their_limit(formula: str) -> None:
    """As the engine, with amounts near 999,999,999,999.99 元; of amounts that are all so many times
    as large every rate and every fall is the same, and so are the points."""
    rulebook = schemes.rulebook(
        [schemes.item(formula, MONEY_RULES[formula])],
        metrics=MONEY.format("paid", "paid") + MONEY.format("owed", "owed"),
    )
    random, times = Random(formula), 99_999_999_999
    small = complete(rulebook, random, random_rows(rulebook, random, (3, 12), 7))

    def changed(rows: Sequence[Row], amount: Callable[[int], int]) -> list[Row]:
        def of(figures: Mapping[str, int]) -> dict[str, int]:
            return {
                code: amount(value) if code in {"paid", "owed"} else value
                for code, value in figures.items()
            }

        return [
            (
                month,
                [
                    replace(
                        facts,
                        current=of(facts.current),
                        baseline_month=of(facts.baseline_month),
                        baseline_annual=of(facts.baseline_annual),
                    )
                    for facts in courts
                ],
            )
            for month, courts in rows
        ]

    large = changed(small, lambda value: value * times)
    points = [as_engine(rulebook, rows).item("A1")[1] for rows in (small, large)]
    assert points[0].tolist() == points[1].tolist()
    assert len(np.unique(points[0])) > 1
    # Apart by one 分, where rounding to doubles would make them equal.
    most = scoring.schema.LARGEST_AMOUNT
    as_engine(rulebook, changed(small, lambda value: most - value))
    as_engine(rulebook, changed(small, lambda value: most - value % 2))


def test_tables_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows are looked at together; the same month may stand there often."""
    monkeypatch.setattr("scoring.columns.CELLS_AT_HAND", 11)
    rulebook = book("yanbian-2019")
    rows = random_rows(rulebook, Random(3), (4, 4, 12, 1, 12))
    as_engine(rulebook, rows)
    # What is the same in every row may stand in one.
    same = [
        (
            month,
            [
                replace(one, baseline_annual=first.baseline_annual, ballots=None)
                for one, first in zip(courts, rows[0][1], strict=True)
            ],
        )
        for month, courts in rows
    ]
    table = fact_table(rulebook, same)
    annual = {
        code: FigureColumn(
            one.number.of_rows(slice(1)), None if one.lacks is None else one.lacks[:1]
        )
        for code, one in table.figures[Kind.ANNUAL].items()
    }
    once = replace(table, figures={**table.figures, Kind.ANNUAL: annual}, _sums={})
    found = score_columns(rulebook, once)
    assert (found.totals == as_engine(rulebook, same).totals).all()
    assert once.facts(2, 1).baseline_annual == same[2][1][1].baseline_annual


def test_nobody_and_nothing() -> None:
    rulebook = book("yanbian-2019")
    assert score_columns(rulebook, fact_table(rulebook, [])).totals.shape == (0, 0)
    december = Month(2019, 12)
    assert score_columns(rulebook, fact_table(rulebook, [(december, [])])).totals.shape == (1, 0)
    alone = CourtFacts("root", Level.INTERMEDIATE)
    as_engine(rulebook, [(december, [alone])])
    as_engine(rulebook, [(december, [replace(alone, level=Level.GRASSROOTS)])])
    without = replace(rulebook, ranked_level=None, has_total=False, sha256="no total")
    as_engine(without, random_rows(without, Random(9), (12,)))
    with pytest.raises(ValueError, match="same courts"):
        fact_table(rulebook, [(december, [alone]), (december, [])])
    with pytest.raises(ValueError, match="assesses 2019"):
        score_columns(rulebook, fact_table(rulebook, [(Month(2020, 1), [alone])]))
    with pytest.raises(scoring.ReadingError):
        score_columns(rulebook, fact_table(rulebook, [(december, [alone])]), {"no_such": "one"})


@pytest.mark.parametrize("name", NAMES)
def test_courts_without_figures_points_or_peers(name: str) -> None:
    rulebook = book(name)
    for level in rulebook.assessed_levels:
        as_engine(rulebook, [(Month(rulebook.year, 12), [CourtFacts("only", level)])])


# --- Exact integers --------------------------------------------------------------------------

SIZES = st.sampled_from((1, 10, 10**6, 2**31, 2**53, 2**62, 10**30))


@given(st.data())
def test_arithmetic_is_python_s(data: st.DataObject) -> None:
    def column(low: int) -> list[int]:
        most = data.draw(SIZES)
        own = st.integers(low * most, most)
        return data.draw(st.lists(own, min_size=4, max_size=4))

    ones, twos = column(data.draw(st.sampled_from((-1, 0)))), column(-1)
    one, two = Exact.of(ones), Exact.of(twos)
    number = data.draw(st.integers(-(10**20), 10**20))
    below = [abs(value) + 1 for value in twos]
    holds = one >= two
    cases = {
        "sum": (one + two, [a + b for a, b in zip(ones, twos, strict=True)]),
        "difference": (one - two, [a - b for a, b in zip(ones, twos, strict=True)]),
        "product": (one * two, [a * b for a, b in zip(ones, twos, strict=True)]),
        "multiple": (one * number, [a * number for a in ones]),
        "down": (one // Exact.of(below), [a // b for a, b in zip(ones, below, strict=True)]),
        "half up": (
            half_up(one, Exact.of(below)),
            [half_up_of_one(a, b) for a, b in zip(ones, below, strict=True)],
        ),
        "half up by ten": (half_up(one, 10), [half_up_of_one(a, 10) for a in ones]),
        "at least": (one.at_least(3), [max(3, a) for a in ones]),
        "at most": (one.at_most(two), [min(a, b) for a, b in zip(ones, twos, strict=True)]),
        "larger": (larger(one, two), [max(a, b) for a, b in zip(ones, twos, strict=True)]),
        "chosen": (where(holds, one, two), [max(a, b) for a, b in zip(ones, twos, strict=True)]),
        "summed": (one.sum_of_row(), [sum(ones)]),
        "constants": (Exact.constant(number) * Exact.constant(3), [number * 3]),
        "unchanged": (half_up(one // 1 * 1, 1), ones),
    }
    for name, (found, expected) in cases.items():
        assert np.atleast_1d(found.values).tolist() == expected, name
        assert all(found.low <= value <= found.high for value in expected), name
    assert (Exact.of([]).low, Exact.of([]).high) == (0, 0)
    assert (one > two).tolist() == [a > b for a, b in zip(ones, twos, strict=True)]
    assert (one <= two).tolist() == [a <= b for a, b in zip(ones, twos, strict=True)]
    assert (one < two).tolist() == [a < b for a, b in zip(ones, twos, strict=True)]
    zeros = one.zeros
    assert (zeros is not None and bool(zeros.any())) is (0 in ones)
    assert where(None, one, two) is two
    assert in_any(None, holds, None) is holds
