"""The plain document: what a bulletin says, before it becomes a page, a PDF or a Word file.

A document holds finished wording in one language. Whoever makes a document writes every word of
form as well (抄送：…。, …印发, 附件1, 演示数据). Renderers add no word, so that one document gives
the same numbers in every file.

Terms: a *run* is a piece of a sentence. A *field* is a run whose number comes from the snapshot;
`key` names where it stands there. A *typed* run is a number that a person typed by hand. A
*carrier* is the form of the whole: a document with a red head, or an issue of a numbered series.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from courts.papers.plain_data import canonical, from_plain, to_plain

RED_HEAD, SERIES = "redhead", "series"
CARRIERS = (RED_HEAD, SERIES)
LANGUAGES = ("zh", "ko")
# 一、 （一） 1. （1）
DEEPEST_LEVEL = 4
START, CENTRE, END = "start", "centre", "end"
ALIGNMENTS = (START, CENTRE, END)
_BEFORE_COLON = re.compile(r"[^：:]{1,12}[：:]\s*")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """Words that hold no number to be followed up."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A live number. `key` names its place in the snapshot, `source` tells readers where from."""

    key: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A number typed by hand; it stays marked while `reason` is blank."""

    text: str
    reason: str = ""


Run = Text | Field | Typed


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 to 4 with its number in the words: 一、 （一） 1. （1）."""

    level: int
    runs: tuple[Run, ...]

    def __post_init__(self) -> None:
        """Refuse a level that the form does not know. ValueError."""
        if not 1 <= self.level <= DEEPEST_LEVEL:
            raise ValueError(f"level must be 1 to {DEEPEST_LEVEL}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; its first line is indented by two characters, unless `is_flush`."""

    runs: tuple[Run, ...]
    is_flush: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Neighbours with the same `group` stand under one heading.

    `width` is the column's share of the line, in any unit that all columns of the table use.
    """

    title: str
    group: str = ""
    width: int = 1
    align: str = CENTRE

    def __post_init__(self) -> None:
        """Refuse an unknown alignment and a column without width. ValueError."""
        if self.align not in ALIGNMENTS:
            raise ValueError(f"align must be one of {', '.join(ALIGNMENTS)}")
        if self.width < 1:
            raise ValueError("width must be 1 or more")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `is_apart` rows (the intermediate court) stand below a stronger line."""

    cells: tuple[Cell, ...]
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption above and its notes below. `landscape` is for annexes alone.

    A table too wide for readable type is cut into strips, of which the later ones have the caption
    `again` (续表). `size` is the type in tenths of a point; 0 leaves it to the renderer.
    """

    caption: tuple[Run, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    landscape: bool = False
    notes: tuple[Paragraph, ...] = ()
    again: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        """Refuse no columns, rows of another length and a negative size. ValueError."""
        if self.size < 0:
            raise ValueError("size must be 0 or more")
        if not self.columns:
            raise ValueError("a table needs a column")
        for number, row in enumerate(self.rows):
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row.cells)} cells for {len(self.columns)} columns"
                )


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """What begins on a page of its own: `label` as 附件1, its title, its blocks."""

    label: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def is_landscape(self) -> bool:
        """Whether a table of the annex needs the long side of the page."""
        return any(isinstance(block, Table) and block.landscape for block in self.blocks)


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A red line of the head. `size` in tenths of a point; 0 leaves the size to the renderer."""

    text: str
    language: str = "zh"
    size: int = 0

    def __post_init__(self) -> None:
        """Refuse a language that papers are not written in, and a negative size. ValueError."""
        if self.language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}")
        if self.size < 0:
            raise ValueError("size must be 0 or more")


