"""What a draft says: every sentence worked by hand, in both languages, with its source."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.utils import translation

from courts.bulletins.selectors.documents import document_of
from courts.bulletins.selectors.prose.drafts import draft
from courts.bulletins.selectors.prose.issues import prose_of
from courts.bulletins.selectors.prose.month import Area, BulletinMonth
from courts.bulletins.selectors.prose.numbers import Ledger
from courts.bulletins.selectors.prose.pen import Pen
from courts.bulletins.selectors.prose.problems import months_missed
from courts.bulletins.selectors.prose.sums import SumBasis, Summed
from courts.bulletins.services.prose import make_draft
from courts.closings.selectors.snapshots import compose, inputs_of
from courts.models import Bulletin, Cap, QualityYear, User
from courts.papers.document import Field, Paragraph, Table, Typed, block_texts
from courts.papers.tokens import plain, typed_numbers
from courts.snapshots.verification import frozen
from scoring.facts import Month
from tests.courts.issue_fixtures import closed_month, people_of_issuing
from tests.pages import client_of, give

pytestmark = pytest.mark.django_db
BOTH = ("litigation", "enforcement")
AT = datetime(2020, 1, 8, 9, tzinfo=UTC)
OVERTURNED = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)


def told(year: QualityYear, month: int = 12, sides=BOTH, earlier=()) -> BulletinMonth:
    parts = compose(inputs_of(year, Month(2019, month)), sides, [], data_at=AT)
    return BulletinMonth(parts, frozen(parts), tuple(earlier))


def texts(month: BulletinMonth, language: str = "zh") -> dict[str, str]:
    """The blocks of a draft as they are read."""
    made = draft(month, language)
    numbers = made.ledger.numbers
    return {block.key: plain(block.text, numbers) for block in made.blocks}  # type: ignore[arg-type]


def give_sums(year: QualityYear, month: int, sums: dict[str, int]) -> None:
    """Litigation of a month with so many overturned cases a court, all revised on appeal."""
    others = OVERTURNED[1:]
    rows = [(court, f"2019-{month:02}", "appeal_revised", n) for court, n in sums.items()]
    rows += [(court, f"2019-{month:02}", code, 0) for court in sums for code in others]
    give(year, *rows)


def test_at_the_cap_the_sum_fell_by_the_percent_of_the_notice(year: QualityYear) -> None:
    """附件1·一: of 638 cases 67 fewer, 10.50 percent; 60 of them of the intermediate court."""
    give_sums(year, 12, {cap.court.code: cap.cap_cases for cap in Cap.objects.all()})
    assert texts(told(year))["overall.cap"] == (
        "全州法院发改指案件571件，同比减少67件、下降10.50%（上年同期638件），"
        "占全年上限571件的100.00%，在控制目标以内。"
        # 571 − 67 = 504 … of the grassroots courts: 638 − 67 = 571 before, 571 − 60 = 511 now.
        "其中：基层法院511件，同比减少60件、下降10.51%（上年同期571件），"
        "占全年上限511件的100.00%，在控制目标以内；"
        "延边中院60件，同比减少7件、下降10.45%（上年同期67件），"
        "占全年上限60件的100.00%，在控制目标以内。"
    )


def test_before_december_the_whole_year_is_compared_by_the_month(year: QualityYear) -> None:
    """638 × 6/12 = 319; 290 is 29 fewer: 29/319 = 9.0909 percent. It is no 同比."""
    sums = dict.fromkeys((cap.court.code for cap in Cap.objects.all()), 30)
    give_sums(year, 6, sums | {"yanji": 50})
    said = texts(told(year, 6))
    assert said["overall.cap"].startswith(
        "全州法院发改指案件290件，与2018年全年按月折算数（319件）相比下降9.09%，占全年上限571件的50.79%"
    )
    assert "同比" not in said["overall.cap"] + said["litigation.L1"]
    annual = {block.key: block.is_annual for block in draft(told(year, 6)).blocks}
    assert annual["litigation.L1"]
    assert not annual["intro.data"]


def test_over_the_cap_is_a_problem_with_court_figure_and_month(year: QualityYear) -> None:
    sums = {cap.court.code: cap.cap_cases for cap in Cap.objects.all()}
    give_sums(year, 12, sums | {"tumen": 21})
    said = texts(told(year))
    assert said["problems.cap"] == (
        "超过全年控制上限。图们法院截至12月发改指案件21件，超过全年上限20件。"
    )
    # What follows has who and until when; no cause is made up.
    assert said["measures.1"] == (
        "对发改指案件逐案评查，评查结果反馈原承办法官。责任单位：有关法院；完成期限：2020年1月底。"
    )
    assert not any("原因" in text for key, text in said.items() if key.startswith("problems."))


def test_returns_that_did_not_count_are_named(year: QualityYear) -> None:
    give_sums(year, 12, {"yanji": 100})
    said = texts(told(year, sides=("litigation",)))
    assert "诉讼报表尚未核实的有延边中院、图们法院" in said["intro.gaps"]
    assert "延吉法院" not in said["intro.gaps"]
    assert said["problems.overdue"].endswith("安图法院12月诉讼报表在关账时尚未报送或核实。")
    # One side alone has its points, no total and no rank.
    made = draft(told(year, sides=("litigation",)))
    assert made.title.endswith("通报（诉讼）")
    assert [column.title for column in made.points.columns] == ["法院", "诉讼"]
    assert not any("总分" in plain(b.text, made.ledger.numbers) for b in made.blocks)  # type: ignore[arg-type]


def test_a_target_missed_in_a_row_is_told_with_its_months(made_year: QualityYear) -> None:
    """C3 of Dunhua: 87.50 percent in December and, with the same figures, in November."""
    december = told(made_year)
    rows = [
        (court, "2019-11", code, value)
        for court, held in december.court.items()
        for code, value in held.facts.current.items()
    ]
    give(made_year, *(row for row in rows))
    november = told(made_year, 11)
    december = told(made_year, earlier=(november,))
    court, item = december.court["dunhua"], december.item["C3"]
    assert months_missed(december, court, item) == 2
    assert months_missed(told(made_year), court, item) == 1
    said = texts(december)["problems.target"]
    assert "信访办结率未达目标的有敦化法院连续2个月（截至12月为87.50%）" in said


def test_ranks_that_moved_are_told_by_places(made_year: QualityYear) -> None:
    """Yanji, first in December, had no enforcement points in November: its return was missing."""
    base = told(made_year)
    assert base.court["yanji"].rank == 1
    rows = [
        (code, "2019-11", metric, value)
        for code, held in base.court.items()
        for metric, value in held.facts.current.items()
        if code != "yanji" or base.rulebook.metrics[metric].side.value == "litigation"
    ]
    give(made_year, *rows)
    month = told(made_year, earlier=(told(made_year, 11),))
    before = month.court["yanji"].before
    assert before is not None
    places = before["rank"] - 1
    assert places > 0
    assert f"延吉法院上升{places}位，列第1位" in texts(month)["overall.moves"]


@pytest.mark.parametrize("language", ["zh", "ko"])
@pytest.mark.parametrize("sides", [BOTH, ("enforcement",)])
def test_every_number_is_live_and_the_checker_finds_nothing(
    made_year: QualityYear, language: str, sides: tuple[str, ...]
) -> None:
    people = people_of_issuing()
    snapshot = closed_month(made_year, people["office"], sides=sides)
    issue = make_draft(user=people["centre"], snapshot=snapshot, in_korean=True)
    prose = prose_of(issue, language)
    for block in prose.blocks:
        bare = re.sub("⟦[^⟧]*⟧", "", block.text)
        assert [one.group() for one in typed_numbers(bare, prose.names)] == [], block.key
        assert prose.findings(block) == (), block.key
    # The same snapshot gives the same draft, number by number.
    again = draft(prose.month, language)
    assert again.blocks == prose.drafted.blocks
    assert again.ledger.numbers == prose.drafted.ledger.numbers
    # Both languages print the same numbers.
    other = prose_of(issue, "ko" if language == "zh" else "zh")
    keys = {key for key in prose.numbers if not key.startswith(("month:", "rules:"))}
    assert {key: prose.numbers[key].text for key in keys} == {
        key: other.numbers[key].text for key in keys
    }


def test_the_numbers_of_the_prose_are_those_of_its_tables(made_year: QualityYear) -> None:
    """Recomputed from annex 2's cells, which a reader adds up."""
    made = draft(told(made_year))
    [table] = [
        block
        for annex in made.annexes
        if "控制目标" in annex.title
        for block in annex.blocks
        if isinstance(block, Table)
    ]
    cells = {
        row.cells[0].runs[0].text: ["".join(run.text for run in cell.runs) for cell in row.cells]
        for row in table.rows
    }
    place = [column.title for column in table.columns]
    last, now = (index for index, title in enumerate(place) if title == "合计")
    courts = [held for name, held in cells.items() if name != "合计"]
    total, before = sum(int(row[now]) for row in courts), sum(int(row[last]) for row in courts)
    assert (str(total), str(before)) == (cells["合计"][now], cells["合计"][last])
    said = plain(
        next(block.text for block in made.blocks if block.key == "overall.cap"),
        made.ledger.numbers,  # type: ignore[arg-type]
    )
    percent = f"{(before - total) * 100 / before:.2f}"
    assert f"发改指案件{total}件，同比减少{before - total}件、下降{percent}%" in said
    # Every court adds up along its row, and its cell of annex 1 is the snapshot's point.
    for row in courts:
        assert int(row[now]) == sum(map(int, row[last + 1 : now]))


