"""Owns which signs a text may hold to be kept, searched for and written to files.

Refused are what PostgreSQL or XML cannot hold, and what shows that bytes were read in a wrong
encoding: control characters other than tab and line ends, lone surrogates, the replacement sign.
"""

from __future__ import annotations

import re

_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
# A number in a form or an address; what is longer fits no field and no column.
_ENDLESS = re.compile(r"\s*[+-]?\d{40,}\s*")
AROUND = 8


def refused_near(text: str) -> str:
    """What stands around the first sign that cannot be kept, a `·` in its place; else nothing."""
    found = _REFUSED.search(text)
    if found is None:
        return ""
    place = found.start()
    return _REFUSED.sub("·", text[max(place - AROUND, 0) : place + AROUND + 1])


def is_endless_number(text: str) -> bool:
    """Whether a text is a whole number of so many digits that nothing here could hold it."""
    return _ENDLESS.fullmatch(text) is not None
