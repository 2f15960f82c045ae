"""Owns reading what a person typed or pasted into one cell; more lenient than files are read.

Spreadsheets copy what they show, so separators of thousands, full-width digits, blanks around and
empty decimals are taken for what they mean. Nothing is guessed beyond that.

Figures of 元 are typed with two decimals at most and held in hundredths (分): `places` says how
many decimals a figure has, and by that how large it may be (`scoring.schema.largest_figure`).

Terms: a *fault* is the kind of a text that is no figure. The browser's
`static/courts/returns/grid-figures.js` reads the same way while a person types; the browser tests
hold it to this module, row by row.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from scoring.schema import FEN, largest_figure

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
    def of(cls, fault: ValueFault, places: int = 0) -> FigureError:
        """The error with the sentence of that fault, for a figure with so many decimals."""
        return cls(fault_sentences(places)[fault], fault)


def fault_sentences(places: int = 0) -> dict[str, str]:
    """What is said of each fault of a figure with so many decimals, in the active language."""
    most = {"most": most_of(places)}
    return {
        ValueFault.NEGATIVE: _("不得为负数。"),
        ValueFault.FRACTION: _("应为整数，不得有小数。"),
        ValueFault.DECIMALS: _("最多两位小数。"),
        ValueFault.TOO_LARGE: (
            _("数值过大，最多为 %(most)s元。") if places else _("数值过大，最多为 %(most)s。")
        )
        % most,
        ValueFault.FORMULA: (
            _("这里不计算算式，请填写算好的金额。")
            if places
            else _("这里不计算算式，请填写算好的整数。")
        ),
        ValueFault.NO_FIGURE: expected(places),
    }


def sentences_by_unit() -> dict[str, dict[str, str]]:
    """What is said of each fault of a count and of an amount, in the active language."""
    return {"fault": fault_sentences(), "amount": fault_sentences(FEN)}


def most_of(places: int) -> str:
    """The largest figure with so many decimals, as people type it: in 元 where it has some."""
    return f"{Decimal(largest_figure(places)).scaleb(-places):f}"


def expected(places: int = 0) -> str:
    """What a cell may hold, in the active language."""
    most = {"most": most_of(places)}
    if places:
        return _("应为0至%(most)s元，最多两位小数；没有数据请留空。") % most
    return _("应为0至%(most)s的整数；没有数据请留空。") % most


def read_value(typed: object, places: int = 0) -> int | None:
    """The figure as it is held, or None for an empty cell; `FigureError` for anything else.

    A text is what a person typed; an integer is held so already.
    """
    if typed is None:
        return None
    if isinstance(typed, bool) or not isinstance(typed, int | str):
        raise FigureError.of(ValueFault.NO_FIGURE, places)
    if isinstance(typed, int):
        return _in_range(typed, places)
    # Blanks go first: a text cut before that would lose digits and become another figure.
    text = typed.strip()
    if len(text) > LONGEST:
        raise FigureError.of(ValueFault.NO_FIGURE, places)
    text = text.translate(_HALF_WIDTH)
    if not text:
        return None
    whole, _point, part = text.partition(".")
    if places and (_PLAIN.fullmatch(whole) or _GROUPED.fullmatch(whole)):
        return _in_range(int(whole.replace(",", "") + _decimals(part, places)), places)
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return _in_range(int(text.partition(".")[0].replace(",", "")), places)
    if text.startswith("-") and _NUMBER.fullmatch(text):
        raise FigureError.of(ValueFault.NEGATIVE, places)
    if "." in text and not places and _NUMBER.fullmatch(text):
        raise FigureError.of(ValueFault.FRACTION)
    fault = ValueFault.FORMULA if text.startswith("=") else ValueFault.NO_FIGURE
    raise FigureError.of(fault, places)


def _decimals(part: str, places: int) -> str:
    """As many digits behind the point; `FigureError` for more, or for what is none."""
    if not _DIGITS.fullmatch(part):
        raise FigureError.of(ValueFault.NO_FIGURE, places)
    if part[places:].strip("0"):
        raise FigureError.of(ValueFault.DECIMALS, places)
    return part[:places].ljust(places, "0")


def held_of(number: int | Decimal, places: int) -> int:
    """A number of a spreadsheet as the figure is held; `FigureError` for more decimals."""
    held = Decimal(number).scaleb(places)
    if held != held.to_integral_value():
        fault = ValueFault.DECIMALS if places else ValueFault.FRACTION
        raise FigureError.of(fault if held >= 0 else ValueFault.NEGATIVE, places)
    return _in_range(int(held), places)


def _in_range(value: int, places: int) -> int:
    if value < 0:
        raise FigureError.of(ValueFault.NEGATIVE, places)
    if value > largest_figure(places):
        raise FigureError.of(ValueFault.TOO_LARGE, places)
    return value
