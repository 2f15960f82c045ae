"""Every kind of file through every way in: read with the same values, asked about, or named.

Each way's own table is written in every kind (`made_files`); the files of the cases, which are
desks' tables of litigation figures, are brought to every other way as well. A file is read once,
without a child (`test_hostile_files` has that one), and then paired for each way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from courts.files import child, reading
from courts.files.encoding import fault_from_data
from courts.files.sheets import COMMAND, Problem, SourceFile, as_table
from courts.files.sheets import read as read_rows
from courts.models import QualityYear
from courts.returns.services.blocks import PastedBlock, preview_block
from courts.rulebooks.services import caps, targets
from courts.setup.services import setup
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.years import courts_of, rulebook_of, rules_of
from courts.years.services.entries import read_entries
from scoring.facts import Month
from tests.courts.files import made_files
from tests.courts.files.test_files import BASE, FILES, OF_MONTHS
from tests.courts.files.test_files import NAMED as NAMED_CASES
from tests.courts.files.test_files import READ as READ_CASES
from tests.courts.returns_fixtures import slot_of

pytestmark = pytest.mark.django_db

Read = Callable[[SourceFile], tuple[list[Any], list[Problem]]]
FIGURES = (
    ("court", "month", "metric", "value"),
    ("yanji", "2019-12", "appeal_revised", 11),
    ("敦化法院", "2019-12", "二审立案数", 5200),
)
TARGETS = (
    ("court", "item", "target"),
    ("", "L2.1", 95),
    ("yanji", "L2.1", 90),
)
CAPS = (
    ("court", "baseline_cases", "reduction_cases"),
    ("yanji", 120, 20),
    ("敦化法院", 75, 5),
)
COURTS = (
    ("code", "order", "short_name", "name", "name_ko", "level"),
    ("baicheng", 1, "白城中院", "白城市中级人民法院", "", "intermediate"),
    ("taobei", 2, "洮北法院", "白城市洮北区人民法院", "", "grassroots"),
)


@dataclass(frozen=True)
class Way:
    """A way in: a table of its own layout, its reader, and what the reader makes of that table."""

    table: made_files.Table
    read: Read
    values: Sequence[Any]
    is_command: bool = False


@pytest.fixture
def ways(year: QualityYear) -> dict[str, Way]:
    courts, rules, items = courts_of(year), rules_of(year), list(item_labels(year, ""))
    figures = (
        ("yanji", "2019-12", "appeal_revised", 11),
        ("dunhua", "2019-12", "appeals_filed", 5200),
    )
    wanted = ("", Decimal(95)), ("yanji", Decimal(90))

    def read_figures(file: SourceFile, **how: Any) -> tuple[list[Any], list[Problem]]:
        entries, problems = read_entries([file], courts, rules, **how)
        said = [(e.court.code, str(e.month), e.metric.code, e.value) for e in entries]
        return said, problems

    def read_targets(file: SourceFile) -> tuple[list[Any], list[Problem]]:
        entries, problems = targets._read_entries([file], courts, items, rulebook_of(year))
        return [(e.court.code if e.court else "", e.percent) for e in entries], problems

    def read_caps(file: SourceFile) -> tuple[list[Any], list[Problem]]:
        changes, problems = caps._read(file, courts, {})
        return [(c.court.code, c.baseline_cases, c.cap_cases) for c in changes], problems

    def read_courts(file: SourceFile) -> tuple[list[Any], list[Problem]]:
        rows, problems = read_rows(file, setup.COURT_COLUMNS)
        problems += setup._wrong_levels(file, rows, None) if rows else []
        return [
            (row.cells["code"], row.cells["name"], row.cells["level"]) for row in rows
        ], problems

    named = [(row[0], row[3], row[5]) for row in COURTS[1:]]
    reduced = [("yanji", 120, 100), ("dunhua", 75, 70)]
    return {
        "office figures": Way(FIGURES, read_figures, figures),
        "extracts": Way(FIGURES, partial(read_figures, of_year=2019), figures),
        "base data": Way(FIGURES, partial(read_figures, with_notes=True), figures),
        "targets": Way(TARGETS, read_targets, wanted),
        "caps": Way(CAPS, read_caps, reduced),
        "courts": Way(COURTS, read_courts, named),
        "import_figures": Way(FIGURES, read_figures, figures, is_command=True),
        "import_targets": Way(TARGETS, read_targets, wanted, is_command=True),
    }


@pytest.fixture(autouse=True)
def without_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be read in this process: what is read of them is tested, not how it is bounded."""

    def read_here(name: str, content: bytes, bounds: Any = reading.PAGE, **how: Any) -> Any:
        asked = {"name": name, "bounds": asdict(bounds), "as_lines": False} | how
        answer = child.answered(asked, content)
        if "fault" in answer:
            raise fault_from_data(answer["fault"])
        return answer

    monkeypatch.setattr(reading, "read_file", read_here)


