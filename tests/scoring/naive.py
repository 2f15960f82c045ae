"""The notice once more, slow and obvious: what the engine is compared with.

Owns a second scoring of a month, written from the notice alone. It shares no rule, number,
rounding or ranking with `scoring`: of that package it takes nothing but the shape of the facts.
Everything is a Fraction until an item is rounded, every item is spelled out, nothing is prepared
or remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from scoring import CourtFacts, Month

LITIGATION = (
    "appeal_revised appeal_remanded retrial_revised retrial_remanded retrial_directed "
    "retrial_decided retrial_escalated retrial_designated appeals_filed "
    "retrial_petitions_received retrial_petitions_closed first_instance_closed effective_judgments"
).split()

ENFORCEMENT = (
    "enforcement_carried_over enforcement_received enforcement_closed actually_closed "
    "fully_enforced procedure_terminated enforcement_terminated actually_closed_in_time "
    "open_past_limit closed_in_time closing_days enforcement_petitions_received "
    "enforcement_petitions_closed procedure_terminated_checked procedure_terminated_qualified "
    "preservation_base preservation_cases supervised_matters_due supervised_matters_in_time "
    "defaulters_listed defaulters_revoked resumed_cases resumed_fully_enforced court_staff "
    "enforcement_staff enforcement_established_staff enforcement_quota_judges "
    "trial_established_staff trial_quota_judges"
).split()

# 附件1·二, the same at both levels.
LITIGATION_POINTS = {
    "L1": "40",
    "L2.1": "6",
    "L2.2": "6",
    "L3.1": "3",
    "L3.2": "3",
    "L4.1": "6",
    "L4.2": "6",
    "L5.1": "3",
    "L5.2": "3",
    "L6.1": "6",
    "L6.2": "6",
    "L7": "12",
}

# 附件1·四: grassroots court, intermediate court.
ENFORCEMENT_POINTS = {
    "C1": ("7.5", "6.25"),
    "C2": ("7.5", "6.25"),
    "C3": ("7.5", "6.25"),
    "C4": ("7.5", "6.25"),
    "Q1": ("8", "5.2"),
    "Q2": ("8", "5.2"),
    "Q3": ("5", "4"),
    "Q4": ("5", "4"),
    "Q5": ("8", "5.2"),
    "Q6": ("8", "5.2"),
    "Q7": ("5", "4"),
    "Q8": ("5", "4"),
    "Q9": ("5", "4"),
    "Q10": ("5", "4"),
    "Q11": ("8", "5.2"),
}

READINGS = {
    "step": ("pro_rata", "whole"),
    "missed_target": ("nothing", "attainment"),
    "interim_baseline": ("same_month", "annual"),
    "zero_baseline": ("none", "zero"),
    "zero_denominator": ("none", "full"),
    "designated_retrials": ("counted", "left_out"),
    "appeal_rate": ("first_instance_closed", "appeals_filed"),
    "enforcement_rates": ("docket", "closed"),
    "q11": ("both", "half_each"),
    "grassroots_mean": ("plain", "by_docket"),
    "comparison": ("exact", "as_printed"),
}


class Score(NamedTuple):
    """One item: its status, and hundredths of points or None."""

    status: str
    cents: int | None


class Card(NamedTuple):
    """One court: items, halves, total in hundredths, provisional marks, rank."""

    court: str
    items: dict[str, Score]
    litigation: int
    enforcement: int
    total: int
    litigation_provisional: bool
    enforcement_provisional: bool
    provisional: bool
    rank: int | None


class NotReportedError(Exception):
    """A figure that an item needs was not reported."""


class NoBaselineError(Exception):
    """The year before was zero: there is no percentage."""


class NoDenominatorError(Exception):
    """There was nothing to count."""


def hundredths(points: Fraction) -> int:
    """Half up to two decimals; points are never negative."""
    times_thousand = points * 1000
    whole = times_thousand.numerator // times_thousand.denominator
    return whole // 10 + (1 if whole % 10 >= 5 else 0)


def compared(value: Fraction, readings: Mapping[str, str]) -> Fraction:
    """What is held against a target, or the target itself; a complement may be below zero."""
    if readings["comparison"] == "exact":
        return value
    if value < 0:
        return -Fraction(hundredths(-value), 100)
    return Fraction(hundredths(value), 100)


def add(figures: Mapping[str, int], names: Sequence[str]) -> int:
    total = 0
    for name in names:
        if name not in figures:
            raise NotReportedError(name)
        total = total + figures[name]
    return total


def last_year(
    facts: CourtFacts, month: Month, readings: Mapping[str, str], names: Sequence[str]
) -> dict[str, Fraction]:
    """The figures of the year before that this month is compared with."""
    for name in names:
        if name not in facts.current:
            raise NotReportedError(name)
    annual = {name: Fraction(value) for name, value in facts.baseline_annual.items()}
    if month.month == 12 or readings["interim_baseline"] == "annual":
        chosen = annual
    elif all(name in facts.baseline_month for name in names):
        chosen = {name: Fraction(value) for name, value in facts.baseline_month.items()}
    else:
        chosen = {name: value * Fraction(month.month, 12) for name, value in annual.items()}
    for name in names:
        if name not in chosen:
            raise NotReportedError(name)
    return {name: chosen[name] for name in names}


def for_each_percent(percent: Fraction, each: str, most: str, readings: Mapping[str, str]) -> int:
    """Points for each percent (or percentage point), none below zero, no more than `most`."""
    if readings["step"] == "whole":
        percent = Fraction(percent.numerator // percent.denominator)
    if percent <= 0:
        return 0
    return hundredths(min(percent * Fraction(each), Fraction(most)))


def drop(
    facts: CourtFacts,
    month: Month,
    readings: Mapping[str, str],
    names: Sequence[str],
    each: str,
    most: str,
) -> int:
    now = add(facts.current, names)
    before = sum(last_year(facts, month, readings, names).values(), Fraction(0))
    if before == 0:
        if readings["zero_baseline"] == "zero":
            return 0
        raise NoBaselineError
    percent = (before - now) / before * 100
    return for_each_percent(percent, each, most, readings)


def reopened(readings: Mapping[str, str]) -> list[str]:
    """附件1·二·6: the four ways a case is reopened; annex 3 has no column for the last."""
    ways = ["retrial_decided", "retrial_escalated", "retrial_directed"]
    if readings["designated_retrials"] == "counted":
        ways.append("retrial_designated")
    return ways


def reopening_rate(facts: CourtFacts, month: Month, readings: Mapping[str, str], most: str) -> int:
    ways = reopened(readings)
    closed = "retrial_petitions_closed"
    now_reopened = add(facts.current, ways)
    now_closed = add(facts.current, [closed])
    before = last_year(facts, month, readings, [*ways, closed])
    before_closed = before.pop(closed)
    before_reopened = sum(before.values(), Fraction(0))
    if now_closed == 0:
        if readings["zero_denominator"] == "full":
            return hundredths(Fraction(most))
        raise NoDenominatorError
    if before_closed == 0:
        if readings["zero_baseline"] == "zero":
            return 0
        raise NoBaselineError
    percent_now = Fraction(now_reopened, now_closed) * 100
    percent_before = before_reopened / before_closed * 100
    return for_each_percent(percent_before - percent_now, "0.5", most, readings)


def appraisal(facts: CourtFacts, readings: Mapping[str, str], code: str, points: str) -> int:
    """Items held against a target of the appraisal document; the target is there."""
    if code == "L2.1":
        counted = add(facts.current, ["appeal_revised", "appeal_remanded"])
        if readings["appeal_rate"] == "appeals_filed":
            whole = add(facts.current, ["appeals_filed"])
        else:
            whole = add(facts.current, ["first_instance_closed"])
    elif code == "L3.1":
        counted = add(facts.current, ["appeals_filed"])
        whole = add(facts.current, ["first_instance_closed"])
    elif code == "L4.1":
        counted = add(facts.current, ["retrial_revised", "retrial_remanded"])
        whole = add(facts.current, ["effective_judgments"])
    else:
        counted = add(facts.current, ["retrial_petitions_received"])
        whole = add(facts.current, ["effective_judgments"])
    if whole == 0:
        if readings["zero_denominator"] == "full":
            return hundredths(Fraction(points))
        raise NoDenominatorError
    percent = Fraction(counted, whole) * 100
    target = compared(Fraction(facts.targets[code]), readings)
    if code == "L3.1":
        met = compared(100 - percent, readings) >= target
    else:
        met = compared(percent, readings) <= target
    return hundredths(Fraction(points)) if met else 0


def floor_or_ceiling(facts: CourtFacts, readings: Mapping[str, str], code: str, points: str) -> int:
    """C1–C4 and Q1–Q10 (附件1·三, 四)."""
    docket = ["enforcement_carried_over", "enforcement_received"]
    whole_of_q1_to_q4 = (
        ["enforcement_closed"] if readings["enforcement_rates"] == "closed" else docket
    )
    ceiling = False
    hundred = 100
    if code == "C1":
        top, bottom = ["actually_closed_in_time"], ["actually_closed", "open_past_limit"]
        target = "90"
    elif code == "C2":
        top, bottom, target = ["enforcement_closed"], docket, "80"
    elif code == "C3":
        top, bottom = ["enforcement_petitions_closed"], ["enforcement_petitions_received"]
        target = "90"
    elif code == "C4":
        top, bottom = ["procedure_terminated_qualified"], ["procedure_terminated_checked"]
        target = "90"
    elif code == "Q1":
        top, bottom, target = ["actually_closed"], whole_of_q1_to_q4, "53.48"
    elif code == "Q2":
        top, bottom, target = ["fully_enforced"], whole_of_q1_to_q4, "30"
    elif code == "Q3":
        top, bottom, target = ["procedure_terminated"], whole_of_q1_to_q4, "26.52"
    elif code == "Q4":
        top, bottom, target = ["enforcement_terminated"], whole_of_q1_to_q4, "21.32"
    elif code == "Q5":
        top, bottom, target = ["closed_in_time"], ["enforcement_closed"], "72.45"
    elif code == "Q6":
        top, bottom, target = ["preservation_cases"], ["preservation_base"], "30.57"
    elif code == "Q7":
        top, bottom, target = ["closing_days"], ["enforcement_closed"], "153.25"
        ceiling = True
        hundred = 1  # days, not percent
    elif code == "Q8":
        top, bottom = ["supervised_matters_in_time"], ["supervised_matters_due"]
        target = "84.33"
    elif code == "Q9":
        top, bottom, target = ["defaulters_revoked"], ["defaulters_listed"], "40.86"
        ceiling = True
    else:
        top, bottom, target = ["resumed_fully_enforced"], ["resumed_cases"], "51.7"

    numerator = add(facts.current, top)
    denominator = add(facts.current, bottom)
    if denominator == 0:
        if readings["zero_denominator"] == "full":
            return hundredths(Fraction(points))
        raise NoDenominatorError
    value = Fraction(numerator, denominator) * hundred
    wanted = Fraction(target)
    if ceiling:
        if compared(value, readings) <= compared(wanted, readings):
            return hundredths(Fraction(points))
        attained = wanted / value
    else:
        if compared(value, readings) >= compared(wanted, readings):
            return hundredths(Fraction(points))
        attained = value / wanted
    if readings["missed_target"] == "attainment":
        return hundredths(Fraction(points) * attained)
    return 0


def staffing(facts: CourtFacts, readings: Mapping[str, str], points: str) -> int:
    """Q11: 15 % of the staff, and no fewer quota judges in proportion than the trial side."""
    staff = add(facts.current, ["enforcement_staff"])
    all_staff = add(facts.current, ["court_staff"])
    judges = add(facts.current, ["enforcement_quota_judges"])
    posts = add(facts.current, ["enforcement_established_staff"])
    trial_judges = add(facts.current, ["trial_quota_judges"])
    trial_posts = add(facts.current, ["trial_established_staff"])
    if readings["zero_denominator"] == "none" and 0 in (all_staff, posts, trial_posts):
        raise NoDenominatorError
    share = Fraction(0) if all_staff == 0 else Fraction(staff, all_staff) * 100
    first = all_staff == 0 or compared(share, readings) >= 15
    if posts == 0 or trial_posts == 0:
        second = True
    else:
        own = compared(Fraction(judges, posts) * 100, readings)
        second = own >= compared(Fraction(trial_judges, trial_posts) * 100, readings)
    if first and second:
        return hundredths(Fraction(points))
    if readings["q11"] == "half_each" and (first or second):
        return hundredths(Fraction(points) / 2)
    return 0


def ballots(facts: CourtFacts, points: str) -> int:
    assert facts.ballots is not None
    return hundredths(min(Fraction(points), facts.ballots.points / facts.ballots.count))


def litigation_cents(
    facts: CourtFacts, month: Month, readings: Mapping[str, str], code: str, points: str
) -> int:
    if code == "L1":
        overturned = [
            "appeal_revised",
            "appeal_remanded",
            "retrial_revised",
            "retrial_remanded",
            "retrial_directed",
        ]
        return drop(facts, month, readings, overturned, "4", points)
    if code == "L2.2":
        names = ["appeal_revised", "appeal_remanded"]
        return drop(facts, month, readings, names, "0.5", points)
    if code == "L3.2":
        return drop(facts, month, readings, ["appeals_filed"], "0.2", points)
    if code == "L4.2":
        names = ["retrial_revised", "retrial_remanded"]
        return drop(facts, month, readings, names, "0.5", points)
    if code == "L5.2":
        return drop(facts, month, readings, ["retrial_petitions_received"], "0.2", points)
    if code == "L6.1":
        return reopening_rate(facts, month, readings, points)
    if code == "L6.2":
        return drop(facts, month, readings, reopened(readings), "0.5", points)
    return appraisal(facts, readings, code, points)


def score_item(
    facts: CourtFacts, month: Month, readings: Mapping[str, str], code: str, points: str
) -> Score:
    """One item; a decided one keeps what was decided whatever the figures say."""
    if code in facts.decisions:
        return Score("decided", hundredths(Fraction(facts.decisions[code].points)))
    if code == "L7":
        if facts.ballots is None:
            return Score("pending", None)
        return Score("scored", ballots(facts, points))
    side = LITIGATION if code in LITIGATION_POINTS else ENFORCEMENT
    if not any(name in facts.current for name in side):
        return Score("not_reported", None)
    if code in ("L2.1", "L3.1", "L4.1", "L5.1") and code not in facts.targets:
        return Score("no_target", None)
    try:
        if code in LITIGATION_POINTS:
            return Score("scored", litigation_cents(facts, month, readings, code, points))
        if code == "Q11":
            return Score("scored", staffing(facts, readings, points))
        return Score("scored", floor_or_ceiling(facts, readings, code, points))
    except NotReportedError:
        return Score("not_reported", None)
    except NoDenominatorError:
        return Score("no_denominator", None)
    except NoBaselineError:
        return Score("no_baseline", None)


def grassroots_mean(
    grassroots: Sequence[tuple[CourtFacts, int]], readings: Mapping[str, str]
) -> Score:
    """GM: a quarter of the mean of the grassroots courts' enforcement points, rounded once."""
    if not grassroots:
        return Score("no_denominator", None)
    weights = []
    for facts, _ in grassroots:
        weight = 1
        if readings["grassroots_mean"] == "by_docket":
            carried = facts.current.get("enforcement_carried_over")
            received = facts.current.get("enforcement_received")
            weight = 0 if carried is None or received is None else carried + received
        weights.append(weight)
    if sum(weights) == 0:
        weights = [1 for _ in grassroots]
    weighted = sum(cents * weight for (_, cents), weight in zip(grassroots, weights, strict=True))
    mean = Fraction(weighted, 100 * sum(weights))
    return Score("scored", hundredths(mean * Fraction(25, 100)))


