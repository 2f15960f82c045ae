"""What the pages of returns are told: the grid, a cell, the findings, the queue, the effect."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import translation

from courts.figures.selectors.findings import findings, findings_of
from courts.figures.services.imports import import_figures
from courts.models import Figure, MonthlyReturn, QualityYear, User
from courts.returns.selectors.effects import effect
from courts.returns.selectors.grids import Grid, GridRow, cell_detail, grid
from courts.returns.selectors.histories import AuditSearch, audit
from courts.returns.selectors.office_grids import office_grid
from courts.returns.services.behalf import enter_on_behalf, object_to_entry
from courts.returns.services.comments import add_comment, open_follow_up, resolve_follow_up
from courts.returns.services.returns import CellEntry
from courts.reviews.selectors.reviews import queue, review
from courts.reviews.services.reviews import send_back
from courts.scores.selectors.scores import scoreboard
from courts.years.selectors.slots import NoSlotError, Slot, check_oversees, find_slot
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.conftest import GRASSROOTS, figures_file
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    MAY,
    bring_to,
    fill,
    hand_in,
    row_of,
    shanghai,
    slot_of,
    version_of,
)

pytestmark = pytest.mark.django_db

APRIL, JUNE = Month(2019, 4), Month(2019, 6)


@pytest.fixture
def slot(year: QualityYear, people: dict[str, User]) -> Slot:
    return slot_of(year)


def line_of(page: Grid, metric: str) -> GridRow:
    return next(row for row in page.rows if row.metric == metric)


class TestAddress:
    def test_found(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = find_slot(people["desk"], "yanbian-2019", "2019-05", "yanji", "litigation")
        assert (slot.year, slot.court.code, slot.month, slot.side) == (
            year,
            "yanji",
            MAY,
            Side.LITIGATION,
        )
        assert slot.key == "2019-05/yanji/litigation"

    @pytest.mark.parametrize(
        "address",
        [
            ("yanbian-2018", "2019-05", "yanji", "litigation"),
            ("tonghua-2019", "2019-05", "meihekou", "litigation"),
            ("yanbian-2019", "2018-05", "yanji", "litigation"),
            ("yanbian-2019", "2019-13", "yanji", "litigation"),
            ("yanbian-2019", "May", "yanji", "litigation"),
            ("yanbian-2019", "2019-05", "nowhere", "litigation"),
            ("yanbian-2019", "2019-05", "meihekou", "litigation"),
            ("yanbian-2019", "2019-05", "yanji", "both"),
        ],
    )
    def test_not_found(self, people: dict[str, User], address: tuple[str, str, str, str]) -> None:
        with pytest.raises(NoSlotError):
            find_slot(people["desk"], *address)

    def test_not_for_everybody(self, year: QualityYear, people: dict[str, User]) -> None:
        for name in ("other court", "party", "admin", "admin in an office"):
            with pytest.raises(PermissionDenied):
                find_slot(people[name], "yanbian-2019", "2019-05", "yanji", "litigation")
        for name in ("superuser", "nobody", "idle", "far office"):
            with pytest.raises((NoSlotError, PermissionDenied)):
                find_slot(people[name], "yanbian-2019", "2019-05", "yanji", "litigation")
        for name in ("office", "centre", "leader", "other side"):
            find_slot(people[name], "yanbian-2019", "2019-05", "yanji", "litigation")
        for name in ("office", "centre", "leader"):
            check_oversees(people[name], year)
        for name in ("desk", "party", "admin", "superuser in an office", "far office"):
            with pytest.raises(PermissionDenied):
                check_oversees(people[name], year)


class TestGrid:
    def test_an_empty_return(self, slot: Slot, people: dict[str, User]) -> None:
        page = grid(people["desk"], slot)
        assert (page.state, page.version, page.filled, page.total) == ("entering", 0, 0, 13)
        assert page.may_edit
        assert not page.is_demo
        assert [row.metric for row in page.rows] == [
            metric.code for metric in slot.rulebook.metrics_of(Side.LITIGATION)
        ]
        assert slot.row() is None

    def test_a_row_beside_last_month_and_last_year(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        fill(people["desk"], slot_of(slot.year, month=APRIL), {"appeals_filed": 350})
        fill(people["desk2"], slot, {"appeals_filed": 452, "effective_judgments": 2500})
        row = line_of(grid(people["desk"], slot), "appeals_filed")
        assert (row.value, row.version, row.changed_by) == (452, 1, "desk2")
        assert (row.last_month, row.alone) == (350, 102)
        # Annex 3 has the whole of 2018 only.
        assert (row.last_year, row.last_year_month) == (1085, Month(2018, 12))
        assert row.series == (None, None, None, 350, 452, *[None] * 7)
        other = line_of(grid(people["desk"], slot), "effective_judgments")
        assert (other.last_year, other.last_month, other.alone) == (None, None, None)

    def test_the_same_month_of_last_year_where_there_is_one(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        file = figures_file({"yanji": {"appeals_filed": 440}}, "2018-05")
        assert not import_figures(year=slot.year, files=[file]).errors
        row = line_of(grid(people["desk"], slot), "appeals_filed")
        assert (row.last_year, row.last_year_month) == (440, Month(2018, 5))

    def test_a_stock_has_no_month_by_itself_and_january_nothing_before(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year, month=Month(2019, 1), side=Side.ENFORCEMENT)
        fill(people["other side"], slot, {"court_staff": 90, "enforcement_received": 40})
        page = grid(people["other side"], slot)
        assert line_of(page, "court_staff").alone is None
        assert line_of(page, "enforcement_received").alone == 40
        assert line_of(page, "enforcement_received").last_month is None

    def test_who_may_type(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, CLEAN_LITIGATION)
        may = {name for name, user in people.items() if grid(user, slot).may_edit}
        assert may == {"desk", "desk2"}
        hand_in(people["desk"], slot)
        page = grid(people["desk"], slot)
        assert not page.may_edit
        assert page.lock is not None
        assert "等待审判管理办公室核实" in page.lock.sentence
        assert page.submitted_by == "desk"

    def test_what_was_said(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        add_comment(user=people["desk"], slot=slot, metric="appeals_filed", text="已核")
        open_follow_up(user=people["office"], slot=slot, metric="appeals_filed", note="待查")
        send_back(
            user=people["office"],
            slot=slot,
            seen_version=version_of(slot),
            remarks={"appeals_filed": "请核对"},
            note="共一处",
        )
        page = grid(people["desk"], slot)
        assert [(r.metric, r.label, r.text) for r in page.remarks] == [
            ("appeals_filed", "二审立案数", "请核对"),
            ("", "", "共一处"),
        ]
        row = line_of(page, "appeals_filed")
        assert (row.comments, [r.text for r in row.remarks]) == (2, ["请核对"])
        assert row.follow_up is not None
        assert row.follow_up.note == "待查"
        resolve_follow_up(user=people["desk"], slot=slot, metric="appeals_filed", resolution="已改")
        hand_in(people["desk"], slot)
        page = grid(people["desk"], slot)
        assert [(r.text, r.reply and r.reply.text) for r in page.remarks] == [
            ("请核对", "已改正"),
            ("共一处", "已改正"),
        ]
        assert line_of(page, "appeals_filed").follow_up is None
        detail = cell_detail(slot, "appeals_filed")
        assert [note.kind for note in detail.comments] == ["comment", "remark", "reply"]
        assert [mark.resolution for mark in detail.follow_ups] == ["已改"]
        assert detail.source

    def test_what_the_office_entered(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, {"appeals_filed": 1})
        cell = CellEntry("appeals_filed", 2, 1)
        enter_on_behalf(user=people["office"], slot=slot, cells=[cell], reason="抽取")
        (entry,) = grid(people["desk"], slot).entries_on_behalf
        assert (entry.by, entry.reason, entry.is_disputed) == ("office", "抽取", False)
        assert [(c.label, c.before, c.after) for c in entry.changes] == [("二审立案数", 1, 2)]
        object_to_entry(user=people["desk"], slot=slot, entry=entry.pk, objection="不对")
        (entry,) = grid(people["desk"], slot).entries_on_behalf
        assert entry.is_disputed

    def test_made_up_figures_beside_it_say_so(self, slot: Slot, people: dict[str, User]) -> None:
        april = slot_of(slot.year, month=APRIL)
        fill(people["desk"], april, {"appeals_filed": 350})
        MonthlyReturn.objects.filter(**april.fields).update(is_demo=True)
        assert grid(people["desk"], slot).is_demo

    def test_in_the_readers_language(self, slot: Slot, people: dict[str, User]) -> None:
        with translation.override("ko"):
            page = grid(people["desk"], slot)
            assert line_of(page, "appeals_filed").label != "二审立案数"
            assert page.state_label == "입력 중"

    def test_no_more_queries_for_more_figures(
        self, slot: Slot, people: dict[str, User], django_assert_max_num_queries
    ) -> None:
        bring_to("returned", slot, people)
        grid(people["desk"], slot)
        with django_assert_max_num_queries(12):
            grid(people["desk"], slot)
        for number in (1, 2, 3, 4, 6, 7):
            fill(people["desk"], slot_of(slot.year, month=Month(2019, number)), CLEAN_LITIGATION)
        for metric in CLEAN_LITIGATION:
            add_comment(user=people["desk"], slot=slot, metric=metric, text="已核")
            open_follow_up(user=people["desk"], slot=slot, metric=metric, note="待查")
        with django_assert_max_num_queries(12):
            grid(people["desk"], slot)


class TestFindings:
    def test_errors_come_first_and_keys_stay(self, slot: Slot, people: dict[str, User]) -> None:
        fill(
            people["desk"],
            slot,
            CLEAN_LITIGATION
            | {
                "first_instance_closed": 400,
                "retrial_petitions_closed": 50,
                "retrial_revised": None,
            },
        )
        found = findings(slot)
        assert [(f.kind.value, f.is_error) for f in found] == [
            ("check", True),
            ("check", False),
            ("blank", False),
        ]
        assert found[0].metrics == ("appeals_filed", "first_instance_closed")
        assert found[2].key == "blank:retrial_revised"
        assert "452" in found[0].sentence
        row = line_of(grid(people["desk"], slot), "first_instance_closed")
        assert row.findings == (found[0],)

    def test_far_from_last_year(self, slot: Slot, people: dict[str, User]) -> None:
        # 165 revised on appeal in 2018 lead to expect some 69 by May; 200 is nearly thrice that.
        fill(people["desk"], slot, CLEAN_LITIGATION | {"appeal_revised": 200})
        (found,) = findings(slot)
        assert (found.key, found.metrics) == ("unlikely:appeal_revised", ("appeal_revised",))
        assert "165" in found.sentence

    def test_other_figures_can_be_tried(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, CLEAN_LITIGATION)
        assert findings(slot) == ()
        tried = CLEAN_LITIGATION | {"first_instance_closed": 451}
        assert [f.key for f in findings(slot, tried)] == ["check:appeals_within_closed"]
        assert len(findings(slot, {})) == 13

    def test_three_queries_for_any_number(
        self, year: QualityYear, people: dict[str, User], django_assert_num_queries
    ) -> None:
        fill(people["desk"], slot_of(year), CLEAN_LITIGATION)
        slots = [slot_of(year, court) for court in GRASSROOTS]
        # Whether courts changed, the returns, their cells.
        with django_assert_num_queries(3):
            found = findings_of(slots)
        assert found[slots[0].key] == ()
        assert len(found[slots[1].key]) == 13


class TestQueue:
    def test_what_waits_for_whom(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        june = slot_of(slot.year, month=JUNE)
        # A fifth more than in May, and more petitions closed than received.
        longer = {metric: value * 6 // 5 for metric, value in CLEAN_LITIGATION.items()}
        fill(people["desk"], june, longer | {"retrial_petitions_closed": 60})
        fill(people["desk"], june, {"retrial_designated": None})
        hand_in(people["desk"], june)
        enforcement = slot_of(slot.year, side=Side.ENFORCEMENT)
        hand_in(people["other side"], enforcement)
        lines = queue(people["office"], slot.year)
        assert [
            (line.slot.key, line.errors, line.warnings, line.blanks, line.is_clean, line.round)
            for line in lines
        ] == [(slot.key, 0, 0, 0, True, 1), (june.key, 0, 1, 1, False, 1)]
        assert [line.slot.key for line in queue(people["centre"], slot.year)] == [enforcement.key]
        for name in ("desk", "leader", "party", "admin", "superuser in an office", "far office"):
            assert queue(people[name], slot.year) == ()

    def test_no_more_queries_for_more_returns(
        self, slot: Slot, people: dict[str, User], django_assert_num_queries
    ) -> None:
        bring_to("submitted", slot, people)
        queue(people["office"], slot.year)
        with django_assert_num_queries(4):
            queue(people["office"], slot.year)
        for number in (2, 3, 4):
            hand_in(people["desk"], slot_of(slot.year, month=Month(2019, number)))
            hand_in(people["other court"], slot_of(slot.year, "tumen", Month(2019, number)))
        with django_assert_num_queries(4):
            assert len(queue(people["office"], slot.year)) == 7

    def test_a_disputed_entry_is_not_clean(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        cell = CellEntry("appeals_filed", 451, 1)
        enter_on_behalf(user=people["office"], slot=slot, cells=[cell], reason="抽取")
        (own,) = queue(people["office"], slot.year)
        (others,) = queue(people["office2"], slot.year)
        assert (own.may_verify, others.may_verify) == (False, True)
        (entry,) = grid(people["desk"], slot).entries_on_behalf
        object_to_entry(user=people["desk"], slot=slot, entry=entry.pk, objection="不对")
        (others,) = queue(people["office2"], slot.year)
        assert (others.is_clean, others.may_verify) == (False, False)
        page = review(people["office2"], slot)
        assert "异议" in page.why_not
        assert [(c.metric, c.before, c.after) for c in page.changes] == []

    def test_the_review_asks_no_more_for_more_rounds(
        self, slot: Slot, people: dict[str, User], django_assert_max_num_queries
    ) -> None:
        bring_to("submitted", slot, people)
        review(people["office"], slot)
        with django_assert_max_num_queries(14):
            review(people["office"], slot)
        for value in (451, 450, 449):
            send_back(
                user=people["office"],
                slot=slot,
                seen_version=version_of(slot),
                remarks={},
                note="请核对",
            )
            fill(people["desk"], slot, {"appeals_filed": value})
            hand_in(people["desk"], slot)
        with django_assert_max_num_queries(14):
            page = review(people["office"], slot)
        assert [(c.before, c.after) for c in page.changes] == [(450, 449)]


class TestOfficeGrid:
    def test_all_courts_with_sums(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, {"appeals_filed": 452, "retrial_designated": 0})
        fill(people["other court"], slot_of(slot.year, "tumen"), {"appeals_filed": 20})
        page = office_grid(people["office"], slot.year, MAY, Side.LITIGATION)
        assert [column.slot.court.code for column in page.columns] == ["yanbian", *GRASSROOTS]
        row = next(row for row in page.rows if row.metric == "appeals_filed")
        assert [cell.value for cell in row.cells] == [None, 452, 20, *[None] * 6]
        assert (row.total, row.missing) == (472, 7)
        designated = next(row for row in page.rows if row.metric == "retrial_designated")
        assert (designated.total, designated.missing) == (0, 8)
        empty = next(row for row in page.rows if row.metric == "retrial_decided")
        assert (empty.total, empty.missing) == (None, 9)
        assert all(column.may_edit for column in page.columns)
        assert not any(
            column.may_edit
            for name in ("centre", "leader", "desk")
            for column in office_grid(people[name], slot.year, MAY, Side.LITIGATION).columns
        )

    def test_what_is_verified_stays(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("verified", slot, people)
        page = office_grid(people["office"], slot.year, MAY, Side.LITIGATION)
        assert {c.slot.court.code for c in page.columns if not c.may_edit} == {"yanji"}

    def test_three_queries(
        self, slot: Slot, people: dict[str, User], django_assert_num_queries
    ) -> None:
        fill(people["desk"], slot, CLEAN_LITIGATION)
        office_grid(people["office"], slot.year, MAY, Side.LITIGATION)
        with django_assert_num_queries(3):
            office_grid(people["office"], slot.year, MAY, Side.LITIGATION)


class TestEffect:
    def test_points_before_and_after(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, CLEAN_LITIGATION | {"appeals_filed": 430})
        page = effect(slot, shows_places=True)
        lines = {line.code: line for line in page.items}
        # (1085 x 5/12 - 430) / (1085 x 5/12) = 4.885 % at 0.2 a percent; nothing counts before.
        assert (lines["L3.2"].before, lines["L3.2"].after) == (None, "0.98")
        assert lines["L3.2"].changes
        assert lines["L3.2"].full == "3.00"
        assert "C1" not in lines
        assert "L7" not in lines
        assert page.total_before == "0.00"

    def test_the_same_points_once_it_is_verified(self, slot: Slot, people: dict[str, User]) -> None:
        fill(people["desk"], slot, CLEAN_LITIGATION)
        before = effect(slot, shows_places=True)
        hand_in(people["desk"], slot)
        from courts.reviews.services.reviews import verify

        verify(user=people["office"], slot=slot, seen_version=version_of(slot))
        card = scoreboard(slot.year, MAY).court("yanji")
        assert before.total_after == f"{card.total:.2f}"
        assert before.rank_after == card.rank
        for line in before.items:
            points = card.item(line.code).points
            assert line.after == (None if points is None else f"{points:.2f}")
        after = effect(slot, shows_places=True)
        assert after.total_before == after.total_after == before.total_after
        assert not any(line.changes for line in after.items)

    def test_figures_to_try_and_last_month(self, slot: Slot, people: dict[str, User]) -> None:
        april = slot_of(slot.year, month=APRIL)
        fill(people["desk"], april, {"appeals_filed": 350})
        MonthlyReturn.objects.filter(**april.fields).update(
            state="verified", origin="import", verified_at="2019-05-05T00:00Z"
        )
        page = effect(slot, {"appeals_filed": 430}, shows_places=True)
        line = next(line for line in page.items if line.code == "L3.2")
        # April: (1085 x 4/12 - 350) / (1085 x 4/12) = 3.226 %.
        assert (line.last_month, line.after) == ("0.65", "0.98")
        assert Decimal(page.half_after) == Decimal("0.98")
        assert slot.row() is None

    def test_the_other_side_stays_as_it_counts(self, slot: Slot, people: dict[str, User]) -> None:
        enforcement = slot_of(slot.year, side=Side.ENFORCEMENT)
        fill(
            people["other side"],
            enforcement,
            {"procedure_terminated_checked": 10, "procedure_terminated_qualified": 9},
        )
        page = effect(enforcement, shows_places=True)
        line = next(line for line in page.items if line.code == "C4")
        assert (line.before, line.after) == (None, "7.50")
        assert all(other.after is None for other in effect(slot, shows_places=True).items)

    def test_nine_queries_where_nothing_was_extracted(
        self, slot: Slot, people: dict[str, User], django_assert_num_queries
    ) -> None:
        fill(people["desk"], slot, CLEAN_LITIGATION)
        effect(slot, shows_places=True)
        with django_assert_num_queries(9):
            effect(slot, shows_places=True)


class TestAudit:
    """Who changed which figure, when and why: all of it, or what is asked for."""

    @pytest.fixture(autouse=True)
    def changes(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(shanghai("2019-06-01", "23:59:59"), tick=False):
            fill(people["desk"], slot, {"appeals_filed": 1, "appeal_revised": 2})
        with time_machine.travel(shanghai("2019-06-02", "00:00:00"), tick=False):
            fill(people["desk2"], slot, {"appeals_filed": 3})
            cell = CellEntry("appeals_filed", 4, 0)
            tumen = slot_of(slot.year, "tumen")
            enter_on_behalf(user=people["office"], slot=tumen, cells=[cell], reason="抽取")

    def found(self, user: User, year: QualityYear, **search: Any) -> list[tuple[object, ...]]:
        page = audit(user, year, AuditSearch(**search))
        assert page.total == len(page.lines)
        return [(line.court, line.metric, line.before, line.after) for line in page.lines]

    def test_everything_the_last_first(self, year: QualityYear, people: dict[str, User]) -> None:
        assert self.found(people["office"], year) == [
            ("tumen", "appeals_filed", None, 4),
            ("yanji", "appeals_filed", 1, 3),
            ("yanji", "appeal_revised", None, 2),
            ("yanji", "appeals_filed", None, 1),
        ]
        line = audit(people["leader"], year, AuditSearch()).lines[0]
        assert (line.by, line.month, line.side, line.reason) == (
            "office",
            MAY,
            "litigation",
            "代报：抽取",
        )
        assert line.at == shanghai("2019-06-02", "00:00:00")

    def test_what_is_asked_for(self, year: QualityYear, people: dict[str, User]) -> None:
        office = people["office"]
        assert len(self.found(office, year, court="yanji")) == 3
        assert len(self.found(office, year, metric="appeals_filed")) == 3
        assert len(self.found(office, year, person="desk2")) == 1
        assert len(self.found(office, year, person="desk")) == 3
        assert len(self.found(office, year, until=date(2019, 6, 1))) == 2
        assert len(self.found(office, year, since=date(2019, 6, 2))) == 2
        assert self.found(office, year, court="yanji", since=date(2019, 6, 2)) == [
            ("yanji", "appeals_filed", 1, 3)
        ]
        assert self.found(office, year, court="meihekou") == []
        page = audit(office, year, AuditSearch(), offset=1, limit=2)
        assert (page.total, [line.after for line in page.lines]) == (4, [3, 2])

    def test_a_desk_sees_its_own_court(
        self, year: QualityYear, people: dict[str, User], elsewhere: QualityYear
    ) -> None:
        assert len(self.found(people["desk"], year)) == 3
        assert self.found(people["other court"], year) == [("tumen", "appeals_filed", None, 4)]
        assert self.found(people["desk"], year, court="tumen") == []
        for name in ("party", "admin", "superuser", "nobody", "far office", "far desk"):
            with pytest.raises(PermissionDenied):
                self.found(people[name], year)
        with pytest.raises(PermissionDenied):
            self.found(people["desk"], elsewhere)

    def test_three_queries(
        self, year: QualityYear, people: dict[str, User], django_assert_num_queries
    ) -> None:
        audit(people["office"], year, AuditSearch())
        with django_assert_num_queries(3):
            audit(people["office"], year, AuditSearch())


def test_every_row_of_the_tables_has_words(slot: Slot, people: dict[str, User]) -> None:
    """What the admin and error pages print of them."""
    from courts.models import CellComment, EntryOnBehalf, FollowUp, Reopening, Submission
    from courts.models import UnlockRequest as Request

    bring_to("submitted", slot, people)
    add_comment(user=people["desk"], slot=slot, metric="appeals_filed", text="已核")
    open_follow_up(user=people["desk"], slot=slot, metric="appeals_filed", note="待查")
    row = row_of(slot)
    assert str(Submission.objects.get()).endswith("#1")
    assert str(CellComment.objects.get()) == "appeals_filed: 已核"
    assert str(FollowUp.objects.get()) == "appeals_filed: 待查"
    for made in (
        Request(monthly_return=row, reason="停电"),
        Reopening(monthly_return=row, reason="停电"),
        EntryOnBehalf(monthly_return=row, reason="停电"),
    ):
        assert str(made).endswith("停电")
    assert Figure.history.filter(history_user=people["desk"]).exists()
