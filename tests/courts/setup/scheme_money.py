"""Owns the part of a scheme's walk that takes and shows amounts: typed in 元, held in 分.

An amount goes through every way that figures take beside the returns: an extract that differs, the
settlement, figures of the year before, a trial and its scenario, a correction of a closed month.
"""

from __future__ import annotations

import json
import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from courts.bulletins.selectors.prose.drafts import draft
from courts.bulletins.selectors.prose.month import BulletinMonth
from courts.closings.selectors.snapshots import frozen_of, stored
from courts.models import (
    Bulletin,
    Difference,
    ExtractFigure,
    Figure,
    MonthlyReturn,
    Motion,
    Objection,
    QualityYear,
    Restatement,
    Snapshot,
)
from courts.years.selectors.years import rulebook_of
from scoring.bulletins import BaseTable, BulletinRules
from scoring.facts import Month
from scoring.schema import Text
from tests.courts.setup.scheme_walk import Walk, page

COURT, METRIC = "ranks-east", "owed"
# So many times the amounts of the worked cases, which leaves their rates as they are: what a large
# court has in a year, far above what a count may be.
TIMES = 100_000_001
# What the extract says where the court said 100000001000.00; as figures are held, 分.
EXTRACTED = 12345000123450


def text_of(walk: Walk, who: str, address: str) -> str:
    """What a page says, without its marks."""
    html = walk.get(who, address).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def amounts_by_files(walk: Walk, year: QualityYear, month: Month) -> None:
    """Amounts of an open month: in the desk's workbook, its own table, a pasted block; in 元."""
    who, place = f"desk-{COURT}", (year.code, COURT, str(month), "enforcement")
    book = load_workbook(BytesIO(walk.get(who, page("return_template", *place)).content))
    sheet = book.worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    rows["owed"][5].value, rows["recovered"][5].value = 12345678901.23, 12345678901.2
    rows["received"][5].value = 100
    (rule,) = (
        one for one in sheet.data_validations.dataValidation if rows["owed"][5].coordinate in one
    )
    assert (rule.type, rule.formula2) == ("decimal", "999999999999.99")
    assert "0至999999999999.99元" in rule.error
    saved = BytesIO()
    book.save(saved)
    upload_amounts(walk, place, SimpleUploadedFile("t.xlsx", saved.getvalue()))
    held = Figure.objects.filter(monthly_return__month=month.month)
    assert set(held.values_list("metric", "value")) == {
        ("owed", 1234567890123),
        ("recovered", 1234567890120),
        ("received", 100),
    }
    # A table of texts, as another system prints it; one amount has a 分 too many.
    lines = '指标,本月累计\n申请标的（元）,"23,456,789,012.34"\n到位金额,1.005\n'
    table = SimpleUploadedFile("t.csv", lines.encode())
    shown = walk.post(who, page("upload", *place), {"file": table}).content.decode()
    assert "最多两位小数" in shown
    walk.post(who, page("upload_discard", *place), {})
    lines = lines.replace("1.005", "999999999999.99")
    upload_amounts(walk, place, SimpleUploadedFile("t.csv", lines.encode()))
    assert dict(held.values_list("metric", "value")) == {
        "owed": 2345678901234,
        "recovered": 99999999999999,
        "received": 100,
    }
    pasted = {"text": "申请标的\t34567890123.45\n到位金额\t1000000000000", "metric": "owed"}
    answer = walk.clients[who].post(
        page("return_paste", *place), json.dumps(pasted), content_type="application/json"
    )
    pairs = {pair["metric"]: pair for pair in answer.json()["pairs"]}
    assert pairs["owed"]["text"] == "34567890123.45"
    assert pairs["owed"]["stored"] == "23456789012.34"
    assert "最多为 999999999999.99元" in pairs["recovered"]["fault"]
    assert 'value="23456789012.34"' in walk.get(who, page("return", *place)).content.decode()


def upload_amounts(walk: Walk, place: tuple[str, ...], file: SimpleUploadedFile) -> None:
    """Hand a file in for a return, look at it, and take all that it says."""
    who = f"desk-{COURT}"
    shown = walk.post(who, page("upload", *place), {"file": file})
    html = shown.content.decode()
    walk.pages.append((page("upload", *place), html))
    picks = re.findall(r'name="pick" value="([^"]+)"', html)
    (digest,) = set(re.findall(r'name="sha256" value="([0-9a-f]{64})"', html))
    sent = {"sha256": digest, "pick": picks, "agreed": "yes"}
    walk.post(who, page("upload_confirm", *place), sent)


