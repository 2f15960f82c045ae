"""Lines that are written at the same time: each has a number of its own, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from courts.frame.refusals import StaleError
from courts.models import Court, QualityYear, RegisterLine, User
from courts.registers.selectors.described import register_of
from courts.registers.services.lines import Given, change_line, open_line
from tests.at_once import at_once
from tests.pages import account, the_year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

QUESTION = {"field": "civil", "asked_on": "2019-03-22", "question": "？"}


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


def opens(user: User, year: QualityYear, subject: str) -> Callable[[], RegisterLine]:
    return partial(
        open_line,
        user=user,
        year=year,
        described=register_of(year, "questions"),
        court=Court.objects.select_related("parent").get(code="yanji"),
        given=Given({**QUESTION, "subject": subject}, {}),
    )


def test_two_who_enter_at_once_have_two_numbers(year: QualityYear) -> None:
    """And of two who move the same line on, one is told that it was changed."""
    desks = [account(name, "yanji", "litigation") for name in ("one", "two")]
    users = [User.objects.select_related("court__parent").get(pk=user.pk) for user in desks]
    rows = at_once([opens(user, year, f"题目{user.pk}") for user in users])
    assert sorted(row.number for row in rows) == [1, 2]

    office = account("office", "yanbian", "office")
    user = User.objects.select_related("court__parent").get(pk=office.pk)
    line = RegisterLine.objects.select_related("court__parent", "quality_year__court").get(
        pk=rows[0].pk
    )

    def answers() -> str:
        given = Given({"answer": "答", "answered_on": "2019-03-29"}, {})
        try:
            change_line(
                user=user,
                described=register_of(year, "questions"),
                line=line,
                seen=1,
                given=given,
                to_state="answered",
            )
        except StaleError:
            return "stale"
        return "done"

    assert sorted(at_once([answers, answers])) == ["done", "stale"]
    assert line.changes.count() == 2
