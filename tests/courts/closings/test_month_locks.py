"""Every kind of write, held against a closed month: refused in words that name the restatement.

One table: each write is prepared, tried while the month is open (it works, and is taken back), and
tried again once the month is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from courts.ballots.services.held_rounds import tallied
from courts.cases.services.special_cases import (
    PartyMeeting,
    apply_for,
    decide_case,
    revoke_case,
    verify_case,
)
from courts.extracts.services.differences import seen_of, settle
from courts.extracts.services.extracts import import_extract
from courts.figures.selectors.caps_in_force import caps_in_force
from courts.figures.selectors.facts import gather
from courts.figures.services.imports import import_figures
from courts.files.attachments import GivenFile
from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError, RuleError
from courts.models import (
    AppraisalTarget,
    BallotRound,
    BallotTarget,
    Cap,
    Closing,
    Court,
    Event,
    QualityYear,
    RulebookEdition,
    SpecialCase,
    UnlockRequest,
    User,
)
from courts.returns.services import behalf, returns, unlocks
from courts.returns.services.blocks import PastedBlock, preview_block
from courts.returns.services.uploads import receive
from courts.returns.services.writing import CellEntry
from courts.reviews.services import deadlines as locks
from courts.reviews.services import reviews
from courts.rulebooks.services import editions, target_edits
from courts.rulebooks.services.readings import adopt
from courts.rulebooks.services.target_edits import TargetValues
from courts.rulebooks.services.targets import import_targets
from courts.years.closed_months import restating
from courts.years.closings import closings_of
from courts.years.month_locks import MonthClosedError
from courts.years.open_work import open_work_of_years
from courts.years.selectors.entry_windows import window_of
from scoring.facts import Month
from tests.courts.closing_fixtures import closed, fresh
from tests.courts.conftest import csv_file
from tests.courts.extract_fixtures import the_line
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    MAY,
    bring_to,
    fill,
    slot_of,
    version_of,
)
from tests.courts.rulebooks.test_editions import copied, edited, proposed

pytestmark = pytest.mark.django_db

MEETING = PartyMeeting(date(2020, 1, 8), "2020年第1次党组会")
TARGET = TargetValues(Decimal(3), "吉高法〔2019〕1号", None)
People = dict[str, User]


@dataclass
class Place:
    """The year and Yanji's return of May, as a request reads them."""

    year: QualityYear
    who: People

    @property
    def slot(self):
        return slot_of(fresh(self.year))


Write = Callable[[Place], object]


def brought(state: str) -> Write:
    return lambda at: bring_to(state, at.slot, at.who)


def save(at: Place) -> object:
    (result,) = returns.save_cells(
        user=at.who["desk"], slot=at.slot, cells=[CellEntry("appeals_filed", 450, 1)]
    )
    if result.status == "locked":
        raise ReturnError(result.message)
    assert result.status == "saved"
    return result


def on_behalf(at: Place) -> object:
    (result,) = behalf.enter_on_behalf(
        user=at.who["office"],
        slot=at.slot,
        cells=[CellEntry("appeals_filed", 450, 1)],
        reason="代报",
    )
    if result.status == "locked":
        raise ReturnError(result.message)
    assert result.status == "saved"
    return result


def submit(at: Place) -> object:
    return returns.submit(user=at.who["desk"], slot=at.slot, seen_version=version_of(at.slot))


def hand_in_on_behalf(at: Place) -> object:
    return behalf.hand_in_on_behalf(
        user=at.who["office"], slot=at.slot, seen_version=version_of(at.slot), reason="代报"
    )


def take_back(at: Place) -> object:
    return returns.take_back(user=at.who["desk"], slot=at.slot, seen_version=version_of(at.slot))


def verify(at: Place) -> None:
    reviews.verify(user=at.who["office"], slot=at.slot, seen_version=version_of(at.slot))


def send_back(at: Place) -> object:
    return reviews.send_back(
        user=at.who["office"],
        slot=at.slot,
        seen_version=version_of(at.slot),
        remarks={},
        note="请核对",
    )