def amounts_before_closing(walk: Walk, year: QualityYear, month: Month) -> None:
    """An extract with another amount, settled for the return; amounts of the year before."""
    who = walk.of_office(rulebook_of(year), "enforcement", 1)
    lines = f"court,month,metric,value\n{COURT},{month},{METRIC},123450001234.50\n"
    file = SimpleUploadedFile("owed.csv", lines.encode())
    shown = walk.post(who, page("extracts", year.code), {"source": "执行系统", "file": file})
    text = shown.content.decode()
    assert "123450001234.50" in text
    assert "100000001000.00" in text
    walk.post(who, page("extracts_confirm", year.code), {"ticket": shown.context["ticket"]})
    motion = Motion.objects.get(kind=Motion.Kind.EXTRACT)
    assert "123450001234.50" in text_of(walk, who, page("motion", year.code, motion.pk))
    walk.confirm_motions(year)
    assert ExtractFigure.objects.get(metric=METRIC).value == EXTRACTED

    address = page("difference", year.code, COURT, month, METRIC)
    for reader in (who, f"desk-{COURT}"):
        text = text_of(walk, reader, address)
        assert "123450001234.50" in text
        assert "100000001000.00" in text
        assert "+23450000234.50" in text
    text = text_of(walk, who, page("differences", year.code))
    assert "123450001234.50 100000001000.00 +23450000234.50" in text
    sent = walk.get(who, page("differences", year.code) + "?_export=csv").content.decode()
    assert ",123450001234.50,100000001000.00,23450000234.50," in sent
    grid = page("return", year.code, COURT, month, "enforcement")
    for shown in (grid, page("scorecard", year.code, month, COURT)):
        assert "123450001234.50" in text_of(walk, who, shown)
    seen = walk.clients[who].get(address).context["page"].line
    data = {"act": "settle", "stands": "return", "note": "以台账为准", "version": seen.version}
    data |= {"extract_value": seen.extract_value, "court_value": seen.court_value}
    walk.post(who, address, data)
    motion = Motion.objects.get(kind=Motion.Kind.SETTLEMENT)
    text = text_of(walk, who, page("motion", year.code, motion.pk))
    assert "提取数据 123450001234.50，法院填报 100000001000.00" in text
    walk.confirm_motions(year)
    assert Difference.objects.get().state == "return"

    walk.give_base(year, {METRIC: dict.fromkeys(list(walk.courts)[1:], "80000000800.10")})
    before = Figure.objects.filter(metric=METRIC, monthly_return__year=year.year - 1)
    assert set(before.values_list("value", flat=True)) == {8000000080010}
    assert "80000000800.10" in text_of(walk, who, page("base", year.code))
    text = walk.get(who, f"{page('base', year.code)}?_export=csv&table=others").content.decode()
    assert "河东法院,80000000800.10,100000001000.00" in text
    assert "80000000800.10" in text_of(walk, who, f"{page('base_give', year.code)}?metric={METRIC}")
    given = SimpleUploadedFile("b.csv", f"{lines.replace('2019', '2018')}".encode())
    walk.post(
        who, page("base_give", year.code), {"upload": "1", "file": given, "source": "上年年报"}
    )
    motion = Motion.objects.get(state="waiting")
    text = text_of(walk, who, page("motion", year.code, motion.pk))
    assert "80000000800.10" in text
    assert "123450001234.50" in text
    walk.post(who, page("motion", year.code, motion.pk), {"act": "withdraw"})


