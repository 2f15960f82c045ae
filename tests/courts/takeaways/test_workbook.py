"""The workbook: its formulas, recalculated by LibreOffice, give the published points."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter.worksheet
from python_calamine import CalamineWorkbook

import scoring
from courts.takeaways.workbook.book import written
from courts.takeaways.workbook.contents import Published, WorkbookContents, WorkbookCourt
from courts.takeaways.workbook.places import LONGEST_NAME, sheet_names
from courts.takeaways.workbook.trial import HEAD_ROW, ITEMS, TOTAL_ROW
from courts.wording.explanations import status_label
from scoring import Ballots, CourtFacts, Decision, Level, Month, Rulebook, Side
from scoring.facts import Assessed
from tests import toy_formulas
from tests.courts.made_rulebooks import RIDGES
from tests.scoring import naive, random_years, schemes
from tests.scoring.test_periods import MONEY

RANDOM_YEARS = 4
BEYOND = "数值太大，电子表格算不准"
# What Excel takes.
LONGEST_FORMULA = 8192
CODES = ("yanji", "tumen", "dunhua", "longjing")
# Forces LibreOffice to compute what it opens: otherwise it shows what the file keeps.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")


@pytest.fixture(scope="module")
def toys() -> Iterator[Rulebook]:
    with pytest.MonkeyPatch.context() as patch:
        yield toy_formulas.registered(patch)


def contents_of(
    rulebook: Rulebook,
    month: Month,
    facts: Sequence[CourtFacts],
    readings: Mapping[str, str] | None = None,
    **changes: Any,
) -> WorkbookContents:
    board = scoring.score(rulebook, month, facts, readings)
    courts = [
        WorkbookCourt(f"{one.court}法院", one, Published.of(card))
        for one, card in zip(facts, board.scorecards, strict=True)
    ]
    values: dict[str, Any] = {
        "title": f"{month}",
        "about": [("来源", "试验")],
        "context": board.context,
        "courts": courts,
        "sides": tuple(Side),
        "language": "zh-hans",
    }
    return WorkbookContents(**values | changes)


# --- Random years ----------------------------------------------------------------------------


def random_court(drawn: random.Random, code: str, level: Level) -> CourtFacts:
    """Figures with gaps, zeros, thresholds met and missed by one; targets, ballots, decisions."""

    def figures(names: Sequence[str]) -> dict[str, int]:
        found = {name: drawn.choice(random_years.SIZES) for name in names}
        for name in drawn.sample(list(names), drawn.choice([0, 0, 0, 3])):
            del found[name]
        return {} if drawn.random() < 0.05 else found

    current = figures(naive.LITIGATION) | figures(naive.ENFORCEMENT)
    for on_target in drawn.sample(list(random_years.ON_TARGET), 8):
        nudged = dict(on_target)
        nudged[next(iter(nudged))] += drawn.choice([-1, 0, 1])
        current |= nudged
    annual = figures(naive.LITIGATION)
    if drawn.random() < 0.6:
        current |= {name: max(0, value - drawn.randrange(8)) for name, value in annual.items()}
    targets = {
        item: drawn.choice(random_years.APPRAISAL_TARGETS)
        for item in ("L2.1", "L3.1", "L4.1", "L5.1")
        if drawn.random() < 0.8
    }
    decided = {
        item: Decision(Decimal(drawn.randrange(0, 300)) / 100)
        for item in drawn.sample(["L1", "L7", "C1", "Q11"], drawn.choice([0, 0, 1]))
    }
    count = drawn.randrange(1, 9)
    points = Fraction(drawn.randrange(0, 24 * count), 2)
    return CourtFacts(
        court=code,
        level=level,
        current=current,
        baseline_month=figures(naive.LITIGATION),
        baseline_annual=annual,
        targets=targets,
        ballots=Ballots(count, points) if drawn.random() < 0.8 else None,
        decisions=decided,
    )


def random_year(number: int) -> tuple[Month, list[CourtFacts], dict[str, str]]:
    drawn = random.Random(number)
    courts = [random_court(drawn, code, Level.GRASSROOTS) for code in CODES]
    courts.insert(0, random_court(drawn, "yanbian", Level.INTERMEDIATE))
    readings = {code: drawn.choice(values) for code, values in naive.READINGS.items()}
    return Month(2019, drawn.choice([12, 12, 5, 6, 9])), courts, readings if number % 2 else {}


def largest_year(size: int) -> tuple[Month, list[CourtFacts], dict[str, str]]:
    """Figures far beyond any court's: the formulas must stay right, or say that they cannot."""
    names = [*naive.LITIGATION, *naive.ENFORCEMENT]
    found = {name: size - 1 - place for place, name in enumerate(names)}
    before = {name: size - place for place, name in enumerate(naive.LITIGATION)}
    court = CourtFacts("yanji", Level.GRASSROOTS, found, baseline_annual=before)
    return Month(2019, 12), [court], {}


