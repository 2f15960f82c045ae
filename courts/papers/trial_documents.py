"""Two documents that try a template out: every text has a number of its own. No Django.

A number that is missing from the result tells which field was not printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from courts.papers.document import (
    RED_HEAD,
    SERIES,
    Annex,
    Cell,
    Column,
    Document,
    Field,
    Heading,
    HeadLine,
    Imprint,
    Marks,
    Paragraph,
    Row,
    Table,
    Text,
    Typed,
)

# Signs that a template must let through unharmed stand beside each number.
_AROUND = "字<&>{}한"
_FIRST = 1001


class _Texts:
    """Gives texts with numbers, and remembers which field got which."""

    def __init__(self) -> None:
        self.numbers: Iterator[int] = count(_FIRST)
        self.fields: dict[str, str] = {}

    def text(self, field: str) -> str:
        number = f"{next(self.numbers)}.5"
        self.fields[number] = field
        return _AROUND.format(number)


def trial_documents() -> tuple[tuple[Document, dict[str, str]], ...]:
    """A document of each carrier, each with the field of every number in it."""
    return tuple(_trial(carrier) for carrier in (RED_HEAD, SERIES))


def _trial(carrier: str) -> tuple[Document, dict[str, str]]:
    texts = _Texts()
    text = texts.text
    document = Document(
        carrier=carrier,
        language="zh",
        head=(HeadLine(text("head"), "ko"), HeadLine(text("head"))),
        number=text("number"),
        issuer=text("issuer") if carrier == SERIES else "",
        title=(text("title"), text("title")),
        addressee=text("addressee"),
        blocks=(
            *(Heading(level, (Text(text("body")),)) for level in range(1, 5)),
            Paragraph(
                (Text(text("body")), Field("key", text("body")), Typed(text("body"), "reason"))
            ),
            _table(texts, "body"),
        ),
        annex_list=(text("annex_list"), text("annex_list")),
        annexes=tuple(
            Annex(
                text("annexes"),
                text("annexes"),
                (_table(texts, "annexes", is_lying=number == 0), Paragraph(())),
            )
            for number in range(2)
        ),
        signature=(text("signature"),),
        date=text("date" if carrier == SERIES else "signature"),
        day="2000-01-01",
        imprint=Imprint(
            text("imprint.copies_to"),
            text("imprint.printed_by"),
            text("imprint.printed_on"),
            text("imprint.copies"),
        ),
        marks=Marks(text("marks.demo"), text("marks.internal")),
    )
    return document, texts.fields


def _table(texts: _Texts, field: str, *, is_lying: bool = False) -> Table:
    return Table(
        (Text(texts.text(field)),),
        tuple(Column(texts.text(field), group="组" if place else "") for place in range(3)),
        tuple(
            Row(tuple(Cell((Text(texts.text(field)),)) for _place in range(3)), is_apart=row == 1)
            for row in range(2)
        ),
        landscape=is_lying,
        notes=(Paragraph((Text(texts.text(field)),)),),
    )
