"""Points that an office gives: proposed by one, seen by the court, confirmed by another."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from courts.closings.selectors.close_steps import open_steps
from courts.closings.selectors.snapshots import stored
from courts.models import Assessment, Event, Motion, QualityYear, Restatement, Snapshot, User
from courts.motions.services.motions import trial
from courts.restatements.services.restatements import approve
from courts.restatements.services.restatements import trial as restatement_trial
from courts.scores.selectors.scores import scoreboard
from courts.snapshots.verification import verify
from courts.years.open_work import open_work
from courts.years.selectors.years import find_year
from scoring.facts import Month
from scoring.results import ItemScore, Status
from tests.courts.issue_fixtures import closed_month
from tests.courts.ridges import GROUND, ridges
from tests.pages import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.stands_on(GROUND)]

PAGE = "/ridges-2023/assessments/"
JUNE, DECEMBER = Month(2023, 6), Month(2023, 12)
PDF = b"%PDF-1.7 paper"
# Every month of the year is over.
DUE = datetime(2024, 1, 10, tzinfo=UTC)


@pytest.fixture
def year() -> QualityYear:
    return ridges()


@pytest.fixture
def people(year: QualityYear) -> dict[str, User]:
    return {user.username: user for user in User.objects.all()}


def score(item: str, court: str = "ridges-east", month: Month = DECEMBER) -> ItemScore:
    return scoreboard(find_year("ridges-2023"), month).court(court).item(item)


def totals(month: Month = DECEMBER) -> dict[str, Decimal]:
    board = scoreboard(find_year("ridges-2023"), month)
    return {card.court: card.total for card in board.scorecards}


def give(client: Any, item: str = "G6", month: int = 12, **points: tuple[str, str]) -> Any:
    """Type points and reasons for courts, a file with them."""
    data: dict[str, Any] = {"item": item, "month": month}
    for court, (number, reason) in points.items():
        code = f"ridges-{court}"
        row = Assessment.objects.filter(court__code=code, item=item, month=month).first()
        data |= {
            f"points-{code}": number,
            f"reason-{code}": reason,
            f"seen-{code}": row.version if row else 0,
        }
    data["attachments"] = SimpleUploadedFile("考核.pdf", PDF)
    return client.post(PAGE, data, follow=True)


def confirm_all(client: Any, item: str = "G6", month: int = 12) -> Any:
    """Tick whatever the page offers, and confirm it."""
    page = client.get(f"{PAGE}?item={item}&month={month}").context["page"]
    picks = [f"{line.waiting}@{line.seen}" for line in page.lines if line.waiting]
    data = {"item": item, "month": month, "confirm": "yes", "pick": picks}
    return client.post(PAGE, data, follow=True)


def test_points_count_once_another_person_confirms_them(people: dict[str, User]) -> None:
    """East gets 8.5 of 10, west 6: a side counts 40 %, so 3.40 and 2.40 more of the total."""
    office, second = client_of(people["office"]), client_of(people["office2"])
    centre, desk, west = (client_of(people[name]) for name in ("centre", "desk", "west"))
    before = totals()
    assert score("G6").status is Status.PENDING

    said = give(office, east=("11", "超过"), west=("6", "缺两次")).content.decode()
    assert "分数应在0至10之间" in said
    assert 'value="缺两次"' in said
    assert not Motion.objects.exists()
    for wrong in ("一", "8.555", "NaN"):
        assert "分数" in give(office, east=(wrong, "说明")).content.decode()
    assert "请写明评定理由" in give(office, east=("8.5", "")).content.decode()
    assert centre.post(PAGE, {"item": "G6", "month": 12}).status_code == 200
    assert give(centre, east=("1", "别的部门")).status_code == 403
    assert desk.post(PAGE, {"item": "G6", "month": 12}).status_code == 403
    assert not Motion.objects.exists()

    give(office, east=("8.5", "台账完整"), west=("6", "缺两次"))
    own, other = (
        Motion.objects.get(data__courts=[f"ridges-{court}"]) for court in ("east", "west")
    )
    # One alone moves nothing, nor does an office of another side.
    assert confirm_all(office).status_code == confirm_all(centre).status_code == 403
    assert totals() == before
    assert [item.title for item in open_work(people["office2"]).of("motion_assessed")] == [
        "评定分"
    ] * 2
    assert not open_work(people["centre"]).of("motion_assessed")

    # The court sees its own line, reason and file, and objects; nothing of west's.
    seen = desk.get(f"{PAGE}?month=12").content.decode()
    assert ("台账完整" in seen, "缺两次" in seen, "山脊西院" in seen) == (True, False, False)
    assert 'name="points-' not in seen
    assert desk.get(f"/ridges-2023/motions/{other.pk}/").status_code == 404
    file = own.files.get()
    address = f"/ridges-2023/motions/{own.pk}/files/{file.pk}/"
    assert desk.get(address).content == PDF
    assert west.get(address).status_code == 404
    desk.post(f"/ridges-2023/motions/{own.pk}/", {"act": "object", "note": "应得满分"})
    own.refresh_from_db()
    assert own.objection == "应得满分"

    # What a court objects to is answered by itself; the rest at once.
    page = second.get(f"{PAGE}?month=12").context["page"]
    assert {line.code: line.may_second for line in page.lines if line.waiting} == {
        "ridges-east": False,
        "ridges-west": True,
    }
    picks = [f"{line.waiting}@{line.seen}" for line in page.lines if line.may_second]
    second.post(PAGE, {"item": "G6", "month": 12, "confirm": "yes", "pick": picks})
    second.post(
        f"/ridges-2023/motions/{own.pk}/",
        {"act": "confirm", "seen": trial(own).digest, "note": "复核后维持"},
    )
    after = totals()
    assert {court: after[court] - before[court] for court in after} == {
        "ridges-top": 0,
        "ridges-east": Decimal("3.40"),
        "ridges-west": Decimal("2.40"),
        "ridges-south": 0,
    }
    assert score("G6", month=JUNE).status is Status.PENDING
    card = desk.get("/ridges-2023/2023-12/ridges-east/").content.decode()
    assert "评定 8.50 分（台账完整）" in card
    events = Event.objects.filter(action="assess").order_by("pk")
    assert [(e.data["court"], e.data["old"], e.data["new"]) for e in events] == [
        ("ridges-west", None, "6"),
        ("ridges-east", None, "8.5"),
    ]

    # A later word takes the place of an earlier one, and points can be taken away again.
    give(office, east=("9", "补报"))
    confirm_all(second)
    assert score("G6").points == Decimal("9.00")
    row = Assessment.objects.get(court__code="ridges-east")
    data = {
        "item": "G6",
        "month": 12,
        "seen-ridges-east": row.version,
        "taken-ridges-east": "yes",
        "reason-ridges-east": "记错法院",
    }
    office.post(PAGE, data)
    confirm_all(second)
    assert score("G6").status is Status.PENDING
    told = second.get(f"{PAGE}?month=12").content.decode()
    assert [told.count(word) for word in ("补报", "记错法院", "应得满分")] == [1, 1, 1]
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.update(confirmed_by=people["office"])


def test_what_lacks_points_is_told_until_they_are_given(
    year: QualityYear, people: dict[str, User]
) -> None:
    """Two items of four courts each: eight are lacking, seven once one is confirmed."""
    now = open_steps(year, JUNE, ["litigation"], DUE)
    step = next(one for one in now if one.code == "assessed")
    assert (step.count, step.address) == (8, f"{PAGE}?month=6")
    assert not [
        one for one in open_steps(year, JUNE, ["enforcement"], DUE) if one.code == "assessed"
    ]
    waiting = open_work(people["office"], DUE).of("assess")
    assert [(str(item.month), item.title, item.note) for item in waiting[:2]] == [
        ("2023-01", "G6 指标G6", "还有4个法院"),
        ("2023-01", "G7 指标G7", "还有4个法院"),
    ]
    assert not open_work(people["centre"], DUE).of("assess")
    office, second = client_of(people["office"]), client_of(people["office2"])
    # Off the hundred: nothing caps it, and up to 3 points are taken off.
    assert "分数最低为−3" in give(office, "G7", 6, east=("-3.5", "通报批评")).content.decode()
    give(office, "G7", 6, east=("-2.5", "通报批评"))
    confirm_all(second, "G7", 6)
    fresh = find_year("ridges-2023")
    assert score("G7", month=JUNE).points == Decimal("-2.50")
    later = open_steps(fresh, JUNE, ["litigation"], DUE)
    assert next(one.count for one in later if one.code == "assessed") == 7
    leader = client_of(people["leader"]).get(f"{PAGE}?item=G7&month=6").content.decode()
    assert ("通报批评" in leader, "/motions/" in leader) == (True, False)


def test_a_closed_month_has_them_and_changes_by_a_restatement_alone(
    year: QualityYear, people: dict[str, User]
) -> None:
    office, second = client_of(people["office"]), client_of(people["office2"])
    give(office, month=6, east=("7.5", "年中评定"))
    confirm_all(second, month=6)
    snapshot = closed_month(find_year("ridges-2023"), people["office2"], month=6)
    facts = stored(snapshot).contents["court/ridges-east"]["facts"]
    assert facts["assessed"] == {"G6": {"points": "7.50", "reference": "年中评定"}}
    assert "assessed" not in stored(snapshot).contents["court/ridges-west"]["facts"]
    assert verify(snapshot.text.encode()).is_equal

    give(office, month=6, east=("8", "漏记一次"))
    said = confirm_all(second, month=6).content.decode()
    assert "作为更正提出" in said
    assert score("G6", month=JUNE).points == Decimal("7.50")
    row = Restatement.objects.get()
    page = second.get(f"/ridges-2023/restatements/{row.pk}/").content.decode()
    assert "G6 指标G6全称的评定分" in page
    approve(
        user=people["office2"], restatement=row, seen=restatement_trial(row).digest, note="同意"
    )
    newest = Snapshot.objects.order_by("-number").first()
    assert newest is not None
    held = stored(newest).contents["court/ridges-east"]
    assert held["facts"]["assessed"]["G6"] == {"points": "8.00", "reference": "漏记一次"}
    assert verify(newest.text.encode()).is_equal
    assert score("G6", month=JUNE).points == Decimal("8.00")
    assert Motion.objects.filter(state="waiting").count() == 0
