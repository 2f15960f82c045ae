"""Takes numbers and texts out of documents and of the files made of them, to compare. No Django.

Terms: a *number* is a row of digits with its decimals, and with its sign if one stands at it; an
ordinal of a heading is a number too. Files are compared as multisets: each number as often as the
document has it.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import docx

from courts.papers.document import Document, texts
from courts.papers.printing import printable
from courts.papers.word_markup import w

_NUMBER = re.compile(r"[−+]?[0-9]+(?:\.[0-9]+)?")
_BLANKS = re.compile(r"\s+")


def numbers(pieces: Iterable[str]) -> Counter[str]:
    """The numbers in some texts, each as often as it stands there."""
    return Counter(number for piece in pieces for number in _NUMBER.findall(piece))


def numbers_of(document: Document) -> Counter[str]:
    """Every number that the document says."""
    return numbers(texts(printable(document)))


def pieces_of_word(content: bytes) -> Iterator[str]:
    """The texts of a .docx file's body, paragraph by paragraph. Headers and footers are left out.

    The file must be known to be bounded; whatever python-docx raises for a damaged one is raised.
    """
    yield from pieces_of_body(docx.Document(io.BytesIO(content)).element.body)


def pieces_of_body(body: Any) -> Iterator[str]:
    """The texts of paragraphs of a body of WordprocessingML; a tab or a break is a blank."""
    signs = {w("tab"): " ", w("br"): " ", w("cr"): " ", w("noBreakHyphen"): "-"}
    for paragraph in body.iter(w("p")):
        text = "".join(
            (part.text or "") if part.tag == w("t") else signs.get(part.tag, "")
            for run in paragraph.iter(w("r"))
            for part in run
        )
        if text:
            yield text


def missing_texts(document: Document, pieces: Iterable[str]) -> list[str]:
    """The texts of a document that stand nowhere in a file's, whatever blanks are between words."""
    held = [_BLANKS.sub("", piece) for piece in pieces]
    wanted = {_BLANKS.sub("", text): text for text in texts(printable(document))}
    return [
        text
        for squeezed, text in wanted.items()
        if squeezed and not any(squeezed in piece for piece in held)
    ]
