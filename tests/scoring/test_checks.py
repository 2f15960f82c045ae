"""Checks on a return, each at its boundary, and counts that fall within a year."""

from __future__ import annotations

import pytest

import scoring
from scoring import Fall, Month, Rulebook, Severity, Side

# Every check of the closed list of errors, then every warning: the two sums that are held against
# each other, here equal, and the figure of the left that is raised by one.
AT_MOST = [
    (Severity.ERROR, Side.LITIGATION, {"appeals_filed": 9}, {"first_instance_closed": 9}),
    (
        Severity.ERROR,
        Side.ENFORCEMENT,
        {"enforcement_closed": 9},
        {"enforcement_carried_over": 4, "enforcement_received": 5},
    ),
    (
        Severity.ERROR,
        Side.ENFORCEMENT,
        {"actually_closed": 6, "procedure_terminated": 3},
        {"enforcement_closed": 9},
    ),
    (
        Severity.ERROR,
        Side.ENFORCEMENT,
        {"fully_enforced": 6, "enforcement_terminated": 3},
        {"actually_closed": 9},
    ),
    (Severity.ERROR, Side.ENFORCEMENT, {"closed_in_time": 9}, {"enforcement_closed": 9}),
    (Severity.ERROR, Side.ENFORCEMENT, {"actually_closed_in_time": 9}, {"actually_closed": 9}),
    (
        Severity.ERROR,
        Side.ENFORCEMENT,
        {"procedure_terminated_qualified": 9},
        {"procedure_terminated_checked": 9},
    ),
    (Severity.ERROR, Side.ENFORCEMENT, {"preservation_cases": 9}, {"preservation_base": 9}),
    (
        Severity.ERROR,
        Side.ENFORCEMENT,
        {"supervised_matters_in_time": 9},
        {"supervised_matters_due": 9},
    ),
    (Severity.ERROR, Side.ENFORCEMENT, {"resumed_fully_enforced": 9}, {"resumed_cases": 9}),
    (Severity.ERROR, Side.ENFORCEMENT, {"enforcement_staff": 9}, {"court_staff": 9}),
    (
        Severity.ERROR,
        Side.ENFORCEMENT,
        {"enforcement_quota_judges": 9},
        {"enforcement_established_staff": 9},
    ),
    (Severity.ERROR, Side.ENFORCEMENT, {"trial_quota_judges": 9}, {"trial_established_staff": 9}),
    (
        Severity.WARNING,
        Side.LITIGATION,
        {
            "retrial_decided": 1,
            "retrial_escalated": 2,
            "retrial_directed": 3,
            "retrial_designated": 3,
        },
        {"retrial_petitions_received": 9},
    ),
    (
        Severity.WARNING,
        Side.LITIGATION,
        {"retrial_petitions_closed": 9},
        {"retrial_petitions_received": 9},
    ),
    (
        Severity.WARNING,
        Side.ENFORCEMENT,
        {"enforcement_petitions_closed": 9},
        {"enforcement_petitions_received": 9},
    ),
    (
        Severity.WARNING,
        Side.LITIGATION,
        {"retrial_revised": 4, "retrial_remanded": 5},
        {
            "retrial_decided": 1,
            "retrial_escalated": 2,
            "retrial_directed": 3,
            "retrial_designated": 3,
        },
    ),
    (Severity.WARNING, Side.ENFORCEMENT, {"actually_closed_in_time": 9}, {"closed_in_time": 9}),
    (Severity.WARNING, Side.ENFORCEMENT, {"defaulters_revoked": 9}, {"defaulters_listed": 9}),
]


@pytest.mark.parametrize(("severity", "side", "left", "right"), AT_MOST, ids="+".join)
def test_a_part_is_at_most_its_whole(
    severity: Severity, side: Side, left: dict[str, int], right: dict[str, int], rulebook: Rulebook
) -> None:
    def found(figures: dict[str, int]) -> list[scoring.Finding]:
        return [
            finding
            for finding in scoring.check_figures(rulebook, side, figures)
            if set(finding.check.left) == set(left)
            and set(finding.check.right) == set(right)
            and finding.severity is severity
        ]

    assert found(left | right) == []
    for code, value in left.items():
        (finding,) = found(left | right | {code: value + 1})
        assert (finding.left, finding.right) == (10, 9)
        assert found(left | right | {code: 0}) == []
    for code, value in right.items():
        (finding,) = found(left | right | {code: value - 1})
        assert (finding.left, finding.right) == (9, 8)
    for code in (*left, *right):
        partial = {other: 99 for other in (*left, *right) if other != code}
        assert found(partial) == [], f"does not apply without {code}"


