"""What the general formulas declare of themselves: words, symbols, levers, goals, best points."""

from __future__ import annotations

from decimal import Decimal

import pytest

import scoring
from scoring import CourtFacts, Level, Month, Rulebook
from scoring.declared import Drawing, Goal, Series
from scoring.schema import Direction, Reference, Unit
from tests.scoring import schemes

DECEMBER = Month(2020, 12)
RATE = 'numerator = ["part"]\ndenominator = ["whole"]\n'
RULES = {
    "graded": ("graded", RATE + 'direction = "at_least"\ntarget = 90\nper_point = 2'),
    "graded days": (
        "graded",
        (
            'numerator = ["days"]\ndenominator = ["whole"]\naverage = true\ndirection = "at_most"\n'
            'target = 20\nper_point = 0.5\nstep = "whole"\nfloor = -3'
        ),
    ),
    "interval": ("graded", RATE + "low = 10\nhigh = 20\nper_point = 1"),
    "target in an interval": ("target", RATE + "low = 10\nhigh = 20"),
    "mean": ("target", RATE + 'direction = "at_most"\ntarget = "mean"\ncomplement = true'),
    "linear": ("linear", RATE + "full_at = 90\nnone_at = 60"),
    "linear down": ("linear", RATE + "full_at = 5\nnone_at = 60\ncomplement = true"),
    "per_case": ("per_case", 'figures = ["part", "other"]\nper_case = 2.5\nfloor = -4'),
    "adds": ("per_case", 'figures = ["part"]\nper_case = 2\nadds = true'),
    "ranked": ("ranked", RATE + 'best = "high"\nper_rank = 3'),
    "ranked sum": ("ranked", 'numerator = ["part"]\nbest = "low"\nfirst = 8\nper_rank = 1'),
    "bands": (
        "ranked",
        (
            'numerator = ["days"]\ndenominator = ["whole"]\naverage = true\nbest = "low"\n'
            "bands = [{ share = 50, points = 9 }, { share = 100, points = 1 }]"
        ),
    ),
    "assessed": ("assessed", ""),
    "assessed down": ("assessed", "floor = -2"),
}
WORDS = {
    "graded": ["part ÷ whole，不低于 90%的，得满分；每差1个百分点扣2分，最低0分。"],
    "graded days": [
        "days ÷ whole，不高于 20天的，得满分；每差1天扣0.5分，最低−3分。",
        "不足一个单位的差距不扣。",
    ],
    "interval": ["part ÷ whole，在10% 至 20%之间的，得满分；每差1个百分点扣1分，最低0分。"],
    "target in an interval": [
        "part ÷ whole，在10% 至 20%之间的，得满分。",
        "没有达到目标的，不得分。",
    ],
    "mean": ["1 − part ÷ whole，不高于 同级各院平均值的，得满分。", "没有达到目标的，不得分。"],
    "linear": ["part ÷ whole：达到90%得满分，为60%不得分，两者之间按比例得分。"],
    "per_case": ["每发生1件扣2.5分，最低−4分：part + other。"],
    "adds": ["每发生1件加2分：part。"],
    "ranked": [
        "part ÷ whole，由高到低排名。",
        "第1名得满分，每低一名少3分；并列的得分相同，没有数值的法院不参加排名。",
    ],
    "ranked sum": [
        "part，由低到高排名。",
        "第1名得8分，每低一名少1分；并列的得分相同，没有数值的法院不参加排名。",
    ],
    "bands": [
        "days ÷ whole，由低到高排名。",
        "排在前50%的法院，得9分。",
        "排在前100%的法院，得1分。",
    ],
    "assessed": ["由管理部门评定分数并说明理由，另一人确认后计分。"],
    "assessed down": ["由管理部门评定分数并说明理由，另一人确认后计分。", "最低−2分。"],
}
SYMBOLS = {
    "graded": "v = ((part) ÷ (whole)) × 100; x = max(0, 90 − v); max(0, P − x × 2)",
    "graded days": "v = (days) ÷ (whole); x = max(0, v − 20); max(−3, P − ⌊x⌋ × 0.5)",
    "interval": "v = ((part) ÷ (whole)) × 100; x = max(0, 10 − v, v − 20); max(0, P − x × 1)",
    "target in an interval": "v = ((part) ÷ (whole)) × 100; 10 ≤ v ≤ 20 → P",
    "mean": "v = (1 − (part) ÷ (whole)) × 100; v ≤ mean(v) → P",
    "linear": "v = ((part) ÷ (whole)) × 100; P × min(1, max(0, (v − 60) ÷ (90 − 60)))",
    "per_case": "S = part + other; max(−4, P − S × 2.5)",
    "adds": "S = part; min(P, S × 2)",
    "ranked": "v = (part) ÷ (whole); r = rank(v ↓); max(0, P − (r − 1) × 3)",
    "ranked sum": "v = part; r = rank(v ↑); max(0, 8 − (r − 1) × 1)",
    "bands": "v = (days) ÷ (whole); r = rank(v ↑); r ÷ n ≤ 50% → 9; r ÷ n ≤ 100% → 1",
    "assessed": "a",
}
# More helps, or less; of an interval neither, for that hangs on the value.
LEVERS = {
    "graded": {"part": 1},
    "graded days": {"days": -1},
    "interval": {},
    "target in an interval": {},
    "mean": {"part": 1},
    "linear": {"part": 1},
    "linear down": {"part": 1},
    "per_case": {"part": -1, "other": -1},
    "adds": {"part": 1},
    "ranked": {"part": 1},
    "ranked sum": {"part": -1},
    "bands": {"days": -1},
    "assessed": {},
}
MORE, LESS = Direction.AT_LEAST, Direction.AT_MOST
DRAWINGS = {
    "graded": Drawing(Unit.PERCENT, MORE),
    "graded days": Drawing(Unit.DAYS, LESS),
    "mean": Drawing(Unit.PERCENT, LESS),
    "linear down": Drawing(Unit.PERCENT, LESS),
    "per_case": Drawing(None, LESS),
    "adds": Drawing(None, MORE),
    "ranked": Drawing(Unit.PERCENT, MORE),
    "ranked sum": Drawing(None, LESS),
    "bands": Drawing(Unit.DAYS, LESS),
    "assessed": Drawing(Unit.POINTS, MORE),
}
SERIES = {
    "graded": Series(("part",), ("whole",)),
    "mean": Series(("part",), ("whole",), complement=True),
    "per_case": Series(("part", "other")),
    "ranked": Series(("part",), ("whole",)),
    "ranked sum": Series(("part",)),
    "assessed": None,
}