def level_year() -> tuple[Rulebook, Month, list[CourtFacts]]:
    """Points by ranks, means, medians, last year's value, weights and given points.

    South has no figures of cases heard, and shares its delays with east; the intermediate court
    has nobody of its level beside it.
    """
    figures = {
        "top": "90 100 50 12 80 100 4 3",
        "east": "70 100 30 0 60 95 9 2",
        "west": "88 100 41 3 71 90 4 9",
        "south": "- 100 44 25 66 91 9 -",
    }
    names = ("heard", "due", "kept", "slips", "settled", "opened", "delays", "works")
    given = {"east": "8.5", "west": "10"}
    facts = [
        CourtFacts(
            court=f"ridges-{code}",
            level=Level.INTERMEDIATE if code == "top" else Level.GRASSROOTS,
            current={
                name: int(text)
                for name, text in zip(names, line.split(), strict=True)
                if text != "-"
            },
            baseline_annual={"heard": 70, "due": 100, "settled": 60, "opened": 90},
            assessed={
                item: Assessed(Decimal(points))
                for item, points in (("G6", given.get(code)), ("G7", "-3.75"))
                if points is not None
            },
        )
        for code, line in figures.items()
    ]
    return scoring.load_sources(dict(RIDGES.files)), Month(2023, 12), facts


RATE = 'numerator = ["paid"]\ndenominator = ["owed"]\n'
AMOUNT_ITEMS = {
    "A1": ("target", RATE + 'direction = "at_least"\ntarget = 50\nmissed = "attainment"'),
    "A2": ("ranked", RATE + 'best = "high"\nper_rank = 1'),
    "A3": ("ranked", RATE + 'best = "high"\nper_rank = 1\ncomparison = "as_printed"'),
    "A4": (
        "graded",
        (
            'numerator = ["paid"]\ndenominator = ["whole"]\naverage = true\n'
            'direction = "at_least"\ntarget = 25100\nper_point = 0.02'
        ),
    ),
    "A5": ("drop", 'figures = ["paid", "owed"]\nper_percent = 1'),
}


def amounts_year(
    times: int = 1,
) -> tuple[Rulebook, Month, list[CourtFacts]]:
    """Rates, averages and a fall of amounts, held in 分; `times` as much in every court."""
    items = [
        schemes.item(formula, rule, "20", code) for code, (formula, rule) in AMOUNT_ITEMS.items()
    ]
    made = schemes.rulebook(
        items, metrics=MONEY.format("paid", "paid") + MONEY.format("owed", "owed")
    )
    # The second is one 分 behind the first: what is printed is the same.
    paid = (4_999_999, 4_999_998, 5_000_000, 1)
    facts = [
        CourtFacts(
            code,
            Level.GRASSROOTS,
            {"paid": one * times, "owed": 10_000_000 * times, "whole": 2, "came": 10, "done": 9},
            {"paid": 6_000_050 * times, "owed": 10_000_000 * times},
            {"paid": 6_000_050 * times, "owed": 10_000_000 * times},
        )
        for code, one in zip(CODES, paid, strict=True)
    ]
    return made, Month(2020, 12), facts


# --- Recalculated ----------------------------------------------------------------------------


