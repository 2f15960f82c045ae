"""The parts of a document as WordprocessingML, for a template that names where they go. No Django.

Paragraphs carry names of styles (`QYBody`, `QYHeading1` …); how those look is the template's
affair. Every text goes in as text: nothing that a user typed becomes a field, a link or markup.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree

from courts.papers.document import (
    CENTRE,
    END,
    START,
    Annex,
    Block,
    Document,
    Heading,
    Paragraph,
    Table,
    annex_prefix,
    groups,
    words,
)
from courts.papers.fitting import ems, fit, rows_of_heading, size_for
from courts.papers.letterhead import head_lines

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Sizes in tenths of a point: titles are 二号.
TITLE, SMALLEST_TITLE = 220, 180
# What a sheet that lies keeps free: its head is bound, so its top is the binding side. Twips.
LYING_MARGINS = {"top": "1587", "bottom": "1474", "left": "1984", "right": "2098"}
# The styles that paragraphs and tables are given; a template must have them all.
STYLES = frozenset(
    "QYHead QYTitle QYBody QYFlush QYHeading1 QYHeading2 QYHeading3 QYHeading4 QYTableTitle "
    "QYTable QYCell QYCellHead QYNote QYAnnexList QYSignature QYAnnexLabel QYAnnexTitle "
    "QYBreak QYKorean QYKoreanStrong".split()
)
_SIDES = {START: "left", CENTRE: "center", END: "right"}


def w(name: str) -> str:
    """The full name of an element or attribute."""
    return f"{{{W}}}{name}"


def element(name: str, children: Iterable[Any] = (), **attributes: str) -> Any:
    """An element of WordprocessingML with its children."""
    made = etree.Element(w(name), nsmap={"w": W})
    for key, value in attributes.items():
        made.set(w(key), value)
    made.extend(children)
    return made


def markup(elements: Iterable[Any]) -> str:
    """Elements as text that can be put into a part of a Word file."""
    return "".join(etree.tostring(each, encoding="unicode") for each in elements)


def paragraph(style: str, text: str, size: int = 0, properties: Sequence[Any] = ()) -> Any:
    """A paragraph of one run; `size` in tenths of a point where the style's own does not fit."""
    run = element("r")
    if size:
        half_points = str(size // 5)
        run.append(
            element("rPr", [element("sz", val=half_points), element("szCs", val=half_points)])
        )
    run.append(_written(text))
    return element("p", [element("pPr", [element("pStyle", val=style), *properties]), run])


def _written(text: str) -> Any:
    written = element("t")
    written.text = text
    written.set(XML_SPACE, "preserve")
    return written


def head(document: Document) -> list[Any]:
    """The red lines, each as large as set, or as fits."""
    made = []
    for line in document.head:
        lines, size = head_lines(line)
        first = paragraph("QYHead", lines[0], size)
        run = first[-1]
        for text in lines[1:]:
            run.append(element("br"))
            run.append(_written(text))
        made.append(first)
    return made


def title(document: Document) -> list[Any]:
    """The title, line by line."""
    size = size_for(document.title, TITLE, SMALLEST_TITLE)
    return [paragraph("QYTitle", line, size) for line in document.title]


def blocks(parts: Iterable[Block]) -> list[Any]:
    """Headings, paragraphs and tables."""
    made: list[Any] = []
    for part in parts:
        if isinstance(part, Heading):
            made.append(paragraph(f"QYHeading{part.level}", words(part.runs)))
        elif isinstance(part, Paragraph):
            made.append(paragraph("QYFlush" if part.is_flush else "QYBody", words(part.runs)))
        else:
            made.extend(table(part))
    return made


def annex_list(document: Document) -> list[Any]:
    """The lines that name the annexes, one line below the body."""
    if not document.annex_list:
        return []
    # Two characters and what stands before the first name; an em is 315 twips here.
    under = str(630 + ems(annex_prefix(document)) * 315 // 100)
    return [
        paragraph("QYFlush", "", properties=[element("keepNext")]),
        paragraph("QYAnnexList", document.annex_list[0], properties=[element("keepNext")]),
        *(
            paragraph(
                "QYAnnexList",
                line,
                properties=[element("keepNext"), element("ind", left=under, leftChars="0")],
            )
            for line in document.annex_list[1:]
        ),
    ]


def signature(document: Document) -> list[Any]:
    """Who signs, centred over the date, which ends four characters before the edge."""
    lines = [line for line in (*document.signature, document.closing_date) if line]
    if not lines:
        return []
    # Hundredths of an em of 16 points are 3.2 twips.
    widths = [ems(line) * 16 // 5 for line in lines]
    edge = max(0, 4 * 315 - max(0, max(widths) - widths[-1]) // 2)
    return [
        *(paragraph("QYFlush", "", properties=[element("keepNext")]) for _line in range(2)),
        *(
            paragraph(
                "QYSignature",
                line,
                properties=[element("ind", right=str(edge + (max(widths) - width) // 2))],
            )
            for line, width in zip(lines, widths, strict=True)
        ),
    ]


def annexes(document: Document, section: Any) -> list[Any]:
    """The annexes, each on a page of its own; `section` is the template's `sectPr`.

    A section ends where the paper turns, and after the last annex: what follows stands upright, and
    begins on a page of its own where there is anything (`word.end_on_even_page`).
    """
    made: list[Any] = []
    is_lying = False
    for number, annex in enumerate(document.annexes):
        is_first = number == 0
        starts_page = not is_first and is_lying == annex.is_landscape
        if not starts_page:
            made.append(_end_of_section(section, is_lying))
        is_lying = annex.is_landscape
        made.extend(_annex(annex, starts_page))
    made.append(_end_of_section(section, is_lying))
    return made


def _annex(annex: Annex, starts_page: bool) -> list[Any]:
    start = [element("pageBreakBefore")] if starts_page else []
    return [
        paragraph("QYAnnexLabel", annex.label, properties=start),
        paragraph("QYAnnexTitle", annex.title),
        *blocks(annex.blocks),
    ]


def _end_of_section(section: Any, is_lying: bool) -> Any:
    ended = copy.deepcopy(section)
    if is_lying:
        size = ended.find(w("pgSz"))
        if size is not None:
            size.set(w("w"), "16838")
            size.set(w("h"), "11906")
            size.set(w("orient"), "landscape")
        margins = ended.find(w("pgMar"))
        if margins is not None:
            for side, twips in LYING_MARGINS.items():
                margins.set(w(side), twips)
    return element("p", [element("pPr", [element("pStyle", val="QYBreak"), ended])])


def table(part: Table) -> list[Any]:
    """A table with its caption and notes; its heading comes again on each page."""
    fitted = fit(part)
    # Tenths of a point are two twips.
    widths = [width * 2 for width in fitted.widths]
    made = element(
        "tbl",
        [
            element(
                "tblPr",
                [
                    element("tblStyle", val="QYTable"),
                    element("tblW", w=str(sum(widths)), type="dxa"),
                    element("jc", val="center"),
                    element("tblLayout", type="fixed"),
                    element(
                        "tblCellMar",
                        [
                            element(side, w=str(fitted.room), type="dxa")
                            for side in ("left", "right")
                        ],
                    ),
                ],
            ),
            element("tblGrid", [element("gridCol", w=str(width)) for width in widths]),
            *_heading_rows(part, widths, fitted.size),
            *_rows(part, widths, fitted.size),
        ],
    )
    caption = words(part.caption)
    return [
        *([paragraph("QYTableTitle", caption)] if caption else []),
        made,
        *(paragraph("QYNote", words(note.runs)) for note in part.notes),
        # Two tables in a row would become one.
        *([] if part.notes else [paragraph("QYBreak", "")]),
    ]


def _heading_rows(part: Table, widths: list[int], size: int) -> list[Any]:
    repeated = [element("cantSplit"), element("tblHeader")]
    if rows_of_heading(part.columns) == 1:
        cells = [
            _cell(column.title, width, size, "QYCellHead")
            for column, width in zip(part.columns, widths, strict=True)
        ]
        return [element("tr", [element("trPr", repeated), *cells])]
    upper, lower, place = [], [], 0
    for name, count in groups(part.columns):
        columns = part.columns[place : place + count]
        if name:
            span = element("gridSpan", val=str(count))
            upper.append(
                _cell(name, sum(widths[place : place + count]), size, "QYCellHead", [span])
            )
        else:
            merged = [element("vMerge", val="restart")]
            upper.append(_cell(columns[0].title, widths[place], size, "QYCellHead", merged))
        for column, width in zip(columns, widths[place : place + count], strict=True):
            lower.append(
                _cell(column.title, width, size, "QYCellHead")
                if name
                else _cell("", width, size, "QYCellHead", [element("vMerge")])
            )
        place += count
    return [
        element("tr", [element("trPr", copy.deepcopy(repeated)), *cells])
        for cells in (upper, lower)
    ]


def _rows(part: Table, widths: list[int], size: int) -> list[Any]:
    made = []
    was_apart = False
    for row in part.rows:
        border = (
            [
                element(
                    "tcBorders", [element("top", val="single", sz="12", space="0", color="000000")]
                )
            ]
            if row.is_apart and not was_apart
            else []
        )
        was_apart = row.is_apart
        made.append(
            element(
                "tr",
                [
                    element("trPr", [element("cantSplit")]),
                    *(
                        _cell(
                            words(cell.runs),
                            width,
                            size,
                            "QYCell",
                            copy.deepcopy(border),
                            _SIDES[column.align],
                        )
                        for cell, column, width in zip(row.cells, part.columns, widths, strict=True)
                    ),
                ],
            )
        )
    return made


def _cell(
    text: str,
    width: int,
    size: int,
    style: str,
    properties: Sequence[Any] = (),
    side: str = "center",
) -> Any:
    aligned = [] if side == "center" else [element("jc", val=side)]
    return element(
        "tc",
        [
            element(
                "tcPr",
                [
                    element("tcW", w=str(width), type="dxa"),
                    *properties,
                    element("vAlign", val="center"),
                ],
            ),
            paragraph(style, text, size, aligned),
        ],
    )
