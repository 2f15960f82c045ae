"""What changes a closed month: proposed, seen with its effect, approved by another, published."""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from courts.bulletins.selectors.documents import document_of
from courts.cases.services.special_cases import PartyMeeting, apply_for, decide_case, verify_case
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import (
    AppraisalTarget,
    Bulletin,
    Court,
    Event,
    Figure,
    MonthlyReturn,
    Motion,
    QualityYear,
    ReadingDecision,
    RestatedMonth,
    Restatement,
    Snapshot,
    SpecialCase,
    User,
)
from courts.motions.services.motions import confirm
from courts.motions.services.motions import trial as motion_trial
from courts.papers.document import Paragraph, Table
from courts.restatements.selectors.restatements import heads
from courts.restatements.services.restatements import (
    approve,
    propose_figures,
    refuse,
    trial,
    withdraw,
)
from courts.reviews.services.reviews import verify as verify_return
from courts.rulebooks.services.motions import move_reading, move_target
from courts.rulebooks.services.target_edits import TargetValues
from courts.scores.selectors.scores import month_scores
from courts.snapshots.parts import parse
from courts.snapshots.verification import verify
from courts.years.closings import MonthStanding, closings_of
from courts.years.late_acts import ProposedInsteadError
from courts.years.voiding import made_up, real_input
from scoring.facts import Month
from tests.courts.closing_fixtures import fresh
from tests.courts.issue_fixtures import (
    closed_month,
    issue_of,
    issued,
    people_of_issuing,
    published_issue,
)
from tests.courts.returns_fixtures import shanghai, slot_of
from tests.pages import client_of, give, year_after

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]

METRIC = "appeals_filed"
DECEMBER = Month(2019, 12)


@pytest.fixture
def people(made_year: QualityYear) -> dict[str, User]:
    return people_of_issuing()


@pytest.fixture
def issue(made_year: QualityYear, people: dict[str, User]) -> Bulletin:
    return published_issue(made_year, people)


def stored(month: str = "2019-12", court: str = "yanji") -> int:
    value = Figure.objects.get(
        monthly_return__court__code=court,
        monthly_return__year=int(month[:4]),
        monthly_return__month=int(month[5:]),
        metric=METRIC,
    ).value
    assert value is not None
    return value


def level_with_last_year(year: QualityYear, user: User) -> Restatement:
    """As many appeals as in 2018: no drop at all, so L3.2 earns nothing."""
    row = {"court": "yanji", "month": "2019-12", "metric": METRIC, "value": stored("2018-12")}
    return propose_figures(user=user, year=year, rows=[row], reason="漏计")


def item_of(snapshot: Snapshot, item: str, court: str = "yanji") -> str | None:
    text = json.loads(snapshot.text)
    part = next(one for one in text["parts"] if one["name"] == f"court/{court}")
    return next(o["points"] for o in part["content"]["score"]["items"] if o["item"] == item)


def yes(user: User, restatement: Restatement) -> None:
    approve(user=user, restatement=restatement, seen=trial(restatement).digest)


