"""Owns reading what a person typed or pasted into one cell; more lenient than files are read.

Spreadsheets copy what they show, so separators of thousands, full-width digits, blanks around and
empty decimals are taken for what they mean. Nothing is guessed beyond that.

Terms: a *fault* is the kind of a text that is no figure. The browser's
`static/courts/returns/grid-figures.js` reads the same way while a person types; the browser tests
hold it to this module, row by row.
"""

from __future__ import annotations

import re
from enum import StrEnum

from django.utils.translation import gettext as _

from courts.models import Figure

_PLAIN = re.compile(r"[0-9]+(?:\.0*)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?", re.ASCII)
LONGEST = 40
# The full-width forms of ASCII, as Chinese and Korean input methods type them. Nothing else is
# folded: a raised or circled digit is a footnote, not a figure.
_HALF_WIDTH = {0xFF00 + code - 0x20: code for code in range(0x21, 0x7F)}


class ValueFault(StrEnum):
    """Why a text is no figure."""

    NEGATIVE = "negative"
    FRACTION = "fraction"
    TOO_LARGE = "too_large"
    FORMULA = "formula"
    NO_FIGURE = "no_figure"


class FigureError(ValueError):
    """What stands in the cell is no figure; the text says what is expected."""

    def __init__(self, expected: str, fault: ValueFault = ValueFault.NO_FIGURE) -> None:
        super().__init__(expected)
        self.fault = fault

    @classmethod
    def of(cls, fault: ValueFault) -> FigureError:
        """The error with the sentence of that fault."""
        return cls(fault_sentences()[fault], fault)


def fault_sentences() -> dict[str, str]:
    """What is said of each fault, in the active language."""
    most = {"most": Figure.MAXIMUM}
    return {
        ValueFault.NEGATIVE: _("不得为负数。"),
        ValueFault.FRACTION: _("应为整数，不得有小数。"),
        ValueFault.TOO_LARGE: _("数值过大，最多为 %(most)s。") % most,
        ValueFault.FORMULA: _("这里不计算算式，请填写算好的整数。"),
        ValueFault.NO_FIGURE: _("应为0至%(most)s的整数；没有数据请留空。") % most,
    }


def read_value(typed: object) -> int | None:
    """The figure, or None for an empty cell; `FigureError` for anything else."""
    if typed is None:
        return None
    if isinstance(typed, bool) or not isinstance(typed, int | str):
        raise FigureError.of(ValueFault.NO_FIGURE)
    if isinstance(typed, int):
        return _in_range(typed)
    # Blanks go first: a text cut before that would lose digits and become another figure.
    text = typed.strip()
    if len(text) > LONGEST:
        raise FigureError.of(ValueFault.NO_FIGURE)
    text = text.translate(_HALF_WIDTH)
    if not text:
        return None
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return _in_range(int(text.partition(".")[0].replace(",", "")))
    if text.startswith("-") and _NUMBER.fullmatch(text):
        raise FigureError.of(ValueFault.NEGATIVE)
    if "." in text and _NUMBER.fullmatch(text):
        raise FigureError.of(ValueFault.FRACTION)
    raise FigureError.of(ValueFault.FORMULA if text.startswith("=") else ValueFault.NO_FIGURE)


def _in_range(value: int) -> int:
    if value < 0:
        raise FigureError.of(ValueFault.NEGATIVE)
    if value > Figure.MAXIMUM:
        raise FigureError.of(ValueFault.TOO_LARGE)
    return value