def test_the_goals_count_what_the_directions_show(made_year: QualityYear, office: User) -> None:
    """The two lines of 正文二, counted again in the table of directions of all courts."""
    client = client_of(office)
    csv_text = client.get("/yanbian-2019/2019-12/direction/?_export=csv").content.decode(
        "utf-8-sig"
    )
    rows = [row for row in csv.reader(io.StringIO(csv_text)) if row[:1] == ["全部法院"]]
    said = texts(told(made_year))
    adverse = [row for row in rows if row[2].startswith("L") and row[4] == "越低越好" and row[5]]
    fell = sum(row[9].startswith("-") for row in adverse)
    assert f"逆向指标{len(adverse)}项，下降的{fell}项" in said["litigation.goal1"]
    against = [row for row in rows if "平均值" in row[6]]
    better = sum(row[11] == "向好" for row in against)
    assert len(against) > 5
    (line,) = [text for key, text in said.items() if key.startswith("enforcement.goal")]
    assert f"{len(against)}项指标中，优于平均值的{better}项" in line


@pytest.fixture
def pen(year: QualityYear) -> Pen:
    return Pen(told(year), "zh", Ledger())


def summed(pen: Pen, item: str, now: Fraction | int, before: Fraction | int, **more) -> Summed:
    return Summed(
        item=pen.month.item[item],
        area=Area.ALL,
        value=Fraction(now),
        before=Fraction(before),
        basis=more.pop("basis", SumBasis.SAME),
        courts=(),
        missing=(),
        **more,
    )