def brought(way: Way, name: str, content: bytes) -> SourceFile:
    """The file as the way hands it to its reader."""
    if way.is_command:
        return SourceFile(name, content, COMMAND)
    return as_table(SourceFile(name, content, is_shown=True))


def test_every_kind_is_read_by_every_way(ways: dict[str, Way]) -> None:
    wrong: dict[Any, Any] = {}
    for title, way in ways.items():
        for name, make in made_files.READ.items():
            values, problems = way.read(brought(way, name, make(way.table)))
            if list(values) != list(way.values) or problems:
                wrong[title, name] = (values, [str(one) for one in problems])
    assert wrong == {}, "\n".join(f"{key}: {value}" for key, value in wrong.items())


def test_what_hides_formulas_is_asked_about_on_pages_and_refused_by_commands(
    ways: dict[str, Way],
) -> None:
    for title, way in ways.items():
        for name, make in made_files.HIDING.items():
            file = brought(way, name, make(way.table))
            values, problems = way.read(file)
            if way.is_command:
                assert "看不出公式和百分比" in str(problems[0]), title
            else:
                assert (list(values), problems, file.is_opaque) == (list(way.values), [], True)


def test_what_is_no_table_is_named_by_every_way(ways: dict[str, Way]) -> None:
    wrong: dict[Any, Any] = {}
    for title, way in ways.items():
        for name, (make, sentence) in made_files.NAMED.items():
            file = brought(way, name, make(way.table))
            problems = [str(one) for one in way.read(file)[1]]
            if not any(one.startswith(name) and sentence in one for one in problems):
                wrong[title, name] = problems
    assert wrong == {}


def refusals(way: Way, name: str) -> list[str]:
    """What a way says of a file of the cases; nothing where it is read."""
    return [str(one) for one in way.read(brought(way, name, (FILES / name).read_bytes()))[1]]


def test_the_cases_are_refused_where_another_list_is_wanted(ways: dict[str, Way]) -> None:
    """A desk's table of metrics is no list of any office, and says so by name or by its headings.

    One line in the layout of imports is read by the ways that take figures, and by those alone.
    """
    wrong: dict[Any, Any] = {}
    names = sorted(path.name for path in FILES.iterdir())
    assert len(names) == 81
    for title in ("office figures", "targets", "caps", "courts", "import_figures"):
        way = ways[title]
        for name in names:
            said = refusals(way, name)
            wanted = NAMED_CASES.get(name, SHEETS.get(name, "没有这一列。表头应为："))
            if name.startswith(("95", "96")) and way.table is FIGURES:
                if said:
                    wrong[title, name] = said
            elif not said or not said[0].startswith(name) or wanted not in said[0]:
                wrong[title, name] = said[:1]
    assert wrong == {}, "\n".join(f"{key}: {value}" for key, value in wrong.items())


# Two sheets with data, of which no list is.
SHEETS = {"42_hidden_second_sheet.xlsx": "有多个工作表含有数据"}
# Read by a desk's upload as they stand; what a spreadsheet copies of them is the same table.
PASTED = (set(READ_CASES) - {"30_wide_over_50_columns.xlsx"}) | set(OF_MONTHS)


