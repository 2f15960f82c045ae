"""Random months of several courts for hypothesis: small counts, zeros, gaps, and thresholds hit.

Owns what a random court may look like; knows nothing of points. Figures are drawn as one string of
bytes a court, which is quick and shrinks to zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from scoring import Ballots, CourtFacts, Decision, Level, Month
from tests.scoring import naive

# Mostly what a small court counts, many zeros, some large ones.
SIZES = (*[0] * 24, *range(1, 120), *range(120, 1400, 13), *[100] * 15)
assert len(SIZES) >= 256
APPRAISAL_TARGETS = [Decimal(text) for text in ("0", "0.01", "5", "33.33", "50", "90.5", "100")]
ITEMS = [*naive.LITIGATION_POINTS, *naive.ENFORCEMENT_POINTS, "GM"]
# Figures that meet a target exactly; the first is moved by one either way.
ON_TARGET: Sequence[Mapping[str, int]] = (
    {"actually_closed_in_time": 90, "actually_closed": 70, "open_past_limit": 30},
    {"enforcement_closed": 80, "enforcement_carried_over": 60, "enforcement_received": 40},
    {"enforcement_petitions_closed": 9, "enforcement_petitions_received": 10},
    {"procedure_terminated_qualified": 18, "procedure_terminated_checked": 20},
    {"actually_closed": 1337, "enforcement_carried_over": 1000, "enforcement_received": 1500},
    {"actually_closed": 1337, "enforcement_closed": 2500},
    {"fully_enforced": 3, "enforcement_carried_over": 10, "enforcement_received": 0},
    {"procedure_terminated": 663, "enforcement_carried_over": 0, "enforcement_received": 2500},
    {"enforcement_terminated": 533, "enforcement_carried_over": 500, "enforcement_received": 2000},
    {"closed_in_time": 1449, "enforcement_closed": 2000},
    {"preservation_cases": 3057, "preservation_base": 10000},
    {"closing_days": 613, "enforcement_closed": 4},
    {"supervised_matters_in_time": 8433, "supervised_matters_due": 10000},
    {"defaulters_revoked": 2043, "defaulters_listed": 5000},
    {"resumed_fully_enforced": 517, "resumed_cases": 1000},
    {"enforcement_staff": 3, "court_staff": 20},
    {
        "enforcement_quota_judges": 4,
        "enforcement_established_staff": 10,
        "trial_quota_judges": 6,
        "trial_established_staff": 15,
    },
    {"appeal_revised": 1, "appeal_remanded": 0, "first_instance_closed": 20},
    {"appeals_filed": 50, "first_instance_closed": 100},
    {"retrial_petitions_received": 1, "effective_judgments": 2},
)

months = st.builds(Month, st.just(2019), st.integers(1, 12))
readings: st.SearchStrategy[dict[str, str]] = st.just({}) | st.fixed_dictionaries(
    {code: st.sampled_from(values) for code, values in naive.READINGS.items()}
)


@st.composite
def figures(draw: st.DrawFn, names: Sequence[str]) -> dict[str, int]:
    """A return: all of it, some of it, or nothing."""
    present = draw(st.sampled_from(["all", "all", "all", "gaps", "gaps", "none"]))
    if present == "none":
        return {}
    drawn = draw(st.binary(min_size=len(names), max_size=len(names)))
    found = {name: SIZES[byte] for name, byte in zip(names, drawn, strict=True)}
    if present == "gaps":
        for name in draw(st.lists(st.sampled_from(names), max_size=len(names), unique=True)):
            del found[name]
    return found


@st.composite
def decisions(draw: st.DrawFn, level: Level) -> dict[str, Decision]:
    """Points the party group decided for some items, no more than an item can earn."""
    found = {}
    for item in draw(st.just([]) | st.lists(st.sampled_from(ITEMS), max_size=3, unique=True)):
        # What GM can earn stands in no table of points.
        by_level = naive.ENFORCEMENT_POINTS.get(item, ("25", "25"))
        most = naive.LITIGATION_POINTS.get(item, by_level[level is Level.INTERMEDIATE])
        found[item] = Decision(draw(st.decimals(0, most, places=2, allow_nan=False)))
    return found


@st.composite
def courts_facts(draw: st.DrawFn, court: str, level: Level) -> CourtFacts:
    current = draw(figures(naive.LITIGATION)) | draw(figures(naive.ENFORCEMENT))
    if "closing_days" in current:
        current["closing_days"] *= 150  # days, where the others are cases
    for number, nudge in draw(
        st.lists(
            st.tuples(st.integers(0, len(ON_TARGET) - 1), st.integers(-1, 1)),
            max_size=9,
        )
    ):
        on_target = dict(ON_TARGET[number])
        on_target[next(iter(on_target))] += nudge
        current |= on_target
    if draw(st.booleans()):
        names = [*naive.LITIGATION, *naive.ENFORCEMENT]
        nothing = st.lists(st.sampled_from(names), min_size=3, max_size=20, unique=True)
        current |= dict.fromkeys(draw(nothing), 0)
    annual = draw(figures(naive.LITIGATION))
    same_month = draw(figures(naive.LITIGATION))
    if draw(st.booleans()):
        # A year much like the last one: drops of a few cases, now and then of exactly none.
        steps = draw(st.binary(min_size=len(naive.LITIGATION), max_size=len(naive.LITIGATION)))
        for name, step in zip(naive.LITIGATION, steps, strict=True):
            if name in annual and name in current:
                current[name] = max(0, annual[name] - step % 8)
    appraised = [item for item in naive.LITIGATION_POINTS if item.endswith(".1") and item != "L6.1"]
    target = st.sampled_from(APPRAISAL_TARGETS)
    tally = st.integers(1, 9).flatmap(
        lambda count: st.builds(
            Ballots, st.just(count), st.builds(Fraction, st.integers(0, 24 * count + 3), st.just(2))
        )
    )
    return CourtFacts(
        court=court,
        level=level,
        current=current,
        baseline_month=same_month,
        baseline_annual=annual,
        targets=draw(
            st.fixed_dictionaries({}, optional=dict.fromkeys(appraised, target))
            | st.fixed_dictionaries(dict.fromkeys(appraised, target))
        ),
        ballots=draw(st.none() | tally),
        decisions=draw(decisions(level)),
    )


@st.composite
def courts(draw: st.DrawFn) -> list[CourtFacts]:
    """None to five courts in any order; more than one of them may be intermediate."""
    levels = draw(
        st.lists(
            st.sampled_from([Level.GRASSROOTS, Level.GRASSROOTS, Level.INTERMEDIATE]), max_size=5
        )
    )
    return [draw(courts_facts(f"court{n}", level)) for n, level in enumerate(levels)]
