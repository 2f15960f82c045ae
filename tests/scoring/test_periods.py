"""Figures of a month or a quarter alone, and amounts of money; worked by hand beside each case."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

import scoring
from scoring import CourtFacts, ItemScore, Level, Month, Rulebook, Side, Status
from scoring.checks import falls
from scoring.draws import at_own_pace, families
from scoring.engine import plan
from scoring.facts import Replaced
from scoring.outlook import year_ends
from scoring.periods import NotDue, due_metrics, is_due, period_of
from scoring.schema import Period, Unit, largest_figure
from scoring.series import has_months
from scoring.spreadsheet import given_of, worked_out
from scoring.weights import Weighed
from tests.scoring import schemes

DROP = 'figures = ["part"]\nper_percent = 1'
RATE_DROP = 'numerator = ["part"]\ndenominator = ["whole"]\nper_point = 1'
LAST_YEAR = (
    'numerator = ["part"]\ndenominator = ["whole"]\ndirection = "at_least"\ntarget = "last_year"'
)


def book(period: str, formula: str = "drop", rule: str = DROP) -> Rulebook:
    files = schemes.sources([schemes.item(formula, rule)])
    for code in schemes.COUNTS:
        old = f'code = "{code}"\ngroup'
        metrics = files["metrics.toml"].replace(old, f'code = "{code}"\nperiod = "{period}"\ngroup')
        files["metrics.toml"] = metrics
    return scoring.load_sources(files)


def score(
    rulebook: Rulebook,
    month: int,
    now: Mapping[str, int],
    same: Mapping[str, int],
    whole_year: Mapping[str, int],
) -> ItemScore:
    """The item, which a spreadsheet works out to the same points."""
    facts = CourtFacts("a", Level.GRASSROOTS, now, same, whole_year)
    found = scoring.score(rulebook, Month(2020, month), [facts]).court("a").item("A1")
    (formula,) = (one for one in plan(found.context, Level.GRASSROOTS) if one.item.code == "A1")
    _lines, status, cents = worked_out(formula.worked(Month(2020, month), ()), given_of(facts))
    assert (status, cents) == (found.status, found.cents)
    return found


@pytest.mark.parametrize("month", [2, 12])
def test_a_month_alone_is_compared_with_the_same_month(month: int) -> None:
    """9 after 10 is 10 % less, in December too, whatever the whole year came to."""
    found = score(book("month"), month, {"part": 9}, {"part": 10}, {"part": 60})
    assert found.points == Decimal("10.00")


@pytest.mark.parametrize(
    ("period", "month", "whole_year", "says"),
    [
        # A twelfth of 120 is 10, a quarter of 40 is 10.
        ("month", 2, 120, "取上年全年（2019-12）的 1/12，基数为：120 × 1 ÷ 12 = 10。"),
        ("month", 12, 120, "取上年全年（2019-12）的 1/12，基数为：120 × 1 ÷ 12 = 10。"),
        ("quarter", 3, 40, "取上年全年（2019-12）的 3/12，基数为：40 × 3 ÷ 12 = 10。"),
        ("quarter", 12, 40, "取上年全年（2019-12）的 3/12，基数为：40 × 3 ÷ 12 = 10。"),
    ],
)
def test_without_the_same_period_it_is_compared_with_a_part_of_the_year(
    period: str, month: int, whole_year: int, says: str
) -> None:
    found = score(book(period), month, {"part": 9}, {}, {"part": whole_year})
    assert found.points == Decimal("10.00")
    assert any(line.endswith(says) for line in schemes.explained(found))


def test_a_rate_of_the_year_stands_in_for_that_of_a_month() -> None:
    """10 % after 12 of 100: two points; and 10 % is below 12 %."""
    now, whole_year = {"part": 1, "whole": 10}, {"part": 12, "whole": 100}
    assert score(book("month", "rate_drop", RATE_DROP), 12, now, {}, whole_year).points == 2
    assert score(book("month", "target", LAST_YEAR), 12, now, {}, whole_year).points == 0
    same = {"part": 1, "whole": 10}
    assert score(book("month", "target", LAST_YEAR), 12, now, same, whole_year).points == 100


@pytest.mark.parametrize("month", [1, 2, 4, 11])
def test_a_quarter_is_not_due_between_its_ends(month: int) -> None:
    rulebook = book("quarter")
    found = score(rulebook, month, {"part": 9, "came": 1}, {"part": 10}, {})
    assert (found.status, found.points, found.value) == (Status.NOT_DUE, None, None)
    assert schemes.explained(found)[0] == "按季填报，本月不到期，不计分。"
    assert [(one.value, one.against) for one in found.measured] == [(None, None)]
    assert found.compares_years
    facts = CourtFacts("a", Level.GRASSROOTS, {}, {"part": 10}, {})
    assert scoring.attainable(rulebook, Month(2020, month), facts)["A1"] is None
    formula = plan(found.context, Level.GRASSROOTS)[0]
    assert isinstance(formula, NotDue)
    assert formula.value(None) is None
    rule = formula.rule
    assert (formula.metrics(rule), formula.words(rule), formula.symbols(rule)) == ((), (), "")
    assert formula.value(None) is None


def test_what_is_due_when() -> None:
    rulebook = book("quarter")
    assert [month for month in range(1, 13) if is_due(rulebook, "part", month)] == [3, 6, 9, 12]
    assert all(is_due(rulebook, "came", month) for month in range(1, 13))
    # Of one side all but days and staff is counted by quarters, of the other nothing.
    asked = {
        (side, month): {
            one.code for one in due_metrics(rulebook, rulebook.metrics[side].side, month)
        }
        for side in ("part", "came")
        for month in (2, 3)
    }
    assert asked["part", 2] == {"days", "staff"}
    assert asked["part", 3] == {"days", "staff", *schemes.COUNTS}
    assert asked["came", 2] == asked["came", 3] == {"came", "done"}
    assert period_of(rulebook, rulebook.item_by_code["A1"]) is Period.QUARTER
    ballots = schemes.rulebook([schemes.item("assessed", "floor = 0")])
    assert period_of(ballots, ballots.item_by_code["A1"]) is Period.YEAR_TO_DATE


def test_what_grows_within_a_year_is_the_year_to_date_alone() -> None:
    """Neither a fall, nor a pace, nor a chance, nor a month made of two is told of a period."""
    monthly, yearly = book("month"), book("year_to_date")
    months = {Month(2020, 1): {"part": 9}, Month(2020, 2): {"part": 1}}
    assert (len(falls(yearly, months)), falls(monthly, months)) == (1, ())
    last = {Month(2019, 12): {"part": 1}, Month(2020, 2): {"part": 900}}
    assert len(scoring.unlikely(yearly, Month(2020, 2), last)) == 1
    assert scoring.unlikely(monthly, Month(2020, 2), last) == ()
    assert "part" in at_own_pace(yearly)
    assert not {"part", "whole"} & at_own_pace(monthly)
    assert families(monthly) == families(yearly) == ()
    assert has_months(yearly, yearly.item_by_code["A1"])
    assert not has_months(monthly, monthly.item_by_code["A1"])


def test_at_the_end_of_the_year_a_period_stands_as_it_does_now() -> None:
    """9 after 10, in whatever way the rest of the year is drawn."""
    facts = CourtFacts(
        "a", Level.GRASSROOTS, {"part": 9, "came": 5, "done": 4}, {"part": 10}, {"part": 200}
    )
    (end,) = year_ends(book("month"), Month(2020, 5), [facts], draws=20)
    assert (end.items["A1"].low, end.items["A1"].high) == (10.0, 10.0)


# --- Money -----------------------------------------------------------------------------------

MONEY = """
[[metrics]]
code = "{}"
group = "own"
kind = "sum"
places = 2
unit = {{ zh = "元" }}
label = {{ zh = "{}" }}
definition = {{ zh = "数" }}
source = {{ zh = "系统" }}
"""
AMOUNTS = MONEY.format("paid", "paid") + MONEY.format("owed", "owed")
PAID = 'numerator = ["paid"]\ndenominator = ["{}"]\ndirection = "at_least"\n'


def paid(formula: str, rule: str, **figures: int) -> ItemScore:
    rulebook = schemes.rulebook([schemes.item(formula, rule)], metrics=AMOUNTS)
    facts = CourtFacts("a", Level.GRASSROOTS, figures, {}, {"paid": 20000})
    context = scoring.score(rulebook, Month(2020, 12), [facts]).court("a").item("A1")
    (formula_,) = (one for one in plan(context.context, Level.GRASSROOTS) if one.item.code == "A1")
    _lines, status, cents = worked_out(formula_.worked(Month(2020, 12), ()), given_of(facts))
    assert (status, cents) == (context.status, context.cents)
    return context


def test_a_rate_of_money() -> None:
    """123.45 of 246.90 元 is 50 %, and above a hundred there is room: 300 of 100 is 300 %."""
    found = paid("target", PAID.format("owed") + "target = 50", paid=12345, owed=24690)
    assert (found.points, found.value) == (Decimal(100), Fraction(50))
    assert schemes.explained(found)[0] == "分子（2020-12）：paid 123.45。"
    assert found.steps[0].data["figures"] == [{"metric": "paid", "value": "123.45"}]
    above = paid("target", PAID.format("owed") + "target = 250", paid=30000, owed=10000)
    assert (above.points, above.value) == (Decimal(100), Fraction(300))


def test_money_for_each_case_is_in_yuan() -> None:
    """100.01 元 in two cases is 50.005 元 each, which is short of 51 by 0.995: 100 − 0.995."""
    rule = PAID.format("whole") + "average = true\ntarget = 51\nper_point = 1"
    found = paid("graded", rule, paid=10001, whole=2)
    assert (found.unit, found.value) == (Unit.YUAN, Fraction("50.005"))
    assert found.points == Decimal("99.01")
    ranked = 'numerator = ["paid"]\nbest = "high"\nper_rank = 1'
    assert paid("ranked", ranked, paid=1).unit is Unit.YUAN
    by_case = ranked + '\ndenominator = ["whole"]\naverage = true'
    assert paid("ranked", by_case, paid=1, whole=1).unit is Unit.YUAN


def test_an_amount_for_each_case_is_held_against_amounts_of_any_size() -> None:
    """38,500.50 元 a case is short of 38,600 by 99.50: 100 − 99.50 × 0.5 = 50.25. Days and percents
    keep their bound, rates of two amounts too."""
    rule = PAID.format("whole") + "average = true\ntarget = 38600\nper_point = 0.5"
    found = paid("graded", rule, paid=7_700_100, whole=2)
    assert (found.value, found.points) == (Fraction("38500.5"), Decimal("50.25"))
    line = 'numerator = ["paid"]\ndenominator = ["whole"]\naverage = true\nnone_at = 0\nfull_at = '
    assert paid("linear", line + "999999999999", paid=10**14 - 100, whole=1).points == 100
    for rule in (PAID.format("owed") + "target = 10001\nper_point = 1", line + "1000000000000"):
        with pytest.raises(scoring.RulebookError, match="超出范围"):
            paid("linear" if "none_at" in rule else "graded", rule, paid=1, owed=1)


def test_a_sum_of_money_counts_in_yuan() -> None:
    """0.5 off for each 元: 100 − 1.50 × 0.5 = 99.25; 150 after 200 元 is 25 % less."""
    found = paid("per_case", 'figures = ["paid"]\nper_case = 0.5', paid=150)
    assert found.points == Decimal("99.25")
    assert paid("drop", 'figures = ["paid"]\nper_percent = 1', paid=15000).points == 25
    weighed = 'figures = [{ metric = "paid", weight = 0.5 }]\nper_case = 1'
    assert paid("per_case", weighed, paid=150).points == Decimal("99.25")
    item = found.item
    assert item.formula.symbols(item.rule).startswith("S = paid;")
    figures = Weighed(("paid",), (Fraction(1, 2),), 2)
    assert pickle.loads(pickle.dumps(figures)) == figures
    assert pickle.loads(pickle.dumps(figures)).written == (Fraction(1, 2),)


def test_a_cap_is_of_cases_and_of_no_amount() -> None:
    """Caps are held as numbers of cases."""
    drop = 'figures = ["{}"]\nper_percent = 1'
    cap = '\n[caps]\nitem = "A1"\npercent = 10\nparagraph = "一"\n'
    for code, is_refused in (("part", False), ("paid", True)):
        made = schemes.sources([schemes.item("drop", drop.format(code))], metrics=AMOUNTS)
        made["rulebook.toml"] += cap
        if is_refused:
            with pytest.raises(scoring.RulebookError, match="A1"):
                scoring.load_sources(made)
        else:
            assert scoring.load_sources(made).caps is not None


def test_a_cap_of_an_item_that_cannot_be_read_says_nothing_of_its_own() -> None:
    """The item's own fault is the one to mend."""
    made = schemes.sources([schemes.item("no_such_formula", 'figures = ["part"]')])
    made["rulebook.toml"] += '\n[caps]\nitem = "A1"\npercent = 10\nparagraph = "一"\n'
    with pytest.raises(scoring.RulebookError) as caught:
        scoring.load_sources(made)
    assert "no_such_formula" in str(caught.value)
    assert "caps" not in str(caught.value)