def test_ways_of_closing_are_expected_to_make_up_what_is_closed(rulebook: Rulebook) -> None:
    def findings(actually: int, terminated: int) -> list[tuple[Severity, int, int]]:
        figures = {
            "actually_closed": actually,
            "procedure_terminated": terminated,
            "enforcement_closed": 9,
        }
        found = scoring.check_figures(rulebook, Side.ENFORCEMENT, figures)
        return sorted((finding.severity, finding.left, finding.right) for finding in found)

    assert findings(6, 3) == []
    assert findings(6, 2) == [(Severity.WARNING, 8, 9)]
    assert findings(6, 4) == [(Severity.ERROR, 10, 9), (Severity.WARNING, 10, 9)]


def test_the_list_of_checks_is_closed(rulebook: Rulebook) -> None:
    known = {(severity, frozenset(left), frozenset(right)) for severity, _, left, right in AT_MOST}
    known.add(
        (
            Severity.WARNING,
            frozenset({"actually_closed", "procedure_terminated"}),
            frozenset({"enforcement_closed"}),
        )
    )
    found = [
        (check.severity, frozenset(check.left), frozenset(check.right)) for check in rulebook.checks
    ]
    assert len(found) == len(known)
    assert set(found) == known


def test_a_check_belongs_to_one_return(rulebook: Rulebook) -> None:
    figures = {"appeals_filed": 10, "first_instance_closed": 9}
    assert scoring.check_figures(rulebook, Side.ENFORCEMENT, figures) == ()
    assert len(scoring.check_figures(rulebook, Side.LITIGATION, figures)) == 1
    assert scoring.check_figures(rulebook, Side.LITIGATION, {}) == ()


JANUARY, FEBRUARY, MARCH = (Month(2019, number) for number in (1, 2, 3))


def test_a_count_may_stay_and_grow(rulebook: Rulebook) -> None:
    months = {JANUARY: {"appeals_filed": 5}, MARCH: {"appeals_filed": 6}, FEBRUARY: {}}
    assert scoring.falls(rulebook, months | {FEBRUARY: {"appeals_filed": 5}}) == ()
    assert scoring.falls(rulebook, months) == ()


def test_a_count_that_falls_by_one(rulebook: Rulebook) -> None:
    months = {FEBRUARY: {"appeals_filed": 4}, JANUARY: {"appeals_filed": 5}}
    assert scoring.falls(rulebook, months) == (Fall("appeals_filed", FEBRUARY, 4, JANUARY, 5),)


def test_a_fall_is_seen_over_a_month_that_lacks(rulebook: Rulebook) -> None:
    months = {JANUARY: {"appeals_filed": 5}, FEBRUARY: {}, MARCH: {"appeals_filed": 0}}
    assert scoring.falls(rulebook, months) == (Fall("appeals_filed", MARCH, 0, JANUARY, 5),)


def test_every_month_below_an_earlier_one_is_named(rulebook: Rulebook) -> None:
    months = {
        JANUARY: {"appeals_filed": 5},
        FEBRUARY: {"appeals_filed": 3},
        MARCH: {"appeals_filed": 4},
    }
    assert scoring.falls(rulebook, months) == (
        Fall("appeals_filed", FEBRUARY, 3, JANUARY, 5),
        Fall("appeals_filed", MARCH, 4, JANUARY, 5),
    )


def test_sums_of_days_are_counts(rulebook: Rulebook) -> None:
    months = {JANUARY: {"closing_days": 50}, FEBRUARY: {"closing_days": 49}}
    assert [fall.metric for fall in scoring.falls(rulebook, months)] == ["closing_days"]


def test_stocks_may_fall(rulebook: Rulebook) -> None:
    stocks = {
        "enforcement_carried_over",
        "open_past_limit",
        "court_staff",
        "enforcement_staff",
        "enforcement_established_staff",
        "enforcement_quota_judges",
        "trial_established_staff",
        "trial_quota_judges",
    }
    months = {
        JANUARY: dict.fromkeys(rulebook.metrics, 5),
        FEBRUARY: dict.fromkeys(rulebook.metrics, 4),
    }
    fallen = {fall.metric for fall in scoring.falls(rulebook, months)}
    assert set(rulebook.metrics) - fallen == stocks


def test_counts_begin_anew_with_the_year(rulebook: Rulebook) -> None:
    months = {Month(2018, 12): {"appeals_filed": 5}, JANUARY: {"appeals_filed": 0}}
    assert scoring.falls(rulebook, months) == ()


def test_unknown_codes_are_somebody_elses(rulebook: Rulebook) -> None:
    assert scoring.falls(rulebook, {JANUARY: {"nothing": 5}, FEBRUARY: {"nothing": 4}}) == ()
