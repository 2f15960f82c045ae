"""Tests of what becomes of a difference: explained, settled, open again; who may, and at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from courts.extracts.selectors.differences import (
    DifferenceSearch,
    DifferenceStanding,
    differences,
    differences_of,
)
from courts.extracts.selectors.extract_pages import past_of
from courts.extracts.services.differences import SeenCell, explain
from courts.extracts.services.motions import move_settlements
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import Difference, Event, QualityYear, User
from courts.permissions import Basis
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side
from tests.at_once import at_once
from tests.courts.admin_fixtures import make_account
from tests.courts.extract_fixtures import METRIC, extract, seen, the_line
from tests.courts.extracts.test_extracts import current, fixture_elsewhere
from tests.courts.motion_fixtures import another, confirm_waiting, settle
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    bring_to,
    fill,
    hand_in,
    people,
    slot_of,
)
from tests.pages import the_year

__all__ = ["fixture_elsewhere", "people"]

pytestmark = pytest.mark.database

OWN = CLEAN_LITIGATION[METRIC]  # 452
NOT_THE_DESK = ("other side", "other court", "office", "centre", "leader", "party", "admin",
                "admin at the desk", "superuser at the desk", "idle", "far desk")  # fmt: skip
NOT_THE_OFFICE = ("desk", "other side", "other court", "centre", "leader", "party", "admin",
                  "admin in an office", "superuser in an office", "idle", "far office")  # fmt: skip


@pytest.fixture
def slot(year: QualityYear) -> Slot:
    return slot_of(year)


@pytest.fixture
def differing(year: QualityYear, slot: Slot, people: dict[str, User]) -> Slot:
    """A return handed in with 452 where the extract says 460."""
    bring_to("submitted", slot, people)
    extract(year, ("yanji", "2019-05", METRIC, 460), actor=people["office"])
    return slot


@pytest.mark.django_db
class TestExplaining:
    def test_it_is_told_with_who_and_when(self, differing: Slot, people: dict[str, User]) -> None:
        before = the_line(people["desk"], differing)
        assert before.standing is DifferenceStanding.OPEN
        assert (before.may_explain, before.may_settle) == (True, False)
        explain(user=people["desk"], slot=differing, seen=seen(before), text=" 含并案8件 ")
        line = the_line(people["office"], differing)
        assert line.standing is DifferenceStanding.EXPLAINED
        assert (line.explanation, line.explained_by) == ("含并案8件", "desk")
        assert (line.may_explain, line.may_settle) == (False, True)
        event = Event.objects.get(action="explain_difference")
        assert (event.actor, event.reason) == (people["desk"], "含并案8件")
        assert (event.data["extract"], event.data["reported"]) == (460, OWN)

    def test_an_explanation_settles_nothing(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        line = the_line(people["desk"], differing)
        explain(user=people["desk"], slot=differing, seen=seen(line), text="含并案")
        assert current(year, Basis.REPORTED)[METRIC] == 460
        # While nothing is decided it may be put better.
        again = the_line(people["desk"], differing)
        explain(user=people["desk"], slot=differing, seen=seen(again), text="含并案8件")
        assert the_line(people["desk"], differing).explanation == "含并案8件"

    def test_nobody_else_explains(self, differing: Slot, people: dict[str, User]) -> None:
        line = the_line(people["desk"], differing)
        for name in NOT_THE_DESK:
            with pytest.raises(PermissionDenied):
                explain(user=people[name], slot=differing, seen=seen(line), text="含并案")
        assert not Difference.objects.exists()

    def test_it_needs_words(self, differing: Slot, people: dict[str, User]) -> None:
        line = the_line(people["desk"], differing)
        for text in ("", "  ", "字" * 501):
            with pytest.raises(ReturnError):
                explain(user=people["desk"], slot=differing, seen=seen(line), text=text)

    def test_an_explanation_is_about_two_values(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        line = the_line(people["desk"], differing)
        explain(user=people["desk"], slot=differing, seen=seen(line), text="含并案")
        extract(year, ("yanji", "2019-05", METRIC, 461))
        now = the_line(people["desk"], differing)
        assert (now.standing, now.explanation, now.version) == (DifferenceStanding.OPEN, "", 1)
        settle(user=people["office"], slot=differing, seen=seen(now), stands="return", note="可采")
        row = Difference.objects.get()
        assert (row.explanation, row.explained_by) == ("", None)
        assert [past.text for past in past_of(differing, METRIC)][:2] != []
        assert "含并案" in {past.text for past in past_of(differing, METRIC)}


@pytest.mark.django_db
class TestSettling:
    def test_nobody_else_settles(self, differing: Slot, people: dict[str, User]) -> None:
        line = the_line(people["desk"], differing)
        for name in NOT_THE_OFFICE:
            with pytest.raises(PermissionDenied):
                settle(user=people[name], slot=differing, seen=seen(line), stands="extract")
        assert not Difference.objects.exists()

    def test_who_explained_does_not_settle(self, differing: Slot, people: dict[str, User]) -> None:
        """Whoever moved from the desk to the office decides on nothing they said themselves."""
        line = the_line(people["desk"], differing)
        explain(user=people["desk"], slot=differing, seen=seen(line), text="含并案")
        row = Difference.objects.get()
        row.explained_by = people["office"]
        row.save()
        again = the_line(people["office"], differing)
        with pytest.raises(PermissionDenied, match="说明人不得处理"):
            settle(user=people["office"], slot=differing, seen=seen(again), stands="extract")
        row.state, row.note, row.settled_by = "return", "可采", people["office"]
        row.settled_at = row.explained_at
        with pytest.raises(ValidationError, match="说明人不得处理"):
            row.full_clean()

    def test_the_courts_figure_needs_a_note(self, differing: Slot, people: dict[str, User]) -> None:
        line = the_line(people["office"], differing)
        with pytest.raises(ReturnError, match="须写明理由"):
            settle(user=people["office"], slot=differing, seen=seen(line), stands="return")
        with pytest.raises(ReturnError, match="以哪个数值为准"):
            settle(user=people["office"], slot=differing, seen=seen(line), stands="explained")
        assert not Difference.objects.exists()

    def test_a_decision_is_not_changed(self, differing: Slot, people: dict[str, User]) -> None:
        line = the_line(people["office"], differing)
        settle(user=people["office"], slot=differing, seen=seen(line), stands="extract")
        now = the_line(people["office"], differing)
        assert now.standing is DifferenceStanding.EXTRACT
        with pytest.raises(StateError):
            settle(
                user=people["office2"], slot=differing, seen=seen(now), stands="return", note="x"
            )
        with pytest.raises(StateError):
            explain(user=people["desk"], slot=differing, seen=seen(now), text="含并案")
        assert Event.objects.filter(action="settle_difference").count() == 1

    def test_what_was_seen_must_still_be_so(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        line = the_line(people["office"], differing)
        explain(user=people["desk"], slot=differing, seen=seen(line), text="含并案")
        for stale in (
            seen(line),
            SeenCell(METRIC, 1, 461, OWN),
            SeenCell(METRIC, 1, 460, None),
        ):
            with pytest.raises(StaleError):
                settle(user=people["office"], slot=differing, seen=stale, stands="extract")
        with pytest.raises(StateError, match="没有差异"):
            settle(
                user=people["office"],
                slot=differing,
                seen=SeenCell("appeal_revised", 0, 1, 2),
                stands="extract",
            )

    def test_correcting_settles_by_itself(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("returned", slot, people)
        extract(year, ("yanji", "2019-05", METRIC, 460))
        assert differences_of(people["office"], slot) == {}  # sent back, so not handed in
        fill(people["desk"], slot, {METRIC: 460})
        hand_in(people["desk"], slot)
        assert differences_of(people["office"], slot) == {}

    def test_several_at_once_all_or_none(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        extract(year, ("yanji", "2019-05", "appeal_revised", 70))
        lines = differences(people["office"], year)
        assert [line.metric for line in lines] == ["appeal_revised", METRIC]
        explain(user=people["desk"], slot=differing, seen=seen(lines[1]), text="含并案")
        how: dict[str, Any] = {
            "user": people["office"],
            "year": year,
            "stands": "return",
            "note": "已核对系统",
        }
        with pytest.raises(StaleError, match="又有变动"):
            move_settlements(picks=[(line.slot, seen(line)) for line in lines], **how)
        assert not Difference.objects.exclude(state="explained").exists()
        again = differences(people["office"], year)
        move_settlements(picks=[(line.slot, seen(line)) for line in again], **how)
        assert {line.motion for line in differences(people["office"], year)} != {None}
        with pytest.raises(ReturnError, match="等另一人确认"):
            move_settlements(picks=[(again[0].slot, seen(again[0]))], **how)
        assert confirm_waiting() == 1
        assert {line.standing for line in differences(people["office"], year)} == {
            DifferenceStanding.RETURN
        }


@pytest.mark.django_db
class TestLooking:
    def test_a_court_sees_its_own(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        own = [line.metric for line in differences(people["other side"], year)]
        assert own == [METRIC]
        assert differences(people["other court"], year) == ()
        for name in ("office", "centre", "leader"):
            assert len(differences(people[name], year)) == 1
        for name in ("party", "admin", "nobody", "far office", "far desk", "idle"):
            with pytest.raises(PermissionDenied):
                differences(people[name], year)

    def test_filters(self, year: QualityYear, differing: Slot, people: dict[str, User]) -> None:
        tumen = slot_of(year, "tumen", Month(2019, 6))
        fill(people["other court"], tumen, CLEAN_LITIGATION)
        hand_in(people["other court"], tumen)
        extract(year, ("tumen", "2019-06", METRIC, 470))
        line = the_line(people["office"], differing)
        settle(user=people["office"], slot=differing, seen=seen(line), stands="extract")

        def found(**search: str) -> list[str]:
            lines = differences(people["office"], year, DifferenceSearch(**search))
            return [line.slot.court.code for line in lines]

        assert found() == ["yanji", "tumen"]
        assert found(court="tumen") == ["tumen"]
        assert found(month="2019-05") == ["yanji"]
        assert found(side="litigation") == ["yanji", "tumen"]
        assert found(side="enforcement") == []
        assert found(state="extract") == ["yanji"]
        assert found(state="unsettled") == ["tumen"]
        assert found(state="explained") == []

    def test_queries_do_not_grow(
        self, year: QualityYear, differing: Slot, people: dict[str, User], django_assert_num_queries
    ) -> None:
        user = User.objects.select_related("court__parent").get(pk=people["office"].pk)
        differences(user, year)
        with django_assert_num_queries(8):
            assert len(differences(user, year)) == 1
        june = slot_of(year, month=Month(2019, 6))
        bring_to("submitted", june, people)
        extract(year, *(("yanji", "2019-06", code, 500) for code in (METRIC, "appeal_revised")))
        with django_assert_num_queries(8):
            assert len(differences(user, year)) == 3


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def year(self, transactional_db: None) -> QualityYear:
        return the_year()

    @pytest.fixture
    def desk(self, year: QualityYear) -> User:
        return self.account("desk", "yanji", "litigation")

    @pytest.fixture
    def offices(self, year: QualityYear) -> list[User]:
        return [self.account(f"office{number}", "yanbian", "office") for number in range(4)]

    @staticmethod
    def account(name: str, court: str, role: str) -> User:
        made = make_account(name, court, role)
        return User.objects.select_related("court__parent").get(pk=made.pk)

    @pytest.fixture
    def differing(self, year: QualityYear, desk: User) -> Slot:
        slot = slot_of(year)
        fill(desk, slot, CLEAN_LITIGATION)
        hand_in(desk, slot)
        extract(year, ("yanji", "2019-05", METRIC, 460))
        return slot

    def test_explaining_while_the_office_settles(
        self, differing: Slot, desk: User, offices: list[User]
    ) -> None:
        """All saw it open: one act is written, every other one is refused in words."""
        what = seen(the_line(desk, differing))
        for office in offices:
            # Made before the threads begin: two of them may confirm what the same person moved.
            another(office)

        def attempt(act: partial[None]) -> str:
            try:
                act()
            except (StaleError, StateError) as refusal:
                return refusal.message
            return ""

        acts = [partial(explain, user=desk, slot=differing, seen=what, text="含并案")] * 4 + [
            partial(settle, user=user, slot=differing, seen=what, stands=stands, note="已核对")
            for user in offices
            for stands in ("return", "extract")
        ]
        messages = at_once([partial(attempt, act) for act in acts])
        assert messages.count("") == 1
        assert all("又有变动" in message for message in messages if message)
        row = Difference.objects.get()
        assert row.version == 1
        assert row.history.count() == 1
        told = Event.objects.filter(action__in=["explain_difference", "settle_difference"])
        assert told.count() == 1

    def test_extracts_at_once_leave_one_current_value(
        self, year: QualityYear, differing: Slot, desk: User
    ) -> None:
        cell = ("yanji", "2019-05", METRIC)
        at_once([partial(extract, year, (*cell, 460 + place)) for place in range(8)])
        line = the_line(desk, differing)
        assert line.extract_value in range(460, 468)
        assert line.slot.side is Side.LITIGATION