def recalculated(books: Mapping[str, bytes], folder: Path) -> Mapping[str, Any]:
    """The workbooks as LibreOffice computes them, all in one run."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("QY_REQUIRE_ALL"):
            pytest.fail("LibreOffice is not installed", pytrace=False)
        pytest.skip("LibreOffice is not installed")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, "utf-8")
    paths = []
    for name, content in books.items():
        paths.append(folder / f"{name}.xlsx")
        paths[-1].write_bytes(content)
    options = ["--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    subprocess.run(
        [program, *options, "--outdir", str(folder / "out"), *map(str, paths)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {name: values_in((folder / "out" / f"{name}.xlsx").read_bytes()) for name in books}


Rows = list[list[Any]]


def values_in(content: bytes) -> dict[str, Rows]:
    """What the cells of each sheet show."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the values that the file keeps beside formulas: nothing can come of them."""
    write = xlsxwriter.worksheet.Worksheet.write_formula

    def without(sheet: Any, *args: Any) -> Any:
        return write(sheet, *args[:4])

    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "write_formula", without)


def computed_points(rows: Rows) -> dict[str, tuple[str, int | None]]:
    """Status and cents by item, from the columns that compute."""
    return {
        row[0]: (row[6], None if row[7] == "" else round(row[7]))
        for row in rows[3:]
        if row[6] != ""
    }


def expected_points(published: Published) -> dict[str, tuple[str, int | None]]:
    return {
        code: (status_label(status), cents) for code, (status, cents) in published.items.items()
    }


def check_book(book: dict[str, Rows], contents: WorkbookContents) -> None:
    """Every item, half, total and rank as published, and every cell of agreement green."""
    board = scoring.score(
        contents.context.rulebook,
        contents.context.month,
        [court.facts for court in contents.courts],
        contents.context.readings,
    )
    rows = {row[0]: row for row in book["汇总"][3:]}
    for court, card in zip(contents.courts, board.scorecards, strict=True):
        assert computed_points(book[court.name]) == expected_points(court.published)
        row = rows[court.code]
        assert [round(value) for value in row[2:4]] == [card.half_cents[side] for side in Side]
        assert round(row[8]) == card.total_cents
        assert (row[12] or None) == card.rank
        assert bool(row[14]) is card.provisional
        assert row[15] == "一致"


@pytest.fixture(scope="module")
def years(rulebook: Rulebook, toys: Rulebook) -> Mapping[str, WorkbookContents]:
    made = {f"year{number}": random_year(number) for number in range(RANDOM_YEARS)}
    found = {name: contents_of(rulebook, *year) for name, year in made.items()}
    found["toys"] = contents_of(toys, *random_year(20))
    found["ridges"] = contents_of(*level_year())
    found["amounts"] = contents_of(*amounts_year())
    found["largest"] = contents_of(rulebook, *largest_year(1_000_000))
    return found


@pytest.fixture(scope="module")
def kept(years: Mapping[str, WorkbookContents]) -> Mapping[str, bytes]:
    return {name: written(contents) for name, contents in years.items()}