def reopen(at: Place) -> object:
    until = timezone.now() + timedelta(days=1)
    return reviews.reopen(user=at.who["office"], slot=at.slot, reason="更正", expires_at=until)


def ask_to_unlock(at: Place) -> object:
    bring_to("verified", at.slot, at.who)
    return unlocks.request_unlock(user=at.who["desk"], slot=at.slot, reason="更正")


def unlock(at: Place) -> object:
    until = timezone.now() + timedelta(days=1)
    return locks.decide_unlock(user=at.who["office"], slot=at.slot, grant=True, open_until=until)


def upload(at: Place) -> object:
    return receive(
        user=at.who["desk"], slot=at.slot, file=SourceFile("a.csv", "二审立案数,450\n".encode())
    )


def paste(at: Place) -> object:
    return preview_block(slot=at.slot, block=PastedBlock("450", "appeals_filed"))


def of_import(result: Any) -> object:
    if result.errors:
        raise ReturnError(str(result.errors[0]))
    assert result.applied
    return result


def bring_in(at: Place) -> object:
    file = csv_file([("yanji", "2019-05", "appeals_filed", 440)])
    return of_import(import_figures(year=fresh(at.year), files=[file]))


def bring_in_by_account(at: Place) -> object:
    file = csv_file([("yanji", "2019-05", "appeals_filed", 440)])
    return of_import(import_figures(year=fresh(at.year), files=[file], actor=at.who["office"]))


def bring_in_baseline(at: Place) -> object:
    file = csv_file([("yanji", "2018-12", "appeals_filed", 1084)])
    return of_import(import_figures(year=fresh(at.year), files=[file]))


def take_extract(at: Place) -> object:
    file = csv_file([("yanji", "2019-05", "appeals_filed", 440)])
    return of_import(import_extract(year=fresh(at.year), files=[file], source="平台"))


def with_difference(at: Place) -> None:
    bring_to("verified", at.slot, at.who)
    take_extract(at)


def settle_difference(at: Place) -> object:
    seen = seen_of(the_line(at.who["office"], at.slot))
    return settle(
        user=at.who["office"],
        slot=at.slot,
        seen=seen,
        stands="return",
        note="以法院为准",
        confirmed_by=at.who["office2"],
    )


def read_otherwise(at: Place) -> object:
    return adopt(
        user=at.who["office"],
        year=fresh(at.year),
        reading="step",
        value="whole",
        from_month=5,
        note="按整数",
        decided_on=date(2019, 6, 1),
        seen=0,
        confirmed_by=at.who["office2"],
    )


def with_proposal(at: Place) -> None:
    office = at.who["office"]
    proposed(office, edited(office, copied(office, fresh(at.year).edition)))


def enact(at: Place) -> object:
    year = fresh(at.year)
    edition = RulebookEdition.objects.select_related("court").get(state="proposed")
    return editions.put_in_force(
        user=at.who["office2"],
        edition=edition,
        seen_version=edition.version,
        seen_in_force=year.edition_id,
        month=3,
    )


def with_target(at: Place) -> None:
    AppraisalTarget.objects.create(quality_year=at.year, item="L2.1", percent=2)


def remove_target(at: Place) -> object:
    return target_edits.remove_target(
        user=at.who["office"],
        year=fresh(at.year),
        target=AppraisalTarget.objects.get(item="L2.1").pk,
        seen_version=1,
        reason="删除",
        confirmed_by=at.who["office2"],
    )


def with_case(at: Place) -> None:
    bring_to("verified", at.slot, at.who)
    case = apply_for(
        user=at.who["desk"],
        year=fresh(at.year),
        court=Court.objects.select_related("parent").get(code="yanji"),
        item="L3.2",
        month=5,
        reasons="一批系列案件集中上诉",
        files=[GivenFile("a.pdf", b"%PDF-1.7 made for a test")],
    )
    for name in ("office", "centre"):
        case = verify_case(
            user=at.who[name], case=case, office=name, note="属实", seen=case.version
        )


def decide(at: Place) -> object:
    case = SpecialCase.objects.get()
    return decide_case(
        user=at.who["party"], case=case, points=Decimal(2), meeting=MEETING, seen=case.version
    )


