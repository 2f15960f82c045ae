"""Base data: the annexes as tables, what they lack, and giving it by two people."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from courts.models import Court, Figure, Motion, QualityYear, User
from courts.motions.services.motions import confirm, trial
from courts.takeaways.selectors.bases import base_annexes, base_page
from courts.years.selectors.periods import open_period
from courts.years.selectors.supplements import supplements_of
from courts.years.selectors.years import rulebook_of
from scoring.caps import capped_metrics
from tests.courts.published import publish
from tests.pages import account, client_of, more_courts

PAGE = "/yanbian-2019/base/"
GIVE = f"{PAGE}give/"
SOURCE = "2018年司法统计年报"


@pytest.fixture
def second(year: QualityYear) -> User:
    return account("office-2", "yanbian", "office")


def page_for(user: User, month: str = "2019-12"):
    return base_page(user, open_period(user, "yanbian-2019", month, "verified"))


def table_of(page, name: str):
    return next(table for table in page.tables if table.name == name)


def test_the_annexes_are_those_of_the_notice(year: QualityYear, office: User) -> None:
    """附件2: 382 + 145 + 73 + 19 + 19 = 638, 67 fewer, 571 at most; 附件3 with its totals."""
    assert "retrial_designated" not in base_annexes(rulebook_of(year), supplements_of(year))[0][1]
    # Without the supplement that names the table, it is whatever is compared.
    ((title, compared),) = base_annexes(rulebook_of(year), ())
    assert title == "与上年比较的数据"
    assert set(compared) == {
        "retrial_decided",
        "retrial_escalated",
        "retrial_directed",
        "retrial_designated",
        "appeals_filed",
        "retrial_petitions_received",
        "retrial_petitions_closed",
    }
    page = page_for(office)
    annex2 = table_of(page, "caps")
    assert annex2.columns[-1] == "合计"
    yanji = next(row for row in annex2.rows if row.name == "延吉法院")
    assert [pair.before for pair in yanji.pairs] == [165, 60, 19, 5, 3, 252]
    assert yanji.caps == (26, 226)
    total = annex2.rows[-1]
    assert total.is_total
    assert [pair.before for pair in total.pairs] == [382, 145, 73, 19, 19, 638]
    assert total.caps == (67, 571)
    assert {pair.now for row in annex2.rows for pair in row.pairs} == {None}
    annex3 = table_of(page, "table1")
    found = dict(zip(annex3.columns, (p.before for p in annex3.rows[-1].pairs), strict=True))
    assert sorted(found.values()) == sorted([19, 88, 49, 2733, 1077, 985])
    assert "附件3" in annex3.title
    others = table_of(page, "others")
    assert [text for text in others.sources if "附件3没有指定再审一列" in text]
    known = dict(zip(others.columns, (p.before for p in others.rows[-1].pairs), strict=True))
    assert [name for name, value in known.items() if value is not None] == ["指定再审"]


def test_this_year_stands_beside(made_year: QualityYear, office: User) -> None:
    client = client_of(office)
    text = client.get(PAGE, {"month": "6"}).content.decode()
    assert "2019年6月" in text
    (june,) = {
        row.pairs[-1].now
        for row in table_of(page_for(office, "2019-06"), "caps").rows
        if row.name == "延吉法院"
    }
    figures = Figure.objects.filter(
        monthly_return__court__code="yanji",
        monthly_return__year=2019,
        monthly_return__month=6,
        metric__in=capped_metrics(rulebook_of(made_year)),
    )
    assert june == sum(value or 0 for value in figures.values_list("value", flat=True))


def test_figures_are_given_by_two_people(
    year: QualityYear, office: User, second: User, desk: User
) -> None:
    client = client_of(office)
    assert "一审结案数" in client.get(GIVE).content.decode()
    sent = {"metric": "first_instance_closed", "month": "12", "value-yanji": "7100"}
    refused = client.post(GIVE, sent).content.decode()
    assert "请写明数据来源" in refused
    assert 'value="7100"' in refused
    answer = client.post(GIVE, sent | {"source": SOURCE, "value-tumen": "610"})
    motion = Motion.objects.get()
    assert answer.headers["Location"].endswith(f"/motions/{motion.pk}/")
    assert motion.reason == SOURCE
    assert not Figure.objects.filter(metric="first_instance_closed").exists()
    assert "等待另一人确认" in client.get(PAGE).content.decode()
    confirm(user=second, motion=motion, seen=trial(motion).digest)
    row = Figure.objects.get(metric="first_instance_closed", monthly_return__court__code="yanji")
    assert (row.value, row.note) == (7100, SOURCE)
    assert row.monthly_return.verified_by == second
    others = table_of(page_for(office), "others")
    assert f"一审结案数：{SOURCE}" in others.sources
    place = others.columns.index("一审结案数")
    assert [r.pairs[place].before for r in others.rows if r.name == "延吉法院"] == [7100]
    # The court reads it too.
    assert SOURCE in client_of(desk).get(PAGE).content.decode()


def test_the_source_of_an_equal_figure_is_corrected_by_two_people(
    year: QualityYear, office: User, second: User
) -> None:
    """The value stays, also where it is the baseline of a month that is closed."""
    publish(year, office, month=6)
    client = client_of(office)
    row = Figure.objects.get(
        metric="appeals_filed", monthly_return__court__code="yanji", monthly_return__year=2018
    )
    assert (row.value, row.note) == (1085, "")
    sent = {"metric": "appeals_filed", "month": "12", "value-yanji": "1085", "source": SOURCE}
    client.post(GIVE, sent)
    (motion,) = Motion.objects.all()
    (line,) = trial(motion).lines
    assert (line.old, line.new) == ("1085（来源：—）", f"1085（来源：{SOURCE}）")
    row.refresh_from_db()
    assert row.note == ""
    with pytest.raises(PermissionDenied):
        confirm(user=office, motion=motion, seen=trial(motion).digest)
    confirm(user=second, motion=motion, seen=trial(motion).digest)
    row.refresh_from_db()
    assert (row.value, row.note) == (1085, SOURCE)
    assert row.history.first().note == SOURCE
    assert SOURCE in client.get(PAGE).content.decode()
    # The same again changes nothing, and neither does a file's source for what it repeats.
    assert "没有要改的" in client.post(GIVE, sent).content.decode()
    for note, is_change in (("", False), ("年报第3页", True)):
        rows = f"court,month,metric,value,note\nyanji,2018-12,appeals_filed,1085,{note}\n"
        file = SimpleUploadedFile("x.csv", rows.encode())
        client.post(GIVE, {"upload": "1", "file": file, "source": "另一来源"})
        assert Motion.objects.filter(state="waiting").exists() is is_change


def test_single_months_come_from_a_file(year: QualityYear, office: User, second: User) -> None:
    client = client_of(office)
    rows = "court,month,metric,value,note\nyanji,2018-06,appeals_filed,500,\n"
    rows += "延吉法院,2018-07,二审立案数,610,七月月报\n"
    file = SimpleUploadedFile("单月.csv", rows.encode())
    client.post(GIVE, {"upload": "1", "file": file, "source": SOURCE})
    motion = Motion.objects.get()
    confirm(user=second, motion=motion, seen=trial(motion).digest)
    page = page_for(office)
    (line,) = page.months
    assert (line.court, line.metric) == ("延吉法院", "二审立案数")
    assert line.values[5:7] == (500, 610)
    assert line.values[11] == 1085
    assert set(page.month_sources) == {f"二审立案数：{SOURCE}", "二审立案数：七月月报"}
    text = client.get(PAGE).content.decode()
    assert "2018年各月累计数" in text


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("yanji,2019-06,appeals_filed,5", "只收2018年"),
        ("yanji,2018-06,appeals_filed,2000", "2018"),  # above the year's 1085
        ("yanji,2018-12,appeals_filed,1085", "没有要改的"),
        ("nowhere,2018-12,appeals_filed,1", "nowhere"),
    ],
)
def test_what_cannot_be_taken_is_said(
    year: QualityYear, office: User, rows: str, complaint: str
) -> None:
    file = SimpleUploadedFile("x.csv", f"court,month,metric,value\n{rows}\n".encode())
    answer = client_of(office).post(GIVE, {"upload": "1", "file": file, "source": SOURCE})
    assert complaint in answer.content.decode()
    assert not Motion.objects.exists()
    nothing = {"metric": "appeals_filed", "month": "12", "source": SOURCE, "value-yanji": " "}
    assert "没有要改的" in client_of(office).post(GIVE, nothing).content.decode()
    foreign = nothing | {"metric": "enforcement_closed", "value-yanji": "1"}
    assert client_of(office).post(GIVE, foreign).status_code == 403


@pytest.mark.parametrize("shown", ["own", "bands"])
def test_a_court_sees_its_own_row(year: QualityYear, desk: User, shown: str) -> None:
    """Eight grassroots courts less its own are seven: their sum tells none of them."""
    year.ranking_shown = shown
    year.save(update_fields=["ranking_shown"])
    page = page_for(desk)
    assert [row.name for row in table_of(page, "caps").rows] == ["延吉法院", "基层法院合计"]
    text = client_of(desk).get(PAGE).content.decode()
    assert "敦化" not in text
    assert "至少四个其他法院" in text
    for code in ("tumen", "dunhua", "longjing", "hunchun", "helong"):
        year.left_out.add(Court.objects.get(code=code))
    assert [row.name for row in table_of(page_for(desk), "caps").rows] == ["延吉法院"]


def test_tables_are_taken_away(year: QualityYear, office: User) -> None:
    client = client_of(office)
    text = client.get(PAGE, {"_export": "csv", "table": "caps"}).content.decode("utf-8-sig")
    assert "总计,382,,145,,73,,19,,19,,638,,67,571" in text
    assert client.get(PAGE, {"_export": "xlsx", "table": "table1"}).status_code == 200
    assert client.get(PAGE, {"_export": "csv", "table": "none"}).status_code == 404
    assert client.get(GIVE, {"month": "99", "metric": "none"}).status_code == 200


def test_constant_queries(year: QualityYear, office: User, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(office)
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(PAGE)
    more_courts(year, 12)
    with django_assert_num_queries(len(few)):
        client.get(PAGE)