@pytest.mark.parametrize(
    ("item", "now", "before", "basis", "expected"),
    [
        ("L4.2", 3, 0, SumBasis.SAME, "上年同期为0件"),
        ("L4.2", 0, 0, SumBasis.SAME, "同比持平（上年同期0件）"),
        ("L4.2", 51, 51, SumBasis.SAME, "同比持平（上年同期51件）"),
        ("L4.2", 48, 51, SumBasis.SAME, "同比减少3件、下降5.88%（上年同期51件）"),
        ("L4.2", 52, 51, SumBasis.SAME, "同比增加1件、上升1.96%（上年同期51件）"),
        # 1 of 30000 is 0.0033 percent, which would print as none.
        ("L4.2", 30001, 30000, SumBasis.SAME, "同比增加1件（上年同期30000件）"),
        # 51 × 5/12 = 21.25.
        (
            "L4.2",
            17,
            Fraction(85, 4),
            SumBasis.PRORATED,
            "与2018年全年按月折算数（21.25件）相比下降20.00%",
        ),
        ("L4.2", 51, 102, SumBasis.ANNUAL, "与2018年全年数（102件）相比下降50.00%"),
        # Of rates the printed ones are subtracted: 33.33 − 66.67 is 33.34, exact 33.33….
        (
            "C2",
            Fraction(100, 3),
            Fraction(200, 3),
            SumBasis.SAME,
            "同比下降33.34个百分点（上年同期66.67%）",
        ),
        ("C2", 80, Fraction("80.004"), SumBasis.SAME, "同比持平（上年同期80.00%）"),
        (
            "C2",
            82,
            80,
            SumBasis.PRORATED,
            "与2018年全年（80.00%）相比上升2.00个百分点",
        ),
        ("Q7", Fraction("140.1"), 155, SumBasis.SAME, "同比缩短14.90天（上年同期155.00天）"),
    ],
)  # fmt: skip
def test_a_change_is_worded_by_what_changed(
    pen: Pen, item: str, now, before, basis: SumBasis, expected: str
) -> None:
    one = summed(pen, item, now, before, basis=basis)
    with translation.override("zh-hans"):
        _token, text = pen.value(one)
        said = pen.change(one, text)
    assert plain(said, pen.ledger.numbers) == expected  # type: ignore[arg-type]


