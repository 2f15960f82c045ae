"""Workings as spreadsheet expressions: exact, and the same points as the engine's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scoring
from scoring import Ballots, CourtFacts, Level, Month, Rulebook, Scoreboard, Side, Status
from scoring.engine import plan, worked_total
from scoring.rounding import half_up
from scoring.spreadsheet import (
    SUM,
    Arithmetic,
    Cell,
    Comparison,
    Constant,
    Expression,
    HalfUp,
    If,
    In,
    Kind,
    Larger,
    Line,
    Nothing,
    Over,
    State,
    Total,
    Value,
    Whole,
    Worked,
    given_of,
    products,
    worked_out,
)
from scoring.sums import total_cents
from tests import toy_formulas
from tests.scoring import random_years

DECEMBER = Month(2019, 12)


@pytest.fixture(scope="module")
def toys() -> Iterator[Rulebook]:
    with pytest.MonkeyPatch.context() as patch:
        yield toy_formulas.registered(patch)


class Paper:
    """Cells stand where their names say."""

    def address(self, cell: Cell) -> str:
        return f"{cell.kind}_{cell.name}{cell.court and '_'}{cell.court}".rstrip("_")

    def word(self, status: Status) -> str:
        return f'"{status}"'


def computed(board: Scoreboard) -> Mapping[str, Mapping[str, tuple[Status, int | None]]]:
    """What the working of each item comes to, decisions left aside."""
    found = {}
    for card in board.scorecards:
        given_cells: dict[Cell, Value] = {}
        peers: list[str] = []
        for other in board.scorecards:
            if other.level is Level.GRASSROOTS:
                peers.append(other.court)
                given_cells |= given_of(other.items[0].facts, other.court)
                for side, cents in other.half_cents.items():
                    given_cells[Cell(Kind.HALF, side.value, other.court)] = cents
        given_cells |= given_of(card.items[0].facts)
        found[card.court] = {
            formula.item.code: worked_out(
                formula.worked(board.month, peers if formula.reads_peers else ()), given_cells
            )[1:]
            for formula in plan(board.context, card.level)
        }
    return found


def same_points(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    readings: Mapping[str, str],
) -> None:
    board = scoring.score(rulebook, month, courts, readings)
    found = computed(board)
    for card in board.scorecards:
        expected = {
            score.item.code: ((score.computed or score).status, (score.computed or score).cents)
            for score in card.items
        }
        assert found[card.court] == expected


@settings(max_examples=3 * settings().max_examples)
@given(random_years.months, random_years.courts(), random_years.readings)
def test_the_working_earns_the_same_points(
    rulebook: Rulebook, month: Month, courts: list[CourtFacts], readings: dict[str, str]
) -> None:
    same_points(rulebook, month, courts, readings)


@given(random_years.months, random_years.courts())
def test_the_same_for_formulas_that_nothing_knows(
    toys: Rulebook, month: Month, courts: list[CourtFacts]
) -> None:
    same_points(toys, month, courts, {})


@given(st.integers(-(10**14), 10**14), st.integers(1, 10**14))
def test_rounding(above: int, below: int) -> None:
    assert HalfUp(Constant(above), Constant(below)).value({}) == half_up(above, below)
    assert Whole(Constant(abs(above)), Constant(below)).value({}) == abs(above) // below


def test_nothing_goes_into_nothing() -> None:
    assert HalfUp(Constant(7), Constant(0)).value({}) == 0
    assert Whole(Constant(7), Constant(0)).value({}) == 0


def test_ballots_in_parts_of_a_point() -> None:
    """12, 10.5 and 9: 31.5 / 3 = 10.5 points, by the sum with its decimals shifted away."""
    facts = CourtFacts("yanji", Level.GRASSROOTS, ballots=Ballots(3, Fraction(63, 2)))
    assert given_of(facts)[Cell(Kind.BALLOT_POINTS, "")] == Decimal("31.5")
    worked = worked_of(scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019"), "L7")
    lines, status, cents = worked_out(worked, given_of(facts))
    assert (lines, status, cents) == ((3, 315_000), Status.SCORED, 1050)


def worked_of(rulebook: Rulebook, item: str, month: Month = DECEMBER) -> Worked:
    board = scoring.score(rulebook, month, [])
    formulas = {one.item.code: one for one in plan(board.context, Level.GRASSROOTS)}
    return formulas[item].worked(month, ())


def test_how_it_is_written(rulebook: Rulebook) -> None:
    """L3.2 of December: sums only where all is there, the drop as integers, rounded at the end."""
    worked, paper = worked_of(rulebook, "L3.2"), Paper()
    assert [(line.key, line.expression.text(paper)) for line in worked.lines] == [
        ("now", 'IF(COUNT(current_appeals_filed)=1,SUM(current_appeals_filed),"")'),
        ("before0", 'IF(COUNT(annual_appeals_filed)=1,SUM(annual_appeals_filed),"")'),
        ("whole", "(N(line_before0)*1)"),
        ("fallen", "MAX(0,((N(line_whole)-(N(line_now)*1))*100))"),
        ("above", "(N(line_fallen)*20)"),
        ("below", "(N(line_whole)*1)"),
    ]
    assert worked.status.text(paper) == (
        "IF(AND(COUNT(annual_appeals_filed)=1,COUNT(current_appeals_filed)=1),"
        'IF(N(line_before0)=0,"""no_baseline""","""scored"""),"""not_reported""")'
    )
    doubled = "INT((2*ABS(N(line_above))+N(line_below))/(2*N(line_below)))"
    assert worked.cents.text(paper) == (
        "MIN(300,IF(N(line_below)=0,0,SIGN(N(line_above))*"
        f"({doubled}-IF({doubled}*(2*N(line_below))>(2*ABS(N(line_above))+N(line_below)),1,0))))"
    )


def test_how_the_rest_is_written() -> None:
    paper = Paper()
    target = In(Cell(Kind.TARGET, "L2.1"), 4)
    assert target.text(paper) == "ROUND(N(target_L2.1)*10000,0)"
    assert target.value({Cell(Kind.TARGET, "L2.1"): Decimal("8.05")}) == 80_500
    assert (
        Whole(Constant(7), Constant(2)).text(paper) == "IF(2=0,0,(INT(7/2)-IF(INT(7/2)*2>7,1,0)))"
    )
    half = In(Cell(Kind.HALF, "enforcement", "yanji"))
    assert half.text(paper) == "N(half_enforcement_yanji)"
    counted = (Cell(Kind.CURRENT, "a"), Cell(Kind.CURRENT, "b"))
    weighed = Total(counted, (5, 3))
    assert weighed.text(paper) == (
        'IF(COUNT(current_a,current_b)=2,N(current_a)*5+N(current_b)*3,"")'
    )
    assert weighed.value({counted[0]: 2, counted[1]: 4}) == 22
    assert Over("MEDIAN", counted).text(paper) == "MEDIAN(current_a,current_b)"
    assert Larger(half, Constant(0)).text(paper) == "MAX(N(half_enforcement_yanji),0)"
    assert Nothing().text(paper) == '""'


def test_products_without_a_line_are_known() -> None:
    """Whatever is compared, divided or counted in whole times has to stay exact, too."""
    two, three = Constant(2), Constant(3)
    compared, above, part = (Arithmetic("*", two, Constant(number)) for number in (5, 7, 11))
    line = Line("share", SUM, If(Comparison(">=", compared, three), two, three))
    cents = Larger(HalfUp(above, three), Whole(part, two))
    # A sum that is none of these stands in a line of its own.
    status = If(Comparison("=", line.number, Arithmetic("+", two, three)), two, three)
    worked = Worked((line,), status, cents)
    assert products(worked) == (compared, Arithmetic("+", two, three), above, part)


@given(st.integers(-3000, 12000), st.integers(0, 12000))
def test_the_total_weighs_the_halves(rulebook: Rulebook, one: int, other: int) -> None:
    total = worked_total(rulebook, "yanji")
    halves = {Side.LITIGATION: one, Side.ENFORCEMENT: other}
    cells = {Cell(Kind.HALF, side.value, "yanji"): cents for side, cents in halves.items()}
    assert total.value(cells) == total_cents(rulebook, halves) == half_up(one + other, 2)


def test_every_status_is_decided_by_the_working() -> None:
    def worked(status: Expression) -> Worked:
        return Worked((), status, Constant(1))

    pending = If(Constant(0).equals(1), State(Status.SCORED), State(Status.PENDING))
    assert worked_out(worked(pending), {}) == ((), Status.PENDING, None)
    with pytest.raises(TypeError, match="a status"):
        worked_out(worked(Constant(3)), {})
