"""A register added by TOML alone: every page of it, from form and file to lots, list and paper."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courts.models import Court, QualityYear, RegisterDraw, RegisterLine, RegisterLineView
from courts.registers.selectors.counts import register_counts
from courts.rulebooks.services.supplements import store
from scoring.supplements import load_supplement
from tests.courts.registers.conftest import People
from tests.pages import client_of, made_year, year
from tests.scoring.made_register import MADE, NAME

__all__ = ["made_year", "year"]

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019/registers/"
PDF = b"%PDF-1.4\n%made up\n"
# A file in a field, beside what the made register has.
FILE = """
[[fields]]
code = "paper"
label = { zh = "材料", ko = "자료", en = "Paper" }
type = "file"
by = ["desk"]
required = "ended"
personal = true

"""
WITH_FILE = MADE.replace("[[counts]]", f"{FILE}[[counts]]", 1)
# The same kind of thing drawn by lot: the centre draws, the court's desk answers.
LOTS = (
    MADE.replace('code = "matters"', 'code = "lots"')
    .replace('zh = "事项"', 'zh = "抽查"')
    .replace('opened_by = ["desk"]', 'opened_by = ["centre"]\ndraw = "name"')
    .replace('by = ["desk"]\nrequired = "begun"', 'by = ["desk", "centre"]\nrequired = "begun"')
)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_tenth_register_by_toml_alone(made_year: QualityYear, people: People) -> None:
    """A line is entered, moved on with its file, counted, listed, taken away and printed."""
    store(year=made_year, said=load_supplement(NAME, WITH_FILE))
    desk, here = client_of(people["enforcement"]), f"{ROOT}matters/"
    assert "事项" in text_of(desk, ROOT)
    sent = {"seen": 0, "court": "yanji", "name": "查询", "kind": "big", "due_on": "2019-03-20"}
    lacking = desk.post(f"{here}new/", {**sent, "name": ""})
    assert "还没有填" in lacking.content.decode()
    assert desk.post(f"{here}new/", {**sent, "judge": "员工007"}).status_code == 302
    line = RegisterLine.objects.get(register="matters")
    assert (line.month, line.state, line.tallies.get().metric) == (
        3,
        "begun",
        "supervised_matters_due",
    )
    # The same line does not stand there twice.
    assert "台账里已有同样的记录" in desk.post(f"{here}new/", sent).content.decode()
    # What the state asks for has to be there, the file too; what is no paper is refused.
    address = f"{here}{line.pk}/"
    done = {**sent, "seen": 1, "judge": "员工007", "done_on": "2019-03-20", "to": "ended"}
    assert "还没有填：材料" in desk.post(address, done).content.decode()
    page = SimpleUploadedFile("材料.pdf", b"<html>", "application/pdf")
    assert "附件" in desk.post(address, {**done, "paper": page}).content.decode()
    paper = SimpleUploadedFile("材料.pdf", PDF)
    assert desk.post(address, {**done, "paper": paper}).status_code == 302
    assert {one.metric for one in line.tallies.all()} == {
        "supervised_matters_due",
        "supervised_matters_in_time",
    }
    file = line.files.get()
    taken = desk.get(f"{address}files/{file.pk}/")
    assert (taken.content, taken.headers["Content-Type"]) == (PDF, "application/pdf")
    assert client_of(people["elsewhere"]).get(f"{address}files/{file.pk}/").status_code == 403
    # The page says what it holds, its history and who looked; its paper leaves the forms out.
    shown = text_of(desk, address)
    for said in ("查询", "材料.pdf", "员工007", "改动", "谁看过", "打开附件", 'data-act="print"'):
        assert said in shown, said
    # Whoever saw the first version is told that it was changed.
    assert "刚被别人改过" in desk.post(address, done).content.decode()
    assert line.changes.count() == 2
    assert client_of(people["desk"]).get(here).status_code == 403

    # By table: the blank one, the preview, then what was confirmed.
    blank = desk.get(f"{here}import/?_export=csv").content.decode("utf-8-sig")
    assert "法院,名称,大小,到期,办结,分钟,承办人" in blank
    rows = "法院,名称,大小,到期\n延吉市人民法院,第二件,大,2019-04-01\n延吉,查询,大,2019-03-20\n"
    given = SimpleUploadedFile("rows.csv", rows.replace("延吉,", "延吉法院,").encode(), "text/csv")
    preview = desk.post(f"{here}import/", {"file": given}).content.decode()
    assert "第二件" in preview
    assert RegisterLine.objects.filter(register="matters").count() == 1
    confirmed = {
        name: re.findall(f'name="{name}" value="([^"]*)"', preview)[0]
        for name in ("key", "confirmed")
    }
    assert desk.post(f"{here}import/", confirmed).status_code == 302
    second = RegisterLine.objects.get(register="matters", number=2)
    assert (second.values["name"], second.month, second.state) == ("第二件", 4, "begun")
    # The same preview is not written twice.
    desk.post(f"{here}import/", confirmed)
    assert RegisterLine.objects.filter(register="matters").count() == 2

    # Listed, narrowed, taken away without what is personal; numbers by the same choices.
    assert "第二件" not in text_of(desk, f"{here}?kind=big&month=3")
    listed = text_of(desk, here)
    assert "第二件" in listed
    assert 'data-act="print"' in listed
    export = desk.get(f"{here}?_export=csv").content.decode("utf-8-sig")
    assert "第二件" in export
    assert "员工007" not in export
    assert desk.get(f"{here}?_export=xlsx").content.startswith(b"PK")
    numbers = desk.get(f"{here}statistics/?_export=csv").content.decode("utf-8-sig")
    assert "大小,延吉法院,大,2" in numbers
    assert "承办人,延吉法院,员工007,1" in numbers
    assert 'data-act="print"' in text_of(desk, f"{here}statistics/")
    # Two registers count the same; the first by its code leads: two big matters by April.
    counts = register_counts(made_year, [3, 4], [line.court_id])
    assert counts[line.court_id, 3, "supervised_matters_due"] == 1
    assert counts[line.court_id, 4, "supervised_matters_due"] == 2
    assert "事项" in text_of(desk, f"{ROOT}reconciliation/2019-12/")
    assert "打开事项" in text_of(desk, f"{ROOT}cases/2019-12/yanji/Q8/")


def test_another_draws_by_lot_and_anyone_draws_again(
    made_year: QualityYear, people: People
) -> None:
    """The centre draws three of ten; seed and list are printed, and give the same three again."""
    store(year=made_year, said=load_supplement("lots.toml", LOTS))
    centre, here = client_of(people["centre"]), f"{ROOT}lots/"
    # A line of it comes by lot alone.
    for page in ("new/", "import/"):
        assert centre.get(f"{here}{page}").status_code == 403
    numbers = [f"（2019）吉2401执{number}号" for number in range(10)]
    yanji = Court.objects.get(code="yanji")
    sent = {"court": yanji.pk, "month": 3, "wanted": 3, "numbers": "\n".join(numbers)}
    assert client_of(people["enforcement"]).post(f"{here}draws/", sent).status_code == 403
    few = centre.post(f"{here}draws/", {**sent, "wanted": 11}).content.decode()
    assert "清单里有10件" in few
    assert not RegisterDraw.objects.exists()
    answer = centre.post(f"{here}draws/", sent)
    draw = RegisterDraw.objects.get()
    assert answer.headers["Location"] == f"{here}draws/{draw.pk}/"
    # What the page tells anybody to do: the SHA-256 of seed, line feed and number, the smallest.
    mine = sorted(numbers, key=lambda one: sha256(f"{draw.seed}\n{one}".encode()).hexdigest())[:3]
    lines = RegisterLine.objects.filter(register="lots")
    assert {line.values["name"] for line in lines} == set(mine)
    assert {line.draw_id for line in lines} == {draw.pk}
    shown = text_of(centre, f"{here}draws/{draw.pk}/")
    for said in (draw.seed, draw.sha256, *mine, 'data-act="print"'):
        assert said in shown, said
    assert f"{here}draws/{draw.pk}/" in text_of(centre, f"{here}draws/")
    # Whoever saw the numbers is written down.
    assert RegisterLineView.objects.filter(register="lots", way="list", lines=10).exists()
    # The list in another order is the same list; one with a number less is told apart.
    again = {"numbers": "\n".join(reversed(numbers))}
    same = centre.post(f"{here}draws/{draw.pk}/", again).content.decode()
    assert "清单与摇号时的一致" in same
    drawn = re.findall(r"<li>(（2019）吉2401执\d+号)</li>", same)
    assert drawn == mine
    fewer = {"numbers": "\n".join(numbers[1:])}
    assert "不一致" in centre.post(f"{here}draws/{draw.pk}/", fewer).content.decode()
    assert RegisterDraw.objects.count() == 1
    # Drawn from another list: another seed.
    centre.post(f"{here}draws/", sent | {"numbers": "\n".join(f"{one}之一" for one in numbers)})
    assert len(set(RegisterDraw.objects.values_list("seed", flat=True))) == 2
    # The desk of the court answers what was drawn, and may not draw.
    desk = client_of(people["enforcement"])
    line = lines.filter(draw=draw).first()
    assert line is not None
    assert draw.at.strftime("%Y") in text_of(desk, f"{here}{line.pk}/")
    assert "button-main" not in text_of(desk, f"{here}draws/")