def tried(content: bytes, metric: str, value: int | Decimal, chosen: str = "") -> bytes:
    """The workbook with one figure put into the first sheet for trying, for a chosen court."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["试算（基层法院）"]
    if chosen:
        sheet.cell(3, 3, f"{chosen}法院")
    (row,) = (cell.row for cell in sheet["A"] if cell.value == metric)
    sheet.cell(row, 4, value)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_libreoffice_computes_the_published_points(
    years: Mapping[str, WorkbookContents],
    kept: Mapping[str, bytes],
    rulebook: Rulebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All years in one run, without the values that the file keeps; one with a figure tried, and
    one whose figures no spreadsheet can hold exactly."""
    beyond = contents_of(rulebook, *largest_year(999_999_999))
    amounts = contents_of(*amounts_year(9_999_999))
    # The better rate by one in 10²⁸: no double tells the products apart.
    made, month, facts = amounts_year()
    most = 99_999_999_999_990
    rates = ((most - 1, most), (most - 2, most - 1))
    near = contents_of(
        made,
        month,
        [
            replace(one, current={**one.current, "paid": part, "owed": whole})
            for one, (part, whole) in zip(facts, rates, strict=False)
        ],
    )
    assert [court.published.items["A2"][1] for court in near.courts] == [2000, 1900]
    with monkeypatch.context() as patch:
        bare(patch)
        books = {name: written(contents) for name, contents in years.items()}
        books["beyond"] = written(beyond)
        books["beyond amounts"] = written(amounts)
        books["nearly one"] = written(near)
    books["tried"] = tried(kept["year0"], "enforcement_closed", 3)
    books["paid"] = tried(kept["amounts"], "paid", Decimal("60000.01"))
    books["beside"] = tried(kept["ridges"], "kept", 58, "ridges-west")
    computed = recalculated(books, tmp_path)
    for name, contents in years.items():
        check_book(computed[name], contents)
    same_values(values_in(kept["year0"]), computed["year0"])
    check_tried(computed["tried"], years["year0"], "enforcement_closed", 3)
    check_tried(computed["beside"], years["ridges"], "kept", 58, "ridges-west")
    check_tried(computed["paid"], years["amounts"], "paid", 6_000_001)
    check_beyond(computed["beyond"], beyond)
    check_beyond(computed["beyond amounts"], amounts)
    check_beyond(computed["nearly one"], near)


def test_amounts_stand_in_a_file_as_people_write_them() -> None:
    """49999.99 of 100000.00 元 on the sheet of figures; to be tried in 元 too."""
    book = openpyxl.load_workbook(BytesIO(written(contents_of(*amounts_year()))))
    assert any(
        "金额以元列出" in str(cell.value) for row in book["说明"].iter_rows() for cell in row
    )
    (row,) = (row for row in book["数据"] if row[0].value == "paid")
    assert (row[2].value, row[2].number_format) == (49999.99, "0.00")
    sheet = book["试算（基层法院）"]
    (row,) = (row for row in sheet if row[0].value == "paid")
    assert row[3].number_format == "0.00"


def test_a_file_shows_the_points_before_it_is_computed(
    years: Mapping[str, WorkbookContents], kept: Mapping[str, bytes]
) -> None:
    for name, contents in years.items():
        check_book(values_in(kept[name]), contents)


def same_values(kept: dict[str, Rows], computed: dict[str, Rows]) -> None:
    """What the file shows before it is recalculated is what it shows afterwards, on all sheets."""
    assert list(kept) == list(computed)
    for name, rows in kept.items():
        for row, others in zip(rows, computed[name], strict=False):
            for value, other in zip(row, others, strict=False):
                assert value == other or value == pytest.approx(other, abs=1e-9), name


def check_tried(
    book: dict[str, Rows],
    contents: WorkbookContents,
    metric: str,
    value: int,
    code: str = CODES[0],
) -> None:
    """Points, total and rank of the court as the engine has them with that figure, and nothing
    else changed."""
    check_book(book, contents)
    context = contents.context
    before = [court.facts for court in contents.courts]
    after = [
        replace(one, current={**one.current, metric: value}) if one.court == code else one
        for one in before
    ]
    card = scoring.score(context.rulebook, context.month, after, context.readings).court(code)
    rows = book["试算（基层法院）"]
    found = computed_points([row[ITEMS:] for row in rows[HEAD_ROW - 2 :]])
    assert found == expected_points(Published.of(card))
    assert round(rows[TOTAL_ROW][1] * 100) == card.total_cents
    assert rows[TOTAL_ROW][5] == card.rank
    assert card.total_cents != next(
        court.published.total for court in contents.courts if court.code == code
    )


def check_beyond(book: dict[str, Rows], contents: WorkbookContents) -> None:
    """Points are right or missing, never wrong."""
    for court in contents.courts:
        expected = expected_points(court.published)
        found = computed_points(book[court.name])
        missing = {code for code, (status, _) in found.items() if status == BEYOND}
        assert missing
        assert all(found[code][1] is None for code in missing)
        assert {code: found[code] for code in found.keys() - missing} == {
            code: expected[code] for code in found.keys() - missing
        }
    assert book["汇总"][3][15] == "不一致"