def test_a_corrected_figure_takes_two_people_and_a_new_issue(made_year, issue, people):
    before, old = stored(), issue.snapshot
    proposed = level_with_last_year(made_year, people["office"])
    # Nothing has changed yet; the page tells what would.
    assert stored() == before
    tried = trial(proposed)
    (change,) = tried.months
    (line,) = change.lines
    assert (line.part, line.path) == ("court/yanji", ("facts", "current", METRIC))
    assert (line.old, line.new) == (before, stored("2018-12"))
    yanji = next(court for court in change.courts if court.code == "yanji")
    points = {item.code: (item.before, item.after) for item in yanji.items}
    assert points["L3.2"] == (item_of(old, "L3.2"), "0.00")
    lost = sum((Decimal(a or 0) - Decimal(b or 0) for b, a in points.values()), Decimal(0))
    # The total is the mean of both halves, and the enforcement half stays.
    assert abs(yanji.moved - lost / 2) <= Decimal("0.01")
    assert change.words[0].court == "延吉法院"
    for name in ("office", "centre", "leader", "party", "desk"):
        with pytest.raises(PermissionDenied):
            approve(user=people[name], restatement=proposed, seen=tried.digest)
    with pytest.raises(StaleError):
        approve(user=people["office2"], restatement=proposed, seen="x")
    approve(user=people["office2"], restatement=proposed, seen=tried.digest, note="属实")
    assert stored() == stored("2018-12")
    row = MonthlyReturn.objects.get(court__code="yanji", year=2019, month=12, side="litigation")
    assert (row.state, row.submitted_by, row.verified_by) == (
        "published",
        people["office"],
        people["office2"],
    )
    new = Snapshot.objects.get(restates=old)
    assert verify(new.text.encode(), new.sha256).is_equal
    assert parse(new.text).month["restates"] == old.sha256
    assert item_of(new, "L3.2") == "0.00"
    kept = RestatedMonth.objects.get()
    assert (kept.old, kept.new, kept.effect[0]["items"]["L3.2"][1]) == (old, new, "0.00")
    # What is published holds until the issue that corrects it is published too.
    closings = closings_of(fresh(made_year))
    held = closings.snapshot(12, "litigation")
    assert held is not None
    assert held.pk == old.pk
    draft = Bulletin.objects.get(restates=issue)
    assert (draft.state, draft.snapshot) == ("draft", new)
    Bulletin.objects.filter(pk=draft.pk).update(
        number=2, number_year=2020, dated_on=date(2020, 1, 20)
    )
    draft.writers.add(people["office2"])
    # Its paper has old and new of the figure, the item, the total and the place, and the reason.
    annex = document_of(Bulletin.objects.get(pk=draft.pk), "zh").annexes[-1]
    assert annex.title == "更正说明"
    named, said, table = annex.blocks
    assert isinstance(named, Paragraph)
    assert isinstance(said, Paragraph)
    # It names the issue that it corrects, and who approved.
    assert issue.number is not None
    told = "".join(run.text for run in named.runs)
    assert f"〔{issue.number_year}〕{issue.number}号" in told
    assert told.endswith("批准更正：office2。")
    assert "漏计" in "".join(run.text for run in said.runs)
    assert isinstance(table, Table)
    cells = [[run.text for cell in row.cells for run in cell.runs] for row in table.rows]
    first, *others = [row[1:] for row in cells if row[0] == "延吉法院"]
    assert first == ["二审立案数", str(before), str(stored("2018-12"))]
    assert ["二审立案数降幅", item_of(old, "L3.2"), "0.00"] in others
    assert others[-1][0] in ("总分", "名次")
    issued(Bulletin.objects.get(pk=draft.pk), people)
    closings = closings_of(fresh(made_year))
    assert closings.standing(12, "litigation") is MonthStanding.RESTATED
    card = month_scores(fresh(made_year), DECEMBER).scoreboard.court("yanji")
    assert card.item("L3.2").points == 0
    for name in ("office", "desk"):
        page = client_of(people[name]).get("/yanbian-2019/2019-12/").content.decode()
        # Of the snapshot of both sides no item of enforcement changed.
        assert "2019年12月诉讼已更正" in page
        assert (f"/restatements/{proposed.pk}/" in page) is (name == "office")
    # The old issue stands as it was.
    assert Bulletin.objects.get(pk=issue.pk).state == "published"
    assert Snapshot.objects.get(pk=old.pk).text == old.text
    assert [
        (event.action, str(event.actor))
        for event in Event.objects.filter(action__endswith="_restatement").order_by("pk")
    ] == [("propose_restatement", "office"), ("approve_restatement", "office2")]


