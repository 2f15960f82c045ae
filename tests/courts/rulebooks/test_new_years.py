"""Owns proving that a new year, and a new prefecture with its own rules, take no Python.

Everything goes through the pages. The expected points are worked by hand beside each test.
"""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courts.models import (
    Court,
    Event,
    Figure,
    MonthlyReturn,
    Motion,
    QualityYear,
    RulebookEdition,
)
from courts.motions.services.motions import trial
from courts.scores.selectors.scores import scoreboard
from courts.years.selectors.years import courts_of, find_year
from scoring.facts import Month
from tests.pages import account, client_of, give

pytestmark = pytest.mark.django_db

OVERTURNED = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)
COURTS = """code,order,short_name,name,name_ko,level
tonghua,1,通化中院,通化市中级人民法院,,intermediate
meihekou,2,梅河口法院,梅河口市人民法院,,grassroots
huinan,3,辉南法院,辉南县人民法院,,grassroots
jian,4,集安法院,集安市人民法院,,grassroots
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the administration that wait lie where this test alone looks."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def page(name: str, *arguments: object) -> str:
    return reverse(f"courts:{name}", args=arguments)


def import_courts(client: Client, text: str) -> Any:
    """Choose, look, confirm."""
    file = SimpleUploadedFile("courts.csv", text.encode())
    preview = client.post(page("courts_import"), {"file": file})
    form = preview.context["brought"].waiting
    if form is None or preview.context["brought"].outcome.problems:
        return preview
    return client.post(page("courts_import"), form.initial)


def confirmed(year: QualityYear, *clients: Client) -> None:
    """Let further people of the offices confirm and verify whatever waits for a second person."""
    for client in clients:
        for motion in Motion.objects.filter(state="waiting"):
            address = page("motion", year.code, motion.pk)
            client.post(address, {"act": "confirm", "seen": trial(motion).digest, "note": "同意"})
        for row in MonthlyReturn.objects.filter(state="submitted").select_related("court"):
            place = (year.code, row.court.code, row.period, row.side)
            client.post(page("review", *place), {"act": "verify", "version": row.version})


def import_figures(client: Client, year: QualityYear, *rows: tuple[object, ...]) -> None:
    """Through the administration, as an office does."""
    lines = ["court,month,metric,value", *(",".join(map(str, row)) for row in rows)]
    data = {
        "year": year.pk,
        "import_file": SimpleUploadedFile("figures.csv", "\n".join(lines).encode()),
        "format": "0",
        "resource": "0",
    }
    preview = client.post(reverse("admin:courts_figure_import"), data)
    form = preview.context["confirm_form"]
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent["year"] = year.pk
    assert client.post(reverse("admin:courts_figure_process_import"), sent).status_code == 302


def change(client: Client, edition: int, file: str, part: str, **values: str) -> None:
    """Open a part of a draft, change some values, save. Dots in keys are written `__`."""
    address = page("edition_part", edition, file, part)
    form = client.get(address).context["form"]
    given = {name: form.get_initial_for_field(f, name) for name, f in form.fields.items()}
    changed = {key.replace("__", "."): value for key, value in values.items()}
    assert changed.keys() <= given.keys(), given.keys()
    assert client.post(address, given | changed).status_code == 302


def draft(client: Client, source: object) -> int:
    response = client.post(page("edition_new"), {"source": source, "summary": "新年度"})
    return int(response.headers["Location"].strip("/").rpartition("/")[2])


def set_up(writer: Client, other: Client, edition: int, courts: list[str]) -> Any:
    """Propose, and have somebody else set up the year."""
    version = RulebookEdition.objects.get(pk=edition).version
    writer.post(page("edition_propose", edition), {"version": version})
    shown = other.get(page("new_year", edition))
    sent = {"version": shown.context["edition"].version, "courts": courts, "deadline_day": 8}
    return other.post(page("new_year", edition), {**sent, "sure": "on"})


def test_2020_for_yanbian(year: QualityYear, office: Any) -> None:
    """Yanji: 200 overturned cases in 2019, 190 in 2020: 5 %, at 4 points a percent 20 points.

    All of them on appeal, so L2.2 has 5 % at 0.5 points a percent, 2.5. The litigation side
    weighs half: 22.5 / 2 = 11.25 in all.
    """
    for metric, cases in zip(OVERTURNED, (150, 50, 0, 0, 0), strict=True):
        give(year, ("yanji", "2019-12", metric, cases))
    writer = client_of(office)
    other = client_of(account("office2", "yanbian", "office"))
    edition = draft(writer, year.edition_id)
    change(
        writer,
        edition,
        "rulebook.toml",
        "general",
        code="yanbian-2020",
        year="2020",
        baseline_year="2019",
        title__zh="延边法院考核（2020年）",
    )
    everybody = [court.code for court in courts_of(year)]
    assert writer.get(page("new_year", edition)).status_code == 403
    set_up(writer, other, edition, everybody)
    found = find_year("yanbian-2020")
    assert (found.year, found.deadline_day, found.edition_id) == (2020, 8, edition)
    assert [court.code for court in courts_of(found)] == everybody
    rows = zip(OVERTURNED, (140, 50, 0, 0, 0), strict=True)
    import_figures(writer, found, *(("yanji", "2020-12", metric, n) for metric, n in rows))
    assert scoreboard(found, Month(2020, 12)).court("yanji").item("L1").points is None
    confirmed(found, other)
    card = scoreboard(found, Month(2020, 12)).court("yanji")
    assert card.item("L1").points == Decimal("20.00")
    assert card.item("L2.2").points == Decimal("2.50")
    assert card.total == Decimal("11.25")
    # The year before stays as it was: 252 in 2018, 200 in 2019, and 40 points at the most.
    before = scoreboard(find_year("yanbian-2019"), Month(2019, 12)).court("yanji")
    assert before.item("L1").points == Decimal("40.00")
    assert writer.get(page("ranking", "yanbian-2020", "2020-12")).status_code == 200
    event = Event.objects.get(action="set_up_year")
    assert (event.actor and event.actor.username, event.data["deadline_day"]) == ("office2", 8)


def test_2019_for_a_second_prefecture_with_other_courts_and_another_weight(
    year: QualityYear,
) -> None:
    """Meihekou, litigation weighing 60 percent and enforcement 40.

    100 overturned cases in 2018, 95 in 2019, all on appeal: 5 %, L1 20 points and L2.2 2.5. C2: 80
    of a docket of 100 is the target, 7.5 points. Total 22.5 × 0.6 + 7.5 × 0.4 = 16.50. Huinan: 100
    cases again, no points; C2 7.5, total 3.00. Ji'an takes no part.
    """
    founder = account("root", None, is_superuser=True, is_staff=True)
    assert import_courts(client_of(founder), COURTS).status_code == 302
    writer = client_of(account("th-office", "tonghua", "office", is_staff=True))
    other = client_of(account("th-centre", "tonghua", "centre", is_staff=True))
    edition = draft(writer, "bundled:yanbian-2019")
    change(
        writer,
        edition,
        "rulebook.toml",
        "general",
        code="tonghua-2019",
        title__zh="通化法院考核（2019年）",
        document__zh="通中法〔2019〕1号",
    )
    weights = {"sides[litigation].weight": "60", "sides[enforcement].weight": "40"}
    change(writer, edition, "rulebook.toml", "sides", **weights)
    set_up(writer, other, edition, ["tonghua", "meihekou", "huinan"])
    found = find_year("tonghua-2019")
    assert [court.code for court in courts_of(found)] == ["tonghua", "meihekou", "huinan"]
    rows = []
    for court, last, this in (("meihekou", 100, 95), ("huinan", 100, 100)):
        for metric in OVERTURNED:
            first = metric == OVERTURNED[0]
            rows.append((court, "2018-12", metric, last if first else 0))
            rows.append((court, "2019-12", metric, this if first else 0))
    import_figures(writer, found, *rows)
    docket = ("enforcement_carried_over", 20), ("enforcement_received", 80)
    counts = (*docket, ("enforcement_closed", 80))
    import_figures(
        other,
        found,
        *((court, "2019-12", *pair) for court in ("meihekou", "huinan") for pair in counts),
    )
    second = [("th-office2", "office"), ("th-centre2", "centre")]
    confirmed(found, *(client_of(account(name, "tonghua", role)) for name, role in second))
    board = scoreboard(found, Month(2019, 12))
    card = board.court("meihekou")
    assert (card.item("L1").points, card.item("C2").points) == (Decimal("20.00"), Decimal("7.5"))
    assert (card.total, card.rank) == (Decimal("16.50"), 1)
    assert (board.court("huinan").total, board.court("huinan").rank) == (Decimal("3.00"), 2)
    shown = writer.get(page("ranking", "tonghua-2019", "2019-12")).content.decode()
    assert "梅河口法院" in shown
    assert "16.50" in shown
    assert "集安法院" not in shown
    # Each prefecture sees its own.
    assert writer.get(page("ranking", "yanbian-2019", "2019-12")).status_code == 404
    assert writer.get(page("returns", "tonghua-2019", "jian")).status_code == 404
    assert not Figure.objects.filter(monthly_return__court__code="jian").exists()
    desks = [client_of(account(court, court, "litigation")) for court in ("jian", "huinan")]
    places = [client.get("/").headers["Location"] for client in desks]
    assert places == [
        page("ranking", "tonghua-2019", "2019-12"),
        page("returns", "tonghua-2019", "huinan"),
    ]


# --- Courts ----------------------------------------------------------------------------------


def test_courts_come_in_whole_and_once(year: QualityYear) -> None:
    client = client_of(account("root", None, is_superuser=True, is_staff=True))
    before = Court.objects.count()
    file = SimpleUploadedFile("courts.csv", COURTS.encode())
    preview = client.post(page("courts_import"), {"file": file})
    assert "新增4项，改动0项，未变0项" in preview.content.decode()
    assert Court.objects.count() == before
    import_courts(client, COURTS)
    assert Court.objects.count() == before + 4
    again = client.post(
        page("courts_import"), {"file": SimpleUploadedFile("courts.csv", COURTS.encode())}
    )
    assert "未变4项" in again.content.decode()
    assert Event.objects.get(action="import_courts").data["courts"] == [
        "tonghua",
        "meihekou",
        "huinan",
        "jian",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (COURTS.replace("tonghua,1", "Tonghua,1"), "只能用小写字母"),
        (COURTS.replace(",intermediate", ",grassroots"), "文件中没有中级法院"),
        (COURTS.replace("meihekou", "yanji"), "审级或上级法院不同"),
        (COURTS.replace("level", "rank"), "level"),
    ],
)
def test_what_is_wrong_with_a_file_of_courts(year: QualityYear, text: str, said: str) -> None:
    client = client_of(account("root", None, is_superuser=True, is_staff=True))
    before = Court.objects.count()
    assert said in import_courts(client, text).content.decode()
    assert Court.objects.count() == before


def test_an_administrator_brings_in_courts_of_its_own_prefecture_only(year: QualityYear) -> None:
    client = client_of(account("admin", "yanbian", "admin", is_staff=True))
    assert "只能导入本地区的法院" in import_courts(client, COURTS).content.decode()
    own = """code,order,short_name,name,name_ko,level