def book(name: str, points: str = "10") -> Rulebook:
    formula, rule = RULES[name]
    return schemes.rulebook([schemes.item(formula, rule, points)], points)


@pytest.mark.parametrize("name", WORDS)
def test_words(name: str) -> None:
    rulebook = book(name)
    assert schemes.rule_words(rulebook) == WORDS[name]
    for language in ("ko", "en"):
        told = schemes.rule_words(rulebook, language=language)
        assert len(told) == len(WORDS[name])
        assert all(told)


@pytest.mark.parametrize("name", SYMBOLS)
def test_symbols(name: str) -> None:
    item = book(name).item_by_code["A1"]
    assert item.formula.symbols(item.rule) == SYMBOLS[name]


@pytest.mark.parametrize("name", RULES)
def test_what_can_be_done_and_how_it_is_drawn(name: str) -> None:
    rulebook = book(name)
    item = rulebook.item_by_code["A1"]
    if name in LEVERS:
        assert item.formula.levers(item.rule) == LEVERS[name]
    if name in DRAWINGS:
        assert item.drawing == DRAWINGS[name]
    if name in SERIES:
        assert item.series == SERIES[name]


def test_goals() -> None:
    def goal(name: str) -> Goal | None:
        return book(name).item_by_code["A1"].goal

    assert goal("graded") == Goal(MORE, Decimal(90), Unit.PERCENT)
    assert goal("linear down") == Goal(LESS, Decimal(5), Unit.PERCENT)
    for name in ("interval", "target in an interval", "per_case", "ranked", "assessed"):
        assert goal(name) is None
    mean = goal("mean")
    assert mean is not None
    assert (mean.target, mean.reference) == (None, Reference.MEAN)
    # Only what another document gives is entered.
    assert book("mean").appraisal_items == ()