@pytest.mark.database
def test_refused_or_withdrawn_it_changes_nothing(made_year, issue, people):
    before = stored()
    proposed = level_with_last_year(made_year, people["office"])
    with pytest.raises(ReturnError, match="不同意的原因"):
        refuse(user=people["office2"], restatement=proposed, note=" ")
    refuse(user=people["office2"], restatement=proposed, note="依据不足")
    with pytest.raises(StateError, match="未同意"):
        yes(people["office2"], proposed)
    again = level_with_last_year(made_year, people["office"])
    with pytest.raises(PermissionDenied, match="只有提出人"):
        withdraw(user=people["office2"], restatement=again)
    withdraw(user=people["office"], restatement=again)
    assert (stored(), Snapshot.objects.count()) == (before, 1)
    for row in (proposed, again):
        with pytest.raises(IntegrityError), transaction.atomic():
            Restatement.objects.filter(pk=row.pk).update(reason="另一个")
    third = level_with_last_year(made_year, people["office"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Restatement.objects.filter(pk=third.pk).update(
            state="approved", decided_by=people["office"], decided_at=third.proposed_at
        )


def test_what_would_change_nothing_or_break_a_check_is_not_proposed(made_year, issue, people):
    def said(value: int | None, month: str = "2019-12") -> None:
        row = {"court": "yanji", "month": month, "metric": METRIC, "value": value}
        propose_figures(user=people["office"], year=made_year, rows=[row], reason="x")

    with pytest.raises(ReturnError, match="没有可更正的"):
        said(stored())
    with pytest.raises(ReturnError):  # more appeals than first-instance cases
        said(10_000_000)
    assert not Restatement.objects.exists()
    row = {"court": "yanji", "month": "2019-12", "metric": METRIC, "value": 1}
    with pytest.raises(PermissionDenied):
        propose_figures(user=people["centre"], year=made_year, rows=[row], reason="x")


def test_a_month_closed_and_not_published_is_restated_at_once(made_year, people):
    snapshot = closed_month(made_year, people["office"])
    draft = issue_of(snapshot, people["office2"])
    yes(people["office2"], level_with_last_year(made_year, people["office"]))
    old = Snapshot.objects.get(pk=snapshot.pk)
    assert old.voided_at is not None
    new = Snapshot.objects.get(restates=old)
    held = closings_of(fresh(made_year)).snapshot(12, "litigation")
    assert held is not None
    assert held.pk == new.pk
    moved = Bulletin.objects.get(pk=draft.pk)
    assert (moved.snapshot, moved.state) == (new, "draft")


def test_two_before_the_correction_is_published_become_one_issue(made_year, issue, people):
    yes(people["office2"], level_with_last_year(made_year, people["office"]))
    first = Bulletin.objects.get(restates=issue)
    row = {
        "court": "tumen",
        "month": "2019-12",
        "metric": METRIC,
        "value": stored(court="tumen") + 1,
    }
    second = propose_figures(user=people["office"], year=made_year, rows=[row], reason="多计")
    yes(people["office2"], second)
    only = Bulletin.objects.get(restates=issue)
    assert only.pk == first.pk
    assert only.snapshot.restates == issue.snapshot
    assert item_of(only.snapshot, "L3.2") == "0.00"
    assert Snapshot.objects.filter(voided_at__isnull=True).count() == 2


# --- What comes late --------------------------------------------------------------------------


def a_case(year: QualityYear, people: dict[str, User], item: str = "L3.2") -> SpecialCase:
    """An application of Yanji's desk for December that both offices verified."""
    court = Court.objects.select_related("parent").get(code="yanji")
    case = apply_for(
        user=people["desk"], year=year, court=court, item=item, month=12, reasons="系列案件"
    )
    for name, office in (("office", "office"), ("centre", "centre")):
        case = verify_case(
            user=people[name], case=case, office=office, note="属实", seen=case.version
        )
    return case


def test_a_decision_of_a_published_month_waits_as_a_restatement(made_year, issue, people):
    case = a_case(fresh(made_year), people)
    meeting = PartyMeeting(date(2020, 1, 15), "2020年第2次")
    said = {"user": people["party"], "case": case, "meeting": meeting, "seen": case.version}
    with pytest.raises(ProposedInsteadError, match="已作为更正提出"):
        decide_case(**said, points=Decimal("1.25"))
    with pytest.raises(StateError, match="等待批准"):
        decide_case(**said, points=Decimal("1.25"))
    proposed = Restatement.objects.get()
    assert (proposed.kind, proposed.proposed_by) == ("decision", people["party"])
    assert SpecialCase.objects.get(pk=case.pk).state == "verified"
    yes(people["centre"], proposed)
    assert SpecialCase.objects.get(pk=case.pk).points == Decimal("1.25")
    new = Snapshot.objects.get(restates=issue.snapshot)
    assert item_of(new, "L3.2") == "1.25"
    assert verify(new.text.encode()).is_equal


def test_a_reading_from_a_closed_month_on_waits_too(made_year, issue, people):
    motion = move_reading(
        user=people["office"],
        year=made_year,
        reading="step",
        value="whole",
        from_month=1,
        note="会议决定",
        document="",
        decided_on=date(2020, 1, 15),
        seen=0,
    )
    with pytest.raises(ProposedInsteadError):
        confirm(user=people["centre"], motion=motion, seen=motion_trial(motion).digest)
    assert not ReadingDecision.objects.exists()
    proposed = Restatement.objects.get(kind="motion")
    tried = trial(proposed)
    assert ("rules", ("readings", "step")) in {
        (line.part, line.path) for line in tried.months[0].lines
    }
    with pytest.raises(PermissionDenied, match="您本人提出"):
        yes(people["office"], proposed)
    yes(people["centre"], proposed)
    assert ReadingDecision.objects.get().confirmed_by == people["centre"]
    assert Motion.objects.get().state == "confirmed"
    new = Snapshot.objects.get(restates=issue.snapshot)
    assert parse(new.text).rules["readings"]["step"] == "whole"
    assert verify(new.text.encode()).is_equal
    assert Bulletin.objects.get(restates=issue).snapshot == new


def test_a_target_that_came_late_holds_in_closed_months_once_approved(made_year, people):
    """A target of 100 percent (at least) is met by nobody: Yanji loses the 3 points of L3.1."""
    june = closed_month(made_year, people["office"], month=6)
    values = TargetValues(Decimal(100), "文件", date(2019, 1, 15))
    motion = move_target(
        user=people["office"],
        year=made_year,
        scope=("L3.1", "", "yanji"),
        values=values,
        seen_version=0,
        reason="按省院文件",
    )
    confirm(user=people["centre"], motion=motion, seen=motion_trial(motion).digest)
    assert AppraisalTarget.objects.get(court__code="yanji").from_month == 7
    proposed = Restatement.objects.get(kind="targets")
    assert item_of(june, "L3.1") == "3.00"
    yes(people["centre2"], proposed)
    assert AppraisalTarget.objects.get(court__code="yanji").from_month == 6
    assert item_of(Snapshot.objects.get(restates=june), "L3.1") == "0.00"


def test_a_return_that_came_too_late_is_verified_by_a_restatement(made_year, people):
    rows = MonthlyReturn.objects.filter(court__code="tumen", year=2019, month=12)
    rows.filter(side="litigation").update(
        state="submitted",
        origin="entry",
        submitted_by=people["tumen"],
        submitted_at=shanghai("2020-01-05"),
    )
    snapshot = closed_month(made_year, people["centre"])
    assert item_of(snapshot, "L3.2", "tumen") is None
    slot = slot_of(fresh(made_year), "tumen", DECEMBER)
    version = rows.get(side="litigation").version
    with pytest.raises(ProposedInsteadError):
        verify_return(user=people["office"], slot=slot, seen_version=version)
    yes(people["office2"], Restatement.objects.get(kind="return"))
    assert rows.get(side="litigation").state == "verified"
    assert item_of(Snapshot.objects.get(restates=snapshot), "L3.2", "tumen") is not None


def test_a_restatement_of_2019_is_proposed_in_2020(made_year, issue, people):
    """2020 has as many appeals as 2019 had: no drop, until 2019 turns out to have had more."""
    later = year_after(made_year)
    same = stored()
    give(later, ("yanji", "2020-12", METRIC, same))
    closed_month(later, people["office"])
    proposed = level_with_last_year(made_year, people["office"])
    tried = trial(proposed)
    assert [change.month.year for change in tried.next_year] == [2020]
    approve(user=people["office2"], restatement=proposed, seen=tried.digest)
    effect = Restatement.objects.get(quality_year=later)
    assert (effect.kind, effect.state, effect.cause) == ("baseline", "proposed", proposed)
    changed = {tuple(line["path"]) for line in effect.months.get().lines}
    assert changed == {
        ("facts", "baseline_month", METRIC),
        ("facts", "baseline_annual", METRIC),
    }
    (head,) = heads(later)
    yes(people["office2"], effect)
    (new,) = heads(later)
    assert new.restates == head
    # 0.2 points for each percent, 3 at most.
    more = stored("2018-12")
    percent = Decimal(more - same) * 100 / more
    expected = min(Decimal(3), (percent * Decimal("0.2")).quantize(Decimal("0.01"), ROUND_HALF_UP))
    assert (item_of(head, "L3.2"), item_of(new, "L3.2")) == (
        "0.00",
        str(expected.quantize(Decimal("0.01"))),
    )


def test_what_waits_for_a_made_up_month_is_closed_with_it(made_year, people):
    """The first real input withdraws the month; nothing is left to approve, and it is said why."""
    snapshot = closed_month(made_year, people["office"], is_demo=True)
    with made_up():
        proposed = level_with_last_year(made_year, people["office"])
    real_input(fresh(made_year), by=people["office2"])
    proposed.refresh_from_db()
    snapshot.refresh_from_db()
    assert snapshot.voided_at is not None
    assert (proposed.state, proposed.note) == ("withdrawn", snapshot.voided_reason)
    event = Event.objects.filter(action="withdraw_restatement").get()
    assert (event.actor, event.reason) == (people["office2"], snapshot.voided_reason)
