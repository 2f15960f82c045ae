"""The thread from nothing to the first month: what it counts, whom it leads where, when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from courts.desks.selectors.setup_thread import setup_thread
from courts.models import (
    AccountMaking,
    AppraisalTarget,
    BallotRound,
    Court,
    Event,
    MonthlyReturn,
    QualityYear,
    RulebookEdition,
    User,
)
from courts.returns.selectors.beginnings import has_begun
from courts.reviews.selectors.completeness import completeness
from courts.years.open_work import open_work
from tests.courts.returns_fixtures import shanghai
from tests.pages import account, client_of

pytestmark = pytest.mark.django_db
DESK = "/yanbian-2019/desk/"


def counts(user: User) -> dict[str, tuple[int, int]]:
    return {step.code: (step.done, step.total) for step in setup_thread(user).steps}


def test_an_empty_database_leads_root_to_two_administrators() -> None:
    """Nobody is sent to an administrator who is not there."""
    root = account("root", None, is_superuser=True, is_staff=True)
    text = client_of(root).get("/").content.decode()
    assert 'href="/courts/import/"' in text
    assert 'href="/accounts/import/"' in text
    assert "请系统管理员" not in text
    assert counts(root) == {"courts": (0, 1), "administrators": (0, 2)}
    Court.objects.create(code="x", order=1, short_name="某院", name="某中院", level="intermediate")
    for name in ("a", "b"):
        account(name, "x", "admin")
    assert not setup_thread(root)
    assert "请系统管理员" not in client_of(root).get("/").content.decode()
    # The administrator goes on from there: courts below, accounts, rules.
    admin = User.objects.get(username="a")
    assert counts(admin) == {"courts": (0, 2), "accounts": (2, 10), "year": (0, 1)}
    assert "准备工作" in client_of(admin).get("/").content.decode()


def test_before_the_first_year_it_leads_the_office_and_what_waits_is_told() -> None:
    """Accounts to confirm and rules to put in force are of no year."""
    court = Court.objects.create(
        code="x", order=1, short_name="某院", name="某中院", level="intermediate"
    )
    makers = [account(name, "x", "admin") for name in ("a", "b")]
    office, office2 = (account(name, "x", "office") for name in ("office", "office2"))
    addresses = {step.code: step.address for step in setup_thread(office).steps}
    assert addresses == {"courts": "", "accounts": "/accounts/import/", "year": "/editions/"}
    browser = client_of(office)
    assert 'href="/editions/"' in browser.get("/").content.decode()
    centre = account("centre", "x", "centre")
    assert "准备工作" in client_of(centre).get("/").content.decode()
    AccountMaking.objects.create(account=centre, by=makers[0], kind="made", at=timezone.now())
    browser.post("/editions/new/", {"source": "bundled:yanbian-2019", "summary": "新年度"})
    edition = RulebookEdition.objects.get(court=court)
    browser.post(f"/editions/{edition.pk}/propose/", {"version": edition.version})
    found = {
        name: [group.code for group in open_work(user)]
        for name, user in {"a": makers[0], "b": makers[1], "o": office, "o2": office2}.items()
    }
    assert found == {"a": [], "b": ["account_confirm"], "o": [], "o2": ["edition"]}
    assert f"/editions/{edition.pk}/" in client_of(office2).get("/").content.decode()


def test_the_thread_counts_what_is_there_and_ends(year: QualityYear) -> None:
    """Nine courts with two desks, two people in each of three roles, one leader, one of the party
    group: 9 × 2 + 3 × 2 + 2 = 26 places."""
    office, admin = account("office", "yanbian", "office"), account("admin", "yanbian", "admin")
    desk = account("desk", "yanji", "litigation")
    assert counts(office) == {
        "courts": (9, 9),
        "accounts": (3, 26),
        "year": (1, 1),
        "deadline": (0, 1),
        "targets": (0, 4),
        "readings": (0, 1),
        "baseline": (9, 9),
        "ballot": (0, 1),
    }
    assert counts(admin) == counts(office)
    assert setup_thread(desk).steps == ()
    browser = client_of(office)
    text = browser.get(DESK).content.decode()
    for part in ("准备工作", "还有5步", "3/26", "0/4", 'href="/yanbian-2019/deadline/"'):
        assert part in text
    # The administrator is not sent to a page of the office.
    assert 'href="/yanbian-2019/deadline/"' not in client_of(admin).get("/").content.decode()

    assert client_of(admin).post("/yanbian-2019/readings-looked-at/").status_code == 403
    browser.post("/yanbian-2019/readings-looked-at/")
    assert Event.objects.get(action="look_at_readings").actor == office
    QualityYear.objects.filter(pk=year.pk).update(deadline_day=8)
    # Somebody who holds a place twice over fills it once.
    account("desk2", "yanji", "litigation")
    assert counts(office)["accounts"] == (3, 26)
    for court in Court.objects.all():
        for role in ("litigation", "enforcement"):
            account(f"{court.code}-{role}", court.code, role)
    for role in ("office", "admin", "leader", "party", "centre", "centre"):
        account(f"{role}-{User.objects.count()}", "yanbian", role)
    assert counts(office)["accounts"] == (26, 26)
    for item in ("L2.1", "L3.1", "L3.2", "L3.3", "L5.1", "L6.1"):
        AppraisalTarget.objects.create(
            quality_year=year, item=item, court=year.court, percent=5, document="d"
        )
    now = timezone.now()
    BallotRound.objects.create(
        quality_year=year,
        month=12,
        code="r",
        title="评价",
        unit="0.5",
        unit_max=24,
        min_ballots=3,
        author=office,
        closes_at=now + timedelta(days=3),
    )
    year.refresh_from_db()
    left = {step.code for step in setup_thread(office, year).steps if not step.is_done}
    assert left <= {"targets"}


def test_before_the_first_entry_nothing_is_missing(year: QualityYear) -> None:
    """In March 2020 all months of 2019 are over; nobody has heard of a deadline or entered."""
    office, now = account("office", "yanbian", "office"), shanghai("2020-03-02")
    assert not has_begun(year)
    assert open_work(office, now).of("missing") == ()
    page = completeness(year, now)
    assert page.to_remind == ()
    assert {cell.timeliness for cell in page.cells} == {"not_begun"}
    text = client_of(office).get(DESK).content.decode()
    assert "设定填报期限以后" in text
    assert "108" not in text

    court = Court.objects.get(code="tumen")
    row = MonthlyReturn.objects.create(court=court, year=2019, month=5, side="enforcement")
    assert has_begun(year)
    # Nine courts, twelve months, one side.
    assert len(open_work(office, now).of("missing")) == 108
    assert len(completeness(year, now).to_remind) == 216
    row.delete()
    QualityYear.objects.filter(pk=year.pk).update(deadline_day=8)
    year.refresh_from_db()
    assert has_begun(year)
    assert len(open_work(office, now).of("missing")) == 108
