"""What a few cases more or fewer would bring, worked by hand and by trying every number in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import (
    BUNDLED,
    Ballots,
    CourtFacts,
    Decision,
    Level,
    Month,
    Side,
    Way,
    cheapest,
    check_figures,
    load_rulebook,
    moved,
    score,
    scorecard_with,
    ways,
)
from scoring.results import Scorecard
from scoring.schema import Severity
from scoring.whatif import _plans, _Search, cents_for_rank, levers
from tests.scoring.annexes import facts
from tests.scoring.random_years import figures as random_figures

RULEBOOK = load_rulebook(BUNDLED / "yanbian-2019")
DECEMBER = Month(2019, 12)
OVERTURNED = ("appeal_revised", "appeal_remanded", "retrial_revised", "retrial_remanded")

# A court that closes 400 of 500 cases: 250 actually, 150 by ending the procedure.
ENFORCEMENT = {
    "enforcement_carried_over": 100,
    "enforcement_received": 400,
    "enforcement_closed": 400,
    "actually_closed": 250,
    "fully_enforced": 120,
    "procedure_terminated": 150,
    "enforcement_terminated": 110,
    "actually_closed_in_time": 240,
    "open_past_limit": 10,
    "closed_in_time": 300,
    "closing_days": 61_300,
}


def court(current: Mapping[str, int], name: str = "yanji", **given: Any) -> CourtFacts:
    return facts(name, current=dict(current), **given)


def ways_of(current: Mapping[str, int], **given: Any) -> Mapping[tuple[str, str], Way]:
    one = court(current, **given)
    return {
        (way.lever.item, way.lever.metric): way for way in ways(RULEBOOK, DECEMBER, [one], "yanji")
    }


def test_fewer_overturned_cases() -> None:
    # Yanji's 2018: 165 + 60 + 19 + 5 + 3 = 252. With 230 the drop is 22/252 = 8.7302 %, 34.92
    # points; 229: 23/252 x 400 = 36.51; 226: 26/252 is over 10 %, all 40.
    now = {"appeal_revised": 160, "appeal_remanded": 50, "retrial_revised": 15}
    now |= {"retrial_remanded": 3, "retrial_directed": 2}
    found = ways_of(now)
    way = found["L1", "appeal_revised"]
    assert (way.lever.direction, way.now.cents) == (-1, 3492)
    assert way.first is not None
    assert way.first == way.next_point
    assert (way.first.cases, way.first.changes) == (1, {"appeal_revised": -1})
    assert way.first.item_cents == 3651
    assert way.most is not None
    assert (way.most.cases, way.most.item_cents) == (4, 4000)
    # Of retrials directed there are only two: 228 = 24/252 x 400 = 38.10 is all they bring.
    directed = found["L1", "retrial_directed"]
    assert directed.most is not None
    assert (directed.most.cases, directed.most.item_cents) == (2, 3810)


def test_the_total_takes_in_every_item_the_case_touches() -> None:
    # One reversal on appeal fewer moves L1 and L2.2 alike: 36.51 - 34.92 = 1.59 and, from
    # (225 - 210)/225 = 6.67 % to 16/225 = 7.11 %, 3.33 to 3.56: 1.82 in all. Before: L1 34.92, L2.2
    # 3.33, and L4.2 for 24 to 18 = 25 %, all 6: 44.25 / 2 = 22.13; then 46.07 / 2 = 23.04.
    now = {"appeal_revised": 160, "appeal_remanded": 50, "retrial_revised": 15}
    now |= {"retrial_remanded": 3, "retrial_directed": 2}
    one = court(now)
    assert score(RULEBOOK, DECEMBER, [one]).court("yanji").total_cents == 2213
    way = ways_of(now)["L1", "appeal_revised"]
    assert way.first is not None
    assert way.first.total_cents == 2304


def test_a_case_actually_closed_is_a_case_closed() -> None:
    # 250/500 = 50 %; 53.48 % of 500 is 267.4, so 268: 18 more. 268 + 150 = 418 closed: 18 more too.
    way = ways_of(ENFORCEMENT)["Q1", "actually_closed"]
    assert way.first is not None
    assert way.first == way.next_point == way.most
    assert (way.first.cases, way.first.item_cents) == (18, 800)
    assert way.first.changes == {"actually_closed": 18, "enforcement_closed": 18}


def test_what_a_court_receives_never_moves() -> None:
    # 495 of 500 closed leave five to close, and thirteen too few.
    full = {**ENFORCEMENT, "enforcement_closed": 495, "procedure_terminated": 245}
    way = ways_of(full)["Q1", "actually_closed"]
    assert (way.first, way.next_point, way.most) == (None, None, None)


def test_days_and_fallen_rates() -> None:
    # 61,300/400 = 153.25 meets the ceiling; 61,500 misses it by 200 days.
    assert ("Q7", "closing_days") not in ways_of(ENFORCEMENT)
    way = ways_of({**ENFORCEMENT, "closing_days": 61_500})["Q7", "closing_days"]
    assert way.first is not None
    assert (way.lever.direction, way.first.cases, way.first.item_cents) == (-1, 200, 500)


def test_a_complement_wants_fewer() -> None:
    # 1 - 60/100 = 40 %, asked 45 %: five appeals fewer.
    now = {"appeals_filed": 60, "first_instance_closed": 100}
    way = ways_of(now, targets={"L3.1": 45})["L3.1", "appeals_filed"]
    assert way.first is not None
    assert (way.lever.direction, way.first.cases, way.first.item_cents) == (-1, 5, 300)


def test_one_of_two_conditions_is_not_enough() -> None:
    staff = {"court_staff": 100, "enforcement_staff": 10}
    staff |= {"enforcement_established_staff": 10, "enforcement_quota_judges": 1}
    staff |= {"trial_established_staff": 10, "trial_quota_judges": 5}
    found = ways_of(staff)
    assert found["Q11", "enforcement_staff"].first is None
    judges = {**staff, "enforcement_quota_judges": 5}
    way = ways_of(judges)["Q11", "enforcement_staff"]
    assert way.first is not None
    assert (way.first.cases, way.first.item_cents) == (5, 800)


def test_nothing_for_what_has_no_points_of_its_own_figures() -> None:
    one = court(
        {"appeal_revised": 400},
        decisions={"L2.2": Decision(1)},  # type: ignore[arg-type]
        ballots=Ballots(1, 3),  # type: ignore[arg-type]
    )
    assert ways(RULEBOOK, DECEMBER, [one], "yanji") == ()
    with pytest.raises(KeyError):
        ways(RULEBOOK, DECEMBER, [one], "tumen")
    with pytest.raises(KeyError):
        cheapest(RULEBOOK, DECEMBER, [], "tumen", 1)


def test_moving_stops_at_zero_and_at_what_follows_nobody() -> None:
    assert moved(RULEBOOK, {"appeal_revised": 2}, "appeal_revised", -3) is None
    assert moved(RULEBOOK, {"appeal_revised": 2}, "appeal_remanded", 1) is None
    assert moved(RULEBOOK, {"appeal_revised": 2}, "appeal_revised", -2) == {"appeal_revised": 0}
    closed = {"enforcement_closed": 5, "enforcement_carried_over": 2, "enforcement_received": 3}
    assert moved(RULEBOOK, closed, "enforcement_closed", 1) is None
    # 3 of 4 matters in time, 2 due: broken before, so it is left as it is.
    broken = {"supervised_matters_in_time": 4, "supervised_matters_due": 3}
    assert moved(RULEBOOK, broken, "supervised_matters_in_time", 1) == {
        **broken,
        "supervised_matters_in_time": 5,
    }
    # Fewer closed than were closed in time: the part follows the whole.
    parts = {"enforcement_closed": 9, "closed_in_time": 9}
    assert moved(RULEBOOK, parts, "enforcement_closed", -2) == {
        "enforcement_closed": 7,
        "closed_in_time": 7,
    }


def test_checks_that_chase_each_other_are_given_up() -> None:
    one, other = RULEBOOK.checks[:2]
    pair = (
        replace(one, left=("appeals_filed",), right=("first_instance_closed",)),
        replace(other, left=("first_instance_closed", "appeal_revised"), right=("appeals_filed",)),
    )
    # Both hold; with a case overturned the one drags the other up for ever.
    chased = replace(RULEBOOK, checks=pair, sha256="chased")
    figures = {"appeals_filed": 5, "first_instance_closed": 5, "appeal_revised": 0}
    assert moved(chased, figures, "appeal_revised", 1) is None


def test_a_figure_below_zero_is_no_figure() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        scorecard_with(RULEBOOK, DECEMBER, [court({})], "yanji", {"appeal_revised": -1})


def test_the_intermediate_court_keeps_what_the_others_earn() -> None:
    # GM is a quarter of the mean of 8 points: 2.00; C2 at 395/500 = 79 % wants five cases more.
    grassroots = court({**ENFORCEMENT, "actually_closed": 270, "fully_enforced": 0})
    own = CourtFacts("yanbian", Level.INTERMEDIATE, {**ENFORCEMENT, "enforcement_closed": 399})
    both = [own, grassroots]
    before = score(RULEBOOK, DECEMBER, both).court("yanbian")
    found = {
        way.lever.item: way
        for way in ways(RULEBOOK, DECEMBER, both, "yanbian")
        if way.lever.metric == "enforcement_closed"
    }
    gain = found["C2"].first
    assert gain is not None
    # 625 cents more of the side; Q7 misses by 61,300/399 = 153.63 and is met by 61,300/400: 400.
    assert (gain.cases, gain.changes) == (1, {"enforcement_closed": 1})
    assert gain.total_cents == before.total_cents + (625 + 400 + 1) // 2


def test_the_cheapest_single_lever() -> None:
    # From 22.13 to 23.00: 1.74 points of the side. One reversal fewer brings 1.82.
    now = {"appeal_revised": 160, "appeal_remanded": 50, "retrial_revised": 15}
    now |= {"retrial_remanded": 3, "retrial_directed": 2}
    found = cheapest(RULEBOOK, DECEMBER, [court(now)], "yanji", 2300)
    assert found is not None
    assert (found.cases, found.total_cents) == (1, 2304)
    assert list(found.moves.values()) == [-1]
    there = cheapest(RULEBOOK, DECEMBER, [court(now)], "yanji", 2213)
    assert there is not None
    assert (there.moves, there.cases) == ({}, 0)
    assert cheapest(RULEBOOK, DECEMBER, [court(now)], "yanji", 9000) is None


def test_several_levers_where_one_is_not_enough() -> None:
    # Sixteen points of the side. Q2 wants 150 fully enforced, 30 more; with 110 terminated they are
    # 260 of the actually closed and 410 closed, whose 61,500 days are 150 each: Q7 as well. Then
    # Q1 wants 268, eight more, and of 418 closed Q5 wants 302.85 in time, three more; C1 stays with
    # 90 % of 278, 250.2, in time, eleven more: 8 + 5 + 8.
    now = {**ENFORCEMENT, "closing_days": 61_500}
    base = score(RULEBOOK, DECEMBER, [court(now)]).court("yanji").total_cents
    found = cheapest(RULEBOOK, DECEMBER, [court(now)], "yanji", base + 800)
    assert found is not None
    assert found.moves == {
        "fully_enforced": 30,
        "actually_closed": 8,
        "closed_in_time": 3,
        "actually_closed_in_time": 11,
    }
    assert (found.cases, found.total_cents) == (52, base + 1050)
    assert found.figures["enforcement_closed"] == 418


def brute_first(one: CourtFacts, way: Way, most: int) -> int | None:
    """The least move that gains anything, by trying every number in turn."""
    for cases in range(1, most + 1):
        figures = moved(RULEBOOK, one.current, way.lever.metric, way.lever.direction * cases)
        if figures is None:
            return None
        card = score(RULEBOOK, DECEMBER, [replace(one, current=figures)]).court(one.court)
        cents = card.item(way.lever.item).cents
        if cents is not None and cents > (way.now.cents or 0):
            return cases
    return None


@pytest.mark.no_cover
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(current=random_figures(tuple(RULEBOOK.metrics)), extra=st.integers(1, 900))
def test_against_trying_every_number(current: dict[str, int], extra: int) -> None:
    one = court(current)
    base = score(RULEBOOK, DECEMBER, [one]).court("yanji")
    for way in ways(RULEBOOK, DECEMBER, [one], "yanji"):
        most = 25
        expected = brute_first(one, way, most)
        if way.first is None or way.first.cases > most:
            assert expected is None
        else:
            assert expected == way.first.cases
        for gain in (way.first, way.next_point, way.most):
            if gain is None:
                continue
            after = {code: one.current[code] + by for code, by in gain.changes.items()}
            card = scorecard_with(RULEBOOK, DECEMBER, [one], "yanji", after)
            assert card.total_cents == gain.total_cents
            assert card.item(way.lever.item).cents == gain.item_cents
    with pytest.MonkeyPatch.context() as patched:
        # Whether plans are the cheapest is tried below; here, that each is a plan.
        patched.setattr("scoring.whatif.MOST_TRIED", 20)
        found = cheapest(RULEBOOK, DECEMBER, [one], "yanji", base.total_cents + extra)
    if found is None:
        return
    assert found.total_cents >= base.total_cents + extra
    assert found.cases == sum(map(abs, found.moves.values()))
    for side in Side:
        before = {
            broken.check.code
            for broken in check_figures(RULEBOOK, side, one.current)
            if broken.severity is Severity.ERROR
        }
        after_errors = {
            broken.check.code
            for broken in check_figures(RULEBOOK, side, found.figures)
            if broken.severity is Severity.ERROR
        }
        assert after_errors <= before


def beaten(one: CourtFacts, wanted: int, cases: int, most_levers: int) -> bool:
    """Whether fewer cases of some levers reach the total, by trying every plan in turn."""
    codes = [
        (code, direction)
        for item in RULEBOOK.items
        for code, direction in item.formula.levers(item.rule).items()
        if RULEBOOK.metrics[code].kind == "count"
    ]
    scored = {
        item.item.code
        for item in score(RULEBOOK, DECEMBER, [one]).court(one.court).items
        if item.cents is not None
    }
    open_codes = list(
        dict.fromkeys(
            move
            for move in codes
            if any(
                move in item.formula.levers(item.rule).items()
                for item in RULEBOOK.items
                if item.code in scored
            )
        )
    )

    def tries(start: int, left: int, levers: int, figures: Mapping[str, int]) -> bool:
        total = score(RULEBOOK, DECEMBER, [replace(one, current=figures)]).court(one.court)
        if total.total_cents >= wanted:
            return True
        if not levers:
            return False
        for place in range(start, len(open_codes)):
            code, direction = open_codes[place]
            for by in range(1, left + 1):
                after = moved(RULEBOOK, figures, code, direction * by)
                if after is None:
                    break
                if tries(place + 1, left - by, levers - 1, after):
                    return True
        return False

    return tries(0, cases - 1, most_levers, one.current)


# A small court, a few cases from many a point.
SMALL = {
    "appeal_revised": 16,
    "appeal_remanded": 4,
    "retrial_revised": 1,
    "retrial_remanded": 1,
    "retrial_directed": 0,
    "appeals_filed": 100,
    "first_instance_closed": 300,
    "enforcement_carried_over": 5,
    "enforcement_received": 20,
    "enforcement_closed": 18,
    "actually_closed": 11,
    "fully_enforced": 6,
    "procedure_terminated": 6,
    "enforcement_terminated": 4,
    "closed_in_time": 12,
    "actually_closed_in_time": 9,
    "open_past_limit": 1,
    "resumed_cases": 4,
    "resumed_fully_enforced": 2,
}


@pytest.mark.parametrize("extra", [40, 150, 300, 500, 700])
def test_no_plan_is_cheaper_as_far_as_it_is_proven(extra: int) -> None:
    one = court(SMALL, "tumen")
    wanted = score(RULEBOOK, DECEMBER, [one]).court("tumen").total_cents + extra
    found = cheapest(RULEBOOK, DECEMBER, [one], "tumen", wanted)
    assert found is not None
    assert found.total_cents >= wanted
    assert found.proven_levers >= 1
    assert found.is_cheapest or found.cases > 3
    assert not beaten(one, wanted, min(found.cases, 4), min(found.proven_levers, 3))
    # One lever alone with any fewer number of cases neither.
    assert not beaten(one, wanted, found.cases, 1)


def test_what_cannot_be_tried_through_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """52 cases of four kinds: 51 of each single kind are tried, not all pairs of them."""
    one = court({**ENFORCEMENT, "closing_days": 61_500})
    wanted = score(RULEBOOK, DECEMBER, [one]).court("yanji").total_cents + 800
    monkeypatch.setattr("scoring.whatif.MOST_TRIED", 3)
    found = cheapest(RULEBOOK, DECEMBER, [one], "yanji", wanted)
    assert found is not None
    assert (found.cases, found.proven_levers, found.is_cheapest) == (52, 0, False)


def test_a_cheaper_plan_than_the_best_bargains_is_found() -> None:
    """The first plan is only a start: from a dearer one the search comes to the same end."""
    one = court(SMALL, "tumen")
    base = score(RULEBOOK, DECEMBER, [one]).court("tumen").total_cents
    search = _Search(RULEBOOK, DECEMBER, [one], "tumen", None)
    found = cheapest(RULEBOOK, DECEMBER, [one], "tumen", base + 300)
    assert found is not None
    dear = search.plan(dict.fromkeys(list(search._levers())[:1], 3))
    again = search.proven(dear._replace(cases=found.cases + 1), base + 300)
    assert again.cases == found.cases
    assert again.total_cents >= base + 300


@pytest.mark.parametrize("name", ["tumen", "yanbian"])
def test_many_figures_at_once_are_scored_as_the_engine_scores_each(name: str) -> None:
    """The intermediate court's points hang on the others, a grassroots court's do not."""
    courts = [court(SMALL, "tumen"), court(ENFORCEMENT, "yanji"), court(SMALL, "yanbian")]
    one = next(facts for facts in courts if facts.court == name)
    search = _Search(RULEBOOK, DECEMBER, courts, name, None)
    tried = [
        search._moved(one.current, lever, cases)
        for lever in search._levers()
        for cases in (1, 2, 5, 40)
    ]
    assert len({str(figures) for figures in tried}) > 20
    found = search.totals(tried)
    expected = [
        score(
            RULEBOOK,
            DECEMBER,
            [replace(facts, current=figures) if facts is one else facts for facts in courts],
        )
        .court(name)
        .total_cents
        for figures in tried
    ]
    assert found == expected == [search.total(figures) for figures in tried]
    assert len(set(found)) > 5
    assert search.totals([]) == []


@pytest.mark.parametrize("at_once", [1, 3])
def test_it_is_no_matter_how_many_are_scored_together(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = court(SMALL, "tumen")
    base = score(RULEBOOK, DECEMBER, [one]).court("tumen").total_cents
    together = [cheapest(RULEBOOK, DECEMBER, [one], "tumen", base + by) for by in (40, 300)]
    monkeypatch.setattr("scoring.whatif.AT_ONCE", at_once)
    assert together == [cheapest(RULEBOOK, DECEMBER, [one], "tumen", base + by) for by in (40, 300)]


def test_cases_days_and_people_are_counted_apart() -> None:
    """Days and people have ways of their own; a plan, which is so many cases, has none of them."""
    people = {"court_staff": 100, "enforcement_staff": 10}
    posts = {"enforcement_established_staff": 10, "enforcement_quota_judges": 1}
    trial = {"trial_established_staff": 40, "trial_quota_judges": 20}
    one = court({**ENFORCEMENT, **people, **posts, **trial, "closing_days": 61_500})
    found = {way.lever.metric for way in ways(RULEBOOK, DECEMBER, [one], "yanji")}
    assert {"closing_days", "enforcement_staff"} <= found
    search = _Search(RULEBOOK, DECEMBER, [one], "yanji", None)
    moving = {lever.metric for lever in search._levers()}
    assert moving == {code for code in found | moving if RULEBOOK.metrics[code].kind == "count"}


def test_every_plan_comes_once_and_those_of_few_cases_first() -> None:
    """Of three levers two with 2, 3 or 4 cases in all: 3 × (1 + 2 + 3) plans."""
    three = list(_Search(RULEBOOK, DECEMBER, [court(SMALL)], "yanji", None)._levers())[:3]
    found = [tuple(moves.items()) for moves in _plans(three, 2, 5)]
    assert len(found) == len(set(found)) == 18
    assert [sum(by for _lever, by in moves) for moves in found] == [2] * 3 + [3] * 6 + [4] * 9


def test_every_item_of_figures_has_levers() -> None:
    without = {item.code for item in RULEBOOK.items if not levers(item)}
    assert without == {"L7", "GM"}


def test_the_total_a_rank_takes() -> None:
    """Equal totals share a rank, so the total of the court that has it is enough."""

    def card(court: str, cents: int, rank: int | None) -> Scorecard:
        level = Level.GRASSROOTS if rank else Level.INTERMEDIATE
        bare = Scorecard(court, level, (), {}, frozenset(), cents, False)
        return bare._replace(rank=rank)

    cards = [card("a", 900, 1), card("b", 700, 2), card("c", 700, 2), card("d", 100, 4)]
    cards.append(card("top", 5000, None))
    found = [cents_for_rank(cards, "d", rank) for rank in (0, 1, 2, 3, 4, 9)]
    assert found == [None, 900, 700, 700, 0, 0]
    assert cents_for_rank(cards, "top", 1) is None
    assert cents_for_rank(cards, "gone", 1) is None


@pytest.mark.parametrize("name", ["yanbian", "yanji", "tumen", "antu"])
def test_scoring_what_can_change_alone_is_scoring_everything(name: str) -> None:
    # Equal totals share a rank; the intermediate court looks at the others and has none.
    same = {"appeal_revised": 3, **ENFORCEMENT}
    courts = [
        court(same, "yanji"),
        court(same, "tumen"),
        court({**ENFORCEMENT, "enforcement_closed": 300}, "antu"),
        court({**ENFORCEMENT, "enforcement_closed": 200}, "yanbian"),
    ]
    board = score(RULEBOOK, DECEMBER, courts)
    for closed in (0, 200, 300, 400, 450):
        figures = {"enforcement_closed": closed}
        whole = scorecard_with(RULEBOOK, DECEMBER, courts, name, figures)
        alone = scorecard_with(RULEBOOK, DECEMBER, courts, name, figures, board=board)
        assert (alone.total_cents, alone.rank) == (whole.total_cents, whole.rank)
        assert [one.cents for one in alone.items] == [one.cents for one in whole.items]
        assert (alone.rank is None) is (name == "yanbian")
