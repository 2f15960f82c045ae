"""How points add up beyond a plain sum: groups that weigh, what applies, overrides, no total.

Expected points are worked by hand beside each case.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

import scoring
from scoring import CourtFacts, Level, Month, Rulebook, Scorecard, Side, Status
from scoring.changes import newly_counted
from scoring.facts import Assessed, Decision
from scoring.overrides import applied_words, rule_words
from tests.scoring import schemes

DECEMBER = Month(2020, 12)
OWN, OTHER = Side.LITIGATION, Side.ENFORCEMENT
RATE = (
    'numerator = ["part"]\ndenominator = ["{}"]\nper_point = 1\ndirection = "at_least"\ntarget = {}'
)
GROUPS = """
[[groups]]
code = "all"
label = {{ zh = "全部" }}
{}
[[groups]]
code = "rest"
label = {{ zh = "其余" }}
{}
"""


def graded(code: str, points: str, target: str, whole: str = "whole", group: str = "all") -> str:
    written = schemes.item("graded", RATE.format(whole, target), points, code)
    return written.replace('group = "all"', f'group = "{group}"')


def book(items: list[str], *, head: str = "", side: str = "", groups: tuple[str, str]) -> Rulebook:
    files = schemes.sources(items, head=head)
    files["litigation.toml"] = GROUPS.format(*groups) + "".join(items)
    files["rulebook.toml"] = files["rulebook.toml"].replace(
        "weight = 50\n", f"weight = 50\n{side}\n", 1
    )
    return scoring.load_sources(files)


def card(rulebook: Rulebook, *, done: int = 0, **figures: int) -> Scorecard:
    court = CourtFacts("a", Level.GRASSROOTS, {"came": 100, "done": done, **figures})
    return scoring.score(rulebook, DECEMBER, [court]).court("a")


# --- Shares of what could be earned ----------------------------------------------------------


def test_groups_weigh_whatever_their_items_can_earn() -> None:
    """50 % against 60: 10 − 10 = 0; against 55: 20 − 5 = 15 of 30; 50 against 58: 8 − 8 = 0 of 8.

    70 × 15/30 + 30 × 0/8 = 35 of 100 points, whatever the 38 points of the items.
    """
    items = [
        graded("A1", "10", "60"),
        graded("A2", "20", "55"),
        graded("A3", "8", "58", group="rest"),
    ]
    found = card(book(items, groups=("weight = 70", "weight = 30")), part=50, whole=100)
    assert [score.points for score in found.items[:3]] == [Decimal(0), Decimal(15), Decimal(0)]
    assert found.half(OWN) == Decimal("35.00")
    assert found.total == Decimal("17.50")
    assert not found.provisional
    assert not found.overrides


def test_a_share_is_rounded_once() -> None:
    """2 of 3 points weigh a third of 100 twice over: 100 × (33.33 × 2/3 + 66.67 × 1) ÷ 100."""
    items = [graded("A1", "3", "51"), graded("A2", "5", "50", group="rest")]
    found = card(book(items, groups=("weight = 33.33", "weight = 66.67")), part=50, whole=100)
    assert found.half(OWN) == Decimal("88.89")


def test_what_does_not_apply_is_left_out_of_the_mean() -> None:
    """Nothing to count in A2: 15 of 20 is 75 of 100 points, and nothing is provisional.

    Without its figure A2 was not reported, which is no reason to leave it out: 15 of 28.
    """
    items = [graded("A1", "20", "55"), graded("A2", "8", "50", "other")]
    rulebook = book(items, side="mean_of_applicable = true", groups=("", ""))
    found = card(rulebook, part=50, whole=100, other=0)
    assert found.item("A2").status is Status.NO_DENOMINATOR
    assert found.half(OWN) == Decimal("75.00")
    assert not found.provisional
    unreported = card(rulebook, part=50, whole=100)
    assert unreported.half(OWN) == Decimal("53.57")
    assert unreported.provisional_sides == {OWN}


def test_a_group_without_anything_that_applies_gives_its_weight_to_the_others() -> None:
    """15 of 20 in the one group: 75; the other has nothing to count."""
    items = [graded("A1", "20", "55"), graded("A2", "8", "50", "other", "rest")]
    rulebook = book(items, side="mean_of_applicable = true", groups=("weight = 10", "weight = 90"))
    assert card(rulebook, part=50, whole=100, other=0).half(OWN) == Decimal("75.00")
    nothing = card(rulebook, part=50, whole=0, other=0)
    assert nothing.half(OWN) == Decimal(0)
    assert nothing.provisional_sides == {OWN}


def test_a_reference_without_other_courts_does_not_apply_but_a_missing_target_is_awaited() -> None:
    rate = 'numerator = ["part"]\ndenominator = ["whole"]\ndirection = "at_least"\ntarget = "{}"'
    items = [
        graded("A1", "20", "55"),
        schemes.item("target", rate.format("mean"), "5", "A2"),
        schemes.item("target", rate.format("appraisal"), "5", "A3"),
    ]
    alone = book(items[:2], side="mean_of_applicable = true", groups=("", ""))
    assert card(alone, part=50, whole=100).half(OWN) == Decimal("75.00")
    awaited = book(items, side="mean_of_applicable = true", groups=("", ""))
    found = card(awaited, part=50, whole=100)
    assert found.half(OWN) == Decimal("60.00")
    assert found.provisional_sides == {OWN}


def test_a_bonus_stays_outside_of_the_share() -> None:
    """15 of 20: 75, and 2 × 2 = 4 on top."""
    each = schemes.item(
        "per_case", 'figures = ["other"]\nper_case = 2\nadds = true', "5", "B1", 'kind = "bonus"'
    )
    rulebook = book(
        [graded("A1", "20", "55"), each], side="mean_of_applicable = true", groups=("", "")
    )
    assert card(rulebook, part=50, whole=100, other=2).half(OWN) == Decimal("79.00")
    assert card(rulebook, part=50, whole=100).provisional_sides == {OWN}


def test_what_is_counted_since_is_told_of_a_share_too() -> None:
    """A1 at 15 of 20 and 5 of 10 given: 20 of 30, and 15 of 30 without: (66.67 − 50) ÷ 2 = 8.33."""
    items = [graded("A1", "20", "55"), schemes.item("assessed", "floor = 0", "10", "A2")]
    rulebook = book(items, side="mean_of_applicable = true", groups=("", ""))
    before = card(rulebook, part=50, whole=100)
    court = before.items[0].facts
    given = CourtFacts("a", Level.GRASSROOTS, court.current, assessed={"A2": Assessed(Decimal(5))})
    now = scoring.score(rulebook, DECEMBER, [given]).court("a")
    assert newly_counted(now, before).cents == 3334 - 2500


# --- Overrides -------------------------------------------------------------------------------

OVERRIDE = """
[[overrides]]
code = "o{}"
label = {{ zh = "否决" }}
paragraph = "三"
{}
"""


def overridden(*bodies: str, head: str = "") -> Rulebook:
    """A1 earns up to 100, less one for each point below 50 %; Z1 100 at 80 %."""
    written = "".join(OVERRIDE.format(number, body) for number, body in enumerate(bodies))
    # Tables come behind all single keys.
    files = schemes.sources([graded("A1", "100", "50")], head=head)
    return scoring.load_sources(files | {"rulebook.toml": files["rulebook.toml"] + written})


@pytest.mark.parametrize(
    ("part", "total", "says"),
    [
        # 100 − 11 = 89 is below 90: (89 + 100) ÷ 2 = 94.5, held at 60.
        (39, "60.00", "A1低于90分的，总分最高计60分。94.50 分改为 60.00 分。"),
        # 90 is not below 90.
        (40, "95.00", None),
    ],
)
def test_at_most(part: int, total: str, says: str | None) -> None:
    rulebook = overridden('when = { item = "A1", below = 90 }\nmost = 60')
    found = card(rulebook, done=80, part=part, whole=100)
    assert found.total == Decimal(total)
    assert found.half(OWN) == Decimal(part + 50)
    words = [schemes.said(applied_words(rulebook, one)) for one in found.overrides]
    assert words == ([] if says is None else [says])


def test_a_cap_that_is_not_reached_is_told_all_the_same() -> None:
    """(60 + 0) ÷ 2 = 30 stays 30, but the court knows that the cap is on it."""
    rulebook = overridden('when = { item = "A1", below = 90 }\nmost = 60')
    found = card(rulebook, part=10, whole=100)
    assert found.total == Decimal("30.00")
    (applied,) = found.overrides
    assert (applied.before, applied.after) == (3000, 3000)
    assert schemes.said(applied_words(rulebook, applied)) == "A1低于90分的，总分最高计60分。"


def test_a_side_times_a_number() -> None:
    """100 is at least 100: the other side counts at 0.855 × 100 = 85.5; (100 + 85.5) ÷ 2."""
    rulebook = overridden(
        'when = { side = "litigation", at_least = 100 }\non = "enforcement"\ntimes = 0.855'
    )
    found = card(rulebook, done=80, part=50, whole=100)
    assert found.half(OTHER) == Decimal("85.50")
    assert found.total == Decimal("92.75")
    assert card(rulebook, done=80, part=49, whole=100).half(OTHER) == Decimal(100)
    words = schemes.said(rule_words(rulebook, rulebook.overrides[0]))
    assert words == "诉讼不低于100分的，执行按85.5%计。"


def test_a_product_of_two_sides() -> None:
    """100 × 85 ÷ 100 = 85 whatever; (85 + 85) ÷ 2."""
    rulebook = overridden('on = "enforcement"\ntimes = "litigation"')
    found = card(rulebook, done=80, part=35, whole=100)
    assert found.half(OTHER) == Decimal("85.00")
    assert found.total == Decimal("85.00")
    words = schemes.said(rule_words(rulebook, rulebook.overrides[0]))
    assert words == "执行乘以诉讼得分占其满分的比例。"
    # Nothing is lost where the other side has all its points, and so nothing is told.
    assert not card(rulebook, done=80, part=50, whole=100).overrides


def test_all_look_at_the_points_before_any_of_them() -> None:
    """A1 at 85: half of it, then of the total, (42.5 + 100) ÷ 2 = 71.25, 0.9: 64.125, half up.

    Written the other way round, sides still come first; the side's new points meet no condition.
    """
    rulebook = overridden(
        "times = 0.9",
        'on = "litigation"\ntimes = 0.5',
        'when = { side = "litigation", below = 50 }\nmost = 1',
    )
    found = card(rulebook, done=80, part=35, whole=100)
    assert found.half(OWN) == Decimal("42.50")
    assert found.total == Decimal("64.13")
    assert [one.override.code for one in found.overrides] == ["o1", "o0"]


def test_nothing_is_held_against_what_is_not_known_yet() -> None:
    rulebook = overridden(
        'when = { item = "A1", below = 90 }\nmost = 60',
        'when = { side = "litigation", below = 90 }\nmost = 60',
    )
    found = card(rulebook, done=80, whole=100)
    assert found.item("A1").status is Status.NOT_REPORTED
    assert (found.total, found.overrides) == (Decimal("50.00"), ())


def test_who_is_barred_takes_no_rank_from_the_others() -> None:
    rulebook = overridden('when = { item = "A1", below = 60 }\nnot_ranked = true')
    courts = [
        CourtFacts(code, Level.GRASSROOTS, {"came": 100, "done": done, "part": part, "whole": 100})
        for code, done, part in (("a", 80, 9), ("b", 0, 50), ("c", 0, 10))
    ]
    board = scoring.score(rulebook, DECEMBER, courts)
    assert [card.rank for card in board.scorecards] == [None, 1, 2]
    assert [card.is_barred for card in board.scorecards] == [True, False, False]
    (applied,) = board.court("a").overrides
    assert schemes.said(applied_words(rulebook, applied)) == "A1低于60分的，不参加排名。"
    barred = scoring.scorecard_with(rulebook, DECEMBER, courts, "c", {"part": 9}, board=board)
    assert barred.rank is None
    freed = scoring.scorecard_with(rulebook, DECEMBER, courts, "a", {"part": 10}, board=board)
    assert freed.rank == 1
    assert scoring.cents_for_rank(board.scorecards, "a", 1) is None


def test_a_decision_meets_conditions_like_points() -> None:
    rulebook = overridden('when = { item = "A1", below = 90 }\nmost = 60')
    court = CourtFacts(
        "a",
        Level.GRASSROOTS,
        {"came": 100, "done": 80, "part": 10, "whole": 100},
        decisions={"A1": Decision(Decimal(90), "会1号")},
    )
    assert scoring.score(rulebook, DECEMBER, [court]).court("a").total == Decimal("95.00")


# --- No total, no rank -----------------------------------------------------------------------


def test_neither_total_nor_rank() -> None:
    files = schemes.sources([graded("A1", "100", "50")])
    head = files["rulebook.toml"].replace('ranked_level = "grassroots"', 'ranked_level = "none"')
    ranked = scoring.load_sources(files | {"rulebook.toml": head})
    assert ranked.ranked_level is None
    assert card(ranked, part=50, whole=100).rank is None
    assert card(ranked, part=50, whole=100).total == Decimal(50)
    bare = head.replace("weight = 50\n", "").replace(
        "readings = []", 'readings = []\ntotal = "none"'
    )
    rulebook = scoring.load_sources(files | {"rulebook.toml": bare})
    assert not rulebook.has_total
    found = card(rulebook, done=80, part=40, whole=100)
    # To tell more from less, the sides are added.
    assert (found.rank, found.total_cents) == (None, 19000)
    assert found.half(OWN) == Decimal(90)