def test_a_count_and_an_amount_end_somewhere_else() -> None:
    """999,999,999 of anything counted; 999,999,999,999.99 元 held in 分."""
    assert [largest_figure(places) for places in (0, 2)] == [999_999_999, 99_999_999_999_999]


def test_what_was_reported_of_money_is_told_in_yuan() -> None:
    rulebook = schemes.rulebook(
        [schemes.item("per_case", 'figures = ["paid"]\nper_case = 1')], metrics=AMOUNTS
    )
    facts = CourtFacts(
        "a", Level.GRASSROOTS, {"paid": 150}, replaced={"2020-12": {"paid": Replaced(123)}}
    )
    found = scoring.score(rulebook, Month(2020, 12), [facts]).court("a").item("A1")
    (step,) = (step for step in found.steps if step.kind == "replaced")
    assert step.data["figures"] == [
        {"metric": "paid", "value": "1.50", "reported": "1.23", "settled": False}
    ]


def test_money_is_no_lever_of_whole_cases() -> None:
    rulebook = schemes.rulebook(
        [schemes.item("per_case", 'figures = ["paid"]\nper_case = 1')], metrics=AMOUNTS
    )
    facts = CourtFacts("a", Level.GRASSROOTS, {"paid": 150, "came": 10, "done": 1})
    found = scoring.ways(rulebook, Month(2020, 12), [facts], "a")
    assert {way.lever.metric for way in found} == {"done"}
    assert rulebook.metrics_of(Side.LITIGATION)[-1].places == 2
