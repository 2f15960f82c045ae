"""Owns reading what a person typed or pasted into one cell; more lenient than files are read.

Spreadsheets copy what they show, so separators of thousands, full-width digits, blanks around and
empty decimals are taken for what they mean. Nothing is guessed beyond that.

Figures of 元 are typed with two decimals at most and held in hundredths (分): `places` says how
many decimals a figure has.

Terms: a *fault* is the kind of a text that is no figure. The browser's
`static/courts/returns/grid-figures.js` reads the same way while a person types; the browser tests
hold it to this module, row by row.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from courts.models import Figure

_PLAIN = re.compile(r"[0-9]+(?:\.0*)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?", re.ASCII)
_DIGITS = re.compile(r"[0-9]*", re.ASCII)
LONGEST = 40
# The full-width forms of ASCII, as Chinese and Korean input methods type them. Nothing else is
# folded: a raised or circled digit is a footnote, not a figure.
_HALF_WIDTH = {0xFF00 + code - 0x20: code for code in range(0x21, 0x7F)}


class ValueFault(StrEnum):
    """Why a text is no figure."""

    NEGATIVE = "negative"
    FRACTION = "fraction"
    DECIMALS = "decimals"
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
        ValueFault.DECIMALS: _("最多两位小数。"),
        ValueFault.TOO_LARGE: _("数值过大，最多为 %(most)s。") % most,
        ValueFault.FORMULA: _("这里不计算算式，请填写算好的整数。"),
        ValueFault.NO_FIGURE: _("应为0至%(most)s的整数；没有数据请留空。") % most,
    }


def read_value(typed: object, places: int = 0) -> int | None:
    """The figure as it is held, or None for an empty cell; `FigureError` for anything else.

    A text is what a person typed; an integer is held so already.
    """
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
    whole, _point, part = text.partition(".")
    if places and (_PLAIN.fullmatch(whole) or _GROUPED.fullmatch(whole)):
        return _in_range(int(whole.replace(",", "") + _decimals(part, places)))
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return _in_range(int(text.partition(".")[0].replace(",", "")))
    if text.startswith("-") and _NUMBER.fullmatch(text):
        raise FigureError.of(ValueFault.NEGATIVE)
    if "." in text and _NUMBER.fullmatch(text):
        raise FigureError.of(ValueFault.FRACTION)
    raise FigureError.of(ValueFault.FORMULA if text.startswith("=") else ValueFault.NO_FIGURE)


def _decimals(part: str, places: int) -> str:
    """As many digits behind the point; `FigureError` for more, or for what is none."""
    if not _DIGITS.fullmatch(part):
        raise FigureError.of(ValueFault.NO_FIGURE)
    if part[places:].strip("0"):
        raise FigureError.of(ValueFault.DECIMALS)
    return part[:places].ljust(places, "0")


def held_of(number: int | Decimal, places: int) -> int:
    """A number of a spreadsheet as the figure is held; `FigureError` for more decimals."""
    held = Decimal(number).scaleb(places)
    if held != held.to_integral_value():
        fault = ValueFault.DECIMALS if places else ValueFault.FRACTION
        raise FigureError.of(fault if held >= 0 else ValueFault.NEGATIVE)
    return _in_range(int(held))


def _in_range(value: int) -> int:
    if value < 0:
        raise FigureError.of(ValueFault.NEGATIVE)
    if value > Figure.MAXIMUM:
        raise FigureError.of(ValueFault.TOO_LARGE)
    return value
