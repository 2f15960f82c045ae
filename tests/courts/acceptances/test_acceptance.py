"""The year-end acceptance: its papers, the package, two signatures, and what holds after."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from courts.acceptances.selectors.acceptance import year_acceptance
from courts.acceptances.services.acceptances import (
    HASHES,
    Package,
    current_content,
    keep_package,
    make_package,
    sign,
)
from courts.closings.services.closing import close_month, reopen_month
from courts.figures.services.imports import import_figures
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import Acceptance, Court, Event, QualityYear, SpecialCase, User
from courts.scores.selectors.scores import month_scores
from courts.years.acceptances import is_accepted
from courts.years.closed_months import restating
from courts.years.closings import closings_of
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from tests.courts.conftest import COURTS, csv_file
from tests.courts.published import publish
from tests.pages import account, client_of, give, mark_as_demo

pytestmark = pytest.mark.django_db
ADDRESS = "/yanbian-2019/acceptance/"


@pytest.fixture
def leader(year: QualityYear) -> User:
    return account("leader", "yanbian", "leader", name="组长")


@pytest.fixture
def second(year: QualityYear) -> User:
    return account("second", "yanbian", "leader", name="副组长")


def decided(year: QualityYear, by: User, court: str = "yanji", item: str = "L3.2") -> SpecialCase:
    """Points that the party group decided for December."""
    return SpecialCase.objects.create(
        quality_year=year,
        court=Court.objects.get(code=court),
        item=item,
        side="litigation",
        month=12,
        reasons="系列案件",
        state="decided",
        applied_by=by,
        applied_at=timezone.now(),
        closed_by=by,
        closed_at=timezone.now(),
        points="2.50",
        computed="1.00",
        meeting="第一次会议",
        meeting_on=timezone.localdate(),
    )


def small_package(year: QualityYear, name: str = "x") -> Package:
    """A package as signing knows it, without the papers."""
    return Package(name.encode(), sha256(name.encode()).hexdigest(), current_content(year).sha256)


def test_the_papers_tell_what_the_pages_tell(made_year: QualityYear, leader: User) -> None:
    decided(made_year, leader)
    publish(made_year, leader)
    page = year_acceptance(QualityYear.objects.get(pk=made_year.pk))
    assert page.missing == ()
    assert [court.code for court in page.courts] == list(COURTS)
    cards = month_scores(made_year, Month(2019, 12)).scoreboard.scorecards
    for court, card in zip(page.courts, cards, strict=True):
        assert court.total == f"{card.total:.2f}"
        assert court.rank == ("—" if card.rank is None else str(card.rank))
        told = {item.code: item for side in court.sides for item in side.items}
        assert {code: item.points for code, item in told.items()} == {
            one.item.code: "—" if one.points is None else f"{one.points:.2f}" for one in card.items
        }
        assert sum(len(side.items) for side in court.sides) == len(card.items)
        assert [slot.title for slot in court.slots] == ["督导检查", "整改措施"]
        assert {one.code for one in court.readings} == set(rulebook_of(made_year).reading_by_code)
    yanji = page.courts[1]
    assert [(note.number, note.item) for note in yanji.footnotes] == [(1, "L3.2")]
    assert "决定2.50分" in yanji.footnotes[0].text
    assert next(i for s in yanji.sides for i in s.items if i.code == "L3.2").notes == (1,)
    assert not page.courts[2].footnotes


def test_a_restatement_stands_in_the_papers_with_both_totals(
    made_year: QualityYear, leader: User
) -> None:
    first = publish(made_year, leader)
    with restating(made_year, [12]):
        give(made_year, ("yanji", "2019-12", "appeals_filed", 900))
    restated = publish(made_year, leader, restates=first, reason="重复计数")
    old, new = (json.loads(row.text)["parts"] for row in (first, restated))

    def total(parts: list[dict[str, object]]) -> object:
        found = next(part for part in parts if part["name"] == "court/yanji")
        return found["content"]["score"]["total"]  # type: ignore[index]

    page = year_acceptance(QualityYear.objects.get(pk=made_year.pk))
    assert page.snapshots == (restated.sha256,)
    (told,) = page.courts[1].restatements
    assert (told.old_sha256, told.new_sha256) == (first.sha256, restated.sha256)
    assert told.total == f"{total(old)} → {total(new)}"
    assert total(old) != total(new)
    assert told.reason == "重复计数"
    assert page.courts[1].total == total(new)


def test_what_is_missing_keeps_everybody_from_signing(made_year: QualityYear, leader: User) -> None:
    assert current_content(made_year).missing == (
        "2019年12月诉讼还没有通报。",
        "2019年12月执行还没有通报。",
    )
    with pytest.raises(ReturnError):
        keep_package(user=leader, year=made_year, package=small_package(made_year))
    publish(made_year, leader, sides=["litigation"])
    assert current_content(made_year).missing == ("2019年12月执行还没有通报。",)
    publish(made_year, leader, sides=["enforcement"])
    assert len(current_content(made_year).missing) == 1
    publish(made_year, leader, month=11, is_published=False)
    assert "2019年11月诉讼还没有通报。" in current_content(made_year).missing
    page = client_of(leader).get(ADDRESS).content.decode()
    assert "2019年11月诉讼还没有通报。" in page
    assert not Acceptance.objects.exists()


def test_the_package_holds_every_court_and_is_the_same_every_time(
    made_year: QualityYear, leader: User, tmp_path: Path
) -> None:
    snapshot = publish(made_year, leader)
    path = tmp_path / "package.zip"
    told = io.StringIO()
    call_command("acceptance", "yanbian-2019", str(path), stdout=told, stderr=io.StringIO())
    again = make_package(QualityYear.objects.get(pk=made_year.pk))
    assert again.archive == path.read_bytes()
    assert told.getvalue().strip() == again.digest
    archive = zipfile.ZipFile(path)
    names = set(archive.namelist())
    places = [f"{place:02d}-{code}" for place, code in enumerate(COURTS, 1)]
    assert names == {
        *(f"courts/{place}.{ending}" for place in places for ending in ("pdf", "docx", "json")),
        "table.pdf",
        "table.docx",
        "table.csv",
        "snapshots/12-1.json",
        HASHES,
    }
    listed = archive.read(HASHES)
    assert sha256(listed).hexdigest() == again.digest
    lines = [line.split("  ") for line in listed.decode().splitlines()]
    found = {name: digest for digest, name in lines}
    assert found == {
        name: sha256(archive.read(name)).hexdigest() for name in sorted(names - {HASHES})
    }
    assert archive.read("snapshots/12-1.json").decode() == snapshot.text
    rows = list(csv.reader(io.StringIO(archive.read("table.csv").decode("utf-8-sig"))))
    cards = month_scores(made_year, Month(2019, 12)).scoreboard.scorecards
    assert [row[0] for row in rows[1:]] == list(COURTS)
    assert [row[4] for row in rows[1:]] == [f"{card.total:.2f}" for card in cards]
    assert all(archive.read(f"courts/{place}.pdf").startswith(b"%PDF-") for place in places)
    # Word says the same points: each court's sum, and every row of the table.
    yanji = docx.Document(io.BytesIO(archive.read("courts/02-yanji.docx")))
    assert any(f"总分{cards[1].total:.2f}" in one.text for one in yanji.paragraphs)
    paper = docx.Document(io.BytesIO(archive.read("table.docx")))
    note = "名次只在基层法院之间排列，中级法院不参加排名。"
    assert note in [one.text for one in paper.paragraphs]
    table = paper.tables[0]
    cells = {cell.text for row in table.rows for cell in row.cells}
    assert {f"{card.total:.2f}" for card in cards} <= cells
    desk = client_of(account("desk", "yanji", "litigation"))
    link = 'href="/yanbian-2019/acceptance/yanji/"'
    assert link in desk.get("/yanbian-2019/returns/yanji/").content.decode()
    assert desk.get("/yanbian-2019/acceptance/yanji/").status_code == 200


def test_two_of_the_leading_group_sign_and_nobody_twice(
    made_year: QualityYear, leader: User, second: User, office: User
) -> None:
    publish(made_year, leader)
    package = small_package(made_year)
    kept = keep_package(user=office, year=made_year, package=package)
    with pytest.raises(PermissionDenied):
        sign(user=office, year=made_year, digest=package.digest)
    with pytest.raises(StateError):
        sign(user=leader, year=made_year, digest="0" * 64)
    sign(user=leader, year=made_year, digest=package.digest)
    with pytest.raises(StateError):
        sign(user=leader, year=made_year, digest=package.digest)
    assert not is_accepted(made_year)
    sign(user=second, year=made_year, digest=package.digest)
    assert is_accepted(made_year)
    kept.refresh_from_db()
    assert (kept.first_by, kept.second_by) == (leader, second)
    acts = Event.objects.filter(action__contains="acceptance").order_by("pk")
    assert [(act.action, act.actor) for act in acts] == [
        ("make_acceptance", office),
        ("sign_acceptance", leader),
        ("sign_acceptance", second),
    ]
    with pytest.raises(StateError):
        keep_package(user=office, year=made_year, package=package)


def test_an_accepted_year_changes_by_restatement_alone(
    made_year: QualityYear, leader: User, second: User, office: User
) -> None:
    publish(made_year, leader)
    package = small_package(made_year)
    keep_package(user=office, year=made_year, package=package)
    rows = [("yanji", "2019-11", "appeals_filed", 900)]
    sign(user=leader, year=made_year, digest=package.digest)
    # November was never closed: until both have signed its figures are open.
    give(QualityYear.objects.get(pk=made_year.pk), *rows)
    sign(user=second, year=made_year, digest=package.digest)
    fresh = QualityYear.objects.select_related("court", "edition").get(pk=made_year.pk)
    closings = closings_of(fresh)
    assert closings.is_accepted
    assert closings.locked_months() == tuple(range(1, 13))
    found = import_figures(
        year=fresh, files=[csv_file([("yanji", "2019-11", "appeals_filed", 901)])]
    )
    assert found.errors
    for act in (close_month, reopen_month):
        with pytest.raises(StateError):
            act(user=office, year=fresh, month=11, sides=["litigation"], reason="再看")


def test_an_acceptance_of_made_up_figures_locks_nothing(
    made_year: QualityYear, leader: User, second: User, office: User
) -> None:
    mark_as_demo(made_year)
    publish(made_year, leader)
    package = small_package(made_year)
    keep_package(user=office, year=made_year, package=package)
    for person in (leader, second):
        sign(user=person, year=made_year, digest=package.digest)
    assert Acceptance.objects.get().is_demo
    assert not is_accepted(made_year)
    assert closings_of(QualityYear.objects.get(pk=made_year.pk)).locked() == ()


def test_a_change_before_the_second_signature_asks_for_a_new_package(
    made_year: QualityYear, leader: User, second: User, office: User
) -> None:
    first = publish(made_year, leader)
    package = small_package(made_year)
    keep_package(user=office, year=made_year, package=package)
    sign(user=leader, year=made_year, digest=package.digest)
    with restating(made_year, [12]):
        give(made_year, ("yanji", "2019-12", "appeals_filed", 900))
    publish(made_year, leader, restates=first, reason="重复计数")
    with pytest.raises(StaleError):
        sign(user=second, year=made_year, digest=package.digest)
    with pytest.raises(StaleError):
        keep_package(user=office, year=made_year, package=package)
    keep_package(user=office, year=made_year, package=small_package(made_year, "y"))
    old, new = Acceptance.objects.order_by("number")
    assert old.withdrawn_at is not None
    assert (new.withdrawn_at, new.first_by) == (None, None)


@pytest.mark.database
def test_the_database_holds_a_package_and_its_signatures(
    made_year: QualityYear, leader: User, second: User
) -> None:
    publish(made_year, leader)
    package = small_package(made_year)
    kept = keep_package(user=leader, year=made_year, package=package)
    rows = Acceptance.objects.filter(pk=kept.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(
            first_by=leader, first_at=timezone.now(), second_by=leader, second_at=timezone.now()
        )
    sign(user=leader, year=made_year, digest=package.digest)
    for change in ({"archive": b"y"}, {"digest": "1" * 64}, {"first_by": second}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_signing_on_the_page(
    made_year: QualityYear, leader: User, second: User, office: User
) -> None:
    publish(made_year, leader)
    client = client_of(office)
    answer = client.post(f"{ADDRESS}make/")
    told = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert told.count("<li>") == 3 * len(COURTS) + 4
    kept = Acceptance.objects.get()
    page = client_of(leader).get(ADDRESS).content.decode()
    assert kept.digest in page
    assert client.post(f"{ADDRESS}sign/", {"digest": kept.digest}).status_code == 403
    for person in (leader, second):
        client_of(person).post(f"{ADDRESS}sign/", {"digest": kept.digest})
    assert is_accepted(made_year)
    archive = client.get(f"{ADDRESS}archive/1/")
    assert archive.content == bytes(Acceptance.objects.get().archive)
    paper = client.get(f"{ADDRESS}yanji/").content.decode()
    assert "延吉市人民法院" in paper
    assert paper.count("<tr") > 20


def test_a_court_opens_its_own_paper_and_no_other(made_year: QualityYear, desk: User) -> None:
    client = client_of(desk)
    assert client.get(f"{ADDRESS}yanji/").status_code == 200
    assert client.get(f"{ADDRESS}dunhua/").status_code == 403
    assert client.get(ADDRESS).status_code == 403
