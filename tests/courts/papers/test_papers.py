"""One document as page, Word file and PDF: one set of numbers, and the layout of GB/T 9704-2012."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from django.template.loader import render_to_string
from pypdf import PageObject, PdfReader

from courts.bulletins.paper_files import paper_files, template_hash
from courts.papers.document import (
    Annex,
    Document,
    Heading,
    HeadLine,
    Imprint,
    Marks,
    Paragraph,
    Table,
    Text,
)
from courts.papers.numbers import missing_texts, numbers, numbers_of, pieces_of_word
from courts.papers.pdf import font_set, pdf_of, roles_for
from courts.papers.template_parts import part_faults
from courts.papers.word import word_of
from courts.papers.word_file import built_in_template
from courts.printing.pages import page_of, paper_data
from tests.courts.papers.page_texts import pieces_of_html
from tests.courts.papers.sample_papers import chinese_document, korean_document, points_table

MM = 72 / 25.4
BOTH = pytest.mark.parametrize("document", [chinese_document(), korean_document()])
PAGE_NUMBER = re.compile(r"— ([0-9]+) —")
HOSTILE = (
    '<script>alert(1)</script> =cmd|"/c calc"!A1 #read("/etc/passwd") {{ number }} $x$ &amp; 97'
)


def lines_of(page: PageObject) -> dict[float, list[tuple[float, str]]]:
    """The texts of a page by their height above its foot, with where they begin."""
    found: dict[float, list[tuple[float, str]]] = {}

    def visit(text: str, cm: list[float], at: list[float], _font: object, _size: object) -> None:
        if text.strip():
            left = at[4] * cm[0] + at[5] * cm[2] + cm[4]
            height = at[4] * cm[1] + at[5] * cm[3] + cm[5]
            found.setdefault(round(height, 1), []).append((left, text))

    page.extract_text(visitor_text=visit)
    return found


def pages_of(content: bytes) -> list[PageObject]:
    """The pages of a PDF."""
    return list(PdfReader(io.BytesIO(content)).pages)


def printed_numbers(pages: list[PageObject]) -> Counter[str]:
    """The numbers on the pages, without those of the pages themselves."""
    own = Counter(str(number) for number in range(1, len(pages) + 1))
    found = numbers(page.extract_text() for page in pages)
    assert own <= found
    return found - own


@pytest.fixture(scope="module")
def full_pages() -> list[PageObject]:
    """A document of one long paragraph and nothing else."""
    text = "审判执行质量年" * 400
    document = replace(
        chinese_document(), blocks=(Paragraph((Text(text),)),), annexes=(), annex_list=()
    )
    return pages_of(pdf_of(document))


@BOTH
def test_word_pdf_and_page_hold_one_set_of_numbers(document: Document) -> None:
    wanted = numbers_of(document)
    assert sum(wanted.values()) > 300
    files = {file.kind: file for file in paper_files(document)}
    assert list(files) == ["docx", "pdf", "html"]
    assert numbers(pieces_of_word(files["docx"].content)) == wanted
    assert numbers(pieces_of_html(files["html"].content.decode())) == wanted
    assert printed_numbers(pages_of(files["pdf"].content)) == wanted


@BOTH
def test_no_text_is_lost_in_word_and_page(document: Document) -> None:
    assert missing_texts(document, pieces_of_word(word_of(document))) == []
    assert missing_texts(document, pieces_of_html(page_of(document))) == []


def test_the_same_document_gives_the_same_bytes() -> None:
    document = korean_document()
    first, second = paper_files(document), paper_files(document)
    assert first == second
    changed = paper_files(replace(document, number="제13호"))
    assert not {file.sha256 for file in first} & {file.sha256 for file in changed}
    assert template_hash() == template_hash(built_in_template())


def test_22_lines_of_28_characters_on_156_by_225_mm(full_pages: list[PageObject]) -> None:
    lines = lines_of(full_pages[1])
    body = sorted((y for y in lines if y > 34 * MM), reverse=True)
    assert len(body) == 22
    assert {len("".join(text for _x, text in lines[y])) for y in body} == {28}
    pitch = {round(upper - lower, 1) for upper, lower in pairwise(body)}
    assert pitch == {29.0} or pitch == {28.9, 29.0}
    # The block begins 37 mm below the edge and, on an even page, 26 mm from the left one.
    top = float(full_pages[1].mediabox.height) - body[0]
    assert 37 * MM < top < 37 * MM + 16
    assert min(x for y in body for x, _text in lines[y]) == pytest.approx(26 * MM, abs=0.5)


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones(
    full_pages: list[PageObject],
) -> None:
    assert len(full_pages) > 3
    for number, page in enumerate(full_pages, start=1):
        [(height, pieces)] = [
            (y, found)
            for y, found in lines_of(page).items()
            if PAGE_NUMBER.search("".join(text for _x, text in found))
        ]
        assert PAGE_NUMBER.search("".join(text for _x, text in pieces))[1] == str(number)  # type: ignore[index]
        # 7 mm below a block that ends 35 mm above the edge.
        assert 28 * MM - 14 < height < 28 * MM
        left = min(x for x, _text in pieces)
        if number % 2:
            assert left > 140 * MM
        else:
            # One character in from a block that begins 26 mm from the edge.
            assert left == pytest.approx(26 * MM + 14, abs=1)


def test_the_imprint_stands_at_the_foot_of_the_last_page_alone() -> None:
    pages = pages_of(pdf_of(chinese_document()))
    assert [number for number, page in enumerate(pages) if "抄送" in page.extract_text()] == [
        len(pages) - 1
    ]
    lines = {
        "".join(text for _x, text in found).strip(): y for y, found in lines_of(pages[-1]).items()
    }
    copies = next(y for text, y in lines.items() if "共印30份" in text)
    assert 35 * MM < copies < 35 * MM + 16
    assert all(
        y > copies for text, y in lines.items() if not PAGE_NUMBER.search(text) and y != copies
    )


def test_no_heading_ends_a_page() -> None:
    blocks = (Heading(1, (Text("某标题"),)), Paragraph((Text("正文" * 20),))) * 40
    document = replace(chinese_document(), blocks=blocks, annexes=(), annex_list=())
    pages = pages_of(pdf_of(document))
    assert len(pages) > 5
    for page in pages[:-1]:
        lines = lines_of(page)
        lowest = min(y for y in lines if y > 34 * MM)
        assert "某标题" not in "".join(text for _x, text in lines[lowest])


def test_korean_words_and_numbers_are_not_broken() -> None:
    document = korean_document()
    words = {
        word
        for block in document.blocks
        if isinstance(block, Paragraph)
        for word in "".join(run.text for run in block.runs).split()
    }
    printed = " ".join(
        line
        for page in pages_of(pdf_of(replace(document, annexes=(), annex_list=())))
        for line in page.extract_text().splitlines()
    ).split()
    assert words - set(printed) == set()


def test_a_lying_annex_turns_its_page_and_keeps_its_number_in_place() -> None:
    pages = pages_of(pdf_of(chinese_document()))
    lying = [page for page in pages if page.mediabox.width > page.mediabox.height]
    # In readable type the strips of the table take two pages.
    assert len(lying) == 2
    assert "附件1" in lying[0].extract_text()
    assert all(PAGE_NUMBER.search(page.extract_text()) for page in lying)
    # Word: four sections, the second one lying, the last one the imprint's.
    with zipfile.ZipFile(io.BytesIO(word_of(chinese_document()))) as archive:
        markup = archive.read("word/document.xml").decode()
    assert re.findall(r'<w:pgSz [^>]*w:w="(\d+)"', markup) == ["11906", "16838", *["11906"] * 2]
    assert markup.count('w:orient="landscape"') == 1
    assert re.findall(r'<w:type w:val="(\w+)"/>', markup) == ["evenPage"]
    assert markup.index("evenPage") > markup.index("共印30份")
    # Without an imprint no page is left over.
    plain = replace(chinese_document(), imprint=Imprint())
    with zipfile.ZipFile(io.BytesIO(word_of(plain))) as archive:
        markup = archive.read("word/document.xml").decode()
    assert re.findall(r'<w:pgSz [^>]*w:w="(\d+)"', markup) == ["11906", "16838", "11906"]
    assert "evenPage" not in markup


def test_pdf_is_archivable_and_says_what_it_was_made_from() -> None:
    content = pdf_of(chinese_document())
    reader = PdfReader(io.BytesIO(content))
    assert b"pdfaid" in content
    found = reader.metadata
    assert found is not None
    assert "审判执行质量年" in str(found.title)
    assert found.creation_date is not None
    assert found.creation_date.date().isoformat() == "2020-01-10"
    assert "ab" * 32 in str(found.get("/Keywords"))


def test_nothing_a_user_typed_becomes_markup_a_field_a_link_or_code() -> None:
    document = replace(
        chinese_document(),
        head=(HeadLine(HOSTILE),),
        number=HOSTILE,
        title=(HOSTILE,),
        addressee=HOSTILE,
        blocks=(
            Heading(1, (Text(HOSTILE),)),
            Paragraph((Text(HOSTILE + "\x00\x07\u202e\n\f"),)),
            points_table([HOSTILE], HOSTILE, [HOSTILE] * 7),
        ),
        annexes=(Annex(HOSTILE, HOSTILE, (Paragraph((Text(HOSTILE),)),)),),
        annex_list=(HOSTILE,),
        signature=(HOSTILE,),
        imprint=Imprint(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        marks=Marks(HOSTILE, HOSTILE),
    )
    made = word_of(document)
    assert list(part_faults(made)) == []
    assert missing_texts(document, pieces_of_word(made)) == []
    assert numbers(pieces_of_word(made)) == numbers_of(document)
    page = page_of(document)
    assert "<script" not in page
    assert missing_texts(document, pieces_of_html(page)) == []
    body = render_to_string("courts/bulletins/paper/document.html", {"paper": paper_data(document)})
    assert not re.search(r"<(a|img|link|iframe|object)\b|\b(href|src|on\w+)=", body)
    pdf = pdf_of(document)
    assert "root:" not in "".join(each.extract_text() for each in pages_of(pdf))
    assert b"/JavaScript" not in pdf
    assert b"/URI" not in pdf


def test_letterhead_lines_keep_their_order_presence_and_size() -> None:
    document = chinese_document()
    chinese, korean = document.head[1], document.head[0]
    sizes = {}
    for name, head in (
        ("both", (korean, chinese)),
        ("turned", (chinese, korean)),
        ("one", (replace(chinese, size=200),)),
    ):
        changed = replace(document, head=head)
        text = pages_of(pdf_of(changed))[0].extract_text()
        assert ("연변조선족자치주중급인민법원" in text) == (name != "one")
        if name != "one":
            first = text.index("연변") < text.index("延边朝鲜族")
            assert first == (name == "both")
        with zipfile.ZipFile(io.BytesIO(word_of(changed))) as archive:
            markup = archive.read("word/document.xml").decode()
        sizes[name] = re.search(
            r'w:sz w:val="(\d+)"/><w:szCs w:val="\d+"/></w:rPr><w:t [^>]*>延边', markup
        )[1]  # type: ignore[index]
    # 16 characters fit on 156 mm at 27.6 points at most.
    assert sizes == {"both": "54", "turned": "54", "one": "40"}


def test_word_names_the_official_fonts_and_pdf_takes_them_from_a_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(word_of(chinese_document()))) as archive:
        styles = archive.read("word/styles.xml").decode()
    for name in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "바탕"):
        assert f'w:eastAsia="{name}"' in styles
    assert font_set().roles["body"] == ("Noto Serif SC", "Noto Serif KR")
    assert font_set().bolden
    free = {"Noto Serif SC", "Noto Serif KR", "Noto Sans SC", "Noto Sans KR"}
    roles, bolden = roles_for(free | {"FangSong_GB2312", "FZXiaoBiaoSong-B05S", "KaiTi_GB2312"})
    assert roles["body"] == ("FangSong_GB2312", "Noto Serif SC", "Noto Serif KR")
    assert roles["title"][0] == "FZXiaoBiaoSong-B05S"
    assert roles["script"][0] == "KaiTi_GB2312"
    assert not bolden
    # A folder's files come first among what typst is given.
    shutil.copy(pylopdf_fonts_zh_cn.sans_path(), tmp_path / "x.otf")
    assert str(tmp_path / "x.otf") in [font.path for font in font_set(str(tmp_path)).fonts.fonts()]


def test_libreoffice_opens_the_word_file_with_every_number(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    writer = Path("/etc/libreoffice/registry/writer.xcd")
    if office is None or not writer.exists():
        if os.environ.get("QY_REQUIRE_ALL"):
            pytest.fail("LibreOffice Writer is not installed", pytrace=False)
        pytest.skip("LibreOffice Writer is not installed")
    documents = {"zh": chinese_document(), "ko": korean_document()}
    for name, document in documents.items():
        (tmp_path / f"{name}.docx").write_bytes(word_of(document))
    subprocess.run(
        [
            office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "pdf", "--outdir", str(tmp_path),
            *(str(tmp_path / f"{name}.docx") for name in documents),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for name, document in documents.items():
        pages = pages_of((tmp_path / f"{name}.pdf").read_bytes())
        printed, wanted = printed_numbers(pages), numbers_of(document)
        # With other fonts a table may go on over a page: its headings come again, nothing else.
        titles = [
            column.title
            for annex in document.annexes
            for block in annex.blocks
            if isinstance(block, Table)
            for column in block.columns
        ]
        assert wanted - printed == Counter()
        assert set(printed - wanted) <= set(numbers(titles))
        copies = "".join(document.imprint.copies.split())
        held = [copies in "".join(page.extract_text().split()) for page in pages]
        assert held == [False] * (len(pages) - 1) + [True]
        number = PAGE_NUMBER.search(pages[-1].extract_text())
        assert number is not None
        assert int(number[1]) % 2 == 0