# Nothing that a court reports bears on the first place, or on what an office gives.
BEST = {
    "graded": "10.00", "interval": "10.00", "mean": "10.00", "linear": "10.00",
    "per_case": "10.00", "adds": "10.00", "ranked": "10.00", "ranked sum": "8.00",
    "bands": "9.00", "assessed": "10.00",
}  # fmt: skip


@pytest.mark.parametrize("name", BEST)
def test_the_most_that_could_be_earned(name: str) -> None:
    court = CourtFacts("a", Level.GRASSROOTS)
    best = scoring.attainable(book(name), DECEMBER, court)
    assert best["A1"] == Decimal(BEST[name])


# --- What a court could do -------------------------------------------------------------------


def court(code: str, part: int, whole: int) -> CourtFacts:
    return CourtFacts(code, Level.GRASSROOTS, current={"part": part, "whole": whole})


def test_a_place_can_be_gained() -> None:
    """40 % is third; 50 % ties for the second place, 80 % for the first."""
    rulebook = book("ranked")
    courts = [court("a", 4, 10), court("b", 8, 10), court("c", 5, 10)]
    (way,) = [
        way for way in scoring.ways(rulebook, DECEMBER, courts, "a") if way.lever.item == "A1"
    ]
    assert way.now.cents == 400
    assert way.first is not None
    assert way.most is not None
    # At 50 % there is a tie for the second place already: one case.
    assert (way.first.cases, way.first.item_cents) == (1, 700)
    assert (way.most.cases, way.most.item_cents) == (4, 1000)


def test_the_value_behind_a_place() -> None:
    """4 of 10 are 40 %; of nothing there is no value."""
    courts = [court("a", 4, 10), court("b", 8, 10), court("c", 0, 0)]
    board = scoring.score(book("ranked"), DECEMBER, courts)
    assert [board.court(code).item("A1").value for code in "abc"] == [40, 80, None]


def test_other_courts_move_with_a_trial() -> None:
    """A board of old scores is no help where a rank hangs on everybody's values."""
    rulebook = book("ranked")
    courts = [court("a", 4, 10), court("b", 8, 10)]
    board = scoring.score(rulebook, DECEMBER, courts)
    tried = scoring.scorecard_with(rulebook, DECEMBER, courts, "a", {"part": 9}, board=board)
    assert tried.item("A1").points == Decimal("10.00")
    assert scoring.reads_peers(rulebook, DECEMBER, Level.GRASSROOTS)
    assert tried.item("A1").reads_peers


def test_levels_do_not_meet() -> None:
    """A rank is one among courts of the same level."""
    rulebook = book("ranked")
    above = CourtFacts("m", Level.INTERMEDIATE, current={"part": 9, "whole": 10})
    board = scoring.score(rulebook, DECEMBER, [court("a", 4, 10), above])
    assert [card.item("A1").points for card in board.scorecards] == [Decimal(10), Decimal(10)]


def test_who_reads_no_level_is_asked_for_nothing() -> None:
    rulebook = book("linear")
    score = scoring.score(rulebook, DECEMBER, [court("a", 1, 1)]).court("a").item("A1")
    formula = score.item.formula(score.item, Level.GRASSROOTS, rulebook)
    with pytest.raises(NotImplementedError, match="reads no other courts"):
        formula.among(score, [score])