# --- What is in a file -----------------------------------------------------------------------

HOSTILE = '=HYPERLINK("http://x",1)\'!A1[]:*?/\\ 一个很长很长很长很长很长很长很长很长的法院'


def test_names_of_sheets() -> None:
    names = sheet_names(["延吉", "延吉", "History", "", "a" * 40, "A" * 40, HOSTILE])
    assert names[:4] == ["延吉", "延吉 2", "History 2", "2"]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= LONGEST_NAME for name in names)
    assert not set("=([]:*?/\\'\"!") & set("".join(names))


def test_nothing_typed_becomes_a_formula_or_a_link(rulebook: Rulebook) -> None:
    month, facts, readings = random_year(1)
    contents = contents_of(rulebook, month, facts, readings, title=HOSTILE, is_demo=True)
    courts = [replace(court, name=f"{HOSTILE}{court.code}") for court in contents.courts]
    content = written(replace(contents, courts=courts, about=[(HOSTILE, HOSTILE)]))
    with ZipFile(BytesIO(content)) as parts:
        texts = {name: parts.read(name).decode() for name in parts.namelist()}
    assert not [name for name in texts if "hyperlink" in name.lower() or "externalLink" in name]
    for name, text in texts.items():
        assert "<hyperlink" not in text, name
        formulas = re.findall(r"<f>(.*?)</f>", text)
        assert all(len(formula) < LONGEST_FORMULA for formula in formulas), name
        outside = [re.sub(r"'[^']*'!", "", formula) for formula in formulas]
        assert not any("HYPERLINK" in formula or "http" in formula for formula in outside), name
        named = {sheet for formula in formulas for sheet in re.findall(r"'([^']*)'!", formula)}
        assert not set('=("[]:*?/!') & set("".join(named)), name
    rows = values_in(content)["说明"]
    assert rows[0][0] == f"'{HOSTILE}"
    assert rows[1][0] == "演示数据"


def test_one_side_alone_has_no_total(rulebook: Rulebook) -> None:
    month, facts, readings = random_year(1)
    contents = contents_of(rulebook, month, facts, readings, sides=(Side.LITIGATION,))
    book = values_in(written(contents))
    assert {code[0] for code in computed_points(book["yanji法院"])} == {"L"}
    titles = book["汇总"][2]
    assert not [title for title in titles if "总分" in title or "名次" in title]
    assert {row[-1] for row in book["汇总"][3:]} == {"一致"}


def test_one_court_alone_gets_no_value_of_its_level() -> None:
    """Ranks, means and medians are fixed values there: no figure and no name of another court."""
    whole = contents_of(*level_year())
    contents = replace(whole, courts=whole.courts[1:2], hides_peers=True)
    book = values_in(written(contents))
    assert computed_points(book["ridges-east法院"]) == expected_points(whole.courts[1].published)
    fixed = [row[0] for row in book["ridges-east法院"][3:] if "本文件不含" in str(row[4])]
    assert fixed == ["G3", "G4", "H3", "H5"]
    shown = {str(value) for rows in book.values() for row in rows for value in row}
    others = ("ridges-top", "ridges-west", "ridges-south")
    assert not [text for text in shown if any(code in text for code in others)]


def test_one_court_alone_gets_nothing_of_the_others(rulebook: Rulebook) -> None:
    """Points that come of other courts are fixed values, and there is no rank."""
    month, facts, readings = random_year(1)
    whole = contents_of(rulebook, month, facts, readings)
    contents = replace(whole, courts=whole.courts[:1], hides_peers=True)
    book = values_in(written(contents))
    assert computed_points(book["yanbian法院"]) == expected_points(whole.courts[0].published)
    assert {row[-1] for row in book["汇总"][3:]} == {"一致"}
    assert not [title for title in book["汇总"][2] if "名次" in title]
    shown = {str(value) for rows in book.values() for row in rows for value in row}
    assert not [text for text in shown if any(f"{code}法院" in text for code in CODES)]
