"""Two who act at the same moment: one is right, the other is told; on SQLite and PostgreSQL.

Every thread has a connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from courts.frame.refusals import RuleError
from courts.models import AppraisalTarget, Event, QualityYear, RulebookEdition, User
from courts.rulebooks.services import editions
from courts.rulebooks.services.new_years import set_up_year
from courts.rulebooks.services.target_edits import TargetValues, add_target, change_target
from courts.years.selectors.years import courts_of, find_year
from tests.at_once import at_once
from tests.pages import account, the_year

pytestmark = pytest.mark.django_db(transaction=True)

PER_PERCENT = ("items", 0, "rule", "per_percent")


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


@pytest.fixture
def writer(year: QualityYear) -> User:
    return fresh(account("office", "yanbian", "office"))


@pytest.fixture
def others(year: QualityYear) -> list[User]:
    return [fresh(account(f"centre{number}", "yanbian", "centre")) for number in (1, 2)]


def fresh(user: User) -> User:
    return User.objects.select_related("court__parent").get(pk=user.pk)


def proposal(writer: User, year: QualityYear, value: str, code: str = "") -> RulebookEdition:
    first = RulebookEdition.objects.select_related("court").get(pk=year.edition_id)
    draft = editions.copy_edition(user=writer, edition=first, summary="更正")
    editions.edit_values(
        user=writer,
        edition=draft,
        seen_version=1,
        file="litigation.toml",
        values={PER_PERCENT: Decimal(value)},
    )
    if code:
        editions.edit_values(
            user=writer,
            edition=draft,
            seen_version=2,
            file="rulebook.toml",
            values={("code",): code, ("year",): 2020, ("baseline_year",): 2019},
        )
    seen = RulebookEdition.objects.get(pk=draft.pk).version
    editions.propose(user=writer, edition=draft, seen_version=seen)
    return RulebookEdition.objects.select_related("court").get(pk=draft.pk)


def outcome(act: Callable[[], object]) -> str:
    """What became of it, in one word."""
    try:
        act()
    except RuleError:
        return "refused"
    return "done"


def test_two_proposals_in_force_at_once(
    year: QualityYear, writer: User, others: list[User]
) -> None:
    """Both replace what they saw; the year ends with one of them, and one in force."""
    proposals = [proposal(writer, year, value) for value in ("2", "3")]
    tasks = [
        partial(
            outcome,
            partial(
                editions.put_in_force,
                user=user,
                edition=one,
                seen_version=one.version,
                seen_in_force=year.edition_id,
                month=4,
            ),
        )
        for user, one in zip(others, proposals, strict=True)
    ]
    assert sorted(at_once(tasks)) == ["done", "refused"]
    states = sorted(RulebookEdition.objects.values_list("state", flat=True))
    assert states == ["in_force", "proposed", "superseded"]
    assert find_year("yanbian-2019").edition.state == "in_force"
    assert Event.objects.filter(action="enact_edition").count() == 1


def test_one_proposal_put_in_force_twice(
    year: QualityYear, writer: User, others: list[User]
) -> None:
    one = proposal(writer, year, "2")
    tasks = [
        partial(
            outcome,
            partial(
                editions.put_in_force,
                user=user,
                edition=one,
                seen_version=one.version,
                seen_in_force=year.edition_id,
                month=4,
            ),
        )
        for user in others
    ]
    assert sorted(at_once(tasks)) == ["done", "refused"]


def test_one_year_set_up_twice(year: QualityYear, writer: User, others: list[User]) -> None:
    proposals = [proposal(writer, year, value, code="yanbian-2020") for value in ("2", "3")]
    courts = [court.code for court in courts_of(year)]
    tasks = [
        partial(
            outcome,
            partial(
                set_up_year,
                user=user,
                edition=one,
                seen_version=one.version,
                taking_part=courts,
                deadline_day=None,
            ),
        )
        for user, one in zip(others, proposals, strict=True)
    ]
    assert sorted(at_once(tasks)) == ["done", "refused"]
    assert QualityYear.objects.filter(year=2020).count() == 1


def test_two_edits_of_one_draft(year: QualityYear, writer: User) -> None:
    first = RulebookEdition.objects.select_related("court").get(pk=year.edition_id)
    draft = editions.copy_edition(user=writer, edition=first, summary="更正")
    tasks = [
        partial(
            outcome,
            partial(
                editions.edit_values,
                user=writer,
                edition=draft,
                seen_version=1,
                file="litigation.toml",
                values={PER_PERCENT: Decimal(number)},
            ),
        )
        for number in range(5, 13)
    ]
    found = at_once(tasks)
    assert (found.count("done"), found.count("refused")) == (1, 7)
    assert RulebookEdition.objects.get(pk=draft.pk).version == 2


def test_targets_entered_and_changed_at_once(year: QualityYear, writer: User) -> None:
    def entered(value: int) -> object:
        return add_target(
            user=writer,
            year=year,
            item="L2.1",
            level="",
            court="",
            values=TargetValues(Decimal(value), "文件", None),
            reason="录入",
            confirmed_by=None,
        )

    found = at_once([partial(outcome, partial(entered, value)) for value in range(8)])
    assert (found.count("done"), found.count("refused")) == (1, 7)
    target = AppraisalTarget.objects.get()

    def changed(value: int) -> object:
        return change_target(
            user=writer,
            year=year,
            target=target.pk,
            seen_version=1,
            values=TargetValues(Decimal(value), "文件", None),
            reason="更正",
            confirmed_by=None,
        )

    found = at_once([partial(outcome, partial(changed, value)) for value in range(8)])
    assert (found.count("done"), found.count("refused")) == (1, 7)
    assert AppraisalTarget.objects.get().version == 2
