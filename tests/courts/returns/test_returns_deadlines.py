"""The deadline to the second, the requests to unlock it, and what counts as late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import Event, MonthlyReturn, QualityYear, UnlockRequest, User
from courts.returns.selectors.homes import court_home
from courts.returns.services.returns import save_cell
from courts.returns.services.unlocks import request_unlock
from courts.reviews.selectors.completeness import CompletenessCell, completeness
from courts.reviews.selectors.reviews import pending_requests
from courts.reviews.services.deadlines import decide_unlock, set_deadline
from courts.reviews.services.reviews import reopen, send_back
from courts.years.selectors.entry_windows import deadline_of, last_day_of, month_after, window_of
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.conftest import figures_file
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

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# The fifth of June is the last day for May.
BEFORE = shanghai("2019-06-05", "23:59:59")
AFTER = shanghai("2019-06-06", "00:00:00")


@pytest.fixture
def slot(year: QualityYear, people: dict[str, User]) -> Slot:
    set_deadline(user=people["office"], year=year, day=5, seen=None, reason="通知")
    year.refresh_from_db()
    return slot_of(year)


def try_to_save(user: User, slot: Slot, value: int) -> str:
    row = slot.row()
    figure = row.figures.filter(metric="appeals_filed").first() if row else None
    result = save_cell(
        user=user,
        slot=slot,
        metric="appeals_filed",
        value=value,
        seen_version=figure.version if figure else 0,
    )
    return result.status.value


class TestTheDay:
    def test_december_ends_in_january(self, slot: Slot) -> None:
        assert month_after(Month(2019, 12)) == Month(2020, 1)
        assert month_after(Month(2019, 11)) == Month(2019, 12)
        assert last_day_of(slot.year, Month(2019, 12)) == date(2020, 1, 5)
        assert deadline_of(slot.year, Month(2019, 12)) == shanghai("2020-01-06", "00:00:00")

    def test_february_follows_every_day_there_is(self, slot: Slot) -> None:
        slot.year.deadline_day = 28
        assert last_day_of(slot.year, Month(2019, 1)) == date(2019, 2, 28)

    def test_to_the_second(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE, tick=False):
            assert try_to_save(people["desk"], slot, 1) == "saved"
            window = window_of(slot, slot.row())
            assert (window.lock, window.open_until) == (None, AFTER)
        with time_machine.travel(AFTER, tick=False):
            assert try_to_save(people["desk"], slot, 2) == "locked"
            lock = window_of(slot, slot.row()).lock
            assert lock is not None
            assert (lock.kind, lock.since, lock.may_request) == ("deadline", AFTER, True)
            assert "6月5日24时前" in lock.sentence

    def test_of_a_return_nobody_began(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(AFTER, tick=False):
            assert try_to_save(people["desk"], slot, 2) == "locked"
            assert slot.row() is None

    def test_without_a_day_there_is_none(self, year: QualityYear, people: dict[str, User]) -> None:
        assert deadline_of(year, MAY) is None
        with time_machine.travel(shanghai("2026-01-01"), tick=False):
            assert try_to_save(people["desk"], slot_of(year), 2) == "saved"

    @pytest.mark.parametrize("day", [0, 29, 31, -1])
    def test_no_such_day(self, year: QualityYear, people: dict[str, User], day: int) -> None:
        with pytest.raises(ValidationError):
            set_deadline(user=people["office"], year=year, day=day, seen=None, reason="通知")
        with pytest.raises(IntegrityError), transaction.atomic():
            QualityYear.objects.filter(pk=year.pk).update(deadline_day=day)

    def test_set_by_the_office_with_a_reason(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        with pytest.raises(ReturnError):
            set_deadline(user=people["office"], year=year, day=5, seen=None, reason=" ")
        for name in ("centre", "desk", "admin", "superuser", "far office", "leader"):
            with pytest.raises(PermissionDenied):
                set_deadline(user=people[name], year=year, day=5, seen=None, reason="通知")
        set_deadline(user=people["office"], year=year, day=5, seen=None, reason="通知")
        set_deadline(user=people["office"], year=year, day=None, seen=5, reason="取消")
        assert [e.data for e in Event.objects.filter(action="set_deadline").order_by("pk")] == [
            {"before": None, "after": 5},
            {"before": 5, "after": None},
        ]
        assert year.history.first().history_change_reason == "取消"

    def test_a_day_somebody_else_set_meanwhile_is_not_overwritten(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        set_deadline(user=people["office"], year=year, day=5, seen=None, reason="通知")
        with pytest.raises(StaleError):
            set_deadline(user=people["office2"], year=year, day=8, seen=None, reason="通知")
        assert QualityYear.objects.get(pk=year.pk).deadline_day == 5


class TestWhatItDoesNotLock:
    def test_handing_in_what_is_there(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE):
            fill(people["desk"], slot, CLEAN_LITIGATION)
        with time_machine.travel(AFTER):
            hand_in(people["desk"], slot)
        assert row_of(slot).state == "submitted"

    def test_what_the_office_sent_back(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE):
            bring_to("returned", slot, people)
        with time_machine.travel(AFTER + timedelta(days=9)):
            assert try_to_save(people["desk"], slot, 450) == "saved"

    def test_what_was_opened_again(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE):
            bring_to("verified", slot, people)
        expires = AFTER + timedelta(days=2)
        with time_machine.travel(AFTER, tick=False):
            reopen(user=people["office"], slot=slot, reason="漏报", expires_at=expires)
            assert window_of(slot, slot.row()).open_until == expires
        with time_machine.travel(expires - timedelta(seconds=1), tick=False):
            assert try_to_save(people["desk"], slot, 450) == "saved"
        with time_machine.travel(expires, tick=False):
            lock = window_of(slot, slot.row()).lock
            assert lock is not None
            assert lock.kind == "reopening"
            assert try_to_save(people["desk"], slot, 451) == "locked"

    def test_the_office(self, slot: Slot, people: dict[str, User]) -> None:
        from courts.returns.services.behalf import enter_on_behalf
        from courts.returns.services.returns import CellEntry

        with time_machine.travel(AFTER):
            (result,) = enter_on_behalf(
                user=people["office"],
                slot=slot,
                cells=[CellEntry("appeals_filed", 452, 0)],
                reason="法院未报",
            )
        assert result.status == "saved"


class TestUnlocking:
    until = AFTER + timedelta(days=1)

    def ask(self, user: User, slot: Slot) -> UnlockRequest:
        return request_unlock(user=user, slot=slot, reason="停电")

    def test_granted(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE):
            fill(people["desk"], slot, {"appeals_filed": 1})
        with time_machine.travel(AFTER, tick=False):
            self.ask(people["desk"], slot)
            lock = window_of(slot, slot.row()).lock
            assert lock is not None
            assert (lock.may_request, lock.request.reason if lock.request else "") == (
                False,
                "停电",
            )
            (line,) = pending_requests(people["office"], slot.year)
            assert (line.slot.key, line.request.requested_by) == (slot.key, "desk")
            assert pending_requests(people["centre"], slot.year) == ()
            assert pending_requests(people["leader"], slot.year) == ()
            assert pending_requests(people["far office"], slot.year) == ()
            with pytest.raises(StateError):
                self.ask(people["desk2"], slot)
            assert try_to_save(people["desk"], slot, 2) == "locked"
            decide_unlock(user=people["office"], slot=slot, grant=True, open_until=self.until)
            assert window_of(slot, slot.row()).open_until == self.until
            assert try_to_save(people["desk"], slot, 2) == "saved"
        with time_machine.travel(self.until - timedelta(seconds=1), tick=False):
            assert try_to_save(people["desk"], slot, 3) == "saved"
        with time_machine.travel(self.until, tick=False):
            assert try_to_save(people["desk"], slot, 4) == "locked"
            # And again, if need be.
            self.ask(people["desk"], slot)

    def test_of_a_return_nobody_began(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(AFTER):
            self.ask(people["desk"], slot)
            decide_unlock(user=people["office"], slot=slot, grant=True, open_until=self.until)
            assert try_to_save(people["desk"], slot, 2) == "saved"

    def test_refused(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(AFTER):
            self.ask(people["desk"], slot)
            with pytest.raises(ReturnError, match="原因"):
                decide_unlock(user=people["office"], slot=slot, grant=False)
            decide_unlock(user=people["office"], slot=slot, grant=False, note="已通报")
            lock = window_of(slot, slot.row()).lock
            assert lock is not None
            assert lock.request is not None
            assert (lock.request.state, lock.request.note) == ("refused", "已通报")
            assert lock.may_request
            with pytest.raises(StateError):
                decide_unlock(user=people["office"], slot=slot, grant=False, note="再次")

    def test_until_when_is_part_of_it(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(AFTER, tick=False):
            self.ask(people["desk"], slot)
            for until in (None, AFTER, AFTER - timedelta(days=1)):
                with pytest.raises(ReturnError):
                    decide_unlock(user=people["office"], slot=slot, grant=True, open_until=until)
            assert UnlockRequest.objects.get().state == "pending"

    def test_nothing_to_unlock(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE), pytest.raises(StateError, match="没有锁定"):
            self.ask(people["desk"], slot)

    def test_handed_in_meanwhile(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE):
            fill(people["desk"], slot, CLEAN_LITIGATION)
        with time_machine.travel(AFTER):
            self.ask(people["desk"], slot)
            hand_in(people["desk"], slot)
            with pytest.raises(StateError):
                decide_unlock(user=people["office"], slot=slot, grant=True, open_until=self.until)
            decide_unlock(user=people["office"], slot=slot, grant=False, note="已提交")


class TestCompleteness:
    """Two grassroots desks and one import against the fifth of June."""

    def cell(self, year: QualityYear, court: str, now: datetime) -> CompletenessCell:
        return next(
            cell
            for cell in completeness(year, now).cells
            if (cell.court.code, cell.month, cell.side) == (court, MAY, Side.LITIGATION)
        )

    @pytest.mark.parametrize(
        ("handed_in", "kind", "days"),
        [
            ("2019-06-01T00:00:00", "on_time", 0),
            ("2019-06-05T23:59:59", "on_time", 0),
            ("2019-06-06T00:00:00", "late", 1),
            ("2019-06-06T23:59:59", "late", 1),
            ("2019-06-15T08:00:00", "late", 10),
            ("2019-07-05T08:00:00", "late", 30),
        ],
    )
    def test_late_by_days(
        self, slot: Slot, people: dict[str, User], handed_in: str, kind: str, days: int
    ) -> None:
        with time_machine.travel(BEFORE):
            fill(people["desk"], slot, CLEAN_LITIGATION)
        with time_machine.travel(shanghai(*handed_in.split("T"))):
            hand_in(people["desk"], slot)
        cell = self.cell(slot.year, "yanji", shanghai("2019-08-01"))
        assert (cell.timeliness, cell.days, cell.filled, cell.total) == (kind, days, 13, 13)

    @pytest.mark.parametrize(
        ("now", "kind", "days"),
        [
            ("2019-04-30T23:59:59", "not_begun", 0),
            ("2019-05-01T00:00:00", "open", 0),
            ("2019-06-05T23:59:59", "open", 0),
            ("2019-06-06T00:00:00", "overdue", 1),
            ("2019-06-30T12:00:00", "overdue", 25),
        ],
    )
    def test_not_yet_there(self, slot: Slot, now: str, kind: str, days: int) -> None:
        cell = self.cell(slot.year, "yanji", shanghai(*now.split("T")))
        assert (cell.timeliness, cell.days, cell.state) == (kind, days, "entering")

    def test_sent_back_is_not_there_but_was_in_time(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        with time_machine.travel(BEFORE):
            bring_to("submitted", slot, people)
        with time_machine.travel(AFTER + timedelta(days=3)):
            send_back(
                user=people["office"],
                slot=slot,
                seen_version=version_of(slot),
                remarks={},
                note="核对",
            )
        now = shanghai("2019-06-20")
        assert self.cell(slot.year, "yanji", now).timeliness == "returned"
        assert slot.key in {
            f"{c.month}/{c.court.code}/{c.side}" for c in completeness(slot.year, now).to_remind
        }
        with time_machine.travel(AFTER + timedelta(days=9)):
            hand_in(people["desk"], slot)
        assert self.cell(slot.year, "yanji", now).timeliness == "on_time"

    def test_the_five_measures(
        self, slot: Slot, people: dict[str, User], year: QualityYear
    ) -> None:
        from courts.figures.services.imports import import_figures

        with time_machine.travel(BEFORE):
            bring_to("submitted", slot, people)
        with time_machine.travel(AFTER):
            tumen = slot_of(year, "tumen")
            hand_in(people["other court"], tumen)
            import_figures(
                year=year, files=[figures_file({"dunhua": {"appeals_filed": 5}}, "2019-05")]
            )
        now = shanghai("2019-06-10")
        found = completeness(slot.year, now)
        may = found.rates[4].rates
        litigation = may.by_side[Side.LITIGATION]
        # Nine courts; Yanji in time, Tumen and the import of Dunhua a day late.
        assert (litigation.expected, litigation.actual, litigation.actual_on_time) == (9, 3, 1)
        assert litigation.rate == Fraction(100, 3)
        assert litigation.rate_on_time == Fraction(100, 9)
        assert (litigation.rate_text, litigation.rate_on_time_text) == ("33.33", "11.11")
        assert (may.both.expected, may.both.actual) == (18, 3)
        # June is not over: nothing is expected, so there is no rate.
        assert (found.rates[5].rates.both.expected, found.rates[5].rates.both.rate) == (0, None)
        # January to May, nine courts, two sides.
        assert (found.of_year.both.expected, found.of_year.both.actual) == (90, 3)
        yanji = next(line for line in found.courts if line.court.code == "yanji")
        own = yanji.rates.both
        assert (own.expected, own.actual, own.actual_on_time) == (10, 1, 1)
        # January is the longest overdue: to be handed in by the fifth of February.
        assert found.to_remind[0].days == 125
        assert len(found.to_remind) == 87

    def test_without_a_deadline_nothing_is_in_time_or_late(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        bring_to("verified", slot_of(year), people)
        now = shanghai("2019-06-10")
        assert self.cell(year, "yanji", now).timeliness == "handed_in"
        assert self.cell(year, "tumen", now).timeliness == "open"
        rates = completeness(year, now).rates[4].rates.by_side[Side.LITIGATION]
        assert (rates.expected, rates.actual, rates.actual_on_time) == (9, 1, None)
        assert rates.rate_on_time is None

    def test_open_again_is_still_there(self, slot: Slot, people: dict[str, User]) -> None:
        with time_machine.travel(BEFORE):
            bring_to("verified", slot, people)
            reopen(
                user=people["office"],
                slot=slot,
                reason="漏报",
                expires_at=BEFORE + timedelta(days=9),
            )
        assert self.cell(slot.year, "yanji", shanghai("2019-06-10")).timeliness == "on_time"

    def test_no_more_queries_for_more_returns(
        self, slot: Slot, people: dict[str, User], django_assert_num_queries
    ) -> None:
        with django_assert_num_queries(4):
            completeness(slot.year, AFTER)
        with time_machine.travel(BEFORE):
            for number in (2, 3, 4):
                hand_in(people["desk"], slot_of(slot.year, month=Month(2019, number)))
            hand_in(people["other court"], slot_of(slot.year, "tumen"))
        with django_assert_num_queries(4):
            completeness(slot.year, AFTER)


def test_the_home_of_a_court(slot: Slot, people: dict[str, User]) -> None:
    with time_machine.travel(BEFORE):
        bring_to("returned", slot, people)
    with time_machine.travel(shanghai("2019-06-30", "23:59:59"), tick=False):
        home = court_home(people["desk"], slot.year, slot.court)
        assert home.due is not None
        assert home.due.month == MAY
        litigation, enforcement = home.due.returns
        assert (litigation.state, litigation.timeliness) == ("returned", "returned")
        assert (litigation.filled, litigation.total) == (13, 13)
        assert [remark.text for remark in litigation.remarks] == ["请核对"]
        assert litigation.may_enter
        assert (enforcement.state, enforcement.timeliness, enforcement.days) == (
            "entering",
            "overdue",
            25,
        )
        assert not enforcement.may_enter
        june = home.months[5].returns[0]
        assert (june.timeliness, june.deadline, june.may_enter) == (
            "open",
            shanghai("2019-07-06", "00:00:00"),
            True,
        )
        july = home.months[6].returns[0]
        assert (july.timeliness, july.lock.kind if july.lock else "") == ("not_begun", "not_begun")
    with time_machine.travel(shanghai("2019-07-01", "00:00:00"), tick=False):
        later = court_home(people["desk"], slot.year, slot.court)
        assert later.due is not None
        # What was sent back can still be entered, and is older than June.
        assert (later.due.month, later.due.is_present) == (MAY, True)
    with time_machine.travel(shanghai("2019-01-31"), tick=False):
        begun = court_home(people["desk"], slot.year, slot.court).due
        assert begun is not None
        assert (begun.month, begun.is_present) == (Month(2019, 1), True)
    hand_in(people["desk"], slot)
    home = court_home(people["office"], slot.year, slot.court, shanghai("2020-08-01"))
    assert home.due is not None
    # Nothing can be entered any more: the last month.
    assert (home.due.month, home.due.is_present) == (Month(2019, 12), True)
    assert home.months[4].returns[0].remarks == ()


def test_the_home_asks_no_more_for_more_returns(
    year: QualityYear, people: dict[str, User], django_assert_max_num_queries
) -> None:
    court = slot_of(year).court
    bring_to("returned", slot_of(year), people)
    with django_assert_max_num_queries(21):
        court_home(people["desk"], year, court)
    for number in (6, 7, 8, 9):
        fill(people["desk"], slot_of(year, month=Month(2019, number)), CLEAN_LITIGATION)
    MonthlyReturn.objects.filter(court=court, year=2019).update(state="returned")
    with django_assert_max_num_queries(21):
        court_home(people["desk"], year, court)
