"""征求意见: each court answers for its own lines alone, in time, and the office settles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from courts.closings.selectors.frozen import read_snapshot
from courts.consultations.selectors.consultations import consultation_page, own_page
from courts.consultations.selectors.lines import (
    is_answered,
    is_over,
    lines_of_court,
    unsettled_lines,
)
from courts.consultations.selectors.lists import standing_snapshots, unasked_snapshots
from courts.consultations.services.consultations import (
    GivenAnswer,
    answer_lines,
    open_consultation,
    settle_lines,
)
from courts.consultations.services.terms import set_terms
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import (
    Closing,
    Consultation,
    ConsultationAnswer,
    Court,
    Event,
    QualityYear,
    User,
)
from tests.courts.issue_fixtures import closed_month, people_of_issuing
from tests.pages import account

pytestmark = pytest.mark.django_db

TERMS = {"consultation_days": 3, "silence": "contests", "objection_days": 7}


@pytest.fixture
def people(made_year: QualityYear) -> dict[str, User]:
    return people_of_issuing()


@pytest.fixture
def asked(made_year: QualityYear, people: dict[str, User]) -> Consultation:
    """December, about which the courts are asked by the default terms."""
    snapshot = closed_month(made_year, people["office"])
    return open_consultation(user=people["office"], snapshot=snapshot)


def court(code: str) -> Court:
    return Court.objects.select_related("parent").get(code=code)


def given(line: str, verdict: str, note: str = "", seen: int = 0) -> GivenAnswer:
    return GivenAnswer(line, verdict, note, seen)


def answer(user: User, asked: Consultation, code: str, *answers: GivenAnswer) -> int:
    return answer_lines(user=user, consultation=asked, court=court(code), answers=answers)


def end(asked: Consultation) -> Consultation:
    """The same, over by the database's clock."""
    Consultation.objects.filter(pk=asked.pk).update(
        opened_at=Now() - timedelta(days=4), ends_at=Now() - timedelta(seconds=1)
    )
    return Consultation.objects.select_related("snapshot__quality_year__court").get(pk=asked.pk)


def test_a_court_sees_its_own_figures_and_points(asked, people, made_year):
    lines = {line.key: line for line in lines_of_court(asked, "yanji")}
    # 13 litigation figures, 29 of enforcement with staff, and 27 items.
    assert sum(line.is_item for line in lines.values()) == 27
    page = own_page(people["desk"], made_year, asked.pk, "yanji")
    assert {one.line.court for side in page.sides for one in side.figures} == {"yanji"}
    litigation, enforcement = page.sides
    assert (litigation.may_answer, enforcement.may_answer) == (True, False)
    with pytest.raises(PermissionDenied):
        own_page(people["tumen"], made_year, asked.pk, "yanji")
    with pytest.raises(PermissionDenied):
        consultation_page(people["desk"], made_year, asked.pk)
    assert consultation_page(people["leader"], made_year, asked.pk).head.is_over is False


def test_it_confirms_or_contests_line_by_line(asked, people):
    desk = people["desk"]
    written = answer(
        desk,
        asked,
        "yanji",
        given("figure/appeals_filed", "contested", "少计3件"),
        given("item/L1", "confirmed"),
    )
    assert written == 2
    rows = {row.line: row for row in ConsultationAnswer.objects.all()}
    assert rows["figure/appeals_filed"].note == "少计3件"
    assert rows["item/L1"].by == desk
    # The same again is no write; another answer is, over what was seen.
    assert answer(desk, asked, "yanji", given("item/L1", "confirmed", seen=1)) == 0
    with pytest.raises(StaleError):
        answer(desk, asked, "yanji", given("item/L1", "contested", "不对", seen=0))
    assert answer(desk, asked, "yanji", given("item/L1", "contested", "不对", seen=1)) == 1
    with pytest.raises(ReturnError, match="写明内容"):
        answer(desk, asked, "yanji", given("item/L2.1", "contested"))
    with pytest.raises(ReturnError, match="没有这一项"):
        answer(desk, asked, "yanji", given("item/GM", "confirmed"))
    assert Event.objects.filter(action="answer_consultation").count() == 2


@pytest.mark.parametrize("name", ["desk2", "tumen", "office", "leader"])
def test_nobody_answers_for_another_court_or_side(asked, people, name):
    with pytest.raises(PermissionDenied):
        answer(people[name], asked, "yanji", given("item/L1", "confirmed"))


def test_contested_lines_wait_for_the_office_of_their_side(asked, people, made_year):
    answer(people["desk"], asked, "yanji", given("item/L1", "contested", "不对"))
    answer(people["desk2"], asked, "yanji", given("item/C1", "contested", "不对"))
    assert [line.key for line in unsettled_lines(asked)] == ["item/L1", "item/C1"]
    said: dict[str, Any] = {
        "consultation": asked,
        "court": court("yanji"),
        "settlement": "已核对，数据无误",
    }
    with pytest.raises(PermissionDenied):
        settle_lines(user=people["centre"], lines={"item/L1": 1}, **said)
    with pytest.raises(StaleError):
        settle_lines(user=people["office"], lines={"item/L1": 0}, **said)
    assert settle_lines(user=people["office"], lines={"item/L1": 1}, **said) == 1
    with pytest.raises(StateError):
        settle_lines(user=people["office"], lines={"item/L1": 1}, **said)
    fresh = Consultation.objects.select_related("snapshot__quality_year").get(pk=asked.pk)
    assert [line.key for line in unsettled_lines(fresh)] == ["item/C1"]
    page = consultation_page(people["office"], made_year, asked.pk)
    assert (page.unsettled, len(page.contested)) == (1, 2)
    # Another answer says nothing that was settled.
    answer(people["desk"], asked, "yanji", given("item/L1", "contested", "仍不对", seen=1))
    fresh = Consultation.objects.select_related("snapshot__quality_year").get(pk=asked.pk)
    assert len(unsettled_lines(fresh)) == 2


