"""Owns what the tests of pages share: a year with figures, and accounts to look at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

import scoring
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.models import Court, MonthlyReturn, QualityYear, RulebookEdition, User
from courts.rulebooks.services.targets import import_targets
from courts.setup.services.setup import setup_year
from courts.years.selectors.years import rulebook_of
from courts.years.services.sides import keep_sides
from tests.grounds import Ground
from tests.kept_rows import put_back

GOLDEN = Path(__file__).parent / "golden"
PASSWORD = "a-long-password"


def account(username: str, court: str | None, *roles: str, **fields: Any) -> User:
    """An account at a court, by code, with these roles."""
    user = User(username=username, court=Court.objects.get(code=court) if court else None, **fields)
    user.set_password(PASSWORD)
    user.save()
    # A test with a live server flushes the groups that the migration made.
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user


def client_of(user: User | None) -> Client:
    """A browser logged in as this account, in Chinese; nobody is logged in without one."""
    client = Client(headers={"accept-language": "zh-CN"})
    if user is not None:
        client.force_login(user)
    return client


def give(year: QualityYear, *rows: tuple[object, ...]) -> None:
    """Import rows of court, month, metric and value."""
    lines = ["court,month,metric,value", *(",".join(map(str, row)) for row in rows)]
    found = import_figures(year=year, files=[SourceFile("rows.csv", "\n".join(lines).encode())])
    assert found.errors == ()


def mark_as_demo(year: QualityYear) -> None:
    """Say that the year's figures are made up."""
    MonthlyReturn.objects.filter(year=year.year).update(is_demo=True)


def elsewhere(year: QualityYear) -> QualityYear:
    """A second prefecture on the same rules: an intermediate court and one below it."""
    root = Court.objects.create(
        code="tonghua",
        order=1,
        short_name="通化中院",
        name="通化市中级人民法院",
        level="intermediate",
    )
    Court.objects.create(
        code="meihekou",
        order=2,
        short_name="梅河口法院",
        name="梅河口市人民法院",
        level="grassroots",
        parent=root,
    )
    keep_sides(root, rulebook_of(year))
    return QualityYear.objects.create(
        code="tonghua-2019",
        court=root,
        year=year.year,
        edition=RulebookEdition.objects.get(pk=year.edition_id),
    )


def more_courts(year: QualityYear, number: int) -> None:
    """Further grassroots courts under the same intermediate court."""
    Court.objects.bulk_create(
        Court(
            code=f"court-{place:04d}",
            order=100 + place,
            short_name=f"第{place}法院",
            name=f"第{place}人民法院",
            level="grassroots",
            parent=year.court,
        )
        for place in range(number)
    )


@pytest.fixture
def year(db: None) -> QualityYear:
    """Yanbian 2019 with the courts, baseline figures and caps of the annexes."""
    return the_year()


def the_year() -> QualityYear:
    """Set Yanbian 2019 up, by rows kept from the first time."""
    put_back(YEAR.name, YEAR.make)
    return stored_year()


def stored_year() -> QualityYear:
    """Yanbian 2019, which was set up before."""
    return QualityYear.objects.select_related("court", "edition").get(code="yanbian-2019")


@pytest.fixture
def made_year(year: QualityYear) -> QualityYear:
    """The year with the made figures and targets that the golden files are made of."""
    put_back(MADE.name, MADE.make)
    return year


def _bring_in() -> None:
    year = stored_year()
    for name, load in (
        ("made-2019.csv", import_figures),
        ("made-targets-2019.csv", import_targets),
    ):
        file = SourceFile(name, (GOLDEN / name).read_bytes())
        assert load(year=year, files=[file]).errors == ()


YEAR = Ground("yanbian-2019", lambda: setup_year(folder=scoring.BUNDLED / "yanbian-2019"))
MADE = Ground("made-2019", _bring_in, below=YEAR)


@pytest.fixture
def office(year: QualityYear) -> User:
    """Somebody of the trial management office."""
    return account("office", "yanbian", "office", name="审管办")


@pytest.fixture
def desk(year: QualityYear) -> User:
    """The litigation desk of Yanji."""
    return account("yanji-litigation", "yanji", "litigation")


def year_after(year: QualityYear) -> QualityYear:
    """The same prefecture's next quality year on the same rules, compared with this one."""
    number, code = year.year + 1, year.code.replace(str(year.year), str(year.year + 1))
    sources = {
        name: text.replace(f'code = "{year.code}"', f'code = "{code}"')
        .replace(f"\nyear = {year.year}", f"\nyear = {number}")
        .replace(f"baseline_year = {year.year - 1}", f"baseline_year = {year.year}")
        for name, text in year.edition.sources.items()
    }
    rulebook = scoring.load_sources(sources)
    assert (rulebook.year, rulebook.baseline_year) == (number, year.year)
    edition = RulebookEdition.objects.create(
        code=code, title=code, sha256=rulebook.sha256, sources=sources, court=year.court
    )
    found = QualityYear.objects.create(
        code=code, court=year.court, year=number, edition=edition, deadline_day=year.deadline_day
    )
    RulebookEdition.objects.filter(pk=edition.pk).update(
        state="in_force", from_month=1, quality_year=found
    )
    return QualityYear.objects.select_related("court", "edition").get(pk=found.pk)
