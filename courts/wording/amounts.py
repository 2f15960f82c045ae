"""Owns how a number is spelled: its sign, its unit, its bound. Nothing is computed or rounded here.

Every sentence, card and cell takes these spellings, so that a minus, a percent and a target look
the same wherever they stand. Numbers come as texts ready to print, with the hyphen of Python for
a minus; files that machines read and formulas in symbols spell for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring.rounding import to_text
from scoring.schema import NO_TEXT, Direction, Item, Kind, Level, Operator, Rulebook, Unit
from scoring.symbols import AT_MOST, MINUS

# What is moved by whole cases comes before days, and days before people.
KINDS = (Kind.COUNT, Kind.SUM, Kind.STOCK)


def number(text: str) -> str:
    """A number with its minus."""
    return text.replace("-", MINUS)


def signed(text: str) -> str:
    """A difference with its sign, `+` too; nothing before a zero."""
    if not re.search("[1-9]", text):
        return text.lstrip("-")
    return number(text) if text.startswith("-") else f"+{text}"


def signed_points(value: Decimal | Fraction) -> str:
    """A difference of points, with two decimals and its sign."""
    return signed(to_text(value))


def most_text(cap: Decimal | None) -> str:
    """The most that an item earns; a dash where nothing bounds it."""
    return "—" if cap is None else to_text(cap)


def two_digits(value: Fraction | Decimal) -> str:
    """A number with two significant digits, halves away from zero: 12.345 is 12, 0.0123 0.012."""
    if not value:
        return "0"
    exact = Fraction(value)
    # Cut far behind the second digit, a half stays a half.
    near = Decimal(exact.numerator) / Decimal(exact.denominator)
    step = Decimal(1).scaleb(near.adjusted() - 1)
    rounded = (near / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return f"{rounded.normalize():f}" if rounded.adjusted() >= 1 else f"{rounded:f}"


def percent(text: str) -> str:
    """A number in percent."""
    return f"{number(text)}%"


def with_unit(text: str, unit: str) -> str:
    """A number with the unit it is in: percent, percentage points, days, points or 元."""
    values = {"number": number(text)}
    match Unit(unit):
        case Unit.PERCENT:
            return percent(text)
        case Unit.PERCENTAGE_POINTS:
            return _("%(number)s个百分点") % values
        case Unit.DAYS:
            return _("%(number)s天") % values
        case Unit.POINTS:
            return _("%(number)s分") % values
        case Unit.YUAN:
            return _("%(number)s元") % values


def bound(direction: str, value: str) -> str:
    """What a value is held to: `value`, with its unit, at least or at most."""
    if Direction(direction) is Direction.AT_LEAST:
        return _("不低于 %(value)s") % {"value": value}
    return _("不高于 %(value)s") % {"value": value}


def level_label(level: str | None) -> str:
    """The level of court in words where no rulebook names it; all courts where none is meant."""
    if not level:
        return _("全部法院")
    usual = {"grassroots": _("基层法院"), "intermediate": _("中级法院")}
    return usual.get(level, str(level))


def level_name(rulebook: Rulebook, level: Level | None) -> str:
    """What the rulebook calls a level, else the usual words for it."""
    named = NO_TEXT if level is None else rulebook.label_of_level.get(level, NO_TEXT)
    return named.get(get_language() or "") or level_label(level)


def figure_text(value: int | None, places: int) -> str:
    """A figure as it is written: with the decimals it has; nothing where there is none."""
    if value is None:
        return ""
    return f"{Decimal(value).scaleb(-places):f}" if places else str(value)


def places_of(rulebook: Rulebook, codes: Iterable[str]) -> int:
    """With how many decimals figures of these metrics, and their sums, are written."""
    known = (rulebook.metrics[code].places for code in codes if code in rulebook.metrics)
    return max(known, default=0)


def written(value: int | None, rulebook: Rulebook, *codes: str) -> str:
    """A stored figure of a metric, or a sum of several, as people write it, without its unit."""
    return figure_text(value, places_of(rulebook, codes))


def summed(names: Sequence[str]) -> str:
    """Things that are added up, by name."""
    return " + ".join(names)


def quotient(part: Sequence[str], whole: Sequence[str], *, complement: bool) -> str:
    """A quotient of two sums by name, or what it leaves of one."""
    top, bottom = (
        f"({summed(names)})" if len(names) > 1 else summed(names) for names in (part, whole)
    )
    return f"1 {MINUS} {top} ÷ {bottom}" if complement else f"{top} ÷ {bottom}"


def relation_sign(operator: Operator) -> str:
    """The sign between the sums of a check, for checks in symbols."""
    return AT_MOST if operator is Operator.AT_MOST else "="


def counted(text: str, unit: str) -> str:
    """A figure, or a difference of figures, with the unit of its metric as `unit_of` names it."""
    if not unit:
        return number(text)
    return _("%(number)s%(unit)s") % {"number": number(text), "unit": unit}


def unit_of(rulebook: Rulebook, codes: Iterable[str]) -> str:
    """The unit that metrics share, in the active language; empty where they share none."""
    language = get_language() or ""
    units = {rulebook.metrics[code].unit.get(language) for code in codes}
    return units.pop() if len(units) == 1 else ""


def drawn(value: Fraction, item: Item, rulebook: Rulebook) -> str:
    """A value of an item's series, in the unit it is drawn in: 3件, 88.20%, 284.00天."""
    unit = item.drawing.unit
    if unit is not None:
        return with_unit(to_text(value), unit)
    text = str(value.numerator) if value.denominator == 1 else to_text(value)
    return counted(text, unit_of(rulebook, item.metrics))


def drawn_unit(item: Item, rulebook: Rulebook) -> str:
    """The unit that stands behind a number of `drawn`; empty for percents."""
    unit = item.drawing.unit
    if unit is Unit.PERCENT:
        return ""
    if unit is not None:
        return with_unit("", unit).strip()
    return counted("", unit_of(rulebook, item.metrics)).strip()


def apart(unit: Unit) -> Unit:
    """The unit of a difference: two percents are percentage points apart."""
    return Unit.PERCENTAGE_POINTS if unit is Unit.PERCENT else unit


def figure(value: int, rulebook: Rulebook, code: str) -> str:
    """A figure of a return with the unit of its metric: 3件, 2人, 284天, 12.50元."""
    return counted(written(value, rulebook, code), unit_of(rulebook, [code]))


def figure_change(change: int, rulebook: Rulebook, code: str) -> str:
    """By how much a figure of a return moves, with sign and unit: +3件, −2人, 0天."""
    return counted(signed(written(change, rulebook, code)), unit_of(rulebook, [code]))
