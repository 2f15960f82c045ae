"""Owns reading what a person typed or pasted into one cell; more lenient than files are read.

Spreadsheets copy what they show, so separators of thousands, full-width digits, blanks around and
empty decimals are taken for what they mean. Nothing is guessed beyond that.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from courts.models import Figure

_PLAIN = re.compile(r"[0-9]+(?:\.0*)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?", re.ASCII)
LONGEST = 40
# The full-width forms of ASCII, as Chinese and Korean input methods type them. Nothing else is
# folded: a raised or circled digit is a footnote, not a figure.
_HALF_WIDTH = {0xFF00 + code - 0x20: code for code in range(0x21, 0x7F)}


class BadValue(ValueError):  # noqa: N818
    """What stands in the cell is no figure; the text says what is expected."""


def read_value(typed: object) -> int | None:
    """The figure, or None for an empty cell; `BadValue` for anything else."""
    if typed is None:
        return None
    if isinstance(typed, bool) or not isinstance(typed, int | str):
        raise BadValue(_expected())
    if isinstance(typed, int):
        return _in_range(typed)
    text = typed[: LONGEST + 1].translate(_HALF_WIDTH).strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise BadValue(_expected())
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return _in_range(int(text.partition(".")[0].replace(",", "")))
    if text.startswith("-") and _NUMBER.fullmatch(text):
        raise BadValue(_("不得为负数。"))
    if "." in text and _NUMBER.fullmatch(text):
        raise BadValue(_("应为整数，不得有小数。"))
    raise BadValue(_expected())


def _in_range(value: int) -> int:
    if value < 0:
        raise BadValue(_("不得为负数。"))
    if value > Figure.MAXIMUM:
        raise BadValue(_("数值过大，最多为 %(most)s。") % {"most": Figure.MAXIMUM})
    return value


def _expected() -> str:
    return _("应为0至%(most)s的整数；没有数据请留空。") % {"most": Figure.MAXIMUM}