def copied(name: str) -> str:
    """What a spreadsheet puts on the clipboard of a file's table: texts between tabs."""
    (table,) = reading.tables_of(name, (FILES / name).read_bytes()).sheets
    texts = [[str(cell) for cell in cells] for _row, cells in table.rows]
    # A cell with a line break stands in quotes.
    quoted = [[f'"{text}"' if "\n" in text else text for text in row] for row in texts]
    return "\n".join("\t".join(row) for row in quoted)


def test_the_cases_as_pasted_blocks(year: QualityYear) -> None:
    slot = slot_of(year, "dunhua", Month(2019, 12))
    first = next(iter(BASE))
    wrong: dict[Any, Any] = {}
    for name in sorted(PASTED):
        more = 1 if name in OF_MONTHS else 0
        page = preview_block(slot=slot, block=PastedBlock(copied(name), first))
        values = {pair.metric: int(pair.text) for pair in page.pairs if not pair.fault}
        if values != {metric: value + more for metric, value in BASE.items()}:
            wrong[name] = (values, page.faults, [str(one) for one in page.questions])
    assert wrong == {}, "\n".join(f"{key}: {value}" for key, value in wrong.items())


@pytest.mark.parametrize(
    ("month", "read"),
    [
        ("2019年12月", Month(2019, 12)),
        ("2019/12", Month(2019, 12)),
        ("201912", Month(2019, 12)),
        (201912, Month(2019, 12)),
        ("Dec-19", Month(2019, 12)),
        ("December 2018", Month(2018, 12)),
        ("2019-12-31", Month(2019, 12)),
        ("2019/12/5 0:00:00", Month(2019, 12)),
        (date(2019, 11, 30), Month(2019, 11)),
        ("2019年1-12月", Month(2019, 12)),
        ("2019年1—11月累计", Month(2019, 11)),
        (Decimal("2019.11"), Month(2019, 11)),
        ("2019년 12월", Month(2019, 12)),
        ("2019.1", "可能是2019-01，也可能是2019-10，请写明"),
        (Decimal("2019.1"), "可能是2019-01，也可能是2019-10，请写明"),
        ("1-12月", "可能是2019-12，也可能是2018-12，请写明"),
        ("12月", "可能是2019-12，也可能是2018-12，请写明"),
        ("2019年12月当月", "应为 2019 年或 2018 年的月份"),
        ("2019年2-5月", "应为 2019 年或 2018 年的月份"),
        ("2019-13", "应为 2019 年或 2018 年的月份"),
        ("2020年1月", "应为 2019 年或 2018 年的月份"),
    ],
)
def test_months_of_lists(ways: dict[str, Way], month: Any, read: Month | str) -> None:
    """As spreadsheets write them back, on pages and by commands; what is not sure is asked."""
    row = ("yanji", "2019-12", "appeal_revised", 11)
    content = made_files.workbook([FIGURES[0], [row[0], month, *row[2:]]])
    for title in ("office figures", "import_figures"):
        way = ways[title]
        values, problems = way.read(brought(way, "x.xlsx", content))
        if isinstance(read, Month):
            assert (values, problems) == ([(row[0], str(read), *row[2:])], []), title
        else:
            assert read in str(problems[0]), title
    if month in ("1-12月", "12月"):
        # Extracts are of the year alone, so there is nothing to ask.
        way = ways["extracts"]
        assert way.read(brought(way, "x.xlsx", content)) == ([row], [])


@pytest.mark.parametrize("value", ["46.0", "1,234", "１２", " 46 "])
def test_values_are_read_leniently_where_a_person_confirms(
    ways: dict[str, Way], value: str
) -> None:
    number = {"46.0": 46, "1,234": 1234, "１２": 12, " 46 ": 46}[value]
    content = made_files.workbook([FIGURES[0], ["yanji", "2019-12", "appeals_filed", value]])
    page, command = ways["office figures"], ways["import_figures"]
    assert page.read(brought(page, "x.xlsx", content))[0][0][3] == number
    problems = command.read(brought(command, "x.xlsx", content))[1]
    assert bool(problems) is (value != " 46 ")
