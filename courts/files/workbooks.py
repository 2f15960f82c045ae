"""Reads the cells of an .xlsx workbook as a stream, within bounds. No Django.

A workbook is a zip of XML parts, and either may swell beyond all measure: each part is counted
while it is unpacked, and nothing is kept but cells. Parts are found whatever the case and the
slashes of their names; styles and document properties need not be sound.

Long because the parts of a workbook are read in one pass over one archive.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from posixpath import join, normpath
from xml.parsers import expat

from courts.files.plain import Bounds, Budget, Cell, FileError, GatheredTables, Mark, Sheet, clean

CHUNK_BYTES = 256 * 1024
LONGEST_TEXT = 32_767
# Numbers of more digits are no counts, and would be expanded digit by digit.
MOST_DIGITS = 30
DAY_ZERO, DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
LAST_DAY = 2_958_465
# There is no 29 February 1900, but Excel counts it.
FIRST_TRUE_DAY = 60

_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)
_BLANK_CELL = re.compile(rb'<(?:x:)?c r="[A-Z]+[0-9]+"[^<>]*/>')
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")
_INTEGER = re.compile(r"-?[0-9]{1,15}\Z")
# Built-in formats of Excel that show a percentage, or a date or time (East Asian ones too).
_PERCENTS = frozenset({9, 10})
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_IN_A_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_SIGNS = re.compile(r"[ymdhs]", re.IGNORECASE)


class Archive:
    """The parts of a zip by their names in lower case with forward slashes, counted as read."""

    def __init__(self, archive: zipfile.ZipFile, bounds: Bounds) -> None:
        self.archive = archive
        self.left = bounds.most_unpacked
        members = archive.infolist()
        if len(members) > bounds.most_members:
            raise FileError("members", most=bounds.most_members)
        if any(member.flag_bits & 1 for member in members):
            raise FileError("encrypted")
        self.names = {
            member.filename.replace("\\", "/").lstrip("/").casefold(): member for member in members
        }

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.names

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part. `FileError` when there is none, or the zip swells or is damaged."""
        member = self.names.get(name.casefold())
        if member is None:
            raise FileError("damaged", part=name)
        try:
            with self.archive.open(member) as file:
                while chunk := file.read(CHUNK_BYTES):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise FileError("swells")
                    yield chunk
        except _ZIP_ERRORS as error:
            raise FileError("damaged", part=name) from error

    def check(self) -> None:
        """Unpack and count every part, for a reader that does not count. `FileError` as above."""
        for name in self.names:
            for _chunk in self.chunks(name):
                pass


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
# The limit of memory may be met by the parser itself.
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]


def parse(chunks: Iterator[bytes], part: str, start: Start, end: End, data: End) -> None:
    """Walk through a part of XML by local names, whatever the namespace. `FileError`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_given: object) -> None:
        raise FileError("entities")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, given: start(
        name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in given.items()}
    )
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = data
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if getattr(error, "code", None) == _NO_MEMORY:
            raise FileError("too_much") from error
        # Not well-formed, or in an encoding that the parser does not know.
        raise FileError("damaged", part=part) from error


def _without_blank_cells(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A worksheet's bytes without cells that hold a style alone: there may be millions of them."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        cut = text.rfind(b">") + 1
        rest = text[cut:]
        yield _BLANK_CELL.sub(b"", text[:cut])
    yield rest


def _ignored(*_given: object) -> None:
    """What is of no interest in a part."""


def read_workbook(archive: Archive, bounds: Bounds) -> list[Sheet]:
    """Every worksheet in the workbook's order, blank ones too. `FileError`."""
    main = _main_part(archive)
    targets = _relations(archive, main)
    described, is_1904 = _described(archive, main)
    texts = _shared_texts(archive, main, bounds)
    formats = _formats(archive, main)
    budget = Budget(bounds)
    sheets = []
    for title, relation, state in described:
        part = targets.get(relation, "")
        if "worksheets" not in part.casefold() or part not in archive:
            # A sheet of charts or of old macros.
            continue
        sheet = Sheet(clean(title)[:100], is_hidden=state in {"hidden", "veryHidden"})
        reader = _SheetReader(sheet, budget, texts, formats, is_1904)
        parse(
            _without_blank_cells(archive.chunks(part)), part, reader.start, reader.end, reader.data
        )
        sheets.append(sheet)
    return sheets