def test_a_rate_of_few_cases_gives_the_counts(pen: Pen) -> None:
    with translation.override("zh-hans"):
        few = summed(pen, "C4", 80, 90, cases=4, whole=5)
        assert plain(pen.counts(few), pen.ledger.numbers) == "（5件中4件）"  # type: ignore[arg-type]
        assert pen.counts(summed(pen, "C4", 80, 90, cases=80, whole=100)) == ""


def test_a_key_never_stands_for_two_numbers() -> None:
    ledger = Ledger()
    ledger.put("a", "1")
    assert ledger.put("a", "1") == "⟦a⟧"
    with pytest.raises(ValueError, match="a is 1 and 2"):
        ledger.put("a", "2")


def test_the_document_is_put_together_in_both_languages(made_year: QualityYear) -> None:
    people = people_of_issuing()
    snapshot = closed_month(made_year, people["office"])
    issue = make_draft(user=people["office2"], snapshot=snapshot, in_korean=True)
    Bulletin.objects.filter(pk=issue.pk).update(
        number=3, number_year=2020, dated_on=date(2020, 1, 8)
    )
    issue.refresh_from_db()
    paper = document_of(issue, "zh")
    assert paper.title == ("关于2019年1—12月全州法院", "“审判执行质量年”活动考核情况的通报")
    assert [line.language for line in paper.head] == ["ko", "zh"]
    assert (paper.addressee, paper.date) == ("各县（市）人民法院，本院各部门：", "2020年1月8日")
    assert paper.imprint.printed_on == "2020年1月8日印发"
    assert [annex.label for annex in paper.annexes] == ["附件1", "附件2", "附件3", "附件4"]
    assert paper.annexes[0].is_landscape
    # Nine courts by every item of either level, the total, and the name before them.
    [points] = paper.annexes[0].blocks
    assert isinstance(points, Table)
    assert (len(points.rows), len(points.columns)) == (9, 28 + 2)
    assert paper.stamp == snapshot.sha256
    runs = [run for block in paper.blocks if isinstance(block, Paragraph) for run in block.runs]
    assert any(isinstance(run, Field) and run.key == "all:L1:value" for run in runs)
    assert not any(isinstance(run, Typed) for run in runs)
    korean = document_of(issue, "ko")
    assert korean.date == "2020년 1월 8일"
    assert len(korean.blocks) == len(paper.blocks)
    assert not re.search("[\u4e00-\u9fff]", "".join(block_texts(korean.blocks)))
