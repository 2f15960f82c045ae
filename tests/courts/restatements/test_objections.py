"""A court objects to a published line in time; the office's answer leads on, or says why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import (
    Bulletin,
    Court,
    Figure,
    Objection,
    ObjectionTerm,
    QualityYear,
    Restatement,
    SpecialCase,
    User,
)
from courts.restatements.services.objections import (
    answer_objection,
    object_to_line,
    withdraw_objection,
)
from courts.years.open_work import open_work
from tests.courts.issue_fixtures import people_of_issuing, published_issue
from tests.pages import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("plain_files")]


@pytest.fixture
def people(made_year: QualityYear) -> dict[str, User]:
    return people_of_issuing()


@pytest.fixture
def issue(made_year: QualityYear, people: dict[str, User]) -> Bulletin:
    return published_issue(made_year, people)


def objected(people: dict[str, User], issue: Bulletin, line: str, name: str = "desk") -> Objection:
    court = Court.objects.select_related("parent").get(code="yanji")
    return object_to_line(
        user=people[name], bulletin=issue, court=court, line=line, text="与登记簿不符"
    )


def answered(people: dict[str, User], row: Objection, outcome: str, value: str = "") -> Objection:
    return answer_objection(
        user=people["office"],
        objection=row,
        outcome=outcome,
        answer="已核对登记簿",
        seen=row.version,
        value=value,
    )


def test_who_objects_and_who_answers(issue, people):
    for name in ("desk2", "tumen", "office", "leader"):
        with pytest.raises(PermissionDenied):
            objected(people, issue, "item/L1", name)
    with pytest.raises(ReturnError, match="请选择"):
        objected(people, issue, "item/GM")
    row = objected(people, issue, "item/L1")
    with pytest.raises(ReturnError, match="等待答复"):
        objected(people, issue, "item/L1")
    for name in ("office", "office2", "office3"):
        (item,) = open_work(people[name]).of("objection_answer")
        assert item.note == "与登记簿不符"
    assert open_work(people["centre"]).of("objection_answer") == ()
    for name in ("centre", "party", "desk", "tumen"):
        with pytest.raises(PermissionDenied):
            answer_objection(
                user=people[name], objection=row, outcome="refused", answer="x", seen=1
            )
    with pytest.raises(StaleError):
        answer_objection(
            user=people["office"], objection=row, outcome="refused", answer="x", seen=9
        )
    with pytest.raises(ReturnError, match="答复和理由"):
        answer_objection(
            user=people["office"], objection=row, outcome="refused", answer=" ", seen=1
        )
    done = answered(people, row, "refused")
    assert (done.outcome, done.answer) == ("refused", "已核对登记簿")
    with pytest.raises(StateError, match="已经办结"):
        answered(people, done, "refused")
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(answer="另一个")


def test_it_leads_to_the_courts_application(issue, people):
    done = answered(people, objected(people, issue, "item/L3.2"), "case")
    case = SpecialCase.objects.get()
    assert done.case == case
    assert (case.item, case.month, case.court.code) == ("L3.2", 12, "yanji")
    assert case.applied_by == people["desk"]
    assert "与登记簿不符" in case.reasons
    figure = objected(people, issue, "figure/appeals_filed")
    with pytest.raises(ReturnError, match="只针对考核项"):
        answered(people, figure, "case")


def test_it_leads_to_a_restatement(issue, people):
    row = objected(people, issue, "figure/appeals_filed")
    old = Figure.objects.get(
        monthly_return__court__code="yanji",
        monthly_return__year=2019,
        monthly_return__month=12,
        metric="appeals_filed",
    )
    with pytest.raises(ReturnError):
        answered(people, row, "restatement", value="很多")
    assert old.value is not None
    done = answered(people, row, "restatement", value=str(old.value + 40))
    proposed = Restatement.objects.get()
    assert (done.restatement, proposed.state, proposed.proposed_by) == (
        proposed,
        "proposed",
        people["office"],
    )
    item = objected(people, issue, "item/L1")
    with pytest.raises(ReturnError, match="先提出更正"):
        answered(people, item, "restatement")
    joined = answer_objection(
        user=people["office2"],
        objection=item,
        outcome="restatement",
        answer="并入更正",
        seen=1,
        restatement=proposed,
    )
    assert joined.restatement == proposed


def test_the_deadline_is_the_databases(issue, people):
    row = objected(people, issue, "item/L1")
    withdraw_objection(user=people["desk"], objection=row, seen=1)
    ObjectionTerm.objects.filter(bulletin=issue).update(until=Now() - timedelta(seconds=1))
    with pytest.raises(StateError, match="期限已过"):
        objected(people, issue, "item/L1")
    row.pk, row.line = None, "item/L2.1"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectionTerm.objects.filter(bulletin=issue).update(until=Now() + timedelta(days=1))


def test_the_pages_from_objection_to_answer(issue, people):
    desk, office = client_of(people["desk"]), client_of(people["office"])
    root = "/yanbian-2019"
    listed = desk.get(f"{root}/objections/").content.decode()
    assert f"{root}/bulletins/{issue.pk}/objections/" in listed
    page = desk.get(f"{root}/bulletins/{issue.pk}/objections/").content.decode()
    assert "item/L1" in page
    assert "item/C1" not in page  # the other desk's
    sent: dict[str, Any] = {"line": "figure/appeals_filed", "text": "少计3件"}
    response = desk.post(f"{root}/bulletins/{issue.pk}/objections/", sent)
    row = Objection.objects.get()
    assert response.headers["Location"] == f"{root}/objections/{row.pk}/"
    assert client_of(people["tumen"]).get(f"{root}/objections/{row.pk}/").status_code == 404
    text = office.get(f"{root}/objections/{row.pk}/").content.decode()
    assert "少计3件" in text
    assert 'value="answer"' in text
    sent = {"act": "answer", "seen": 1, "outcome": "refused", "answer": "登记簿为准"}
    office.post(f"{root}/objections/{row.pk}/", sent)
    assert "登记簿为准" in desk.get(f"{root}/objections/{row.pk}/").content.decode()
