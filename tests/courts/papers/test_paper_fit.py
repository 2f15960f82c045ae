"""Readable type of tables, strips of wide ones, red lines that fit, and the last page's parity."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from pypdf import PageObject

from courts.papers.document import (
    Cell,
    Column,
    Document,
    Heading,
    HeadLine,
    Paragraph,
    Row,
    Table,
    Text,
    words,
)
from courts.papers.fitting import SMALLEST, ems, fit, line_of, needs
from courts.papers.letterhead import WIDTH, head_lines
from courts.papers.pdf import pdf_of
from courts.papers.printing import printable
from courts.papers.strips import strips
from courts.papers.word import word_of
from courts.printing.pages import page_of
from courts.wording.court_names import short_korean_names
from tests.courts.papers.sample_papers import chinese_document, korean_document
from tests.courts.papers.test_papers import MM, PAGE_NUMBER, lines_of, pages_of

LONG_ZH = "积石山保安族东乡族撒拉族自治县人民法院文件"
LONG_KO = "적석산보안족동향족살라족자치현중급인민법원 문건"


def wide(language: str = "ko") -> Table:
    """Seventeen columns in four groups, with long headings."""
    title = "재심신청신소사건 재심률" if language == "ko" else "申请再审申诉案件再审率"
    groups = ("효력발생사건재심",) * 5 + ("",) + ("종합평가",) * 4 + ("핵심지표와관리",) * 6
    columns = [Column("법원", width=3)]
    columns += [
        Column(f"L{number} {title}", group, 2) for number, group in enumerate(groups, start=1)
    ]
    rows = tuple(
        Row(tuple(Cell((Text(text),)) for text in [name] + ["12.34"] * 16), is_apart=place == 1)
        for place, name in enumerate(("연길법원", "연변중급법원"))
    )
    note = Paragraph((Text("주"),))
    return Table((Text("점"),), tuple(columns), rows, True, (note,), "계속")


def test_a_wide_table_becomes_strips_that_fit_in_readable_type() -> None:
    for table in (wide("ko"), replace(wide("zh"), landscape=False)):
        cut = strips(table)
        assert len(cut) > 1
        assert [column for one in cut for column in one.columns[1:]] == list(table.columns[1:])
        assert {one.columns[0] for one in cut} == {table.columns[0]}
        assert {one.size for one in cut} == {cut[0].size}
        for one in cut:
            fitted = fit(one)
            assert fitted.size >= SMALLEST == 90
            assert fitted.keeps_words
            assert sum(fitted.widths) <= line_of(one)
            pairs = zip(needs(one, fitted.size), fitted.widths, strict=True)
            assert all(least <= width for least, width in pairs)
            for row, whole in zip(one.rows, table.rows, strict=True):
                assert row.cells[0] == whole.cells[0]
                assert row.is_apart == whole.is_apart
        assert [words(one.caption) for one in cut] == ["점"] + ["계속"] * (len(cut) - 1)
        assert [len(one.notes) for one in cut] == [0] * (len(cut) - 1) + [1]
        again = [cell for one in cut for cell in one.rows[0].cells[1:]]
        assert again == list(table.rows[0].cells[1:])


def test_strips_end_between_groups_where_they_can() -> None:
    # Of 45.8 points each nine fit beside the first column: with a cut 6 and 6, without one 4 and 8.
    columns = [Column("法院", width=3)]
    columns += [Column("99999.99", group) for group in "甲乙丙" for _number in range(4)]
    table = Table((), tuple(columns), (), landscape=False)
    assert [[column.group for column in one.columns[1:]] for one in strips(table)] == [
        list("甲甲甲甲"),
        list("乙乙乙乙丙丙丙丙"),
    ]
    assert strips(replace(table, columns=table.columns[:5], rows=())) == (
        replace(table, columns=table.columns[:5]),
    )


@pytest.mark.parametrize("document", [chinese_document(), korean_document()])
def test_no_type_of_a_paper_is_smaller_than_nine_points(document: Document) -> None:
    assert min(sizes(pages_of(pdf_of(document)))) >= 9
    with zipfile.ZipFile(io.BytesIO(word_of(document))) as archive:
        markup = archive.read("word/document.xml").decode()
    assert min(int(size) for size in re.findall(r'<w:sz w:val="(\d+)"', markup)) >= 18
    assert set(re.findall(r"paper-type-(\d+)", page_of(document).split("</style>")[1])) <= {
        "90",
        "105",
        "120",
    }


def sizes(pages: list[PageObject]) -> set[float]:
    """The sizes of type on pages, in points."""
    found: set[float] = set()

    def visit(text: str, cm: list[float], at: list[float], _font: object, size: float) -> None:
        if text.strip():
            scale = max(abs(at[0]), abs(at[1])) * max(abs(cm[0]), abs(cm[1]))
            found.add(round(size * scale, 1))

    for page in pages:
        page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(
    ("line", "lines", "points"),
    [
        # 16 signs on one line of 436.2 points.
        (HeadLine("延边朝鲜族自治州中级人民法院文件"), 1, 27.2),
        (HeadLine("某市法院文件", size=300), 1, 30.0),
        # 21 signs would be 20.7 points: broken behind 自治县, 15 and 6 signs.
        (HeadLine(LONG_ZH), 2, 29.0),
        (HeadLine(LONG_KO, "ko"), 1, 18.4),
        # Where nothing can be broken type becomes smaller than the smallest size.
        (HeadLine("某" * 40), 1, 10.9),
    ],
)
def test_red_lines_fit_by_rule(line: HeadLine, lines: int, points: float) -> None:
    found, size = head_lines(line)
    assert len(found) == lines
    assert size / 10 == pytest.approx(points, abs=0.1)
    assert all(ems(text) * size <= 100 * WIDTH for text in found)
    assert "".join("".join(found).split()) == "".join(line.text.split())


def test_a_very_long_name_stays_within_the_block_in_both_scripts() -> None:
    head = (HeadLine(LONG_KO * 2, "ko"), HeadLine(LONG_ZH))
    document = replace(chinese_document(), head=head, signature=(LONG_ZH,))
    wanted = [text for line in head for text in head_lines(line)[0]]
    assert len(wanted) > 3
    page = pages_of(pdf_of(document))[0]
    printed = {
        "".join(text for _x, text in sorted(found)).replace(" ", "").strip(): found
        for found in lines_of(page).values()
    }
    for text in wanted:
        found = printed[text.replace(" ", "")]
        # The block begins 28 mm from the left edge and is 156 mm wide.
        assert min(x for x, _text in found) >= 28 * MM - 0.5
    with zipfile.ZipFile(io.BytesIO(word_of(document))) as archive:
        markup = archive.read("word/document.xml").decode()
    assert markup.count("<w:br/>") == len(wanted) - len(head)
    assert page_of(document).count("<span>" + wanted[0]) == 1


def test_the_imprint_stands_on_an_even_page_wherever_the_body_ends() -> None:
    held = chinese_document()
    seen = set()
    for lines in (1, 12, 13, 14, 15, 30, 36, 37):
        blocks = tuple(Paragraph((Text("正文"),)) for _line in range(lines))
        document = replace(held, blocks=blocks, annexes=(), annex_list=())
        pages = pages_of(pdf_of(document))
        assert [
            number for number, page in enumerate(pages, 1) if "抄送" in page.extract_text()
        ] == [len(pages)]
        assert len(pages) % 2 == 0
        shown = [PAGE_NUMBER.search(page.extract_text()) for page in pages]
        assert [int(one[1]) for one in shown if one] == list(range(1, len(pages) + 1))
        seen.add(len(pages))
    assert seen >= {2, 4}


def test_no_heading_of_a_korean_paper_ends_a_page() -> None:
    blocks = (Heading(1, (Text("제목"),)), Paragraph((Text("본문 " * 30),))) * 30
    document = replace(korean_document(), blocks=blocks, annexes=(), annex_list=())
    for page in pages_of(pdf_of(document))[:-1]:
        lines = lines_of(page)
        lowest = min(y for y in lines if y > 34 * MM)
        assert "제목" not in "".join(text for _x, text in lines[lowest])


def test_short_korean_names_of_courts() -> None:
    names = {
        "yanbian": "연변조선족자치주중급인민법원",
        "yanji": "연길시인민법원",
        "antu": "안도현인민법원",
        "other": "",
    }
    assert list(short_korean_names(names).values()) == ["연변중급법원", "연길법원", "안도법원", ""]
    # Two that would be called alike keep their full names.
    twins = {"a": "연길시인민법원", "b": "연길현인민법원"}
    assert short_korean_names(twins) == twins


def test_every_renderer_prints_the_same_strips() -> None:
    document = printable(korean_document())
    tables = [one for annex in document.annexes for one in annex.blocks if isinstance(one, Table)]
    assert len(tables) > 1
    with zipfile.ZipFile(io.BytesIO(word_of(korean_document()))) as archive:
        markup = archive.read("word/document.xml").decode()
    body = [one for one in document.blocks if isinstance(one, Table)]
    assert markup.count("<w:tbl>") == len(tables) + len(body)
    assert page_of(korean_document()).count("<table>") == len(tables) + len(body)
