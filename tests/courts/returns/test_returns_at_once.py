"""Two hundred saves at the same time lose nothing: on a SQLite file and on PostgreSQL alike.

Every thread has a connection of its own, and all have begun before any has written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

import scoring
from courts.frame.refusals import ReturnError, StaleError
from courts.models import Event, Figure, MonthlyReturn, QualityYear, Submission, User
from courts.returns.services.returns import CellResult, save_cell, submit
from courts.reviews.services.reviews import verify
from courts.years.selectors.slots import Slot
from scoring.schema import Side
from tests.at_once import at_once
from tests.courts.admin_fixtures import make_account
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    fill,
    hand_in,
    slot_of,
    values_of,
    version_of,
)
from tests.pages import the_year

pytestmark = pytest.mark.django_db(transaction=True)

SAVES = 200


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


@pytest.fixture
def desks(year: QualityYear) -> list[User]:
    made = [
        make_account(f"desk{number}", "yanji", "litigation", "enforcement") for number in range(4)
    ]
    return [User.objects.select_related("court__parent").get(pk=user.pk) for user in made]


def task_of(user: User, slot: Slot, metric: str, value: int, seen: int) -> Callable[[], CellResult]:
    return partial(save_cell, user=user, slot=slot, metric=metric, value=value, seen_version=seen)


def test_different_cells(year: QualityYear, desks: list[User]) -> None:
    """Both returns of a month, then another: every cell by somebody, nobody waits for nothing."""
    slots = [
        slot_of(year, month=scoring.Month(2019, month), side=side)
        for month in range(1, 13)
        for side in Side
    ]
    cells = [
        (slot, metric.code) for slot in slots for metric in slot.rulebook.metrics_of(slot.side)
    ]
    cells = cells[:SAVES]
    assert len(cells) == SAVES
    results = at_once(
        [
            task_of(desks[place % len(desks)], slot, metric, place, 0)
            for place, (slot, metric) in enumerate(cells)
        ]
    )
    assert {result.status for result in results} == {"saved"}
    stored = {
        (figure.monthly_return.month, figure.monthly_return.side, figure.metric): figure.value
        for figure in Figure.objects.filter(monthly_return__year=2019).select_related(
            "monthly_return"
        )
    }
    assert stored == {
        (slot.month.month, slot.side.value, metric): place
        for place, (slot, metric) in enumerate(cells)
    }
    assert Figure.history.filter(monthly_return__year=2019).count() == SAVES
    assert Event.objects.filter(action="save_figures").count() == SAVES
    written = MonthlyReturn.objects.filter(year=2019)
    assert sum(row.version for row in written) == SAVES
    assert written.count() == len({slot.key for slot, _metric in cells})


def test_the_same_cell(year: QualityYear, desks: list[User]) -> None:
    """All saw it empty: one is first, every other one is told, and by whom."""
    slot = slot_of(year)
    results = at_once(
        [
            task_of(desks[place % len(desks)], slot, "appeals_filed", 1000 + place, 0)
            for place in range(SAVES)
        ]
    )
    assert Counter(result.status for result in results) == {"saved": 1, "conflict": SAVES - 1}
    (first,) = (result for result in results if result.status == "saved")
    figure = Figure.objects.get(monthly_return__year=2019)
    assert (figure.value, figure.version) == (first.value, 1)
    assert {(result.value, result.version) for result in results} == {(first.value, 1)}
    assert figure.history.count() == 1


def test_the_same_cell_by_those_who_insist(year: QualityYear, desks: list[User]) -> None:
    """Whoever meets a conflict sends again over what it was told: every write is there, in turn."""
    slot = slot_of(year)

    def insist(user: User, value: int) -> CellResult:
        seen = 0
        while True:
            result = task_of(user, slot, "appeals_filed", value, seen)()
            if result.status != "conflict":
                return result
            seen = result.version

    results = at_once(
        [partial(insist, desks[place % len(desks)], 1000 + place) for place in range(40)]
    )
    assert {result.status for result in results} == {"saved"}
    figure = Figure.objects.get(monthly_return__year=2019)
    history = list(figure.history.order_by("history_id").values_list("version", "value"))
    assert [version for version, _value in history] == list(range(1, 41))
    assert {value for _version, value in history} == set(range(1000, 1040))
    assert history[-1][1] == figure.value


def test_the_same_value_sent_by_many(year: QualityYear, desks: list[User]) -> None:
    """A client that sends again and again, having lost every answer, writes once."""
    slot = slot_of(year)
    results = at_once([task_of(desks[0], slot, "appeals_filed", 7, 0) for _again in range(50)])
    assert Counter(result.status for result in results) == {"saved": 1, "unchanged": 49}
    assert Figure.history.filter(monthly_return__year=2019).count() == 1


def test_handing_in_while_others_type(year: QualityYear, desks: list[User]) -> None:
    """What was handed in is what stands: no save slips in behind it."""
    slot = slot_of(year)
    fill(desks[0], slot, CLEAN_LITIGATION)

    def hand_it_in() -> str:
        while True:
            try:
                hand_in(desks[1], slot)
            except StaleError:
                continue
            return "submitted"

    def type_on(place: int) -> str:
        metric = list(CLEAN_LITIGATION)[place % len(CLEAN_LITIGATION)]
        value = CLEAN_LITIGATION[metric] + 1
        return task_of(desks[2], slot, metric, value, 1)().status.value

    tasks: list[Callable[[], str]] = [
        partial(type_on, place) for place in range(len(CLEAN_LITIGATION))
    ]
    results = at_once([*tasks[:6], hand_it_in, *tasks[6:]])
    assert set(results) <= {"saved", "locked", "submitted"}
    assert Submission.objects.get().figures == values_of(slot)
    changed = [code for code, value in values_of(slot).items() if value != CLEAN_LITIGATION[code]]
    assert len(changed) == results.count("saved")


def test_two_hand_in_and_two_verify(year: QualityYear, desks: list[User]) -> None:
    """One of them does; the other is told that it is done."""
    slot = slot_of(year)
    fill(desks[0], slot, CLEAN_LITIGATION)
    seen = version_of(slot)
    offices = [make_account(f"office{number}", "yanbian", "office") for number in range(2)]

    def outcome(do: Callable[[], object]) -> str:
        try:
            do()
        except ReturnError as error:
            return type(error).__name__
        return "done"

    hand = [partial(submit, user=desk, slot=slot, seen_version=seen) for desk in desks]
    assert Counter(at_once([partial(outcome, one) for one in hand])) == {
        "done": 1,
        "StateError": 3,
    }
    assert Submission.objects.count() == 1
    seen = version_of(slot)
    look = [partial(verify, user=user, slot=slot, seen_version=seen) for user in offices]
    assert Counter(at_once([partial(outcome, one) for one in look])) == {
        "done": 1,
        "StateError": 1,
    }