@pytest.mark.database
def test_the_databases_clock_ends_it(asked, people):
    answer(people["desk"], asked, "yanji", given("item/L1", "contested", "不对"))
    over = end(asked)
    assert is_over(over)
    with pytest.raises(StateError, match="已经截止"):
        answer(people["desk"], over, "yanji", given("item/L2.1", "confirmed"))
    # Who writes past the application meets the triggers.
    row = ConsultationAnswer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsultationAnswer.objects.filter(pk=row.pk).update(note="另一个")
    row.pk, row.line = None, "item/L2.1"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=over.pk).update(ends_at=Now() + timedelta(days=9))
    # The office still settles.
    said: dict[str, Any] = {"consultation": over, "court": court("yanji"), "settlement": "已核对"}
    assert settle_lines(user=people["office"], lines={"item/L1": 1}, **said) == 1


def test_silence_counts_as_the_setting_says(made_year, people):
    with pytest.raises(PermissionDenied):
        set_terms(user=people["centre"], year=made_year, values=TERMS, seen=0, reason="x")
    set_terms(user=people["office"], year=made_year, values=TERMS, seen=0, reason="从严")
    with pytest.raises(StaleError):
        set_terms(user=people["office2"], year=made_year, values=TERMS, seen=0, reason="x")
    snapshot = closed_month(made_year, people["office"])
    asked = open_consultation(user=people["office"], snapshot=snapshot)
    assert unsettled_lines(asked) == []
    over = end(asked)
    whole = sum(len(lines_of_court(over, code)) for code in ("yanji", "tumen"))
    silent = unsettled_lines(over)
    assert len([one for one in silent if one.court in ("yanji", "tumen")]) == whole
    keys = {one.key: 0 for one in silent if one.court == "yanji" and one.side == "litigation"}
    said: dict[str, Any] = {
        "consultation": over,
        "court": court("yanji"),
        "settlement": "逾期未答复，已电话核对",
    }
    assert settle_lines(user=people["office"], lines=keys, **said) == len(keys)
    fresh = Consultation.objects.select_related("snapshot__quality_year").get(pk=asked.pk)
    left = [one for one in unsettled_lines(fresh) if one.court == "yanji"]
    assert {one.side for one in left} == {"enforcement"}


def test_by_default_silence_confirms(asked):
    assert unsettled_lines(end(asked)) == []


def test_once_every_line_is_answered_nobody_waits(made_year, people):
    snapshot = closed_month(made_year, people["office"], sides=("litigation",))
    asked = open_consultation(user=people["office"], snapshot=snapshot)
    for code in snapshot_courts(asked):
        desk = people["desk"] if code == "yanji" else account(f"d-{code}", code, "litigation")
        assert not is_answered(asked)
        lines = [given(line.key, "confirmed") for line in lines_of_court(asked, code)]
        answer(desk, asked, code, *lines)
        asked = Consultation.objects.select_related("snapshot__quality_year").get(pk=asked.pk)
    assert is_answered(asked)


def snapshot_courts(asked: Consultation) -> list[str]:
    return list(read_snapshot(asked.snapshot).parts.courts)


def test_it_is_opened_once_and_for_what_stands(asked, people, made_year):
    with pytest.raises(StateError, match="已经征求过"):
        open_consultation(user=people["office2"], snapshot=asked.snapshot)
    with pytest.raises(PermissionDenied):
        open_consultation(user=people["leader"], snapshot=asked.snapshot)
    none = TERMS | {"consultation_days": 0}
    set_terms(user=people["office"], year=made_year, values=none, seen=0, reason="急")
    november = closed_month(made_year, people["office"], month=11)
    with pytest.raises(StateError, match="不征求意见"):
        open_consultation(user=people["office"], snapshot=november)


def test_a_side_closed_first_is_asked_about_with_the_other(made_year, people):
    first = closed_month(made_year, people["office"], sides=("litigation",))
    assert unasked_snapshots(standing_snapshots([made_year])) == [first]
    both = closed_month(made_year, people["centre"], month=11)
    later = closed_month(made_year, people["centre"], sides=("enforcement",))
    assert unasked_snapshots(standing_snapshots([made_year])) == [both, first, later]
    Closing.objects.update(reopened_at=Now(), reopened_by=people["office"], reopened_reason="x")
    whole = closed_month(made_year, people["office"])
    assert unasked_snapshots(standing_snapshots([made_year])) == [both, whole]
    open_consultation(user=people["office"], snapshot=whole)
    assert unasked_snapshots(standing_snapshots([made_year])) == [both]
