"""The points of a year by whole arrays, months × courts, in 64-bit integers or in floats.

The yardstick of the bench: as fast as it can be done when nothing has to be explained. Default
readings only, and a figure never lacks. Points are in hundredths; `NULL` stands for none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tests.bench.figures import MONTHS, Array, Figures, Year

NULL = -1
# Item: numerator, denominator, target in hundredths of a percent; the second table holds ceilings
TARGETS: dict[str, tuple[list[str], list[str], int]] = {
    "C1": (["actually_closed_in_time"], ["actually_closed", "open_past_limit"], 9000),
    "C2": (["enforcement_closed"], ["enforcement_carried_over", "enforcement_received"], 8000),
    "C3": (["enforcement_petitions_closed"], ["enforcement_petitions_received"], 9000),
    "C4": (["procedure_terminated_qualified"], ["procedure_terminated_checked"], 9000),
    "Q1": (["actually_closed"], ["enforcement_carried_over", "enforcement_received"], 5348),
    "Q2": (["fully_enforced"], ["enforcement_carried_over", "enforcement_received"], 3000),
    "Q3": (["procedure_terminated"], ["enforcement_carried_over", "enforcement_received"], 2652),
    "Q4": (["enforcement_terminated"], ["enforcement_carried_over", "enforcement_received"], 2132),
    "Q5": (["closed_in_time"], ["enforcement_closed"], 7245),
    "Q6": (["preservation_cases"], ["preservation_base"], 3057),
    "Q8": (["supervised_matters_in_time"], ["supervised_matters_due"], 8433),
    "Q10": (["resumed_fully_enforced"], ["resumed_cases"], 5170),
}
CEILINGS: dict[str, tuple[list[str], list[str], int]] = {
    "L2.1": (["appeal_revised", "appeal_remanded"], ["first_instance_closed"], 350),
    "L4.1": (["retrial_revised", "retrial_remanded"], ["effective_judgments"], 35),
    "L5.1": (["retrial_petitions_received"], ["effective_judgments"], 125),
    "Q9": (["defaulters_revoked"], ["defaulters_listed"], 4086),
}
REOPENED = ["retrial_decided", "retrial_escalated", "retrial_directed", "retrial_designated"]
OVERTURNED = [
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
]
# Item: figures, hundredths of points for each percent of drop, hundredths at most
DROPS: dict[str, tuple[list[str], int, int]] = {
    "L1": (OVERTURNED, 400, 4000),
    "L2.2": (["appeal_revised", "appeal_remanded"], 50, 600),
    "L3.2": (["appeals_filed"], 20, 300),
    "L4.2": (["retrial_revised", "retrial_remanded"], 50, 600),
    "L5.2": (["retrial_petitions_received"], 20, 300),
    "L6.2": (REOPENED, 50, 600),
}
LITIGATION = {"L2.1": 600, "L3.1": 300, "L4.1": 600, "L5.1": 300}
GRASSROOTS = {"C1": 750, "C2": 750, "C3": 750, "C4": 750, "Q1": 800, "Q2": 800, "Q3": 500,
              "Q4": 500, "Q5": 800, "Q6": 800, "Q7": 500, "Q8": 500, "Q9": 500, "Q10": 500,
              "Q11": 800}  # fmt: skip
INTERMEDIATE = {"C1": 625, "C2": 625, "C3": 625, "C4": 625, "Q1": 520, "Q2": 520, "Q3": 400,
                "Q4": 400, "Q5": 520, "Q6": 520, "Q7": 400, "Q8": 400, "Q9": 400, "Q10": 400,
                "Q11": 520}  # fmt: skip


class Points(NamedTuple):
    """Arrays of months × courts; GM stands in the column of the intermediate court."""

    items: Figures
    totals: Array
    ranks: Array


def points(year: Year) -> Points:
    items: Figures = {}
    for code, (names, each, most) in DROPS.items():
        items[code] = _drop(year, names, each, most)
    items["L6.1"] = _reopening_rate(year)
    count, total = year.ballots
    mean = np.minimum(_half_up(100 * total, count), 1200)
    items["L7"] = np.broadcast_to(mean, items["L1"].shape)
    for code, (top, bottom, target) in TARGETS.items():
        numerator, denominator = _sum(year.current, top), _sum(year.current, bottom)
        met = 10_000 * numerator >= target * denominator
        items[code] = _all_or_nothing(code, met, denominator)
    for code, (top, bottom, target) in CEILINGS.items():
        numerator, denominator = _sum(year.current, top), _sum(year.current, bottom)
        met = 10_000 * numerator <= target * denominator
        items[code] = _all_or_nothing(code, met, denominator)
    closed = year.current["first_instance_closed"]
    met = 100 * (closed - year.current["appeals_filed"]) >= 88 * closed
    items["L3.1"] = _all_or_nothing("L3.1", met, closed)
    closed = year.current["enforcement_closed"]
    items["Q7"] = _all_or_nothing(
        "Q7", 100 * year.current["closing_days"] <= 15325 * closed, closed
    )
    items["Q11"] = _staffing(year.current)
    return _summed(items)


def _sum(figures: Figures, names: list[str]) -> Array:
    found = figures[names[0]]
    for name in names[1:]:
        found = found + figures[name]
    return found


def _half_up(numerator: Array, denominator: Array) -> Array:
    if numerator.dtype == np.float64:
        # What a float makes of it is exact here: no quotient is so near to a half.
        found: Array = np.floor((2 * numerator + denominator) / (2 * denominator))
        return found
    return np.asarray((2 * numerator + denominator) // (2 * denominator), np.int64)


def _baseline(year: Year, names: list[str]) -> Array:
    """Twelve times what a month is compared with: the same month, or month/12 of the year."""
    figures = _sum(year.baseline, names)
    prorated = np.arange(1, MONTHS + 1)[:, np.newaxis] * figures[MONTHS - 1]
    return np.where(year.has_months, MONTHS * figures, prorated)


def _drop(year: Year, names: list[str], each: int, most: int) -> Array:
    before, now = _baseline(year, names), MONTHS * _sum(year.current, names)
    fallen = np.maximum(before - now, 0)
    earned = np.minimum(_half_up(100 * each * fallen, np.maximum(before, 1)), most)
    return np.where(before == 0, NULL, earned)


def _reopening_rate(year: Year) -> Array:
    closed = ["retrial_petitions_closed"]
    before, whole_before = _baseline(year, REOPENED), _baseline(year, closed)
    now, whole = _sum(year.current, REOPENED), _sum(year.current, closed)
    fallen = np.maximum(before * whole - now * whole_before, 0)
    both = whole * whole_before
    earned = np.minimum(_half_up(100 * 50 * fallen, np.maximum(both, 1)), 600)
    return np.where(both == 0, NULL, earned)


def _all_or_nothing(code: str, met: np.ndarray, denominator: Array) -> Array:
    found = np.where(met, _full(code, met.shape[1]), 0)
    return np.where(denominator == 0, NULL, found)


def _full(code: str, courts: int) -> Array:
    if code in LITIGATION:
        return np.full(courts, LITIGATION[code])
    full = np.full(courts, GRASSROOTS[code])
    full[0] = INTERMEDIATE[code]
    return full


def _staffing(current: Figures) -> Array:
    staff, posts = current["court_staff"], current["enforcement_established_staff"]
    trial_posts = current["trial_established_staff"]
    met = (100 * current["enforcement_staff"] >= 15 * staff) & (
        current["enforcement_quota_judges"] * trial_posts >= current["trial_quota_judges"] * posts
    )
    return _all_or_nothing("Q11", met, staff * posts * trial_posts)


def _summed(items: Figures) -> Points:
    """GM, totals and ranks; nulls add nothing."""
    litigation = sum(np.maximum(items[code], 0) for code in items if code.startswith("L"))
    enforcement = sum(np.maximum(items[code], 0) for code in items if not code.startswith("L"))
    assert isinstance(litigation, np.ndarray)
    assert isinstance(enforcement, np.ndarray)
    peers = enforcement[:, 1:]
    mean = _half_up(25 * peers.sum(axis=1), np.asarray(100 * peers.shape[1]))
    items["GM"] = mean[:, np.newaxis]
    halves = litigation + enforcement
    halves[:, 0] += mean
    totals = _half_up(halves, np.asarray(2))
    ordered = np.sort(totals[:, 1:], axis=1)
    ranks = np.empty_like(totals)
    for month in range(MONTHS):
        behind = np.searchsorted(ordered[month], totals[month], side="right")
        ranks[month] = peers.shape[1] - behind + 1
    return Points(items, totals, ranks)