def _main_part(archive: Archive) -> str:
    for relation, target in _relations(archive, "").items():
        if target.casefold().endswith("workbook.xml") and relation:
            return target
    return "xl/workbook.xml"


def _relations(archive: Archive, part: str) -> dict[str, str]:
    """The parts that a part refers to, by the key it uses."""
    folder, _slash, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/") if part else "_rels/.rels"
    targets: dict[str, str] = {}
    if rels not in archive:
        return targets

    def start(local: str, given: dict[str, str]) -> None:
        if local == "Relationship":
            target = given.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else join(folder, target)
            targets[given.get("Id", "")] = normpath(path)

    parse(archive.chunks(rels), rels, start, _ignored, _ignored)
    return targets


def _described(archive: Archive, main: str) -> tuple[list[tuple[str, str, str]], bool]:
    """Title, relation and state of each sheet, and whether days are counted from 1904."""
    sheets: list[tuple[str, str, str]] = []
    is_1904 = False

    def start(local: str, given: dict[str, str]) -> None:
        nonlocal is_1904
        if local == "sheet":
            sheets.append((given.get("name", ""), given.get("id", ""), given.get("state", "")))
        elif local == "workbookPr":
            is_1904 = given.get("date1904", "") in {"1", "true"}

    parse(archive.chunks(main), main, start, _ignored, _ignored)
    return sheets, is_1904


def _beside(main: str, name: str) -> str:
    return join(main.rpartition("/")[0], name)


