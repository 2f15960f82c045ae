"""Any rulebook that loads is set up by the command, and every main page speaks of it alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from courts.models import Cap, Event, Figure, QualityYear
from courts.years.selectors.years import find_year, rulebook_of
from tests.courts.made_rulebooks import HILLS, LAKES, MADE, WOODS, Made, figures_of
from tests.pages import account, client_of, give

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

SIDES = ("litigation", "enforcement")
# Names of the product, of its desks and of the offices: these are no words of a rulebook.
NAMES = re.compile(r"审判执行质量|执行指挥中心|诉讼报表岗|执行报表岗")
# Words, items and sums of the notice that comes with the project.
FOREIGN = re.compile(r"诉讼|执行|发改指|附件\d|延中法|二审|再审|终本|\b(?:L[1-7]|GM|Q\d+)\b")


def set_up(made: Made, folder: Path) -> QualityYear:
    """The year as the command makes it, with figures of three months."""
    call_command("setup_year", str(made.folder(folder / made.place)))
    year = find_year(made.code)
    give(year, *figures_of(made, list(rulebook_of(year).metrics)))
    return year


def of_office(made: Made, year: QualityYear) -> Iterator[str]:
    """The pages of scores, rules, targets and figures that an office looks at."""
    rulebook, base, month = rulebook_of(year), f"/{made.code}/", f"{made.year}-12"
    yield from (
        "/editions/",
        f"/editions/{year.edition_id}/",
        f"/editions/{year.edition_id}/effect/",
    )
    for page in (
        "rulebook readings targets targets/new caps caps/import cases ballots ballots/new desk "
        "reviews completeness motions extracts differences audit base supplements"
    ).split():
        yield f"{base}{page}/"
    yield from (f"{base}rulebook/{item.code}/" for item in rulebook.items)
    yield from (f"{base}readings/{reading.code}/" for reading in rulebook.readings)
    yield from (f"{base}grid/{month}/{side}/" for side in SIDES)
    yield f"{base}caps/{made.court}/"
    for page in ("", "projector/", "trends/", "small-counts/"):
        yield f"{base}dashboard/{month}/{page}"
    yield from (f"{base}{month}/?sort={side.side}" for side in rulebook.sides)
    yield f"{base}{month}/{made.place}-top/"
    yield from (f"{base}{month}/{page}/" for page in ("close", "direction"))
    if any(item.formula.reads_assessed for item in rulebook.items):
        yield f"{base}assessments/"
    for page in ("", "court/", "print/", "what-if/", "outlook/", "small-counts/", "scenarios/"):
        yield f"{base}{month}/{made.court}/{page}"


def of_desk(made: Made) -> Iterator[str]:
    """The pages on which a court enters its figures, and sees what they come to."""
    base, month = f"/{made.code}/", f"{made.year}-12"
    yield f"{base}returns/{made.court}/"
    for side in SIDES:
        for page in ("", "print/", "submit/"):
            yield f"{base}returns/{made.court}/{made.year}-07/{side}/{page}"
    yield f"{base}cases/new/"
    yield f"{base}{month}/{made.court}/court/"


def taken_away(made: Made) -> Iterator[str]:
    """What the pages hand out as files of text."""
    month = f"{made.year}-12"
    for page in (
        f"{month}/",
        f"{month}/{made.court}/court/",
        "rulebook/",
        "readings/",
        "targets/",
        "caps/",
        f"dashboard/{month}/",
        "cases/",
        "completeness/",
    ):
        yield f"/{made.code}/{page}?_export=csv"


def said_by(client: Client, address: str) -> str:
    """What a reader of the page or the file sees; empty for an address that leads elsewhere."""
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code < 500, (address, getattr(response, "exc_info", None))
    assert response.status_code in {200, 302}, (address, response.status_code)
    text = response.content.decode("utf-8-sig")
    return NAMES.sub("", re.sub(r"<script.*?</script>|<[^>]*>", " ", text, flags=re.DOTALL))


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.place)
def test_every_page_speaks_of_its_own_rulebook(made: Made, tmp_path: Path) -> None:
    year = set_up(made, tmp_path)
    office = client_of(account("office", f"{made.place}-top", "office"))
    desk = client_of(account("desk", made.court, *SIDES))
    walks = (
        (office, (*of_office(made, year), *taken_away(made))),
        (desk, tuple(of_desk(made))),
    )
    foreign = [
        (address, found.group(), text[max(0, found.start() - 30) : found.end() + 30])
        for client, addresses in walks
        for address in addresses
        for text in [said_by(client, address)]
        for found in FOREIGN.finditer(text)
    ]
    assert foreign == []


def test_points_are_counted_from_the_full_points_of_the_rulebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """West holds 40 of 50 hearings (A1 yes, A2 no) and pays 50 of 100 (B1 no).

    Total 70 % × 45 + 30 % × 0 = 31.50 of 70 % × 60 + 30 % × 40 = 54: 22.50 are left, and the bar is
    31.5 ÷ 54 = 58.33 % long. East has everything.
    """
    call_command("setup_year", str(HILLS.folder(tmp_path / "hills")))
    year = find_year("hills-2020")
    for court, values in (("east", (50, 50, 60, 100)), ("west", (40, 50, 50, 100))):
        codes = ("hearings_held", "hearings_due", "paid", "owed")
        give(
            year, *((f"hills-{court}", "2020-12", *one) for one in zip(codes, values, strict=True))
        )
    office = client_of(account("office", "hills-top", "office"))
    month = "/hills-2020/2020-12/"
    ranking = office.get(month).content.decode()
    assert [f'width="{share}"' in ranking for share in ("100.00", "58.33")] == [True, True]
    assert ranking.index("兑现得分") < ranking.index("办理得分") < ranking.index("总分较上月")
    west = office.get(f"{month}hills-west/").content.decode()
    assert "31.50" in west
    assert "/ 54.00" in west
    assert 'width="58.33"' in west
    assert "22.50" in said_by(office, f"{month}hills-west/court/")
    assert "在0至54之间" in said_by(office, f"{month}hills-west/what-if/?goal=54.01")
    assert "在0至54之间" not in said_by(office, f"{month}hills-west/what-if/?goal=54")

    rows = list(
        csv.reader(io.StringIO(office.get(f"{month}?_export=csv").content.decode("utf-8-sig")))
    )
    head = next(row for row in rows if "总分" in row)
    assert head[:5] == ["名次", "法院", "兑现得分", "办理得分", "总分"]
    assert ["2", "丘陵西院", "0.00", "45.00", "31.50"] in [row[:5] for row in rows]
    by_other = office.get(f"{month}?sort=-litigation").context["table"].rows
    assert [row.record.code for row in by_other][:2] == ["hills-east", "hills-west"]

    capsys.readouterr()
    call_command("score", "2020-12", "--year", "hills-2020")
    table = capsys.readouterr().out.splitlines()
    assert table[1].split() == ["名次", "法院", "兑现", "办理", "总分"]
    call_command("score", "2020-12", "--year", "hills-2020", "--format", "json")
    court = json.loads(capsys.readouterr().out)["courts"][2]
    assert list(court) == [
        "court",
        "level",
        "rank",
        "total",
        "provisional",
        "enforcement",
        "litigation",
        "items",
    ]
    assert (court["enforcement"], court["litigation"]) == ("0.00", "45.00")


@pytest.mark.parametrize(
    ("made", "caps", "figures"), [(HILLS, 0, 0), (LAKES, 4, 12), (WOODS, 0, 4)]
)
def test_only_what_the_rules_use_is_read(
    made: Made, caps: int, figures: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made.folder(tmp_path / made.place)
    for name in (f"caps_{made.year}.csv", f"baseline_{made.year - 1}.csv"):
        if name not in made.annexes:
            (folder / name).write_text("no such columns\n", "utf-8")
    call_command("setup_year", str(folder))
    told = capsys.readouterr().err
    assert (f"规则用不到 caps_{made.year}.csv" in told) is (made is not LAKES)
    assert (f"规则用不到 baseline_{made.year - 1}.csv" in told) is (made is HILLS)
    assert (Cap.objects.count(), Figure.objects.count()) == (caps, figures)
    files = [file["name"] for file in Event.objects.get(action="setup_year").data["files"]]
    assert files == list(made.annexes)


def test_what_the_rules_use_has_to_be_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = LAKES.folder(tmp_path / "lakes")
    for name in ("caps_2021.csv", "baseline_2020.csv"):
        (folder / name).unlink()
    with pytest.raises(CommandError, match="2处错误"):
        call_command("setup_year", str(folder))
    told = capsys.readouterr().err
    assert "caps_2021.csv" in told
    assert "baseline_2020.csv" in told