@dataclass(frozen=True, slots=True)
class Imprint:
    """The lines at the foot of the last page (版记), in full words; blank ones are left out.

    `copies_to` as 抄送：…。; `printed_by` stands left and `printed_on` (…印发) right; `copies` as
    共印30份.
    """

    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""
    copies: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Words above the head of every paper: made-up figures (演示数据), internal (内部资料)."""

    demo: str = ""
    internal: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One paper.

    `head` are the red lines. `number` is 发文字号, or 第n期 in a series, whose head also names the
    `issuer` and the date. `title` and `signature` are broken into lines by meaning; a series may
    have no signature. `addressee` ends with its colon. `annex_list` are the lines below the body
    (附件：1.…). `date` is the day in words and `day` the same as YYYY-MM-DD. `stamp` is the hash of
    the snapshot, for the properties of a file and not for its pages.
    """

    carrier: str
    language: str
    head: tuple[HeadLine, ...]
    number: str
    title: tuple[str, ...]
    addressee: str
    blocks: tuple[Block, ...]
    signature: tuple[str, ...]
    date: str
    day: str
    issuer: str = ""
    annex_list: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    imprint: Imprint = Imprint()
    marks: Marks = Marks()
    stamp: str = ""

    def __post_init__(self) -> None:
        """Refuse what no renderer could set. ValueError."""
        if self.carrier not in CARRIERS:
            raise ValueError(f"carrier must be one of {', '.join(CARRIERS)}")
        if self.language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}")
        if not self.title or not any(self.title):
            raise ValueError("a document needs a title")
        if not _ISO_DAY.match(self.day):
            raise ValueError("day must be YYYY-MM-DD")
        if any(isinstance(block, Table) and block.landscape for block in self.blocks):
            raise ValueError("a landscape table belongs into an annex")

    @property
    def closing_date(self) -> str:
        """The date below the signature; none where the head of a series has it already."""
        return self.date if self.signature or self.carrier == RED_HEAD else ""


def words(runs: tuple[Run, ...]) -> str:
    """The runs of a sentence as one text."""
    return "".join(run.text for run in runs)


def texts(document: Document) -> Iterator[str]:
    """Every text that a reader of the paper sees, once each and in the order of the pages."""
    marks, imprint = document.marks, document.imprint
    yield from (marks.demo, marks.internal)
    yield from (line.text for line in document.head)
    yield document.number
    if document.carrier == SERIES:
        yield from (document.issuer, document.date)
    yield from document.title
    yield document.addressee
    yield from block_texts(document.blocks)
    yield from document.annex_list
    yield from document.signature
    yield document.closing_date
    for annex in document.annexes:
        yield from (annex.label, annex.title)
        yield from block_texts(annex.blocks)
    yield from (imprint.copies_to, imprint.printed_by, imprint.printed_on, imprint.copies)


def block_texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The texts of blocks; a heading over several columns of a table is one text."""
    for block in blocks:
        if not isinstance(block, Table):
            yield words(block.runs)
            continue
        yield words(block.caption)
        yield from (title for title, _columns in groups(block.columns) if title)
        yield from (column.title for column in block.columns)
        for row in block.rows:
            yield from (words(cell.runs) for cell in row.cells)
        yield from (words(note.runs) for note in block.notes)


def groups(columns: tuple[Column, ...]) -> tuple[tuple[str, int], ...]:
    """The upper headings of a table: each with how many columns stand under it.

    A column without a group has a blank one of its own.
    """
    found: list[tuple[str, int]] = []
    for column in columns:
        if column.group and found and found[-1][0] == column.group:
            found[-1] = (column.group, found[-1][1] + 1)
        else:
            found.append((column.group, 1))
    return tuple(found)


def annex_prefix(document: Document) -> str:
    """The words before the first annex's name (附件：), under which the further ones begin."""
    found = _BEFORE_COLON.match(document.annex_list[0]) if document.annex_list else None
    return found[0] if found else ""


def to_data(document: Document) -> dict[str, Any]:
    """The document as plain data."""
    data: dict[str, Any] = to_plain(document)
    return data


def from_data(data: Any) -> Document:
    """The document that plain data describe. `PlainDataError` names the place of a fault."""
    return from_plain(Document, data)


def as_json(document: Document) -> str:
    """The document as canonical JSON: equal documents give equal bytes."""
    return canonical(to_data(document))