yanbian,1,延边中院,延边朝鲜族自治州中级人民法院,,intermediate
forest,99,林区法院,延边林区基层法院,,grassroots
"""
    assert import_courts(client, own).status_code == 302
    assert Court.objects.get(code="forest").parent == year.court
    assert (
        reverse("courts:courts_import")
        in client.get(reverse("admin:courts_court_changelist")).content.decode()
    )


def test_what_was_confirmed_has_moved(year: QualityYear) -> None:
    client = client_of(account("root", None, is_superuser=True, is_staff=True))
    file = SimpleUploadedFile("courts.csv", COURTS.encode())
    sent = client.post(page("courts_import"), {"file": file}).context["brought"].waiting.initial
    import_courts(client, COURTS)
    # The later file took the place of the one that was looked at.
    assert client.post(page("courts_import"), sent).status_code == 302
    told = client.get(page("courts_import")).content.decode()
    assert "预览已失效" in told
    before = Court.objects.count()
    assert client.post(page("courts_import"), {**sent, "key": "?"}).status_code == 302
    assert Court.objects.count() == before


# --- Setting up ------------------------------------------------------------------------------


def test_a_year_is_set_up_once_with_its_intermediate_court(year: QualityYear, office: Any) -> None:
    writer = client_of(office)
    other = client_of(account("office2", "yanbian", "office"))
    edition = draft(writer, year.edition_id)
    change(writer, edition, "rulebook.toml", "general", code="yanbian-again")
    everybody = [court.code for court in courts_of(year)]
    for courts, said in (
        (everybody[1:], "上级法院必须参加"),
        (everybody[:1], "至少还要有一个法院"),
    ):
        set_up(writer, other, edition, courts)
        assert said in other.get(page("edition", edition)).content.decode()
    set_up(writer, other, edition, everybody)
    shown = other.get(page("edition", edition)).content.decode()
    assert "该法院这一年度已经设立" in shown
    assert QualityYear.objects.count() == 1
    assert RulebookEdition.objects.get(pk=edition).state == "proposed"
