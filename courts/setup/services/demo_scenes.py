"""Owns the work in progress of the demonstration: something waits on every desk, none of it counts.

Each scene starts from a verified return of December that is opened again, so that the year's scores
stay whole; it is played through the services that people's own acts go through. Scenes are left out
where the prefecture has fewer courts.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter

from courts import database_clock
from courts.actions.services.actions import (
    Order,
    add_measure,
    answer_action,
    open_action,
    set_cause,
)
from courts.cases.services.special_cases import apply_for, verify_case
from courts.figures.selectors.findings import FindingKind, findings
from courts.files.attachments import GivenFile
from courts.measures.services.measures import save_plan
from courts.meetings.services.meetings import add_topic, call_meeting
from courts.models import (
    Action,
    AppraisalTarget,
    Court,
    EntryOnBehalf,
    QualityYear,
    User,
)
from courts.permissions import Role
from courts.returns.selectors.notes import NoteLine, current_remarks
from courts.returns.services.behalf import enter_on_behalf, object_to_entry
from courts.returns.services.comments import add_comment, open_follow_up
from courts.returns.services.returns import CellEntry, save_cells, submit
from courts.returns.services.unlocks import request_unlock
from courts.reviews.services.deadlines import set_deadline
from courts.reviews.services.reviews import reopen, send_back
from courts.rulebooks.services.motions import move_target
from courts.rulebooks.services.target_edits import TargetValues
from courts.scores.selectors.scores import scoreboard
from courts.years.selectors.slots import Slot
from courts.years.selectors.supervision import supervision_of
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.schema import Level, Side

# The day of the following month, and how long what is open stays so.
DEADLINE_DAY = 8
OPEN_FOR = timedelta(days=60)


class Scenes:
    """The scenes of one year's last month."""

    def __init__(
        self, year: QualityYear, month: Month, users: Mapping[str, User], central: Sequence[User]
    ) -> None:
        self.year, self.month, self.users = year, month, users
        self.office, self.centre = central

    def play(self) -> None:
        """Set a deadline where there is none, then play a scene at each court in turn."""
        self.year.refresh_from_db()
        if self.year.deadline_day is None:
            reason = f"演示：次月{DEADLINE_DAY}日前报送"
            set_deadline(
                user=self.office, year=self.year, day=DEADLINE_DAY, seen=None, reason=reason
            )
        scenes = (
            self._resubmitted,
            self._submitted,
            self._sent_back,
            self._asked_to_unlock,
            self._objected_to,
            self._followed_up,
            self._half_filled,
        )
        for scene, court in zip(scenes, self._courts(), strict=False):
            scene(court)
        if not self.year.motions.exists():
            self._moved()
        cases = () if self.year.cases.exists() else (self._applied_for, self._verified_case)
        for case, court in zip(cases, self._courts(), strict=False):
            case(court)
        if not Action.objects.filter(quality_year=self.year).exists():
            self._supervised()

    def _courts(self) -> Iterator[Court]:
        courts = Court.objects.of_year(self.year).select_related("parent")
        return iter(courts.filter(level=Level.GRASSROOTS.value))

    def _resubmitted(self, court: Court) -> None:
        """Sent back with a remark, corrected, handed in again: the office sees what changed."""
        slot = self._opened(court, Side.LITIGATION, "演示：法院申请更正")
        self._hand_in(slot)
        remarks = {"appeals_filed": "演示：与立案系统相差1件，请核对"}
        send_back(user=self.office, slot=slot, seen_version=_version(slot), remarks=remarks)
        self._change(slot, "appeals_filed", 1)
        self._hand_in(slot)

    def _submitted(self, court: Court) -> None:
        """Handed in, with nothing against it."""
        self._hand_in(self._opened(court, Side.LITIGATION, "演示：法院申请更正"))

    def _sent_back(self, court: Court) -> None:
        """With the court again, and a remark beside a cell."""
        slot = self._opened(court, Side.LITIGATION, "演示：法院申请更正")
        self._hand_in(slot)
        remarks = {"retrial_petitions_received": "演示：请附登记簿编号"}
        send_back(user=self.office, slot=slot, seen_version=_version(slot), remarks=remarks)

    def _asked_to_unlock(self, court: Court) -> None:
        """The court wants to change what is verified."""
        slot = self._slot(court, Side.LITIGATION)
        request_unlock(user=self._desk(slot), slot=slot, reason="演示：漏计一件案件")

    def _objected_to(self, court: Court) -> None:
        """The office wrote a figure in the court's return, and the court disagrees."""
        slot = self._opened(court, Side.LITIGATION, "演示：与案件系统核对")
        cell = self._cell(slot, "appeals_filed", 2)
        enter_on_behalf(user=self.office, slot=slot, cells=[cell], reason="演示：案件系统提取数")
        entry = EntryOnBehalf.objects.get(monthly_return=slot.row())
        objection = "演示：其中2件已移送其他法院"
        object_to_entry(user=self._desk(slot), slot=slot, entry=entry.pk, objection=objection)

    def _followed_up(self, court: Court) -> None:
        """The centre marked a figure, and the desk answered."""
        slot = self._slot(court, Side.ENFORCEMENT)
        metric = next(iter(slot.rulebook.metrics_of(Side.ENFORCEMENT))).code
        open_follow_up(user=self.centre, slot=slot, metric=metric, note="演示：请说明增幅")
        text = "演示：集中清理旧存案件"
        add_comment(user=self._desk(slot), slot=slot, metric=metric, text=text)

    def _half_filled(self, court: Court) -> None:
        """Being entered, with a blank cell."""
        slot = self._opened(court, Side.ENFORCEMENT, "演示：法院申请更正")
        metric = slot.rulebook.metrics_of(Side.ENFORCEMENT)[-1].code
        cell = CellEntry(metric, None, self._cell(slot, metric, 0).seen_version)
        save_cells(user=self._desk(slot), slot=slot, cells=[cell])

    def _moved(self) -> None:
        """A target that one of the office proposed waits for another person of the two offices."""
        target = AppraisalTarget.objects.filter(quality_year=self.year, court=None).first()
        if target is None:
            return
        values = TargetValues(
            max(target.percent - 1, Decimal(0)), target.document, database_clock.today()
        )
        move_target(
            user=self.office,
            year=self.year,
            scope=(target.item, target.level, ""),
            values=values,
            seen_version=target.version,
            reason="演示：省高院修订了指标",
        )

    def _applied_for(self, court: Court) -> None:
        """A court asks for points of its own in its first item of litigation (附件1·五)."""
        apply_for(
            user=self.users[f"{court.code}-{Side.LITIGATION.value}"],
            year=self.year,
            court=court,
            item=self._item(court, Side.LITIGATION),
            month=self.month.month,
            reasons="演示：一批系列案件因法律修改而出现，不是办案质量问题，请求单独评分。",
            files=[GivenFile("演示-系列案件清单.xlsx", _demo_sheet())],
        )

    def _verified_case(self, court: Court) -> None:
        """Verified by both offices: the party group can decide, or try points."""
        case = apply_for(
            user=self.users[f"{court.code}-{Side.ENFORCEMENT.value}"],
            year=self.year,
            court=court,
            item=self._item(court, Side.ENFORCEMENT),
            month=self.month.month,
            reasons="演示：辖区一户企业破产，集中转入大量执行案件，指标异常。",
        )
        words = (
            (self.centre, Role.CENTRE.value, "演示：属实，涉及案件已逐件核对。"),
            (self.office, Role.OFFICE.value, "演示：手续齐全。"),
        )
        for user, office, note in words:
            case = verify_case(user=user, case=case, office=office, note=note, seen=case.version)

    def _supervised(self) -> None:
        """An action that a court answered, one that waits for its court, a plan, and a meeting.

        The first is of September, so that three months show what came of it.
        """
        courts = list(self._courts())[:2]
        today = database_clock.today()
        for court, month in zip(courts, (9, self.month.month), strict=False):
            order = Order(
                court=court.code,
                side=Side.LITIGATION.value,
                month=month,
                asks="演示：逐案评查这些案件，找出共同原因，限期整改。",
                due_on=today + OPEN_FOR,
                subject=self._capped(month),
            )
            open_action(user=self.office, year=self.year, order=order)
        opened = Action.objects.filter(quality_year=self.year).select_related("court__parent")
        first = opened.order_by("number").first()
        if first is None:
            return
        desk = self.users[f"{first.court.code}-{Side.LITIGATION.value}"]
        said: dict[str, Any] = {"user": desk, "action": first}
        set_cause(**said, cause_code="law", cause="演示：类案裁判尺度不一。", seen=1)
        measure = "演示：每月召开类案评议会"
        add_measure(**said, text=measure, owner="演示庭长", due_on=today + OPEN_FOR, seen=2)
        answer_action(**said, text="演示：已逐案评查，列出整改措施。", files=(), seen=3)
        for one in supervision_of(self.year).measures[:1]:
            plan = {"measure": one.code, "person": "演示院长", "plan": "演示：每季度专题研究"}
            save_plan(user=desk, year=self.year, court=first.court, seen=0, **plan)
        meeting = call_meeting(
            user=self.office,
            year=self.year,
            month=self.month.month,
            title="演示：年终会商",
            held_on=today,
            present="演示人员",
        )
        add_topic(user=self.office, meeting=meeting, title="演示：超出上限的案件的共同原因")

    def _capped(self, month: int) -> str:
        """The item whose cases are capped in a month; none where the rules cap nothing."""
        caps = rulebook_of(self.year, Month(self.year.year, month)).caps
        return caps.item if caps else ""

    def _item(self, court: Court, side: Side) -> str:
        """The first item of a side in which the court's figures earn less than they could."""
        card = scoreboard(self.year, self.month).court(court.code)
        of_side = [score for score in card.items if score.item.side is side and score.item.metrics]
        short = (one for one in of_side if one.points is None or one.points < one.max_points)
        return next(short, of_side[0]).item.code

    def _slot(self, court: Court, side: Side) -> Slot:
        return Slot(self.year, court, self.month, side)

    def _desk(self, slot: Slot) -> User:
        return self.users[f"{slot.court.code}-{slot.side.value}"]

    def _opened(self, court: Court, side: Side, reason: str) -> Slot:
        slot = self._slot(court, side)
        user = self.office if side is Side.LITIGATION else self.centre
        reopen(user=user, slot=slot, reason=reason, expires_at=database_clock.now() + OPEN_FOR)
        return slot

    def _cell(self, slot: Slot, metric: str, more: int) -> CellEntry:
        row = slot.row()
        figure = row.figures.get(metric=metric) if row else None
        if figure is None or figure.value is None:
            raise ValueError(f"{slot.key} has no {metric}")
        return CellEntry(metric, figure.value + more, figure.version)

    def _change(self, slot: Slot, metric: str, more: int) -> None:
        save_cells(user=self._desk(slot), slot=slot, cells=[self._cell(slot, metric, more)])

    def _hand_in(self, slot: Slot) -> None:
        hand_in(slot, self._desk(slot))


def hand_in(slot: Slot, desk: User) -> None:
    """Hand a return in, with a reason for whatever was found and an answer to each remark."""
    found = findings(slot)
    submit(
        user=desk,
        slot=slot,
        seen_version=_version(slot),
        reasons={f.key: "演示：已核对" for f in found if f.kind is not FindingKind.BLANK},
        replies={remark.pk: "演示：已与立案系统核对更正" for remark in _remarks(slot)},
    )


def _demo_sheet() -> bytes:
    """A workbook that says it is made up."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("演示").write_string(0, 0, "演示数据：不是真实案件")
    return buffer.getvalue()


def _remarks(slot: Slot) -> tuple[NoteLine, ...]:
    """What the office objects to, if it sent the return back."""
    row = slot.row()
    return current_remarks([row], slot.rulebook).get(row.pk, ()) if row else ()


def _version(slot: Slot) -> int:
    row = slot.row()
    return row.version if row else 0
