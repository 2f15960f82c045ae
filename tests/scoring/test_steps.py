"""The explanation of a score: figures with codes and months, what was made of them, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import scoring
from scoring import Ballots, CourtFacts, Decision, Level, Month, Replaced, Rulebook
from tests.scoring import annexes

DECEMBER, JUNE = Month(2019, 12), Month(2019, 6)
NO_WHOLE = "no_denominator"
NONE_FILED = {"appeals_filed": 0}


def explained(
    rulebook: Rulebook, code: str, facts: CourtFacts, month: Month = DECEMBER, **readings: str
) -> list[dict[str, Any]]:
    score = scoring.score(rulebook, month, [facts], readings).court(facts.court).item(code)
    steps = [step.as_dict() for step in score.steps]
    assert json.loads(json.dumps(steps, ensure_ascii=False)) == steps
    return steps


def of_kind(steps: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in step.items() if key != "kind"}
            for step in steps if step["kind"] == kind]  # fmt: skip


def the(steps: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (step,) = of_kind(steps, kind)
    return step


def overturned(now: int) -> CourtFacts:
    current = dict.fromkeys(annexes.COLUMNS[:5], 0) | {"appeal_revised": now}
    return annexes.facts("yanji", current=current)


def test_a_drop_is_explained_from_the_figures_to_the_points(rulebook: Rulebook) -> None:
    # 252 before, 227 now: 25/252 = 9.9206 %; × 4 = 39.6825
    steps = explained(rulebook, "L1", overturned(227))
    kinds = [step["kind"] for step in steps]
    assert kinds == [
        "figures", "figures", "baseline", "drop", "points", "reading", "reading", "reading",
        "paragraph",
    ]  # fmt: skip
    now, before = of_kind(steps, "figures")
    assert now == {
        "role": "sum",
        "condition": None,
        "period": "current",
        "month": "2019-12",
        "figures": [
            {"metric": "appeal_revised", "value": 227},
            {"metric": "appeal_remanded", "value": 0},
            {"metric": "retrial_revised", "value": 0},
            {"metric": "retrial_remanded", "value": 0},
            {"metric": "retrial_directed", "value": 0},
        ],
        "total": 227,
    }
    assert (before["period"], before["month"], before["total"]) == ("baseline", "2018-12", 252)
    assert [figure["value"] for figure in before["figures"]] == [165, 60, 19, 5, 3]
    assert the(steps, "baseline") == {
        "how": "annual", "month": "2018-12", "months": 12, "value": "252.00", "exact": "252",
    }  # fmt: skip
    assert the(steps, "drop") == {
        "baseline": "252", "current": "227", "value": "9.92", "exact": "625/63", "unit": "%",
    }  # fmt: skip
    assert the(steps, "points") == {
        "rate": "4", "unit": "%", "before_cap": "39.68", "exact": "2500/63", "max": "40.00",
        "points": "39.68", "capped": False,
    }  # fmt: skip
    assert of_kind(steps, "reading") == [
        {"reading": "step", "value": "pro_rata", "default": True},
        {"reading": "interim_baseline", "value": "same_month", "default": True},
        {"reading": "zero_baseline", "value": "none", "default": True},
    ]
    assert the(steps, "paragraph") == {"paragraph": "附件1·二·1"}


def test_the_cap_is_seen(rulebook: Rulebook) -> None:
    # 226 now: 26/252 = 10.3175 %; × 4 = 41.2698, at most 40
    points = the(explained(rulebook, "L1", overturned(226)), "points")
    assert (points["before_cap"], points["points"], points["capped"]) == ("41.27", "40.00", True)


@pytest.mark.parametrize(("now", "capped"), [(90, False), (89, True)])
def test_exactly_everything_is_not_capped(now: int, capped: bool, rulebook: Rulebook) -> None:
    # 100 before: 10 % earns exactly 40, 11 % would earn 44.
    codes = annexes.COLUMNS[:5]
    facts = CourtFacts(
        "x",
        Level.GRASSROOTS,
        current=dict.fromkeys(codes, 0) | {"appeal_revised": now},
        baseline_annual=dict.fromkeys(codes, 0) | {"appeal_revised": 100},
    )
    points = the(explained(rulebook, "L1", facts), "points")
    assert (points["points"], points["capped"]) == ("40.00", capped)


def test_a_rise_earns_nothing_before_the_cap_either(rulebook: Rulebook) -> None:
    steps = explained(rulebook, "L1", overturned(300))
    assert the(steps, "drop")["value"] == "-19.05"
    points = the(steps, "points")
    assert (points["before_cap"], points["points"], points["capped"]) == ("0.00", "0.00", False)


def test_whole_percents_are_counted_in_a_step(rulebook: Rulebook) -> None:
    steps = explained(rulebook, "L1", overturned(227), step="whole")
    assert the(steps, "whole") == {"value": "9.92", "counted": 9}
    assert the(steps, "points")["points"] == "36.00"
    assert {"reading": "step", "value": "whole", "default": False} in of_kind(steps, "reading")
    assert the(explained(rulebook, "L1", overturned(253), step="whole"), "whole")["counted"] == 0


def test_a_baseline_of_zero_earns_nothing_where_the_reading_says_so(rulebook: Rulebook) -> None:
    facts = annexes.facts("x", current={"appeals_filed": 4}, baseline_annual=NONE_FILED)
    steps = explained(rulebook, "L3.2", facts, zero_baseline="zero")
    assert the(steps, "baseline")["value"] == "0.00"
    assert of_kind(steps, "drop") == []
    assert (the(steps, "points")["before_cap"], the(steps, "points")["points"]) == ("0.00", "0.00")


def test_a_prorated_baseline_is_shown_as_such(rulebook: Rulebook) -> None:
    # 252 × 7/12 = 147
    steps = explained(rulebook, "L1", overturned(140), Month(2019, 7))
    now, before = of_kind(steps, "figures")
    assert (now["month"], before["month"], before["total"]) == ("2019-07", "2018-12", 252)
    assert the(steps, "baseline") == {
        "how": "prorated", "month": "2018-12", "months": 7, "value": "147.00", "exact": "147",
    }  # fmt: skip
    assert the(steps, "drop")["baseline"] == "147"


def test_a_prorated_baseline_is_not_rounded(rulebook: Rulebook) -> None:
    # 252 × 5/12 = 105; 1085 × 5/12 = 452.08333
    facts = annexes.facts("yanji", current={"appeals_filed": 400})
    steps = explained(rulebook, "L3.2", facts, Month(2019, 5))
    found = the(steps, "baseline")
    assert (found["value"], found["exact"]) == ("452.08", "5425/12")
    assert the(steps, "drop")["baseline"] == "5425/12"


def test_the_same_month_is_shown_as_such(rulebook: Rulebook) -> None:
    facts = annexes.facts(
        "yanji", current={"appeals_filed": 400}, baseline_month={"appeals_filed": 500}
    )
    steps = explained(rulebook, "L3.2", facts, JUNE)
    assert the(steps, "baseline")["how"] == "same_month"
    assert [step["month"] for step in of_kind(steps, "figures")] == ["2019-06", "2018-06"]
    steps = explained(rulebook, "L3.2", facts, JUNE, interim_baseline="annual")
    assert the(steps, "baseline")["how"] == "annual"
    assert [step["month"] for step in of_kind(steps, "figures")] == ["2019-06", "2018-12"]


def reopening(reopened: int, closed: int) -> CourtFacts:
    current = {
        "retrial_decided": reopened,
        "retrial_escalated": 0,
        "retrial_directed": 0,
        "retrial_designated": 0,
        "retrial_petitions_closed": closed,
    }
    return annexes.facts("yanji", current=current)


def test_a_drop_of_a_rate_shows_both_rates(rulebook: Rulebook) -> None:
    # 35/113 = 30.9735 %, 30/113 = 26.5487 %: 4.4248 points
    steps = explained(rulebook, "L6.1", reopening(30, 113))
    now, before = of_kind(steps, "rate")
    assert (now["period"], now["numerator"], now["denominator"]) == ("current", 30, 113)
    assert (before["period"], before["numerator"], before["denominator"]) == ("baseline", 35, 113)
    assert (now["value"], before["value"]) == ("26.55", "30.97")
    found = the(steps, "drop")
    assert (found["value"], found["exact"], found["unit"]) == ("4.42", "500/113", "pp")
    assert (the(steps, "points")["rate"], the(steps, "points")["unit"]) == ("0.5", "pp")
    assert [step["role"] for step in of_kind(steps, "figures")] == [
        "numerator", "denominator", "numerator", "denominator",
    ]  # fmt: skip
    assert {step["reading"] for step in of_kind(steps, "reading")} == {
        "step", "interim_baseline", "zero_baseline", "zero_denominator", "designated_retrials",
    }  # fmt: skip


def test_what_is_left_out_is_not_shown_among_the_figures(rulebook: Rulebook) -> None:
    steps = explained(rulebook, "L6.1", reopening(30, 113), designated_retrials="left_out")
    shown = {figure["metric"] for step in of_kind(steps, "figures") for figure in step["figures"]}
    assert "retrial_designated" not in shown
    assert "retrial_decided" in shown


def test_whole_points_are_counted_in_a_step(rulebook: Rulebook) -> None:
    steps = explained(rulebook, "L6.1", reopening(30, 113), step="whole")
    assert the(steps, "whole") == {"value": "4.42", "counted": 4}


def test_nothing_to_count_earns_everything_where_the_reading_says_so(rulebook: Rulebook) -> None:
    steps = explained(rulebook, "L6.1", reopening(0, 0), zero_denominator="full")
    assert the(steps, "points")["points"] == "6.00"
    assert of_kind(steps, "drop") == []
    assert of_kind(steps, "status") == []


def closing(**current: int) -> CourtFacts:
    return CourtFacts("x", Level.GRASSROOTS, current=current)


def test_a_target_met(rulebook: Rulebook) -> None:
    facts = closing(enforcement_closed=80, enforcement_carried_over=30, enforcement_received=70)
    steps = explained(rulebook, "C2", facts)
    top, bottom = of_kind(steps, "figures")
    assert (top["role"], top["total"]) == ("numerator", 80)
    assert (bottom["role"], bottom["total"]) == ("denominator", 100)
    assert the(steps, "rate") == {
        "period": "current", "condition": None, "numerator": 80, "denominator": 100,
        "complement": False, "value": "80.00", "exact": "80", "unit": "%",
    }  # fmt: skip
    assert the(steps, "target") == {
        "target": "80.00", "direction": "at_least", "source": "rulebook", "met": True, "unit": "%",
    }  # fmt: skip
    assert the(steps, "points")["points"] == "7.50"
    assert the(steps, "points")["rate"] is None
    assert of_kind(steps, "attainment") == []


def test_a_target_missed_and_its_share(rulebook: Rulebook) -> None:
    facts = closing(enforcement_closed=79, enforcement_carried_over=30, enforcement_received=70)
    steps = explained(rulebook, "C2", facts)
    assert the(steps, "target")["met"] is False
    assert the(steps, "points")["points"] == "0.00"
    steps = explained(rulebook, "C2", facts, missed_target="attainment")
    assert the(steps, "attainment") == {"share": "98.75", "exact": "395/4"}
    assert the(steps, "points")["points"] == "7.41"
    assert the(steps, "points")["exact"] == "237/32"


def test_days_are_no_percents(rulebook: Rulebook) -> None:
    steps = explained(rulebook, "Q7", closing(closing_days=614, enforcement_closed=4))
    assert (the(steps, "rate")["value"], the(steps, "rate")["unit"]) == ("153.50", "days")
    found = the(steps, "target")
    assert (found["target"], found["direction"], found["unit"]) == ("153.25", "at_most", "days")


def test_a_miss_by_a_hair_is_printed_so_that_it_is_seen(rulebook: Rulebook) -> None:
    steps = explained(rulebook, "Q5", closing(closed_in_time=72449, enforcement_closed=100_000))
    assert the(steps, "rate")["value"] == "72.449"
    assert the(steps, "target")["target"] == "72.45"
    score = scoring.score(
        rulebook, DECEMBER, [closing(closed_in_time=72449, enforcement_closed=100_000)]
    ).court("x").item("Q5")  # fmt: skip
    assert score.value_text == "72.449"


def test_a_complement_is_what_lacks_to_the_whole(rulebook: Rulebook) -> None:
    facts = CourtFacts(
        "x",
        Level.GRASSROOTS,
        current={"appeals_filed": 10, "first_instance_closed": 100},
        targets={"L3.1": Decimal("90.1234")},
    )
    steps = explained(rulebook, "L3.1", facts)
    found = the(steps, "rate")
    assert (found["complement"], found["value"]) == (True, "90.00")
    assert the(steps, "target")["source"] == "appraisal"
    assert the(steps, "target")["target"] == "90.1234"


def test_both_conditions_are_shown(rulebook: Rulebook) -> None:
    facts = closing(
        enforcement_staff=14,
        court_staff=100,
        enforcement_quota_judges=4,
        enforcement_established_staff=10,
        trial_quota_judges=24,
        trial_established_staff=60,
    )
    steps = explained(rulebook, "Q11", facts)
    first, second = of_kind(steps, "condition")
    assert first == {
        "condition": 1, "value": "14.00", "direction": "at_least", "target": "15.00", "met": False,
    }  # fmt: skip
    assert (second["value"], second["target"], second["met"]) == ("40.00", "40.00", True)
    roles = [(step["condition"], step["role"], step["total"]) for step in of_kind(steps, "figures")]
    assert roles == [
        (1, "numerator", 14),
        (1, "denominator", 100),
        (2, "numerator", 4),
        (2, "denominator", 10),
        (2, "against_numerator", 24),
        (2, "against_denominator", 60),
    ]
    assert the(steps, "points")["points"] == "0.00"
    assert the(explained(rulebook, "Q11", facts, q11="half_each"), "points")["points"] == "4.00"


def test_a_condition_without_a_denominator_has_no_rate_to_show(rulebook: Rulebook) -> None:
    facts = closing(
        enforcement_staff=15,
        court_staff=100,
        enforcement_quota_judges=0,
        enforcement_established_staff=0,
        trial_quota_judges=24,
        trial_established_staff=60,
    )
    steps = explained(rulebook, "Q11", facts)
    assert the(steps, "status")["status"] == "no_denominator"
    assert [step["condition"] for step in of_kind(steps, "rate")] == [1]
    assert [step["condition"] for step in of_kind(steps, "condition")] == [1]


def test_ballots(rulebook: Rulebook) -> None:
    facts = CourtFacts("x", Level.GRASSROOTS, ballots=Ballots(5, Fraction(54)))
    steps = explained(rulebook, "L7", facts)
    assert the(steps, "ballots") == {"count": 5, "sum": "54.00", "mean": "10.80"}
    assert the(steps, "points")["points"] == "10.80"
    bare = explained(rulebook, "L7", CourtFacts("x", Level.GRASSROOTS))
    assert [step["kind"] for step in bare] == ["status", "paragraph"]
    assert the(bare, "status")["status"] == "pending"


def peers(rulebook: Rulebook, **readings: str) -> list[dict[str, Any]]:
    def grassroots(court: str, points: str, docket: int | None) -> CourtFacts:
        figures = (
            {}
            if docket is None
            else {"enforcement_carried_over": 0, "enforcement_received": docket}
        )
        return CourtFacts(
            court, Level.GRASSROOTS, current=figures, decisions={"C1": Decision(Decimal(points))}
        )

    courts = [
        CourtFacts("m", Level.INTERMEDIATE),
        grassroots("a", "7.50", 100),
        grassroots("b", "6.00", 300),
        grassroots("c", "3.00", None),
    ]
    score = scoring.score(rulebook, DECEMBER, courts, readings).court("m").item("GM")
    return [step.as_dict() for step in score.steps]


def test_the_mean_names_its_courts(rulebook: Rulebook) -> None:
    # (7.50 + 6.00 + 3.00)/3 = 5.50; × 25 % = 1.375, half up 1.38. a and b have a docket but close
    # nothing of it: no further points.
    steps = peers(rulebook)
    found = the(steps, "peers")
    assert found["courts"] == [
        {"court": "a", "points": "7.50", "weight": None},
        {"court": "b", "points": "6.00", "weight": None},
        {"court": "c", "points": "3.00", "weight": None},
    ]
    assert (found["mean"], found["share"], found["weighted"]) == ("5.50", "25.00", False)
    assert the(steps, "points")["points"] == "1.38"
    # (7.50 × 100 + 6.00 × 300)/400 = 6.375; × 25 % = 1.59375
    steps = peers(rulebook, grassroots_mean="by_docket")
    found = the(steps, "peers")
    assert [court["weight"] for court in found["courts"]] == [100, 300, None]
    assert (found["exact"], found["weighted"]) == ("51/8", True)
    assert the(steps, "points")["points"] == "1.59"


def test_a_status_names_what_lacks_this_year(rulebook: Rulebook) -> None:
    facts = closing(enforcement_closed=80, enforcement_carried_over=30)
    steps = explained(rulebook, "C2", facts)
    assert the(steps, "status") == {
        "status": "not_reported",
        "missing": ["enforcement_received"],
        "missing_baseline": [],
        "baseline_month": None,
    }
    top, bottom = of_kind(steps, "figures")
    assert (top["total"], bottom["total"]) == (80, None)
    assert bottom["figures"][1] == {"metric": "enforcement_received", "value": None}
    assert of_kind(steps, "points") == []


def test_a_status_names_what_lacks_last_year(rulebook: Rulebook) -> None:
    facts = CourtFacts(
        "x",
        Level.GRASSROOTS,
        current={"appeal_revised": 1, "appeal_remanded": 1},
        baseline_annual={"appeal_revised": 1},
    )
    found = the(explained(rulebook, "L2.2", facts), "status")
    assert (found["status"], found["missing"]) == ("not_reported", [])
    assert (found["missing_baseline"], found["baseline_month"]) == (["appeal_remanded"], "2018-12")


@pytest.mark.parametrize(
    ("code", "facts", "status"),
    [
        ("L3.1", closing(appeals_filed=1, first_instance_closed=5), "no_target"),
        ("C4", closing(procedure_terminated_checked=0, procedure_terminated_qualified=0), NO_WHOLE),
        ("L3.2", annexes.facts("x", current={"appeals_filed": 4}, baseline_annual=NONE_FILED),
         "no_baseline"),
        ("L1", CourtFacts("x", Level.GRASSROOTS), "not_reported"),
    ],
)  # fmt: skip
def test_other_statuses_are_told(
    code: str, facts: CourtFacts, status: str, rulebook: Rulebook
) -> None:
    steps = explained(rulebook, code, facts)
    assert the(steps, "status")["status"] == status
    assert of_kind(steps, "points") == []


def test_a_decision_stands_in_front_of_what_was_computed(rulebook: Rulebook) -> None:
    facts = annexes.facts(
        "yanji",
        current=dict(overturned(227).current),
        decisions={"L1": Decision(Decimal(40), "党组会议纪要3号")},
    )
    steps = explained(rulebook, "L1", facts)
    assert steps[0] == {
        "kind": "decision", "points": "40.00", "reference": "党组会议纪要3号", "computed": "39.68",
    }  # fmt: skip
    assert the(steps, "points")["points"] == "39.68"


def test_a_decision_may_stand_without_anything_computed(rulebook: Rulebook) -> None:
    facts = CourtFacts("x", Level.GRASSROOTS, decisions={"L1": Decision(Decimal("12.5"))})
    steps = explained(rulebook, "L1", facts)
    assert steps[0]["computed"] is None
    assert the(steps, "status")["status"] == "not_reported"


def test_a_figure_that_is_not_the_courts_says_so_after_its_sum(rulebook: Rulebook) -> None:
    facts = replace(
        overturned(227),
        replaced={
            "2019-12": {"appeal_revised": Replaced(225), "appeals_filed": Replaced(1)},
            "2018-12": {"retrial_revised": Replaced(None, settled=True)},
        },
    )
    only_appeals = {"2019-12": {"appeals_filed": Replaced(1)}}
    steps = explained(rulebook, "L1", facts)
    assert [step["kind"] for step in steps[:4]] == ["figures", "replaced", "figures", "replaced"]
    now, before = of_kind(steps, "replaced")
    assert now == {
        "condition": None,
        "month": "2019-12",
        "figures": [{"metric": "appeal_revised", "value": 227, "reported": 225, "settled": False}],
    }
    # Of last year it is told in the same way; Yanji's retrials revised of 2018 are in annex 2.
    (figure,) = before["figures"]
    assert (figure["metric"], figure["reported"], figure["settled"]) == (
        "retrial_revised", None, True,
    )  # fmt: skip
    assert before["month"] == "2018-12"
    # Nothing is told where none of an item's figures is one of them.
    assert (
        of_kind(explained(rulebook, "L4.2", replace(facts, replaced=only_appeals)), "replaced")
        == []
    )
    # It changes no points: 25/252 = 9.9206 %; × 4 = 39.68.
    assert scoring.score(rulebook, DECEMBER, [facts]).court("yanji").item("L1").points == Decimal(
        "39.68"
    )


def test_a_figure_tried_out_is_nobodys_report(rulebook: Rulebook) -> None:
    marks = {"appeal_revised": Replaced(225), "retrial_revised": Replaced(1)}
    facts = replace(overturned(227), replaced={"2019-12": marks})
    card = scoring.scorecard_with(rulebook, DECEMBER, [facts], "yanji", {"appeal_revised": 220})
    (step,) = (step for step in card.item("L1").steps if step.kind == "replaced")
    assert [figure["metric"] for figure in step.data["figures"]] == ["retrial_revised"]
