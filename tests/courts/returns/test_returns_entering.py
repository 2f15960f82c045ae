"""Typing into a return: what is saved, what meets somebody else's value, what is no figure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from courts.files.values import FigureError, read_value
from courts.frame import events
from courts.models import Event, Figure, MonthlyReturn, QualityYear, User
from courts.returns.selectors.grids import cell_detail
from courts.returns.services import writing
from courts.returns.services.returns import CellEntry, save_cell, save_cells
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    fill,
    row_of,
    slot_of,
    values_of,
)
from tests.typed_figures import AMOUNTS, FIGURES, NO_AMOUNTS, NO_FIGURES

pytestmark = pytest.mark.database


@pytest.mark.parametrize(("typed", "value"), FIGURES)
def test_what_a_cell_means(typed: object, value: int | None) -> None:
    assert read_value(typed) == value


@pytest.mark.parametrize(("typed", "word"), NO_FIGURES)
def test_what_is_no_figure(typed: object, word: str) -> None:
    with pytest.raises(FigureError, match=word):
        read_value(typed)


@pytest.mark.parametrize(("typed", "value"), AMOUNTS)
def test_what_an_amount_means(typed: object, value: int | None) -> None:
    assert read_value(typed, 2) == value


@pytest.mark.parametrize(("typed", "words"), NO_AMOUNTS)
def test_what_is_no_amount(typed: object, words: str) -> None:
    with pytest.raises(FigureError, match=words):
        read_value(typed, 2)


@given(st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.booleans()))
def test_nothing_typed_breaks_it(typed: object) -> None:
    for places, most in ((0, 999_999_999), (2, 99_999_999_999_999)):
        try:
            value = read_value(typed, places)
        except FigureError:
            pass
        else:
            assert value is None or 0 <= value <= most


def test_the_database_has_the_limits_that_people_are_told(slot: Slot) -> None:
    """999,999,999,999.99 元 go in and come out; one 分 more, and less than nothing, do not."""
    row = MonthlyReturn.objects.create(
        court=slot.court, year=2019, month=5, side=slot.side, state="entering"
    )
    figure = Figure.objects.create(monthly_return=row, metric="filed", value=10**14 - 1)
    assert Figure.objects.get(pk=figure.pk).value == 99_999_999_999_999
    for value, told in ((10**14, "999999999999.99元"), (-1, "0")):
        figure.value = value
        with pytest.raises(ValidationError, match=told):
            figure.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            figure.save()


@pytest.fixture
def slot(year: QualityYear, people: dict[str, User]) -> Slot:
    return slot_of(year)


@pytest.fixture
def desk(people: dict[str, User]) -> User:
    return people["desk"]


@pytest.fixture
def colleague(people: dict[str, User]) -> User:
    return people["desk2"]


class TestOneCell:
    def save(
        self,
        user: User,
        slot: Slot,
        value: int | str | None,
        seen: int,
        metric: str = "appeals_filed",
    ) -> writing.CellResult:
        return save_cell(user=user, slot=slot, metric=metric, value=value, seen_version=seen)

    def test_the_first_one_makes_the_return(self, slot: Slot, desk: User) -> None:
        result = self.save(desk, slot, "４５２ ", 0)
        assert (result.status, result.value, result.version) == ("saved", 452, 1)
        assert (result.changed_by, result.return_version) == ("desk", 1)
        row = row_of(slot)
        assert (row.state, row.origin, row.version, row.is_demo) == ("entering", "entry", 1, False)
        assert row.history.get().history_user == desk

    def test_an_empty_cell_makes_none(self, slot: Slot, desk: User) -> None:
        result = self.save(desk, slot, "", 0)
        assert (result.status, result.value, result.version) == ("unchanged", None, 0)
        assert slot.row() is None

    def test_over_what_was_seen(self, slot: Slot, desk: User) -> None:
        self.save(desk, slot, 1, 0)
        result = self.save(desk, slot, 2, 1)
        assert (result.status, result.value, result.version) == ("saved", 2, 2)
        result = self.save(desk, slot, None, 2)
        assert (result.status, result.value, result.version) == ("saved", None, 3)
        assert values_of(slot) == {"appeals_filed": None}

    def test_sent_again_after_the_answer_was_lost(self, slot: Slot, desk: User) -> None:
        self.save(desk, slot, 5, 0)
        before = Event.objects.count()
        for _again in range(2):
            result = self.save(desk, slot, 5, 0)
            assert (result.status, result.value, result.version) == ("unchanged", 5, 1)
            assert (result.changed_by, result.return_version) == ("desk", 1)
        assert Event.objects.count() == before
        assert Figure.history.filter(metric="appeals_filed", history_user=desk).count() == 1

    def test_somebody_else_was_there_first(self, slot: Slot, desk: User, colleague: User) -> None:
        self.save(colleague, slot, 7, 0)
        result = self.save(desk, slot, 5, 0)
        assert (result.status, result.value, result.version) == ("conflict", 7, 1)
        assert result.changed_by == "desk2"
        assert result.changed_at is not None
        assert "desk2" in result.message
        assert "7" in result.message
        assert values_of(slot) == {"appeals_filed": 7}
        # Whoever has seen the other's value may insist.
        assert self.save(desk, slot, 5, result.version).status == "saved"

    def test_a_late_retry_never_overwrites(self, slot: Slot, desk: User, colleague: User) -> None:
        self.save(desk, slot, 5, 0)
        self.save(colleague, slot, 7, 1)
        result = self.save(desk, slot, 5, 0)
        assert (result.status, result.value) == ("conflict", 7)

    def test_emptied_by_somebody_else(self, slot: Slot, desk: User, colleague: User) -> None:
        self.save(desk, slot, 5, 0)
        self.save(colleague, slot, None, 1)
        result = self.save(desk, slot, 6, 1)
        assert (result.status, result.value) == ("conflict", None)
        assert "空" in result.message
        assert self.save(desk, slot, "", 1).status == "unchanged"

    def test_a_version_from_nowhere(self, slot: Slot, desk: User) -> None:
        assert self.save(desk, slot, 6, 9).status == "conflict"
        assert values_of(slot) == {}

    def test_no_figure(self, slot: Slot, desk: User) -> None:
        self.save(desk, slot, 5, 0)
        result = self.save(desk, slot, "五", 1)
        assert (result.status, result.value, result.version) == ("refused", 5, 1)
        assert "整数" in result.message

    def test_no_metric_of_this_return(self, slot: Slot, desk: User) -> None:
        for metric in ("court_staff", "nonsense", ""):
            assert self.save(desk, slot, 5, 0, metric).status == "refused"

    def test_every_write_is_on_record(self, slot: Slot, desk: User, colleague: User) -> None:
        self.save(desk, slot, 5, 0)
        self.save(colleague, slot, 7, 1)
        history = cell_detail(slot, "appeals_filed").history
        assert [(line.by, line.value, line.version, line.reason) for line in history] == [
            ("desk2", 7, 2, "填报"),
            ("desk", 5, 1, "填报"),
        ]
        event = Event.objects.latest("pk")
        assert (event.action, event.actor, event.quality_year) == (
            "save_figures",
            colleague,
            slot.year,
        )
        assert event.data == {
            "court": "yanji",
            "month": "2019-05",
            "side": "litigation",
            "figures": {"appeals_filed": [5, 7]},
        }

    def test_a_note_goes_with_the_value_it_was_about(self, slot: Slot, desk: User) -> None:
        self.save(desk, slot, 5, 0)
        Figure.objects.filter(monthly_return=row_of(slot)).update(note="系统无此列")
        self.save(desk, slot, 5, 1)
        assert row_of(slot).figures.get().note == "系统无此列"
        self.save(desk, slot, 6, 1)
        assert row_of(slot).figures.get().note == ""

    def test_made_up_figures_stay_marked(self, slot: Slot, desk: User) -> None:
        self.save(desk, slot, 5, 0)
        MonthlyReturn.objects.filter(**slot.fields).update(is_demo=True)
        self.save(desk, slot, 6, 1)
        assert row_of(slot).is_demo

    def test_only_ones_own(self, slot: Slot, people: dict[str, User], year: QualityYear) -> None:
        with pytest.raises(PermissionDenied):
            self.save(people["other court"], slot, 5, 0)
        with pytest.raises(PermissionDenied):
            self.save(people["desk"], slot_of(year, side=Side.ENFORCEMENT), 5, 0, "court_staff")
        self.save(people["other side"], slot_of(year, side=Side.ENFORCEMENT), 5, 0, "court_staff")

    def test_the_number_of_queries(
        self, slot: Slot, desk: User, django_assert_max_num_queries
    ) -> None:
        self.save(desk, slot, 5, 0)
        with django_assert_max_num_queries(16):
            self.save(desk, slot, 6, 1)


class TestPastedBlock:
    def test_each_cell_has_its_own_answer(self, slot: Slot, desk: User, colleague: User) -> None:
        fill(colleague, slot, {"appeal_revised": 1, "appeal_remanded": 2})
        results = save_cells(
            user=desk,
            slot=slot,
            cells=[
                CellEntry("appeal_revised", "3", 1),
                CellEntry("appeal_remanded", "4", 0),
                CellEntry("retrial_revised", "六", 0),
                CellEntry("court_staff", "1", 0),
                CellEntry("retrial_directed", "７", 0),
                CellEntry("retrial_decided", "", 0),
                CellEntry("retrial_directed", "8", 0),
            ],
        )
        assert [(r.status.value, r.value) for r in results] == [
            ("saved", 3),
            ("conflict", 2),
            ("refused", None),
            ("refused", None),
            ("saved", 7),
            ("unchanged", None),
            ("refused", 7),
        ]
        assert values_of(slot) == {
            "appeal_revised": 3,
            "appeal_remanded": 2,
            "retrial_directed": 7,
        }
        assert {r.return_version for r in results} == {row_of(slot).version}

    def test_undone_by_sending_what_was_there(self, slot: Slot, desk: User) -> None:
        fill(desk, slot, {"appeal_revised": 1})
        before = values_of(slot)

        def send(values: Sequence[tuple[str, int | None, int]]) -> dict[str, int]:
            results = save_cells(user=desk, slot=slot, cells=[CellEntry(*v) for v in values])
            assert {result.status for result in results} == {"saved"}
            return {result.metric: result.version for result in results}

        versions = send([("appeal_revised", 9, 1), ("appeal_remanded", 9, 0)])
        send(
            [
                ("appeal_revised", 1, versions["appeal_revised"]),
                ("appeal_remanded", None, versions["appeal_remanded"]),
            ]
        )
        assert values_of(slot) == before | {"appeal_remanded": None}

    def test_no_more_queries_for_more_cells(
        self, slot: Slot, desk: User, django_assert_max_num_queries
    ) -> None:
        fill(desk, slot, {"appeals_filed": 1, "appeal_revised": 1})
        cells = [
            CellEntry(metric, value, 1 if metric in ("appeals_filed", "appeal_revised") else 0)
            for metric, value in CLEAN_LITIGATION.items()
        ]
        with django_assert_max_num_queries(19):
            results = save_cells(user=desk, slot=slot, cells=cells)
        assert {result.status for result in results} == {"saved"}
        assert values_of(slot) == CLEAN_LITIGATION

    def test_an_empty_block(self, slot: Slot, desk: User) -> None:
        assert save_cells(user=desk, slot=slot, cells=[]) == ()


class TestLocked:
    def test_the_answer_says_why_and_what_is_stored(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        from tests.courts.returns_fixtures import bring_to

        bring_to("submitted", slot, people)
        result = save_cell(
            user=people["desk"], slot=slot, metric="appeals_filed", value=1, seen_version=1
        )
        assert (result.status, result.value, result.version) == ("locked", 452, 1)
        assert "审判管理办公室" in result.message

    def test_a_month_to_come(self, year: QualityYear, desk: User, time_machine) -> None:
        slot = slot_of(year, month=Month(2019, 6))
        time_machine.move_to("2019-05-31T15:59:59Z")
        result = save_cell(user=desk, slot=slot, metric="appeals_filed", value=1, seen_version=0)
        assert result.status == "locked"
        assert "2019-06-01" in result.message
        assert slot.row() is None
        time_machine.move_to("2019-05-31T16:00:00Z")
        result = save_cell(user=desk, slot=slot, metric="appeals_filed", value=1, seen_version=0)
        assert result.status == "saved"


class TestCrash:
    """A failure between any two steps leaves nothing behind."""

    @pytest.mark.parametrize("step", ["record", "figures", "history"])
    def test_nothing_is_left(
        self, slot: Slot, desk: User, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        fill(desk, slot, {"appeals_filed": 1})
        before = values_of(slot), row_of(slot).version, Event.objects.count(), _histories()

        def crash(*_arguments: object, **_named: object) -> None:
            raise RuntimeError("power cut")

        target = {
            "record": (events, "record"),
            "figures": (writing, "bulk_update_with_history"),
            "history": (Figure.history.model.objects, "bulk_create"),
        }[step]
        monkeypatch.setattr(*target, crash)
        with pytest.raises(RuntimeError, match="power cut"):
            save_cells(
                user=desk,
                slot=slot,
                cells=[CellEntry("appeals_filed", 2, 1), CellEntry("appeal_revised", 3, 0)],
            )
        monkeypatch.undo()
        after = values_of(slot), row_of(slot).version, Event.objects.count(), _histories()
        assert after == before


def _histories() -> int:
    return int(Figure.history.count() + MonthlyReturn.history.count())