def amounts_after_publishing(walk: Walk, year: QualityYear, month: Month) -> None:
    """A trial with another amount; a correction of the closed month, looked at and withdrawn."""
    who = walk.of_office(rulebook_of(year), "enforcement", 1)
    address = page("what_if", year.code, month, COURT)
    shown = walk.get(f"desk-{COURT}", f"{address}?recovered=61250000612.5")
    tried = {one.code: one for one in shown.context["page"].figures}["recovered"]
    assert (tried.now, tried.tried) == (5000000050000, 6125000061250)
    text = shown.content.decode()
    assert 'value="61250000612.50"' in text
    assert 'data-now="50000000500.00"' in text
    assert "recovered=61250000612.50" in text
    assert (
        "最多两位小数" in walk.get(f"desk-{COURT}", f"{address}?recovered=1.005").content.decode()
    )

    new = page("scenario_new", year.code, month, COURT) + "?recovered=61250000612.50"
    walk.post(f"desk-{COURT}", new, {"title": "多到位一些"})
    listed = page("scenarios", year.code, month, COURT)
    pk = walk.get(f"desk-{COURT}", listed).context["page"].lines[0].pk
    assert "61250000612.50" in text_of(walk, f"desk-{COURT}", f"{listed}?with={pk}")

    data = {
        "court-0": "ranks-west",
        "month-0": str(month),
        "metric-0": METRIC,
        "value-0": "99999999999.99",
    }
    walk.post(who, page("restatement_new", year.code), {**data, "reason": "台账有误"})
    row = Restatement.objects.get()
    assert row.data["rows"][0]["value"] == 9999999999999
    text = text_of(walk, who, page("restatement", year.code, row.pk))
    assert "100000001000.00 99999999999.99" in text
    walk.post(who, page("restatement", year.code, row.pk), {"act": "withdraw"})
    text = text_of(walk, who, page("restatement", year.code, row.pk))
    assert "100000001000.00 99999999999.99" in text
    amounts_objected_to(walk, year)
    for name in ("audit", "consultations"):
        walk.get(who, page(name, year.code))
    address = page("audit", year.code) + f"?metric={METRIC}"
    assert "100000001000.00" in text_of(walk, who, address)


def amounts_in_an_annex(snapshot: Snapshot) -> None:
    """A table of base data as a scheme's words ask for one; the court above reports nothing."""
    month = BulletinMonth(stored(snapshot), frozen_of(snapshot))
    table = BaseTable(Text("执行标的"), ("owed", "recovered"), "二2")
    month.__dict__["words"] = BulletinRules(tables=(table,))
    made = draft(month)
    told = made.ledger.numbers
    shown = {key: one.text for key, one in told.items()}
    assert shown[f"court/{COURT}:owed:current"] == "100000001000.00"
    assert shown["court/ranks-west:owed:annual"] == "80000000800.10"
    assert "court/ranks-top:owed:current" not in shown


def amounts_objected_to(walk: Walk, year: QualityYear) -> None:
    """A court objects to an amount of the issue; the office proposes another, in 元."""
    who = walk.of_office(rulebook_of(year), "enforcement", 2)
    issue = Bulletin.objects.get()
    address = page("objection_new", year.code, issue.pk)
    assert "50000000500.00" in text_of(walk, f"desk-{COURT}", address)
    sent = {"line": "figure/recovered", "text": "漏记一件"}
    walk.post(f"desk-{COURT}", address, sent)
    row = Objection.objects.get()
    address = page("objection", year.code, row.pk)
    for reader in (who, f"desk-{COURT}"):
        assert "通报的数值 50000000500.00" in text_of(walk, reader, address)
    answer = {"act": "answer", "seen": row.version, "outcome": "restatement", "answer": "属实"}
    refused = walk.post(who, address, answer | {"value": "1000000000000"})
    assert "最多为 999999999999.99元" in refused.content.decode()
    walk.post(who, address, answer | {"value": "50,000,000,500.5"})
    proposed = Restatement.objects.latest("pk")
    assert proposed.data["rows"][0]["value"] == 5000000050050
    address = page("restatement", year.code, proposed.pk)
    assert "50000000500.00 50000000500.50" in text_of(walk, who, address)
    walk.post(who, address, {"act": "withdraw"})


def amounts_in_the_record(walk: Walk) -> None:
    """The administration's lists, rows and their histories."""
    figure = Figure.objects.get(
        metric="recovered", monthly_return__month=11, monthly_return__court__code=COURT
    )
    kept = figure.monthly_return
    for model, row, name in (
        ("figure", figure, "history"),
        ("figure", figure, "change"),
        ("monthlyreturn", kept, "change"),
    ):
        text = text_of(walk, "admin", reverse(f"admin:courts_{model}_{name}", args=[row.pk]))
        assert "999999999999.99" in text, (model, name)
        assert ("12345678901.20" in text) is (name == "history")
    MonthlyReturn.objects.filter(pk=kept.pk).update(verified_figures={"owed": 10000000100000})
    kept.refresh_from_db()
    kept.save()
    address = reverse("admin:courts_monthlyreturn_history", args=[kept.pk])
    assert "申请标的 100000001000.00" in text_of(walk, "admin", address)


def amounts_in_hundredths(walk: Walk, held: set[int]) -> list[tuple[str, str]]:
    """The pages kept so far that show an amount as it is held, in 分."""
    shown = re.compile(rf"(?<![\d.,]){'|'.join(map(str, sorted(held)))}(?![\d.,])")
    return [
        (address, found[0])
        for address, text in walk.words()
        if (found := shown.search(text)) is not None
    ]