def _shared_texts(archive: Archive, main: str, bounds: Bounds) -> list[str]:
    """The table of texts that cells refer to by number; readings beside signs are left out."""
    part = _beside(main, "sharedStrings.xml")
    texts: list[str] = []
    if part not in archive:
        return texts
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}
    signs = 0

    def start(local: str, _given: dict[str, str]) -> None:
        if local in inside:
            inside[local] = True
        elif local == "si":
            pieces.clear()

    def end(local: str) -> None:
        nonlocal signs
        if local in inside:
            inside[local] = False
        elif local == "si":
            text = clean("".join(pieces)[:LONGEST_TEXT])
            signs += len(text)
            if signs > bounds.most_signs or len(texts) > bounds.most_cells:
                raise FileError("signs", most=bounds.most_signs)
            texts.append(text)

    def data(text: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(text)

    parse(archive.chunks(part), part, start, end, data)
    return texts


def _formats(archive: Archive, main: str) -> list[str] | None:
    """What each style shows: `percent`, `date` or nothing; None where the styles are unsound."""
    part = _beside(main, "styles.xml")
    if part not in archive:
        return []
    codes: dict[int, str] = {}
    styles: list[int] = []
    is_inside = False

    def number(text: str) -> int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    def start(local: str, given: dict[str, str]) -> None:
        nonlocal is_inside
        if local == "numFmt":
            codes[number(given.get("numFmtId", ""))] = given.get("formatCode", "")
        elif local == "cellXfs":
            is_inside = True
        elif local == "xf" and is_inside:
            styles.append(number(given.get("numFmtId", "")))

    def end(local: str) -> None:
        nonlocal is_inside
        if local == "cellXfs":
            is_inside = False

    try:
        parse(archive.chunks(part), part, start, end, _ignored)
    except FileError as fault:
        if fault.code != "damaged":
            raise
        return None
    return [shown_as(number, codes.get(number, "")) for number in styles]


def shown_as(number: int, code: str) -> str:
    """What a number format shows: `percent`, `date`, or nothing special."""
    bare = _IN_A_FORMAT.sub("", code).partition(";")[0]
    if number in _PERCENTS or "%" in bare:
        return "percent"
    if number in _DATES or ("general" not in bare.casefold() and _DATE_SIGNS.search(bare)):
        return "date"
    return ""


class _SheetReader:
    """Turns the elements of a worksheet into rows."""

    def __init__(
        self,
        sheet: Sheet,
        budget: Budget,
        texts: list[str],
        formats: list[str] | None,
        is_1904: bool,
    ) -> None:
        self.gathered = GatheredTables(sheet, budget)
        self.most_columns = budget.bounds.most_columns
        self.texts, self.formats, self.is_1904 = texts, formats, is_1904
        self.number = 0
        self.cells: list[Cell] = []
        self.column = 0
        self.address = self.kind = self.style = ""
        self.value: list[str] = []
        self.inline: list[str] = []
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.is_reading = False

    def start(self, local: str, given: dict[str, str]) -> None:
        if local == "c":
            self.address, self.kind = given.get("r", ""), given.get("t", "n")
            self.style = given.get("s", "")
            self.value, self.inline, self.formula = [], [], None
            place = _ADDRESS.match(self.address)
            self.column = column_number(place[1]) if place else self.column + 1
            if place and not self.cells and self.number == 0:
                self.number = int(place[2])
        elif local == "v":
            self.into = self.value
        elif local == "f":
            self.formula = []
            self.into = self.formula
        elif local == "t" and not self.is_reading:
            self.into = self.inline
        elif local == "rPh":
            self.is_reading = True
        elif local == "row":
            text = given.get("r", "")
            known = text.isascii() and text.isdigit() and len(text) < 9
            self.number = int(text) if known else self.number + 1
            self.cells, self.column = [], 0

    def data(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def end(self, local: str) -> None:
        if local in {"v", "f", "t"}:
            self.into = None
        elif local == "rPh":
            self.is_reading = False
        elif local == "c":
            self._keep(self._cell())
        elif local == "row":
            self.gathered.add(self.number, self.cells)
            self.cells = []

    def _keep(self, cell: Cell) -> None:
        if cell == "":
            return
        if self.column > self.most_columns:
            raise FileError("columns", most=self.most_columns, row=self.number)
        missing = self.column - 1 - len(self.cells)
        if missing < 0:
            # Cells out of order, or the same address twice: the last one holds.
            self.cells[self.column - 1] = cell
            return
        self.cells.extend([""] * missing)
        self.cells.append(cell)

    def _cell(self) -> Cell:
        """The value of a cell as a person would read it off the sheet."""
        value, kind = "".join(self.value), self.kind
        if self.formula is not None:
            text = "=" + "".join(self.formula)[:LONGEST_TEXT]
            return Mark(text, "formula", self.address)
        if kind in {"inlineStr", "str"}:
            return clean(("".join(self.inline) or value)[:LONGEST_TEXT])
        if value == "":
            return ""
        if kind == "s":
            place = int(value) if _INTEGER.match(value) else -1
            if not 0 <= place < len(self.texts):
                raise FileError("damaged", part=self.address)
            return self.texts[place]
        if kind == "b":
            return Mark("TRUE" if value.strip() == "1" else "FALSE", "truth", self.address)
        if kind == "d":
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                return Mark(value[:40], "error", self.address)
        if kind == "n":
            return self._number(value.strip())
        return Mark(value[:40], "error", self.address)

    def _number(self, text: str) -> Cell:
        """Excel keeps every number as a float: one without a fraction is the integer it shows."""
        number = as_number(text)
        if number is None:
            return Mark(text[:40], "error", self.address)
        shown = self._shown()
        if shown == "percent":
            # It shows 12.5% and holds 0.125: who reads the sheet and who reads the file differ.
            return Mark(text[:40], "percent", self.address)
        if shown == "date":
            day = as_date(number, is_1904=self.is_1904)
            return day or Mark(_clock(number) or text[:40], "time", self.address)
        return number

    def _shown(self) -> str:
        style = int(self.style) if self.style.isascii() and self.style.isdigit() else 0
        formats = self.formats or []
        return formats[style] if style < len(formats) else ""


def column_number(letters: str) -> int:
    """A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def as_number(text: str) -> int | Decimal | None:
    """The number that a file writes so; None when it writes none, or one of absurd size."""
    if _INTEGER.match(text):
        return int(text)
    try:
        # As a float, and then the shortest text of it: what a spreadsheet shows.
        number = Decimal(repr(float(text)))
    except (ValueError, InvalidOperation):
        return None
    if not number.is_finite() or number.adjusted() > MOST_DIGITS:
        return None
    return int(number) if number == number.to_integral_value() else number


def _clock(number: int | Decimal) -> str:
    """The time of day that a fraction of a day is; empty for anything else."""
    seconds = round(number * 24 * 60 * 60) if 0 <= number < 1 else -1
    return str(timedelta(seconds=seconds)).zfill(8) if seconds >= 0 else ""


def as_date(number: int | Decimal, *, is_1904: bool = False) -> date | None:
    """The day a spreadsheet counts so, whatever the time of day; None for a time alone."""
    days = int(number)
    if not 1 <= days <= LAST_DAY:
        return None
    if is_1904:
        return DAY_ZERO_1904 + timedelta(days)
    return DAY_ZERO + timedelta(days + (days < FIRST_TRUE_DAY))