def score(
    month: Month, courts: Sequence[CourtFacts], readings: Mapping[str, str] | None = None
) -> list[Card]:
    """All courts of a month, in the order given."""
    taken = {code: values[0] for code, values in READINGS.items()} | dict(readings or {})
    items: list[dict[str, Score]] = []
    for facts in courts:
        found = {}
        for code, points in LITIGATION_POINTS.items():
            found[code] = score_item(facts, month, taken, code, points)
        for code, (grassroots, intermediate) in ENFORCEMENT_POINTS.items():
            points = grassroots if facts.level == "grassroots" else intermediate
            found[code] = score_item(facts, month, taken, code, points)
        items.append(found)

    grassroots_courts = []
    grassroots_provisional = False
    for facts, found in zip(courts, items, strict=True):
        if facts.level == "grassroots":
            cents = sum(found[code].cents or 0 for code in ENFORCEMENT_POINTS)
            grassroots_courts.append((facts, cents))
            if any(found[code].cents is None for code in ENFORCEMENT_POINTS):
                grassroots_provisional = True

    cards = []
    for facts, found in zip(courts, items, strict=True):
        litigation = sum(found[code].cents or 0 for code in LITIGATION_POINTS)
        litigation_open = any(found[code].cents is None for code in LITIGATION_POINTS)
        enforcement = sum(found[code].cents or 0 for code in ENFORCEMENT_POINTS)
        enforcement_open = any(found[code].cents is None for code in ENFORCEMENT_POINTS)
        if facts.level == "intermediate":
            if "GM" in facts.decisions:
                mean = Score("decided", hundredths(Fraction(facts.decisions["GM"].points)))
            else:
                mean = grassroots_mean(grassroots_courts, taken)
            found["GM"] = mean
            enforcement += mean.cents or 0
            enforcement_open = enforcement_open or mean.cents is None or grassroots_provisional
        cards.append(
            Card(
                court=facts.court,
                items=found,
                litigation=litigation,
                enforcement=enforcement,
                total=(litigation + enforcement + 1) // 2,
                litigation_provisional=litigation_open,
                enforcement_provisional=enforcement_open,
                provisional=litigation_open or enforcement_open,
                rank=None,
            )
        )

    ranked = []
    for facts, card in zip(courts, cards, strict=True):
        rank = None
        if facts.level == "grassroots":
            rank = 1
            for other_facts, other in zip(courts, cards, strict=True):
                if other_facts.level == "grassroots" and other.total > card.total:
                    rank += 1
        ranked.append(card._replace(rank=rank))
    return ranked