def with_decision(at: Place) -> None:
    with_case(at)
    decide(at)


def revoke(at: Place) -> object:
    case = SpecialCase.objects.get()
    return revoke_case(
        user=at.who["party"], case=case, meeting=MEETING, note="撤销", seen=case.version
    )


def nothing(_at: Place) -> None:
    return None


# What is written, what it needs to be there before, the write.
WRITES: dict[str, tuple[Write, Write]] = {
    "cells typed by the desk": (brought("entering"), save),
    "cells typed on behalf": (brought("entering"), on_behalf),
    "handing in": (brought("entering"), submit),
    "handing in on behalf": (brought("entering"), hand_in_on_behalf),
    "taking back": (brought("submitted"), take_back),
    "verifying": (brought("submitted"), verify),
    "sending back": (brought("submitted"), send_back),
    "reopening a return": (brought("verified"), reopen),
    "unlocking a return": (ask_to_unlock, unlock),
    "a file uploaded by the desk": (brought("entering"), upload),
    "a pasted block": (brought("entering"), paste),
    "figures by the command line": (brought("verified"), bring_in),
    "figures by an office": (brought("verified"), bring_in_by_account),
    "figures of the year before": (nothing, bring_in_baseline),
    "an extract": (brought("verified"), take_extract),
    "a difference settled": (with_difference, settle_difference),
    "a reading": (nothing, read_otherwise),
    "an edition": (with_proposal, enact),
    "a target taken away": (with_target, remove_target),
    "a special case decided": (with_case, decide),
    "a decision revoked": (with_decision, revoke),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_closed_month_refuses_every_write(year, people, name):
    prepare, write = WRITES[name]
    at = Place(year, people)
    prepare(at)
    with transaction.atomic():
        # The month is open: it works.
        write(at)
        transaction.set_rollback(True)
    closed(year, 5)
    with pytest.raises((ReturnError, RuleError), match=r"已经关账.*更正"), transaction.atomic():
        write(at)
    # The other months, and what a restatement writes, are not locked.
    with restating(fresh(year), [5]), transaction.atomic():
        write(at)
        transaction.set_rollback(True)


def test_a_gap_is_locked_too(year, people):
    """A court that never handed anything in for a closed month does not do so later."""
    closed(year, 5)
    slot = slot_of(fresh(year))
    assert slot.row() is None
    window = window_of(slot, None)
    assert window.lock is not None
    assert window.lock.kind == "closed"
    assert not window.lock.may_request
    cells = [CellEntry("appeals_filed", 450, 0)]
    (result,) = returns.save_cells(user=people["desk"], slot=slot, cells=cells)
    assert result.status == "locked"
    assert slot.row() is None


def test_nothing_of_a_closed_month_is_open_work(year, people):
    QualityYear.objects.filter(pk=year.pk).update(deadline_day=10)
    before = open_work_of_years([fresh(year)]).of("missing")
    assert any(item.month == MAY and item.side == "litigation" for item in before)
    closed(year, 5, ["litigation"])
    after = open_work_of_years([fresh(year)]).of("missing")
    assert not any(item.month == MAY and item.side == "litigation" for item in after)
    assert any(item.month == MAY and item.side == "enforcement" for item in after)


def test_a_target_changed_after_a_closing_holds_from_the_oldest_open_month(year, people):
    with_target(Place(year, people))
    closed(year, 5)
    target_edits.change_target(
        user=people["office"],
        year=fresh(year),
        target=AppraisalTarget.objects.get(item="L2.1").pk,
        seen_version=1,
        values=TARGET,
        reason="更正",
        confirmed_by=people["office2"],
    )
    months = [Month(2019, 5), Month(2019, 6), Month(2019, 12)]
    facts = gather(fresh(year), months, live=True).facts
    assert [facts[month][1].targets["L2.1"] for month in months] == [2, 3, 3]
    assert gather(fresh(year), months).facts[MAY][1].targets["L2.1"] == 2
    # What a restatement is proposed from.
    assert Event.objects.get(action="late_input").data["months"] == ["2019-05"]


def test_a_cap_changed_after_a_closing_holds_from_the_oldest_open_month(year, people):
    yanji = Court.objects.get(code="yanji")
    before = Cap.objects.get(court=yanji)
    closed(year, 5)
    target_edits.set_cap(
        user=people["office"],
        year=fresh(year),
        court="yanji",
        seen_version=before.version,
        baseline_cases=before.baseline_cases,
        reduction_cases=before.reduction_cases + 1,
        reason="更正",
        confirmed_by=people["office2"],
    )
    caps = [caps_in_force(year, Month(2019, month))[yanji.pk].cap_cases for month in (5, 6)]
    assert caps == [before.cap_cases, before.cap_cases - 1]


def test_no_target_is_entered_once_december_is_closed(year, people):
    closed(year, 12)
    with pytest.raises(MonthClosedError, match="更正"):
        target_edits.add_target(
            user=people["office"],
            year=fresh(year),
            item="L2.1",
            level="",
            court="",
            values=TARGET,
            reason="录入",
            confirmed_by=people["office2"],
        )


def test_a_ballot_tallied_late_counts_in_open_months_and_a_restatement_is_proposed(year, people):
    closed(year, 5)
    row = BallotRound.objects.create(
        quality_year=year,
        month=4,
        code="late",
        title="综合评价",
        unit="0.5",
        unit_max=24,
        min_ballots=3,
        author=people["office"],
        closes_at=timezone.now(),
    )
    yanji = Court.objects.get(code="yanji")
    BallotTarget.objects.create(round=row, position=0, name="延吉", court=yanji)
    BallotRound.objects.filter(pk=row.pk).update(state="tallied", sums=[60], counted=3)
    row.refresh_from_db()
    tallied(row, people["office"])
    facts = gather(fresh(year), [MAY, Month(2019, 6)]).facts
    assert facts[MAY][1].ballots is None
    ballots = facts[Month(2019, 6)][1].ballots
    assert ballots is not None
    assert ballots.points == Fraction(30)
    late = Event.objects.get(action="late_input").data
    assert (late["kind"], late["months"]) == ("tally", ["2019-05"])


def test_made_up_months_lock_nothing_and_go_with_the_first_real_input(year, people):
    at = Place(year, people)
    row = bring_to("verified", at.slot, at.who)
    type(row).objects.filter(pk=row.pk).update(is_demo=True)
    snapshot = closed(year, 5)
    assert snapshot.is_demo
    lock = window_of(at.slot, at.slot.row()).lock
    assert lock is not None
    assert lock.kind != "closed"
    # A made-up figure changes nothing of it, a real one withdraws it.
    reopen(at)
    assert closings_of(fresh(year)).closed_sides(5)
    take_extract(at)
    assert not closings_of(fresh(year)).closed_sides(5)
    snapshot.refresh_from_db()
    assert snapshot.voided_at is not None
    assert Closing.objects.filter(reopened_at=None).count() == 0
    assert Event.objects.filter(action="withdraw_demo_month").count() == 1


@pytest.mark.parametrize("kind", ["target", "reading", "tally"])
def test_any_real_input_withdraws_made_up_months(year, people, kind):
    at = Place(year, people)
    row = bring_to("verified", at.slot, at.who)
    type(row).objects.filter(pk=row.pk).update(is_demo=True)
    closed(year, 5)
    if kind == "target":
        file = SourceFile("t.csv", b"court,item,target\n,L2.1,3\n")
        assert import_targets(year=fresh(year), files=[file]).applied
    elif kind == "reading":
        read_otherwise(at)
    else:
        tallied(BallotRound(quality_year=fresh(year), month=5, code="r", pk=1), None)
    assert not closings_of(fresh(year)).closed_sides(5)


def test_the_desk_sees_that_its_month_is_closed(year, people):
    fill(people["desk"], slot_of(year), CLEAN_LITIGATION)
    request = UnlockRequest.objects
    closed(year, 5)
    with pytest.raises(ReturnError, match="更正"):
        unlocks.request_unlock(user=people["desk"], slot=slot_of(fresh(year)), reason="更正")
    assert not request.exists()
