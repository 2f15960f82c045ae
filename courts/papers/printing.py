"""Makes a document ready for paper, the same for every renderer. No Django."""

from __future__ import annotations

import unicodedata
from typing import Any

from courts.papers.document import Document, from_data, to_data
from courts.papers.strips import in_strips

_BREAKS = frozenset({"Cc", "Zl", "Zp"})
_UNSEEN = _BREAKS | {"Cf", "Cs", "Co", "Cn"}


def printable(document: Document) -> Document:
    """The document as every renderer begins with it: nothing unseen in it, wide tables in strips.

    Controls and marks of direction go; a line break or tab within a text becomes a blank.
    """
    return in_strips(from_data(_printable(to_data(document))))


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return "".join(
            sign
            if (kind := unicodedata.category(sign)) not in _UNSEEN
            else " "
            if kind in _BREAKS
            else ""
            for sign in data
        )
    if isinstance(data, list):
        return [_printable(each) for each in data]
    if isinstance(data, dict):
        return {key: _printable(each) for key, each in data.items()}
    return data
