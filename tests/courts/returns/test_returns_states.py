"""Who may do what to a return in which state: every person, every state, every act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from courts.figures.selectors.findings import findings
from courts.figures.services.reopenings import expire_reopenings
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import (
    CellComment,
    EntryOnBehalf,
    Event,
    Figure,
    FollowUp,
    MonthlyReturn,
    QualityYear,
    Reopening,
    Submission,
    UnlockRequest,
    User,
)
from courts.permissions import may_set_deadline, may_view_returns
from courts.returns.services.behalf import enter_on_behalf, object_to_entry, settle_objection
from courts.returns.services.comments import add_comment, open_follow_up, resolve_follow_up
from courts.returns.services.returns import CellEntry, save_cell, submit, take_back
from courts.returns.services.unlocks import request_unlock
from courts.reviews.selectors.reviews import queue, review
from courts.reviews.services.deadlines import decide_unlock
from courts.reviews.services.reviews import begin, reopen, send_back, verify, verify_many
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.admin_fixtures import elsewhere, make_account
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    MAY,
    bring_to,
    fill,
    hand_in,
    people,
    remarks_of,
    row_of,
    slot_of,
    values_of,
    version_of,
)

__all__ = ["elsewhere", "people"]

pytestmark = pytest.mark.django_db

JUNE = Month(2019, 6)
Act = Callable[[User, Slot], object]


def enter(user: User, slot: Slot) -> None:
    row = slot.row()
    figure = row.figures.filter(metric="appeals_filed").first() if row else None
    result = save_cell(
        user=user,
        slot=slot,
        metric="appeals_filed",
        value=440,
        seen_version=figure.version if figure else 0,
    )
    if result.status == "locked":
        raise StateError(result.message)
    assert result.status == "saved"


def write_for_court(user: User, slot: Slot) -> None:
    row = slot.row()
    figure = row.figures.filter(metric="appeals_filed").first() if row else None
    cell = CellEntry("appeals_filed", 441, figure.version if figure else 0)
    (result,) = enter_on_behalf(user=user, slot=slot, cells=[cell], reason="系统抽取")
    if result.status == "locked":
        raise StateError(result.message)
    assert result.status == "saved"


def ask_to_unlock(user: User, slot: Slot) -> None:
    request_unlock(user=user, slot=slot, reason="补报")


def hand_in_for_court(user: User, slot: Slot) -> None:
    found = findings(slot)
    submit(
        user=user,
        slot=slot,
        seen_version=version_of(slot),
        blank_reasons={f.metrics[0]: "无" for f in found if f.kind == "blank"},
        replies=dict.fromkeys(remarks_of(slot), "已改正"),
        on_behalf="法院停电",
    )


def send_it_back(user: User, slot: Slot) -> None:
    send_back(
        user=user, slot=slot, seen_version=version_of(slot), remarks={"appeals_filed": "请核对"}
    )


ACTS: Mapping[str, Act] = {
    "enter": enter,
    "submit": hand_in,
    "verify": lambda user, slot: verify(user=user, slot=slot, seen_version=version_of(slot)),
    "send back": send_it_back,
    "begin": lambda user, slot: begin(user=user, slot=slot, seen_version=version_of(slot)),
    "take back": lambda user, slot: take_back(user=user, slot=slot, seen_version=version_of(slot)),
    "reopen": lambda user, slot: reopen(
        user=user, slot=slot, reason="更正", expires_at=timezone.now() + timedelta(days=2)
    ),
    "ask to unlock": ask_to_unlock,
    "enter on behalf": write_for_court,
    "submit on behalf": hand_in_for_court,
    "comment": lambda user, slot: add_comment(
        user=user, slot=slot, metric="appeals_filed", text="已核"
    ),
    "mark": lambda user, slot: open_follow_up(
        user=user, slot=slot, metric="appeals_filed", note="待查"
    ),
}

DESKS = {"desk", "desk2"}
OFFICES = {"office", "office2"}
# Written down by hand: who may, and in which states. “none” is a slot without a row.
MAY_DO: Mapping[str, tuple[set[str], set[str]]] = {
    "enter": (DESKS, {"none", "entering", "returned"}),
    "submit": (DESKS, {"none", "entering", "returned"}),
    "verify": (OFFICES, {"submitted", "begun"}),
    "send back": (OFFICES, {"submitted", "begun"}),
    "begin": (OFFICES, {"submitted"}),
    "take back": (DESKS, {"submitted"}),
    "reopen": (OFFICES, {"verified"}),
    "ask to unlock": (DESKS, {"verified"}),
    "enter on behalf": (OFFICES, {"none", "entering", "submitted", "begun", "returned"}),
    "submit on behalf": (DESKS | OFFICES, {"none", "entering", "returned"}),
    "comment": (DESKS | OFFICES, {"any"}),
    "mark": (DESKS | OFFICES, {"any"}),
}


@pytest.mark.parametrize(
    "state", ["none", "entering", "submitted", "begun", "returned", "verified", "published"]
)
def test_every_person_may_do_exactly_what_is_written_down(
    year: QualityYear, people: dict[str, User], state: str
) -> None:
    slot = slot_of(year)
    if state != "none":
        bring_to(state, slot, people)
    for act, do in ACTS.items():
        allowed, states = MAY_DO[act]
        for name, user in people.items():
            expected = "done"
            if act == "submit" and name in OFFICES:
                expected = "refused"  # an office has to say why it hands in for a court
            elif name not in allowed:
                expected = "denied"
            elif state not in states and "any" not in states:
                expected = "wrong state"
            with transaction.atomic():
                before = values_of(slot), version_of(slot), Event.objects.count()
                try:
                    do(user, slot)
                except PermissionDenied:
                    outcome = "denied"
                except StateError:
                    outcome = "wrong state"
                except ReturnError:
                    outcome = "refused"
                else:
                    outcome = "done"
                after = values_of(slot), version_of(slot), Event.objects.count()
                assert outcome == expected, f"{name}: {act}"
                assert (before != after) is (outcome == "done"), f"{name}: {act}"
                if outcome == "done":
                    assert Event.objects.latest("pk").actor == user
                transaction.set_rollback(True)


def test_who_may_look_at_the_returns_of_a_court(year: QualityYear, people: dict[str, User]) -> None:
    court = slot_of(year).court
    assert {name for name, user in people.items() if may_view_returns(user, court)} == {
        *DESKS,
        *OFFICES,
        "other side",
        "centre",
        "leader",
    }
    assert {name for name, user in people.items() if may_set_deadline(user, year)} == OFFICES


@pytest.mark.parametrize("grant", [True, False])
def test_only_the_office_answers_a_request_to_unlock(
    year: QualityYear, people: dict[str, User], grant: bool
) -> None:
    slot = slot_of(year)
    bring_to("verified", slot, people)
    ask_to_unlock(people["desk"], slot)
    for name, user in people.items():
        with transaction.atomic():
            try:
                decide_unlock(
                    user=user,
                    slot=slot,
                    grant=grant,
                    note="同意更正",
                    open_until=timezone.now() + timedelta(days=1),
                )
            except PermissionDenied:
                assert name not in OFFICES
            else:
                assert name in OFFICES
                row = row_of(slot)
                assert row.state == ("entering" if grant else "verified")
            transaction.set_rollback(True)


class TestNobodyDecidesOnTheirOwn:
    """The intermediate court's desk may sit in the office too; it still cannot do both."""

    @pytest.fixture
    def both(self, people: dict[str, User]) -> User:
        return make_account("both", "yanbian", "litigation", "office", name="兼岗")

    @pytest.fixture
    def slot(self, year: QualityYear, both: User) -> Slot:
        slot = slot_of(year, "yanbian")
        hand_in(both, slot)
        return slot

    def test_the_submitter_cannot_verify_or_send_back(
        self, slot: Slot, both: User, people: dict[str, User]
    ) -> None:
        version = version_of(slot)
        with pytest.raises(PermissionDenied, match="本人提交"):
            verify(user=both, slot=slot, seen_version=version)
        with pytest.raises(PermissionDenied, match="本人提交"):
            send_it_back(both, slot)
        (line,) = queue(both, slot.year)
        assert not line.may_verify
        assert "本人提交" in line.why_not
        verify(user=people["office"], slot=slot, seen_version=version)
        assert row_of(slot).verified_by == people["office"]

    def test_nor_reopen_nor_unlock(self, slot: Slot, both: User, people: dict[str, User]) -> None:
        verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        with pytest.raises(PermissionDenied):
            reopen(
                user=both, slot=slot, reason="更正", expires_at=timezone.now() + timedelta(days=1)
            )
        ask_to_unlock(both, slot)
        with pytest.raises(PermissionDenied):
            decide_unlock(user=both, slot=slot, grant=False, note="不")

    @pytest.mark.database
    def test_the_database_itself_refuses(self, slot: Slot, both: User) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            MonthlyReturn.objects.filter(**slot.fields).update(verified_by=both)
        request = UnlockRequest(
            monthly_return=row_of(slot), reason="补", requested_by=both, requested_at=timezone.now()
        )
        request.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            UnlockRequest.objects.update(
                state="refused", decided_by=both, decided_at=timezone.now()
            )

    def test_who_entered_for_a_court_cannot_verify_it_in_that_round(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        write_for_court(people["office"], slot)
        with pytest.raises(PermissionDenied, match="他人核实"):
            verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        assert "他人核实" in review(people["office"], slot).why_not
        verify(user=people["office2"], slot=slot, seen_version=version_of(slot))
        # Another round: what was entered in the last one has been verified by somebody else.
        reopen(
            user=people["office2"],
            slot=slot,
            reason="更正",
            expires_at=timezone.now() + timedelta(days=1),
        )
        hand_in(people["desk"], slot)
        verify(user=people["office"], slot=slot, seen_version=version_of(slot))

    def test_an_office_that_hands_in_for_a_court_needs_a_second_person(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        hand_in_for_court(people["office"], slot)
        with pytest.raises(PermissionDenied):
            verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        verify(user=people["office2"], slot=slot, seen_version=version_of(slot))
        assert Submission.objects.get().on_behalf == "法院停电"


class TestSubmitting:
    @pytest.fixture
    def slot(self, year: QualityYear, people: dict[str, User]) -> Slot:
        slot = slot_of(year)
        fill(people["desk"], slot, CLEAN_LITIGATION)
        return slot

    def refused(self, user: User, slot: Slot, **given: Any) -> ReturnError:
        with pytest.raises(ReturnError) as caught:
            submit(user=user, slot=slot, seen_version=version_of(slot), **given)
        row = row_of(slot)
        assert row.state in ("entering", "returned")
        assert not Submission.objects.exists()
        return caught.value

    def test_a_clean_return_needs_no_reasons(self, slot: Slot, people: dict[str, User]) -> None:
        submission = submit(user=people["desk"], slot=slot, seen_version=version_of(slot))
        assert (submission.number, submission.reasons) == (1, {})
        assert submission.figures == CLEAN_LITIGATION
        row = row_of(slot)
        assert (row.state, row.submitted_by, row.origin) == ("submitted", people["desk"], "entry")
        assert row.history.first().history_user == people["desk"]

    def test_an_error_stops_it(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, {"first_instance_closed": 451})
        error = self.refused(
            people["desk"], slot, reasons={"check:appeals_within_closed": "不是错误"}
        )
        assert [o.key for o in error.obstacles] == ["check:appeals_within_closed"]
        assert "452" in error.obstacles[0].sentence

    def test_a_warning_wants_a_reason(self, slot: Slot, people: dict[str, User]) -> None:
        # Some petitions closed this year were received last year.
        fill(people["desk"], slot, {"retrial_petitions_closed": 50})
        key = "check:petitions_closed_within_received"
        found = [f.key for f in findings(slot)]
        assert len(found) == 1
        key = found[0]
        assert [o.key for o in self.refused(people["desk"], slot).obstacles] == [key]
        self.refused(people["desk"], slot, reasons={key: "  "})
        self.refused(people["desk"], slot, reasons={key: "长" * 501})
        submission = submit(
            user=people["desk"],
            slot=slot,
            seen_version=version_of(slot),
            reasons={key: " 上年结转 ", "check:none": "没有这一项"},
        )
        assert submission.reasons == {key: "上年结转"}

    def test_a_blank_wants_a_reason_and_keeps_it(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, {"effective_judgments": None})
        desk = people["desk"]
        error = self.refused(desk, slot, reasons={"blank:effective_judgments": "不是这样给"})
        assert [o.key for o in error.obstacles] == ["blank:effective_judgments"]
        self.refused(desk, slot, blank_reasons={"effective_judgments": "长" * 201})
        submission = submit(
            user=desk,
            slot=slot,
            seen_version=version_of(slot),
            blank_reasons={"effective_judgments": "系统升级", "appeals_filed": "不空"},
        )
        figure = Figure.objects.get(monthly_return=row_of(slot), metric="effective_judgments")
        assert (figure.value, figure.blank_reason) == (None, "系统升级")
        assert submission.figures["effective_judgments"] is None
        assert submission.reasons == {"blank:effective_judgments": "系统升级"}
        assert not Figure.objects.filter(metric="appeals_filed").exclude(blank_reason="").exists()
        # A value in place of the blank takes the reason away.
        send_it_back(people["office"], slot)
        fill(desk, slot, {"effective_judgments": 2500})
        figure.refresh_from_db()
        assert (figure.value, figure.blank_reason) == (2500, "")

    def test_an_empty_return_can_be_handed_in(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year, month=JUNE)
        hand_in(people["desk"], slot)
        row = row_of(slot)
        assert row.figures.count() == len(CLEAN_LITIGATION)
        assert not row.figures.reported().exists()

    def test_a_change_by_somebody_else_since_the_page_was_opened(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        seen = version_of(slot)
        fill(people["desk2"], slot, {"appeals_filed": 440})
        with pytest.raises(StaleError):
            submit(user=people["desk"], slot=slot, seen_version=seen)
        submit(user=people["desk"], slot=slot, seen_version=version_of(slot))

    def test_twice(self, slot: Slot, people: dict[str, User]) -> None:
        seen = version_of(slot)
        submit(user=people["desk"], slot=slot, seen_version=seen)
        with pytest.raises(StateError, match="等待审判管理办公室核实"):
            submit(user=people["desk"], slot=slot, seen_version=seen)
        assert Submission.objects.count() == 1

    def test_a_count_below_an_earlier_month(
        self, slot: Slot, people: dict[str, User], year: QualityYear
    ) -> None:
        june = slot_of(year, month=JUNE)
        fill(people["desk"], june, CLEAN_LITIGATION | {"appeals_filed": 451})
        # May is a draft yet: nothing holds June against it.
        assert not [f for f in findings(june) if f.is_error]
        hand_in(people["desk"], slot)
        (error,) = (f for f in findings(june) if f.is_error)
        assert error.key == "fall:appeals_filed:2019-05"
        with pytest.raises(ReturnError):
            hand_in(people["desk"], june)
        # The other way round: June stands, May comes later and is higher.
        send_it_back(people["office"], slot)
        hand_in(people["desk"], june)
        (error,) = (f for f in findings(slot) if f.is_error)
        assert error.key == "fall:appeals_filed:2019-06"

    def test_made_up_figures_hold_nothing_against_real_ones(
        self, slot: Slot, people: dict[str, User], year: QualityYear
    ) -> None:
        hand_in(people["desk"], slot)
        june = slot_of(year, month=JUNE)
        fill(people["desk"], june, CLEAN_LITIGATION | {"appeals_filed": 451})
        assert [f for f in findings(june) if f.is_error]
        MonthlyReturn.objects.filter(**slot.fields).update(is_demo=True)
        assert not [f for f in findings(june) if f.is_error]
        MonthlyReturn.objects.filter(**june.fields).update(is_demo=True)
        assert [f for f in findings(june) if f.is_error]


class TestReviewing:
    @pytest.fixture
    def slot(self, year: QualityYear, people: dict[str, User]) -> Slot:
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        return slot

    def test_verified(self, slot: Slot, people: dict[str, User]) -> None:
        verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        row = row_of(slot)
        assert (row.state, row.verified_by) == ("verified", people["office"])
        assert row.verified_at is not None

    def test_only_as_it_was_seen(self, slot: Slot, people: dict[str, User]) -> None:
        seen = version_of(slot)
        write_for_court(people["office"], slot)
        with pytest.raises(StaleError):
            verify(user=people["office2"], slot=slot, seen_version=seen)
        with pytest.raises(StaleError):
            send_back(
                user=people["office2"], slot=slot, seen_version=seen, remarks={}, note="请核对"
            )

    def test_an_error_that_came_up_later_stops_it(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        cell = CellEntry("first_instance_closed", 3, 1)
        enter_on_behalf(user=people["office2"], slot=slot, cells=[cell], reason="抽取")
        with pytest.raises(ReturnError) as caught:
            verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        assert [o.key for o in caught.value.obstacles] == ["check:appeals_within_closed"]

    def test_remarks_say_what_is_wrong(self, slot: Slot, people: dict[str, User]) -> None:
        office = people["office"]
        version = version_of(slot)

        def back(remarks: dict[str, str], note: str = "") -> None:
            send_back(user=office, slot=slot, seen_version=version, remarks=remarks, note=note)

        with pytest.raises(ReturnError, match="意见"):
            back({"appeals_filed": "  "})
        with pytest.raises(ReturnError, match="court_staff"):
            back({"court_staff": "不在此表"})
        with pytest.raises(ReturnError):
            back({"appeals_filed": "长" * 1001})
        back({"appeals_filed": " 与系统不符 "}, "共一处")
        remarks = CellComment.objects.values_list("metric", "kind", "text", "submission__number")
        assert set(remarks) == {
            ("appeals_filed", "remark", "与系统不符", 1),
            ("", "remark", "共一处", 1),
        }

    def test_a_resubmission_shows_what_changed(self, slot: Slot, people: dict[str, User]) -> None:
        send_it_back(people["office"], slot)
        fill(people["desk2"], slot, {"appeals_filed": 450, "retrial_designated": None})
        hand_in(people["desk2"], slot)
        first, second = Submission.objects.all()
        assert (first.number, second.number) == (1, 2)
        page = review(people["office"], slot)
        lines = [(c.metric, c.before, c.after) for c in page.changes]
        assert lines == [("retrial_designated", 0, None), ("appeals_filed", 452, 450)]
        assert [sent.number for sent in page.grid.rounds] == [1, 2]
        (warning,) = page.warnings
        assert (warning.finding.key, warning.reason) == ("blank:retrial_designated", "系统无此数")

    def test_many_at_once_only_the_clean_ones(
        self, slot: Slot, people: dict[str, User], year: QualityYear
    ) -> None:
        june, july = slot_of(year, month=JUNE), slot_of(year, month=Month(2019, 7))
        fill(people["desk"], june, CLEAN_LITIGATION | {"retrial_petitions_closed": 50})
        hand_in(people["desk"], june)
        lines = {line.slot.month: line for line in queue(people["office"], year)}
        assert (lines[MAY].is_clean, lines[JUNE].is_clean) == (True, False)
        results = verify_many(
            user=people["office"],
            slots=[(s, version_of(s)) for s in (june, slot, july)],
        )
        assert [result.verified for result in results] == [False, True, False]
        assert "单独核实" in results[0].message
        assert [row_of(s).state for s in (june, slot)] == ["submitted", "verified"]
        (again,) = verify_many(user=people["desk"], slots=[(june, version_of(june))])
        assert not again.verified


class TestReopening:
    @pytest.fixture
    def slot(self, year: QualityYear, people: dict[str, User]) -> Slot:
        slot = slot_of(year)
        bring_to("verified", slot, people)
        return slot

    def open_it(self, slot: Slot, user: User) -> None:
        reopen(user=user, slot=slot, reason="漏报", expires_at=timezone.now() + timedelta(hours=5))

    def test_it_counts_as_verified_until_verified_again(
        self, slot: Slot, people: dict[str, User], year: QualityYear
    ) -> None:
        from courts.figures.selectors.facts import facts_of_months

        def counted() -> int:
            facts = facts_of_months(year, [MAY])[MAY]
            return next(f for f in facts if f.court == "yanji").current["appeals_filed"]

        self.open_it(slot, people["office"])
        fill(people["desk"], slot, {"appeals_filed": 400})
        assert counted() == 452
        hand_in(people["desk"], slot)
        assert Reopening.objects.get().outcome == "submitted"
        assert counted() == 452
        send_it_back(people["office"], slot)
        assert counted() == 452
        hand_in(people["desk"], slot)
        verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        assert counted() == 400
        assert row_of(slot).verified_figures is None

    def test_it_expires_by_itself(self, slot: Slot, people: dict[str, User]) -> None:
        verified_at = row_of(slot).verified_at
        self.open_it(slot, people["office"])
        fill(people["desk"], slot, {"appeals_filed": 400, "retrial_designated": None})
        assert expire_reopenings() == 0
        with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
            result = save_cell(
                user=people["desk"], slot=slot, metric="appeals_filed", value=1, seen_version=2
            )
            assert result.status == "locked"
            assert result.value == 452
        row = row_of(slot)
        assert (row.state, row.verified_at) == ("verified", verified_at)
        assert values_of(slot) == CLEAN_LITIGATION
        assert Reopening.objects.get().outcome == "expired"
        event = Event.objects.get(action="expire_reopening")
        assert event.data["restored"] == ["appeals_filed", "retrial_designated"]
        last = row.figures.get(metric="appeals_filed").history.first()
        assert (last.value, last.history_change_reason) == (452, "重新打开到期，恢复已核实的数据")

    def test_the_command_does_it_for_all(
        self, slot: Slot, people: dict[str, User], capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.open_it(slot, people["office"])
        with time_machine.travel(timezone.now() + timedelta(hours=4, minutes=59)):
            call_command("housekeeping")
            assert row_of(slot).state == "entering"
        with time_machine.travel(timezone.now() + timedelta(hours=5, seconds=1)):
            call_command("housekeeping")
            call_command("housekeeping")
        assert row_of(slot).state == "verified"
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if "重新打开" in line] == ["恢复重新打开到期的报表：1"]

    def test_handed_in_in_time_it_does_not_expire(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        self.open_it(slot, people["office"])
        hand_in(people["desk"], slot)
        with time_machine.travel(timezone.now() + timedelta(days=9)):
            assert expire_reopenings() == 0
        assert row_of(slot).state == "submitted"

    def test_a_reason_and_a_time_to_come(self, slot: Slot, people: dict[str, User]) -> None:
        for reason, hours in (("", 5), ("漏报", 0), ("漏报", -1)):
            with pytest.raises(ReturnError):
                reopen(
                    user=people["office"],
                    slot=slot,
                    reason=reason,
                    expires_at=timezone.now() + timedelta(hours=hours),
                )
        assert row_of(slot).state == "verified"

    def test_granting_a_request_reopens(self, slot: Slot, people: dict[str, User]) -> None:
        ask_to_unlock(people["desk"], slot)
        with pytest.raises(StateError, match="等待"):
            ask_to_unlock(people["desk2"], slot)
        until = timezone.now() + timedelta(days=1)
        decide_unlock(user=people["office"], slot=slot, grant=True, open_until=until)
        reopening = Reopening.objects.get()
        assert (reopening.reason, reopening.expires_at) == ("补报", until)
        enter(people["desk"], slot)


class TestOnBehalf:
    @pytest.fixture
    def slot(self, year: QualityYear, people: dict[str, User]) -> Slot:
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        return slot

    def test_the_court_objects_and_nothing_is_verified_until_it_is_settled(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        write_for_court(people["office"], slot)
        entry = EntryOnBehalf.objects.get()
        assert entry.changes == {"appeals_filed": [452, 441]}
        last = Figure.objects.get(
            monthly_return=row_of(slot), metric="appeals_filed"
        ).history.first()
        assert (last.history_user, last.history_change_reason) == (
            people["office"],
            "代报：系统抽取",
        )
        for name in ("other court", "other side", "office", "admin at the desk"):
            with pytest.raises(PermissionDenied):
                object_to_entry(user=people[name], slot=slot, entry=entry.pk, objection="不对")
        object_to_entry(user=people["desk"], slot=slot, entry=entry.pk, objection="不对")
        with pytest.raises(StateError):
            object_to_entry(user=people["desk2"], slot=slot, entry=entry.pk, objection="不对")
        with pytest.raises(ReturnError, match="异议"):
            verify(user=people["office2"], slot=slot, seen_version=version_of(slot))
        for name in ("desk", "centre", "far office", "superuser in an office"):
            with pytest.raises(PermissionDenied):
                settle_objection(user=people[name], slot=slot, entry=entry.pk, settlement="维持")
        settle_objection(user=people["office"], slot=slot, entry=entry.pk, settlement="维持")
        with pytest.raises(StateError):
            settle_objection(user=people["office"], slot=slot, entry=entry.pk, settlement="改")
        verify(user=people["office2"], slot=slot, seen_version=version_of(slot))

    def test_an_entry_of_another_return(
        self, slot: Slot, people: dict[str, User], year: QualityYear
    ) -> None:
        write_for_court(people["office"], slot)
        entry = EntryOnBehalf.objects.get()
        other = slot_of(year, month=JUNE)
        for where in (other, slot_of(year, side=Side.ENFORCEMENT)):
            with pytest.raises((ReturnError, PermissionDenied)):
                object_to_entry(user=people["desk"], slot=where, entry=entry.pk, objection="不对")

    def test_a_reason_is_needed_and_nothing_to_write_leaves_nothing(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        cell = CellEntry("appeals_filed", 452, 1)
        with pytest.raises(ReturnError):
            enter_on_behalf(user=people["office"], slot=slot, cells=[cell], reason=" ")
        enter_on_behalf(user=people["office"], slot=slot, cells=[cell], reason="核对")
        assert not EntryOnBehalf.objects.exists()


@pytest.mark.database
def test_a_mark_is_resolved_once(year: QualityYear, people: dict[str, User]) -> None:
    slot, desk, office = slot_of(year), people["desk"], people["office"]
    open_follow_up(user=office, slot=slot, metric="appeals_filed", note="与系统不符")
    with pytest.raises(ReturnError):
        open_follow_up(user=desk, slot=slot, metric="appeals_filed", note="又一次")
    with pytest.raises(ReturnError):
        resolve_follow_up(user=desk, slot=slot, metric="appeals_filed", resolution="")
    resolve_follow_up(user=desk, slot=slot, metric="appeals_filed", resolution="已改")
    with pytest.raises(ReturnError):
        resolve_follow_up(user=desk, slot=slot, metric="appeals_filed", resolution="已改")
    open_follow_up(user=desk, slot=slot, metric="appeals_filed", note="再查")
    assert FollowUp.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(resolved_by=None, resolved_at=None, resolution="")


def test_talk_about_what_does_not_exist(year: QualityYear, people: dict[str, User]) -> None:
    slot = slot_of(year)
    with pytest.raises(ReturnError):
        add_comment(user=people["desk"], slot=slot, metric="court_staff", text="别的表")
    with pytest.raises(ReturnError):
        open_follow_up(user=people["desk"], slot=slot, metric="", note="没有格子")
    with pytest.raises(ReturnError):
        add_comment(user=people["desk"], slot=slot, metric="", text=" ")
    add_comment(user=people["desk"], slot=slot, metric="", text="整张报表")
    assert CellComment.objects.get().metric == ""
