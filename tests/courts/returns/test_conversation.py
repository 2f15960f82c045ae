"""The conversation about a return: taken back, begun, remarked on, answered; who wins a race."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

import scoring
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import CellComment, Event, QualityYear, Reopening, Submission, User
from courts.returns.selectors.grids import grid
from courts.returns.selectors.timeliness import (
    Punctuality,
    Timeliness,
    first_submissions,
    handed_in_at,
    punctuality,
)
from courts.returns.services.returns import submit, take_back
from courts.reviews.selectors.reviews import queue, review
from courts.reviews.services.deadlines import set_deadline
from courts.reviews.services.reviews import begin, reopen, send_back, verify, verify_many
from courts.years.selectors.entry_windows import Lock
from courts.years.selectors.slots import Slot
from tests.at_once import at_once
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
    shanghai,
    slot_of,
    version_of,
)
from tests.pages import client_of, the_year

__all__ = ["elsewhere", "people"]

NAMED = "延吉市人民法院2019年5月诉讼报表"


def lock_of(user: User, slot: Slot) -> Lock:
    """What the account reads of whether the return is open to it."""
    lock = grid(user, slot).lock
    assert lock is not None
    return lock


def taken_back(user: User, slot: Slot) -> Submission:
    return take_back(user=user, slot=slot, seen_version=version_of(slot))


@pytest.mark.django_db
class TestTakingBack:
    def test_a_first_draft_is_a_draft_again(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        assert lock_of(people["desk2"], slot).may_take_back
        sent = taken_back(people["desk2"], slot)
        assert (sent.taken_back_by, sent.begun_by) == (people["desk2"], None)
        row = row_of(slot)
        assert (row.state, row.submitted_by, row.submitted_at) == ("entering", None, None)
        assert row.history.first().history_change_reason == "收回提交"
        assert Event.objects.latest("pk").action == "take_back"
        assert grid(people["desk"], slot).may_edit
        assert [line.slot.key for line in queue(people["office"], year)] == []
        fill(people["desk"], slot, {"appeals_filed": 451})
        hand_in(people["desk"], slot)
        assert [s.number for s in row.submissions.order_by("number")] == [1, 2]

    def test_begun_is_not_taken_back(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("begun", slot, people)
        lock = lock_of(people["desk"], slot)
        assert not lock.may_take_back
        assert "office2" in lock.sentence
        assert "开始核实" in lock.sentence
        with pytest.raises(StateError, match="office2"):
            taken_back(people["desk"], slot)
        # A colleague goes on with what somebody else began.
        with pytest.raises(StateError, match="接着办理"):
            begin(user=people["office"], slot=slot, seen_version=version_of(slot))
        assert review(people["office"], slot).may_decide
        verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        sent = Submission.objects.get()
        assert sent.begun_by == people["office2"]
        assert row_of(slot).verified_by == people["office"]

    def test_opening_the_page_is_not_beginning(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        address = reverse("courts:review", args=[year.code, "yanji", "2019-05", "litigation"])
        text = client_of(people["office"]).get(address).content.decode()
        assert "开始核实" in text
        assert "连同意见退回" not in text
        taken_back(people["desk"], slot)

    @pytest.mark.parametrize("act", ["verify", "send back", "verify many"])
    def test_deciding_counts_as_beginning(
        self, year: QualityYear, people: dict[str, User], act: str
    ) -> None:
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        seen, office = version_of(slot), people["office"]
        if act == "verify":
            verify(user=office, slot=slot, seen_version=seen)
        elif act == "verify many":
            (result,) = verify_many(user=office, slots=[(slot, seen)])
            assert result.verified
        else:
            send_back(user=office, slot=slot, seen_version=seen, remarks={}, note="请核对")
        sent = Submission.objects.get()
        assert sent.begun_by == office
        assert sent.begun_at is not None

    def test_not_what_the_office_handed_in(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        bring_to("entering", slot, people)
        submit(
            user=people["office"], slot=slot, seen_version=version_of(slot), on_behalf="法院停电"
        )
        assert not lock_of(people["desk"], slot).may_take_back
        with pytest.raises(StateError, match="代报"):
            taken_back(people["desk"], slot)

    def test_not_what_looks_otherwise_now(self, year: QualityYear, people: dict[str, User]) -> None:
        """A colleague took it back, corrected it and handed it in again meanwhile."""
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        seen = version_of(slot)
        taken_back(people["desk2"], slot)
        hand_in(people["desk2"], slot)
        with pytest.raises(StaleError):
            take_back(user=people["desk"], slot=slot, seen_version=seen)

    def test_sent_back_before_it_is_sent_back_again(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        bring_to("returned", slot, people)
        hand_in(people["desk"], slot)
        (before,) = grid(people["desk"], slot).remarks
        assert before.reply is not None
        taken_back(people["desk"], slot)
        row = row_of(slot)
        assert (row.state, row.submitted_by) == ("returned", people["desk"])
        (remark,) = grid(people["desk"], slot).remarks
        assert (remark.text, remark.reply, remark.last_reply) == ("请核对", None, "已改正")
        hand_in(people["desk2"], slot)
        assert CellComment.objects.filter(kind="reply").count() == 2

    def test_a_reopened_return_goes_on_being_open(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        verified = bring_to("verified", slot, people)
        until = timezone.now() + timedelta(days=2)
        reopen(
            user=people["office"],
            slot=slot,
            reason="更正",
            expires_at=until,
        )
        fill(people["desk"], slot, {"appeals_filed": 451})
        hand_in(people["desk2"], slot)
        taken_back(people["desk2"], slot)
        row = row_of(slot)
        assert row.state == "entering"
        assert row.verified_figures is not None
        assert row.verified_figures["appeals_filed"] == CLEAN_LITIGATION["appeals_filed"]
        assert (row.verified_by, row.verified_at) == (verified.verified_by, verified.verified_at)
        assert row.submitted_by == people["desk"]
        assert Reopening.objects.get().outcome == "open"
        page = grid(people["desk"], slot)
        assert page.may_edit
        assert page.open_until == until

    def test_a_reopening_that_is_over_keeps_what_was_handed_in(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        bring_to("verified", slot, people)
        reopen(
            user=people["office"],
            slot=slot,
            reason="更正",
            expires_at=timezone.now() + timedelta(hours=1),
        )
        fill(people["desk"], slot, {"appeals_filed": 451})
        hand_in(people["desk"], slot)
        with (
            time_machine.travel(timezone.now() + timedelta(hours=2)),
            pytest.raises(StateError, match="期限已过"),
        ):
            taken_back(people["desk"], slot)
        assert row_of(slot).state == "submitted"

    def test_what_was_taken_back_was_not_handed_in_time(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        """The deadline is 5 June. Handed in on the 4th, taken back on the 7th: overdue, and locked
        by the deadline; handed in again on the 8th: 3 days late."""
        slot = slot_of(year)
        with time_machine.travel(shanghai("2019-06-04"), tick=False):
            set_deadline(user=people["office"], year=year, day=5, seen=None, reason="通知")
            year.refresh_from_db()
            bring_to("submitted", slot, people)
            assert not lock_of(people["desk"], slot).taken_back_locked
        with time_machine.travel(shanghai("2019-06-07"), tick=False):
            assert lock_of(people["desk"], slot).taken_back_locked
            taken_back(people["desk"], slot)
            page = grid(people["desk"], slot)
            assert not page.may_edit
            assert lock_of(people["desk"], slot).may_request
        with time_machine.travel(shanghai("2019-06-08"), tick=False):
            hand_in(people["desk"], slot)
            row = row_of(slot)
            came = handed_in_at(row, first_submissions([row]))
            found = punctuality(year, MAY, row, came, timezone.now())
            assert found == Punctuality(Timeliness.LATE, 3)

    def test_never_both_even_by_hand(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("begun", slot, people)
        with (
            pytest.raises(IntegrityError, match="submission_begun_or_taken_back"),
            transaction.atomic(),
        ):
            Submission.objects.update(taken_back_by=people["desk"], taken_back_at=timezone.now())


@pytest.mark.django_db
class TestReplies:
    def test_every_remark_is_answered(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("begun", slot, people)
        send_back(
            user=people["office"],
            slot=slot,
            seen_version=version_of(slot),
            remarks={"appeals_filed": "与立案系统差1件"},
            note="请附说明",
        )
        with pytest.raises(ReturnError, match="2条退回意见没有答复") as refused:
            submit(user=people["desk"], slot=slot, seen_version=version_of(slot))
        assert {obstacle.sentence for obstacle in refused.value.obstacles} == {
            "与立案系统差1件",
            "请附说明",
        }
        keys = {one.metric: one.pk for one in row_of(slot).comments.filter(kind="remark")}
        replies = {keys["appeals_filed"]: "已补登1件", keys[""]: "见附件"}
        with pytest.raises(ReturnError, match="1条退回意见没有答复"):
            submit(
                user=people["desk"],
                slot=slot,
                seen_version=version_of(slot),
                replies={keys[""]: "见附件", keys["appeals_filed"]: "  "},
            )
        assert not CellComment.objects.filter(kind="reply").exists()
        submit(user=people["desk"], slot=slot, seen_version=version_of(slot), replies=replies)
        page = review(people["office"], slot)
        told = {remark.metric: getattr(remark.reply, "text", None) for remark in page.grid.remarks}
        assert told == {"appeals_filed": "已补登1件", "": "见附件"}
        (row,) = [line for line in page.grid.rows if line.metric == "appeals_filed"]
        assert [(one.text, getattr(one.reply, "text", None)) for one in row.remarks] == [
            ("与立案系统差1件", "已补登1件")
        ]

    def test_pages_and_paper_show_them(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("returned", slot, people)
        (key,) = remarks_of(slot)
        place = [year.code, "yanji", "2019-05", "litigation"]
        desk = client_of(people["desk"])
        asked = desk.get(reverse("courts:return_submit", args=place)).content.decode()
        assert f'name="reply:{key}"' in asked
        refused = desk.post(
            reverse("courts:return_submit", args=place), {"version": version_of(slot)}
        ).content.decode()
        assert "还有1条退回意见没有答复" in refused
        sent = desk.post(
            reverse("courts:return_submit", args=place),
            {"version": version_of(slot), f"reply:{key}": "已与登记簿核对"},
            follow=True,
        )
        assert NAMED in sent.content.decode()
        office = client_of(people["office2"])
        reviewed = office.get(reverse("courts:review", args=place)).content.decode()
        assert reviewed.count("已与登记簿核对") >= 2  # above the figures, beside the row
        for name in ("return", "return_print"):
            shown = desk.get(reverse(f"courts:{name}", args=place)).content.decode()
            assert "请核对" in shown
            assert "已与登记簿核对" in shown
        cell = reverse("courts:return_cell", args=[*place, "appeals_filed"])
        assert "法院答复" in desk.get(cell).content.decode()

    def test_a_reply_to_another_return_is_none(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot, other = slot_of(year), slot_of(year, month=scoring.Month(2019, 6))
        bring_to("returned", slot, people)
        bring_to("returned", other, people)
        row = other.row()
        assert row is not None
        keys = list(row.comments.values_list("pk", flat=True))
        with pytest.raises(ReturnError, match="没有答复"):
            submit(
                user=people["desk"],
                slot=slot,
                seen_version=version_of(slot),
                replies=dict.fromkeys(keys, "已改正"),
            )

    def test_reasons_are_there_at_the_next_submission(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        """A warning that is still there has the reason that was given for it."""
        slot = slot_of(year)
        fill(people["desk"], slot, {**CLEAN_LITIGATION, "retrial_petitions_closed": 60})
        hand_in(people["desk"], slot)
        reasons = Submission.objects.get().reasons
        assert reasons
        taken_back(people["desk"], slot)
        address = reverse(
            "courts:return_submit", args=[year.code, "yanji", "2019-05", "litigation"]
        )
        text = client_of(people["desk2"]).get(address).content.decode()
        assert text.count("已核对</textarea>") == len(reasons)


@pytest.mark.django_db
class TestMessages:
    def test_they_name_the_return(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("submitted", slot, people)
        place = [year.code, "yanji", "2019-05", "litigation"]

        def said(who: str, name: str, **data: str | int) -> str:
            address = reverse(f"courts:{name}", args=place)
            version = {"version": version_of(slot)}
            return (
                client_of(people[who]).post(address, version | data, follow=True).content.decode()
            )

        assert f"{NAMED}已收回" in said("desk", "return_take_back")
        hand_in(people["desk"], slot)
        assert f"已开始核实{NAMED}" in said("office", "review_begin")
        assert "office 已于" in said("desk", "return_take_back")
        answer = said("office", "review", act="send_back", note="请核对")
        assert f"已退回{NAMED}" in answer
        hand_in(people["desk"], slot)
        assert f"已核实{NAMED}" in said("office", "review", act="verify")
        reopened = said("office", "review_reopen", reason="更正", until="2099-01-01")
        assert f"{NAMED}已重新打开" in reopened
        hand_in(people["desk"], slot)
        pick = {"pick": f"2019-05/yanji/litigation@{version_of(slot)}"}
        text = (
            client_of(people["office"])
            .post(reverse("courts:reviews", args=[year.code]), pick, follow=True)
            .content.decode()
        )
        assert f"已核实 1 张报表：{NAMED}" in text
        assert f"{NAMED}的申请已发出" in said("desk", "return_unlock", reason="漏计一件")
        decided = said("office", "unlock_decide", grant="no", note="请先核对")
        assert f"不同意解锁{NAMED}" in decided


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["begin", "verify", "send back"])
def test_taking_back_while_the_office_acts(transactional_db: None, act: str) -> None:
    """One of the two is done, the other is told; never both, whichever comes first."""
    year = the_year()
    desk = make_account("desk", "yanji", "litigation")
    offices = [make_account(f"office{number}", "yanbian", "office") for number in range(2)]
    slots = [slot_of(year, month=scoring.Month(2019, month)) for month in range(1, 5)]
    for slot in slots:
        fill(desk, slot, dict.fromkeys(CLEAN_LITIGATION, 0) | {"first_instance_closed": 9})
        hand_in(desk, slot)
    acts: dict[str, Callable[..., object]] = {
        "begin": begin,
        "verify": verify,
        "send back": lambda **given: send_back(remarks={}, note="请核对", **given),
    }

    def outcome(do: Callable[..., object], user: User, slot: Slot, seen: int) -> str:
        try:
            do(user=user, slot=slot, seen_version=seen)
        except (ReturnError, PermissionDenied):
            return "told"
        return "done"

    for slot in slots:
        seen = version_of(slot)
        tasks = [(take_back, desk), *((acts[act], office) for office in offices)]
        found = at_once([partial(outcome, do, user, slot, seen) for do, user in tasks])
        assert Counter(found) == {"done": 1, "told": 2}
        sent = Submission.objects.get(monthly_return=row_of(slot))
        assert (sent.taken_back_at is None) is (sent.begun_at is not None)
        assert (row_of(slot).state == "entering") is (sent.taken_back_at is not None)
